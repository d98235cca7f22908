//! The connection of an organization to its Gong, and what hangs on it.

use std::{collections::BTreeSet, fmt};

use serde::{Deserialize, Serialize};

use crate::{
    ids::{OrgId, UserId, WindowId},
    lease::Lease,
    moment::{Span, Timestamp},
    words::words,
};

/// Polls list again this much of the time before the last one.
pub const POLL_OVERLAP: Span = Span::hours(12);
/// Once a day the poll looks back this far.
pub const LOOKBACK: Span = Span::days(7);
/// How often the lookback runs.
pub const LOOKBACK_EVERY: Span = Span::days(1);
/// "Sync now" is allowed this often.
pub const SYNC_NOW_EVERY: Span = Span::minutes(2);
/// Listing pauses while more calls than this are open.
pub const MAX_OPEN_CALLS: usize = 500;
/// An OAuth state is good for this long.
pub const STATE_LIFE: Span = Span::minutes(10);
/// At most this many fingerprints are reserved for one connection.
pub const MAX_FINGERPRINTS: usize = 80;

words!(
    /// Whether the connection works.
    ConnectionStatus {
        /// An admin is at Gong's consent page.
        Connecting = "connecting",
        Connected = "connected",
        /// Gong no longer accepts our credentials.
        ReconnectRequired = "reconnect_required",
        /// Closed by an admin.
        Disconnected = "disconnected",
    }
);

impl ConnectionStatus {
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Connecting => "connecting",
            Self::Connected => "connected",
            Self::ReconnectRequired => "reconnect required",
            Self::Disconnected => "disconnected",
            Self::Newer(word) => word.as_str(),
        }
    }
}

/// How far back a new connection imports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum History {
    /// Only calls from now on.
    Off,
    /// Calls of the last 1 to 60 days.
    Days(u8),
    /// Calls from this time on; only `try` asks for it, to run an exported folder of any age.
    Since(Timestamp),
}

/// The chosen history is out of range.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "Historical sync must be a whole number of days from 1 to 60; “{given}” is not. Nothing was changed."
)]
pub struct InvalidHistory {
    pub given: String,
}

impl History {
    /// The longest history, in days.
    pub const MAX_DAYS: u8 = 60;

    /// Reads the form's two fields.
    ///
    /// # Errors
    /// [`InvalidHistory`] when history is on and `days` is not 1 to 60.
    pub fn parse(on: bool, days: &str) -> Result<Self, InvalidHistory> {
        if !on {
            return Ok(Self::Off);
        }
        let days = days.trim();
        days.parse()
            .ok()
            .filter(|n| {
                (1..=Self::MAX_DAYS).contains(n) && days.bytes().all(|b| b.is_ascii_digit())
            })
            .map(Self::Days)
            .ok_or_else(|| InvalidHistory {
                given: days.chars().take(40).collect(),
            })
    }

    /// The earliest start of a call that a connection made at `now` may import.
    #[must_use]
    pub fn import_from(self, now: Timestamp) -> Timestamp {
        match self {
            Self::Off => now,
            Self::Days(days) => now - Span::days(i64::from(days)),
            Self::Since(at) => at,
        }
    }
}

/// Something that tells one Gong company from another.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct WorkspaceFingerprint(String);

impl WorkspaceFingerprint {
    #[must_use]
    pub fn workspace(id: &str) -> Self {
        Self(format!("workspace:{id}"))
    }
    /// Host and company slug of a user's consent page.
    #[must_use]
    pub fn slug(host_and_slug: &str) -> Self {
        Self(format!("slug:{host_and_slug}"))
    }
    #[must_use]
    pub fn user(id: &str) -> Self {
        Self(format!("user:{id}"))
    }
    /// The fingerprint as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for WorkspaceFingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for WorkspaceFingerprint {
    type Error = &'static str;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        Ok(Self(text))
    }
}

impl From<WorkspaceFingerprint> for String {
    fn from(fingerprint: WorkspaceFingerprint) -> String {
        fingerprint.0
    }
}

/// A choice that only a newer version offers is shown as none.
fn history_of_any_version<'de, D: serde::Deserializer<'de>>(from: D) -> Result<History, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Stored {
        Known(History),
        Newer(serde::de::IgnoredAny),
    }
    Ok(match Stored::deserialize(from)? {
        Stored::Known(history) => history,
        Stored::Newer(_) => History::Off,
    })
}

/// The connection as CONNECTION stores it; only connect and disconnect change it in a transaction.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Connection {
    pub org_id: OrgId,
    pub status: ConnectionStatus,
    /// Grows at every connect.
    pub generation: u64,
    /// The generation since which it has been the same workspace: open calls of earlier ones
    /// are not this workspace's.
    pub same_since: u64,
    /// The workspace's name or slug, as the page shows it.
    pub workspace: String,
    /// What tells the company from others.
    #[serde(rename = "witnesses")]
    pub fingerprints: BTreeSet<WorkspaceFingerprint>,
    /// The chosen history; for looking at only, as the import start was made of it.
    #[serde(deserialize_with = "history_of_any_version")]
    pub history: History,
    /// The earliest start of a call that may be imported.
    #[serde(rename = "floor")]
    pub import_from: Timestamp,
    pub connected_by: UserId,
    pub connected_at: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disconnected_at: Option<Timestamp>,
    /// The secret that holds the credentials.
    pub secret_name: String,
    /// What went wrong last, and what to do about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_error: Option<String>,
}

impl Connection {
    /// Whether a call may be imported by its start, the time that Gong's listings go by as well.
    /// One whose start Gong does not tell may: that it was listed says so.
    #[must_use]
    pub fn reaches(&self, started: Option<Timestamp>) -> bool {
        started.is_none_or(|at| at >= self.import_from)
    }
}

/// The organization's polling: what is due and what was reached.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Poll {
    pub org_id: OrgId,
    pub generation: u64,
    /// The earliest start of a call that may be imported.
    #[serde(rename = "floor")]
    pub import_from: Timestamp,
    /// The start of the last complete listing; everything before was seen.
    pub high_water: Timestamp,
    pub due: Option<Timestamp>,
    /// When the last listing was complete.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_success: Option<Timestamp>,
    /// When the last lookback was queued.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_lookback: Option<Timestamp>,
    /// When a person last asked for a sync.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_manual: Option<Timestamp>,
    /// Whether any listing of this connection ever showed a call.
    #[serde(default)]
    pub seen_calls: bool,
    /// What went wrong in the last listing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_error: Option<String>,
}

/// TOKEN: which version of the credentials is current, and who may renew them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Token {
    pub org_id: OrgId,
    pub generation: u64,
    /// Grows with every refresh, from 1.
    pub version: u64,
    /// The secret that holds the credentials.
    pub secret_name: String,
    /// When the access token expires.
    pub expires_at: Timestamp,
    /// When maintenance renews it.
    pub due: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lease: Option<Lease>,
    /// Whether Gong refused this version for good.
    #[serde(default)]
    pub revoked: bool,
}

words!(
    /// What a sync window is for.
    WindowKind {
        /// The chosen history, once after connecting.
        Backfill = "backfill",
        Poll = "poll",
        /// The last seven days, once a day.
        Lookback = "lookback",
        /// Open calls of an earlier generation: taken over after a reconnect, skipped after a
        /// disconnect; lists the ledger, not Gong.
        Reconcile = "settle",
    }
);

/// A part of a window, listed in one go; repeated whole when it was interrupted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slice {
    pub from: Timestamp,
    /// The first time that is not in it.
    pub to: Timestamp,
    /// Whether its last page was recorded.
    pub done: bool,
    /// Calls that the listing showed, counted when the slice is done.
    #[serde(default)]
    pub listed: u64,
    /// Calls that were queued.
    #[serde(default)]
    pub queued: u64,
}

/// How far a slice got whose pages are not all recorded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SliceResume {
    /// Gong's cursor of the next page.
    pub cursor: String,
    /// Calls on the recorded pages.
    pub listed: u64,
    /// Those of them that were queued.
    pub queued: u64,
}

/// A time range to list, with how far it got.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Window {
    pub org_id: OrgId,
    pub id: WindowId,
    pub generation: u64,
    pub kind: WindowKind,
    /// When it was made: what its listing may reach.
    pub created: Timestamp,
    pub slices: Vec<Slice>,
    /// Calls shown so far, the unfinished slice too; for the progress bar.
    #[serde(default)]
    pub listed: u64,
    /// Calls queued so far.
    #[serde(default)]
    pub queued: u64,
    /// Whether the calls that wait for a transcript were asked for again.
    #[serde(default)]
    pub woke: bool,
    /// The number of calls that Gong announced.
    #[serde(default)]
    pub announced: u64,
    /// Where the first unfinished slice goes on; good for about an hour, after which Gong
    /// refuses the cursor and the slice is listed anew.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resume: Option<SliceResume>,
    /// Where reconciling the open calls goes on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// When maintenance has to look at it; none when done.
    pub due: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lease: Option<Lease>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finished: Option<Timestamp>,
    /// Why it waits, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waiting_for: Option<String>,
}

/// A poller message: names ids only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WindowMessage {
    pub org_id: OrgId,
    pub window_id: WindowId,
    /// The generation it was made for.
    pub generation: u64,
}

/// What a `state` of the OAuth dance stands for; stored under its hash.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OAuthState {
    pub org_id: OrgId,
    pub user_id: UserId,
    pub history: History,
    /// The hash of the cookie that binds it to the browser.
    pub browser_hash: String,
    pub expires_at: Timestamp,
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test may panic")]
mod tests;
