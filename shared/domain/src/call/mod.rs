//! The ledger: what became of every call that a connection has seen.

use std::fmt;

use serde::{Deserialize, Serialize};

mod life;
mod outcome;
pub mod refusals;
pub mod stages;

pub use life::{NotClaimed, NotPossible};
pub use outcome::{Outcome, OutcomeResult, state_of, summary};

use self::{refusals::Refusals, stages::StageRecord};
use crate::{
    feedback::EngineStamp,
    findings::Found,
    ids::{CallId, OrgId},
    lease::Lease,
    moment::{Span, Timestamp},
    party::Party,
    usage::Usage,
    words::words,
};

/// A reading of the private flag may be this old when a transcript request is sent.
pub const READING_MAX_AGE: Span = Span::minutes(15);
/// Calls without a transcript wait this long after they were first seen.
pub const TRANSCRIPT_PATIENCE: Span = Span::days(14);
/// An empty transcript of a call that started within this span may still be filled by Gong.
pub const EMPTY_TRANSCRIPT_PATIENCE: Span = Span::hours(24);
/// Maintenance looks at a queued call after this long: its message was lost, or the queue is long.
pub const QUEUED_GRACE: Span = Span::minutes(15);
/// After this many unfinished attempts a call is `failed`.
pub const MAX_ATTEMPTS: u32 = 3;
/// From this many unfinished attempts on a call runs alone, last in its batch.
pub const ALONE_FROM_ATTEMPTS: u32 = 2;

words!(
    /// Where a call stands.
    CallState {
        /// Waits for the pipeline.
        Queued = "queued",
        Processing = "processing",
        /// There is no transcript yet.
        AwaitingTranscript = "awaiting_transcript",
        /// A provider was not there; maintenance sends it again.
        Deferred = "deferred",
        /// Gave at least one new post.
        Posted = "posted",
        /// Supports a post that existed.
        Consolidated = "consolidated",
        /// Gave feedback that a person has to look at.
        InReview = "in_review",
        /// Analysed; holds no feedback.
        Discarded = "discarded",
        /// Not analysed, by rule.
        Skipped = "skipped",
        /// Given up after errors; an admin may retry it.
        Failed = "failed",
    }
);

impl CallState {
    /// Whether work on the call remains to be done.
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(
            self,
            Self::Queued | Self::Processing | Self::AwaitingTranscript | Self::Deferred
        )
    }
}

impl fmt::Display for CallState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

words!(
    /// The rule by which a call was skipped.
    SkipCause {
        /// Marked private in Gong, or without the flag.
        Private = "private",
        /// Started before the earliest time this connection may import.
        BeforeImport = "below_floor",
        /// Nobody from outside the company took part.
        InternalOnly = "internal_only",
        /// Gong had no transcript for 14 days.
        NoTranscript = "no_transcript",
        /// The connection was closed before the call was analysed.
        Disconnected = "disconnected",
        /// Made private in Gong after it had given evidence, which was withdrawn.
        Withdrawn = "withdrawn",
        /// An admin erased what it gave.
        Erased = "erased",
    }
);

impl SkipCause {
    /// The cause in words, as the ledger shows it.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Private => "private",
            Self::BeforeImport => "before the time this connection may import",
            Self::InternalOnly => "no participant from outside the company",
            Self::NoTranscript => "no transcript",
            Self::Disconnected => "disconnected",
            Self::Withdrawn => "made private later; its evidence was withdrawn",
            Self::Erased => "erased by an admin",
            Self::Newer(word) => word.as_str(),
        }
    }

    /// Whether nothing of such a call is kept but that it was skipped.
    #[must_use]
    pub const fn forgets(self) -> bool {
        matches!(self, Self::Private | Self::Withdrawn | Self::Erased)
    }

    /// Whether a later connection may take such a call up after all.
    #[must_use]
    pub const fn may_be_taken_up(self) -> bool {
        matches!(self, Self::BeforeImport | Self::Disconnected)
    }
}

/// What the source of a call says of it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Details {
    pub title: Option<String>,
    pub url: Option<String>,
    pub started: Option<Timestamp>,
    pub language: Option<String>,
    /// The customer's account by the CRM.
    pub account: Option<String>,
    /// Who took part.
    pub parties: Vec<Party>,
}

/// The ledger's record of one call.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Call {
    pub org_id: OrgId,
    pub id: CallId,
    /// The connection's generation that the call belongs to.
    pub generation: u64,
    pub state: CallState,
    pub reason: String,
    /// The rule, for a skipped call.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub skip_cause: Option<SkipCause>,
    /// The call's title; never kept of a private call.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The call's page at its source.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub started: Option<Timestamp>,
    /// The language that its source names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// The customer's account by the CRM.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// Who took part; kept only until the call is decided.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parties: Vec<Party>,
    /// When its source last said that the call is not private.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub read_at: Option<Timestamp>,
    /// Attempts that were begun and not finished.
    #[serde(default)]
    pub attempts: u32,
    /// Analyses that did not end within their run: each is waited for longer than the one before.
    #[serde(default)]
    pub overruns: u32,
    /// How often a model's provider refused it without a known reason.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refused: Option<Refusals>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lease: Option<Lease>,
    /// When maintenance has to look at it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Timestamp>,
    /// When a listing first showed it.
    pub first_seen: Timestamp,
    pub updated: Timestamp,
    /// What its feedback led to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub outcomes: Vec<Outcome>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub engine: Option<EngineStamp>,
    /// What each stage of the last analysis said.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stages: Vec<StageRecord>,
    /// What all analyses of it used.
    #[serde(default)]
    pub usage: Usage,
    /// What was found in it already; kept only until the call is decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub found: Option<Found>,
}

impl Call {
    /// The message that brings the call to the pipeline.
    #[must_use]
    pub fn message(&self) -> CallMessage {
        CallMessage {
            org_id: self.org_id.clone(),
            call_id: self.id.clone(),
            generation: self.generation,
        }
    }
}

/// A pipeline message: names ids only.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct CallMessage {
    pub org_id: OrgId,
    pub call_id: CallId,
    /// The generation it was queued for; an older one is dropped.
    pub generation: u64,
}
