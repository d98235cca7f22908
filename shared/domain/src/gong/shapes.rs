//! Gong's shapes as the rest of the domain sees them. Every field of the wire is optional
//! (the official description lists no required field), so every field here is too.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    call::Details,
    conversation::Sentence,
    ids::CallId,
    moment::Timestamp,
    party::{Affiliation, Party},
    service_url::web_url,
    text::{bounded, clean},
};

/// A call of more participants is remembered with this many: one record of the ledger holds them.
const MAX_PARTIES: usize = 150;
/// Longer addresses are no addresses, in characters.
const MAX_URL: usize = 2_000;
const MAX_EMAIL: usize = 254;
/// Longer ids are no ids, in characters.
const MAX_ID: usize = 64;

/// One call of a listing.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ListedCall {
    /// The id; none when missing or not 1 to 20 digits.
    pub id: Option<CallId>,
    /// The page at Gong.
    pub url: Option<String>,
    pub title: Option<String>,
    pub started: Option<Timestamp>,
    /// The private flag; none when missing.
    pub is_private: Option<bool>,
    pub language: Option<String>,
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

    /// What the ledger keeps of it while it is open.
    #[must_use]
    pub fn details(&self) -> Details {
        Details {
            title: self.title.clone(),
            url: self.url.clone(),
            started: self.started,
            language: self.language.clone(),
            account: self.account.clone(),
            parties: self.parties.clone(),
        }
    }

    /// The call with every text cleaned and as short as the ledger keeps it. Ids and addresses
    /// that are too long are left out, since a part of one names something else.
    #[must_use]
    pub fn tidied(self) -> Self {
        let mut parties: Vec<Party> = self.parties.into_iter().map(tidied).collect();
        if parties.len() > MAX_PARTIES {
            let silent_own =
                |p: &Party| p.speaker_id.is_none() && p.affiliation == Affiliation::Internal;
            parties.sort_by_key(silent_own);
            parties.truncate(MAX_PARTIES);
        }
        Self {
            id: self.id,
            url: whole(self.url, MAX_URL).filter(|url| web_url(url).is_some()),
            title: cut(self.title, 300),
            started: self.started,
            is_private: self.is_private,
            language: cut(self.language, 40),
            workspace_id: whole(self.workspace_id, MAX_ID),
            account: cut(self.account, 200),
            parties,
        }
    }
}

fn tidied(party: Party) -> Party {
    Party {
        id: whole(party.id, MAX_ID),
        name: cut(party.name, 120),
        email: whole(party.email, MAX_EMAIL),
        user_id: whole(party.user_id, MAX_ID),
        speaker_id: whole(party.speaker_id, MAX_ID),
        affiliation: party.affiliation,
    }
}

/// The text cleaned and shortened to `max` characters.
fn cut(text: Option<String>, max: usize) -> Option<String> {
    text.map(|text| bounded(&text, max))
        .filter(|text| !text.is_empty())
}

/// The text cleaned, when it has at most `max` characters.
fn whole(text: Option<String>, max: usize) -> Option<String> {
    text.map(|text| clean(&text))
        .filter(|text| !text.is_empty() && text.chars().count() <= max)
}

/// One page of a listing.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct CallsPage {
    pub calls: Vec<ListedCall>,
    /// Where the next page starts; none on the last page.
    pub cursor: Option<String>,
    /// How many calls the filter matches, a hint only: it runs ahead while calls are processed.
    pub total: Option<u64>,
}

impl CallsPage {
    /// The page with tidied calls.
    #[must_use]
    pub fn tidied(self) -> Self {
        let calls = self.calls.into_iter().map(ListedCall::tidied);
        Self {
            calls: calls.collect(),
            ..self
        }
    }
}

/// Which calls to list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CallsFilter {
    /// From a time (inclusive) to a time (exclusive).
    Range {
        from: Timestamp,
        /// The first time that is not in the range.
        to: Timestamp,
    },
    /// These calls, at most 100.
    Ids(Vec<CallId>),
}

/// What one speaker said without another in between.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Monologue {
    /// The speaker; Gong leaves it out where it cannot tell.
    pub speaker_id: Option<String>,
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
    pub id: String,
    /// E-mail addresses, in lower case, aliases too.
    pub emails: Vec<String>,
}

/// One page of users.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UsersPage {
    pub users: Vec<DirectoryUser>,
    /// Host and company slug of each `meetingConsentPageUrl`, such as `us-1.join.gong.io/acme`.
    pub company_slugs: Vec<String>,
    /// Where the next page starts.
    pub cursor: Option<String>,
}

/// One workspace of the company.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct GongWorkspace {
    pub id: String,
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

#[cfg(test)]
mod tests;
