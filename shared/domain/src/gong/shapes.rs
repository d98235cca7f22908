//! Gong's shapes as the rest of the domain sees them. Every field of the wire is optional
//! (the official description lists no required field), so every field here is too.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{ids::CallId, moment::Timestamp};

/// Which side Gong says a party is on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Affiliation {
    /// Of the company that uses Gong.
    Internal,
    /// Of another company.
    External,
    /// Gong does not know, or said something new.
    #[default]
    Unknown,
}

/// One participant of a call.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Party {
    /// Gong's id of the participation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The e-mail address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Gong's id of the user, for people of the company.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_id: Option<String>,
    /// The id by which the transcript names the speaker.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub speaker_id: Option<String>,
    /// The side.
    #[serde(default)]
    pub affiliation: Affiliation,
}

/// One call of a listing.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ListedCall {
    /// The id; none when missing or not 1 to 20 digits.
    pub id: Option<CallId>,
    /// The page at Gong.
    pub url: Option<String>,
    /// The title.
    pub title: Option<String>,
    /// The start.
    pub started: Option<Timestamp>,
    /// The private flag; none when missing.
    pub is_private: Option<bool>,
    /// The language.
    pub language: Option<String>,
    /// The workspace.
    pub workspace_id: Option<String>,
    /// The account's name by the CRM context.
    pub account: Option<String>,
    /// The participants; none when Gong left the section out.
    pub parties: Vec<Party>,
}

impl ListedCall {
    /// Whether Gong says plainly that the call is not private; a missing flag counts as private.
    #[must_use]
    pub fn is_public(&self) -> bool {
        self.is_private == Some(false)
    }
}

/// One page of a listing.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct CallsPage {
    /// The calls.
    pub calls: Vec<ListedCall>,
    /// Where the next page starts; none on the last page.
    pub cursor: Option<String>,
    /// How many calls the filter matches, a hint only: it runs ahead while calls are processed.
    pub total: Option<u64>,
}

/// Which calls to list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CallsFilter {
    /// From a time (inclusive) to a time (exclusive).
    Range {
        /// The first time.
        from: Timestamp,
        /// The first time that is not in the range.
        to: Timestamp,
    },
    /// These calls, at most 100.
    Ids(Vec<CallId>),
}

/// A sentence of a transcript.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sentence {
    /// Start in milliseconds from the start of the call.
    pub start_ms: i64,
    /// End in milliseconds.
    pub end_ms: i64,
    /// The words.
    pub text: String,
}

/// What one speaker said without another in between.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Monologue {
    /// The speaker; Gong leaves it out where it cannot tell.
    pub speaker_id: Option<String>,
    /// The sentences.
    pub sentences: Vec<Sentence>,
}

/// The transcript of one call.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Transcript {
    /// The monologues in Gong's order.
    pub monologues: Vec<Monologue>,
}

/// One page of transcripts.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TranscriptsPage {
    /// Call and transcript; calls that Gong left out have none yet.
    pub transcripts: Vec<(CallId, Transcript)>,
    /// Where the next page starts.
    pub cursor: Option<String>,
}

/// One user of the company.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DirectoryUser {
    /// Gong's id.
    pub id: String,
    /// E-mail addresses, in lower case, aliases too.
    pub emails: Vec<String>,
}

/// One page of users.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UsersPage {
    /// The users.
    pub users: Vec<DirectoryUser>,
    /// Host and company slug of each `meetingConsentPageUrl`, such as `us-1.join.gong.io/acme`.
    pub company_slugs: Vec<String>,
    /// Where the next page starts.
    pub cursor: Option<String>,
}

/// One workspace of the company.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct GongWorkspace {
    /// Gong's id.
    pub id: String,
    /// The name.
    pub name: Option<String>,
}

/// The account's name in a call's `context`: the first `Account` object's `Name`.
#[must_use]
pub fn account_name(context: &Value) -> Option<String> {
    let objects = context
        .as_array()?
        .iter()
        .filter_map(|system| system.get("objects")?.as_array())
        .flatten();
    objects
        .filter(|object| object.get("objectType").and_then(Value::as_str) == Some("Account"))
        .filter_map(|object| object.get("fields")?.as_array())
        .flatten()
        .find(|field| field.get("name").and_then(Value::as_str) == Some("Name"))
        .and_then(|field| field.get("value")?.as_str())
        .map(|name| name.trim().to_owned())
        .filter(|name| !name.is_empty())
}
