//! Breaches of the contract by the client.

use std::fmt;

/// Which rule a request broke.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum ViolationKind {
    /// A cursor stood in `filter` or in the query string, where Gong ignores it.
    CursorMisplaced,
    /// Other inputs changed between two pages of one listing.
    CursorInputsChanged,
    /// `callIds` was an empty array.
    EmptyCallIds,
    /// More ids in one request than a page holds.
    MoreThanAPage,
    /// An id was not a string.
    IdNotText,
    /// `callIds` together with `workspaceId`.
    IdsWithWorkspace,
    /// Transcripts were asked for without naming calls.
    TranscriptByDateRange,
    /// The transcript of a private call was asked for.
    TranscriptOfPrivateCall,
    /// A known path was asked with another verb.
    WrongVerb,
    /// A request that could change something in Gong.
    NotAReadEndpoint,
    /// Token parameters were sent in a body.
    TokenParametersInBody,
    /// A bodiless POST came without `content-length: 0`.
    MissingContentLength,
    /// The client secret stood in a URL.
    SecretInUrl,
}

impl fmt::Display for ViolationKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::CursorMisplaced => {
                "a cursor belongs at the top level of the body; elsewhere Gong ignores it"
            }
            Self::CursorInputsChanged => "inputs other than the cursor changed between pages",
            Self::EmptyCallIds => "callIds is empty",
            Self::MoreThanAPage => "more than a page",
            Self::IdNotText => "ids are strings, never numbers",
            Self::IdsWithWorkspace => "callIds and workspaceId exclude each other",
            Self::TranscriptByDateRange => "transcripts requested without call ids",
            Self::TranscriptOfPrivateCall => "transcript of a private call requested",
            Self::WrongVerb => "wrong verb for this path",
            Self::NotAReadEndpoint => "not a read endpoint",
            Self::TokenParametersInBody => {
                "token parameters belong in the query string, with an empty body"
            }
            Self::MissingContentLength => "a POST without a body needs content-length: 0",
            Self::SecretInUrl => {
                "the client secret belongs in the Authorization header, never in a URL"
            }
        })
    }
}

/// One breach of the contract; holds ids and paths, never secrets or what was said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// When it was seen (ms since epoch, by the injected clock).
    pub at_ms: i64,
    /// Verb and path of the request, such as `"POST /v2/calls/transcript"`.
    pub request: String,
    /// Which rule was broken.
    pub kind: ViolationKind,
    /// What exactly was wrong; may be empty.
    pub detail: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.request, self.kind)?;
        if self.detail.is_empty() {
            Ok(())
        } else {
            write!(f, " ({})", self.detail)
        }
    }
}
