//! Messages after a redirect. They travel as codes: no text of an address is ever shown.

use ingest::connect::ConnectRefusal;
use serde::Deserialize;

/// What a page says about what was just done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notice {
    Connected,
    Refused(ConnectRefusal),
    SyncStarted,
    /// A listing runs already.
    SyncRunning,
    /// A sync was asked for too soon.
    SyncTooSoon,
    /// There is nothing to sync.
    SyncNotConnected,
    Disconnected,
    /// There was no connection to close.
    NothingToDisconnect,
    /// Someone else changed the connection.
    ConnectionChanged,
    /// The settings were saved.
    SettingsSaved,
    /// What is said about the product was saved.
    ProductSaved,
    /// It says what it said before.
    ProductUnchanged,
    PostCreated,
    BoardSaved,
    TagSaved,
    /// A call was queued again.
    Retried,
    /// The call is not failed.
    RetryNotFailed,
    /// There is no connection to read the call with.
    RetryNotConnected,
    /// Someone else changed the call.
    RetryChanged,
    PostSaved,
    /// Evidence was moved here.
    EvidenceMoved,
    /// A post was merged into this one.
    Merged,
    MergeUndone,
    /// A post in review was published.
    Approved,
    /// A post in review was added to this one.
    ApprovedInto,
    /// A post in review was rejected.
    Rejected,
    /// What a call gave was erased.
    CallErased,
    /// A post was made of what was also heard in a call.
    HeardPosted,
    /// What was also heard was dismissed.
    HeardDismissed,
    DismissalUndone,
}

/// Whether a notice tells of success.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    Good,
    Bad,
}

/// The part of a query that names a notice.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct NoticeQuery {
    connected: Option<String>,
    refused: Option<String>,
    done: Option<String>,
}

impl NoticeQuery {
    /// The notice that the codes stand for; an unknown code stands for nothing.
    pub fn read(&self) -> Option<Notice> {
        let refused = self.refused.as_deref().and_then(ConnectRefusal::from_code);
        let done = self.done.as_deref().and_then(Notice::from_code);
        let connected = (self.connected.as_deref() == Some("1")).then_some(Notice::Connected);
        refused.map(Notice::Refused).or(done).or(connected)
    }
}

impl Notice {
    /// The notices that travel as `done=<code>`.
    const DONE: [Self; 28] = [
        Self::SyncStarted,
        Self::SyncRunning,
        Self::SyncTooSoon,
        Self::SyncNotConnected,
        Self::Disconnected,
        Self::NothingToDisconnect,
        Self::ConnectionChanged,
        Self::SettingsSaved,
        Self::ProductSaved,
        Self::ProductUnchanged,
        Self::PostCreated,
        Self::BoardSaved,
        Self::TagSaved,
        Self::Retried,
        Self::RetryNotFailed,
        Self::RetryNotConnected,
        Self::RetryChanged,
        Self::PostSaved,
        Self::EvidenceMoved,
        Self::Merged,
        Self::MergeUndone,
        Self::Approved,
        Self::ApprovedInto,
        Self::Rejected,
        Self::CallErased,
        Self::HeardPosted,
        Self::HeardDismissed,
        Self::DismissalUndone,
    ];

    fn from_code(code: &str) -> Option<Self> {
        Self::DONE.into_iter().find(|notice| notice.code() == code)
    }

    const fn code(self) -> &'static str {
        match self {
            Self::Connected => "1",
            Self::Refused(refusal) => refusal.code(),
            Self::SyncStarted => "sync-started",
            Self::SyncRunning => "sync-running",
            Self::SyncTooSoon => "sync-too-soon",
            Self::SyncNotConnected => "sync-not-connected",
            Self::Disconnected => "disconnected",
            Self::NothingToDisconnect => "nothing-to-disconnect",
            Self::ConnectionChanged => "connection-changed",
            Self::SettingsSaved => "settings-saved",
            Self::ProductSaved => "product-saved",
            Self::ProductUnchanged => "product-unchanged",
            Self::PostCreated => "post-created",
            Self::BoardSaved => "board-saved",
            Self::TagSaved => "tag-saved",
            Self::Retried => "retried",
            Self::RetryNotFailed => "retry-not-failed",
            Self::RetryNotConnected => "retry-not-connected",
            Self::RetryChanged => "retry-changed",
            Self::PostSaved => "post-saved",
            Self::EvidenceMoved => "evidence-moved",
            Self::Merged => "merged",
            Self::MergeUndone => "merge-undone",
            Self::Approved => "approved",
            Self::ApprovedInto => "approved-into",
            Self::Rejected => "rejected",
            Self::CallErased => "call-erased",
            Self::HeardPosted => "heard-posted",
            Self::HeardDismissed => "heard-dismissed",
            Self::DismissalUndone => "dismissal-undone",
        }
    }

    /// The address of a page with this notice.
    pub fn on(self, page: &str) -> String {
        let field = match self {
            Self::Connected => "connected",
            Self::Refused(_) => "refused",
            _ => "done",
        };
        format!("{page}?{field}={}", self.code())
    }

    /// Whether it tells of success.
    pub const fn tone(self) -> Tone {
        match self {
            Self::Connected
            | Self::SyncStarted
            | Self::Disconnected
            | Self::SettingsSaved
            | Self::ProductSaved
            | Self::ProductUnchanged
            | Self::PostCreated
            | Self::BoardSaved
            | Self::TagSaved
            | Self::Retried
            | Self::PostSaved
            | Self::EvidenceMoved
            | Self::Merged
            | Self::MergeUndone
            | Self::Approved
            | Self::ApprovedInto
            | Self::Rejected
            | Self::CallErased
            | Self::HeardPosted
            | Self::HeardDismissed
            | Self::DismissalUndone => Tone::Good,
            _ => Tone::Bad,
        }
    }

    pub fn text(self) -> String {
        match self {
            Self::Connected => "Gong is connected.".into(),
            Self::Refused(refusal) => refusal.to_string(),
            Self::SyncStarted => "The sync has started. What it finds appears on this page.".into(),
            Self::SyncRunning => "A sync is already running; its progress is shown on this page.".into(),
            Self::SyncTooSoon => "A sync ran a moment ago. To spare your company's Gong quota, wait two minutes between syncs.".into(),
            Self::SyncNotConnected => "Gong is not connected, so there is nothing to sync. Connect Gong first.".into(),
            Self::Disconnected => "Gong was disconnected: the stored credentials are deleted and nothing is read from Gong any more. Posts and the ledger stay.".into(),
            Self::NothingToDisconnect => "Gong is not connected, so there is nothing to disconnect.".into(),
            Self::ConnectionChanged => "Someone else changed this connection at the same time. Check its status before you try again.".into(),
            Self::SettingsSaved => "The settings were saved. They apply to calls analysed from now on.".into(),
            Self::ProductSaved => "Saved as a new version. It holds for calls analysed from now on.".into(),
            Self::ProductUnchanged => "That is what it said already, so there is no new version.".into(),
            Self::PostCreated => "The post was saved. Calls that ask for the same thing will be added to it.".into(),
            Self::BoardSaved => "The board was saved.".into(),
            Self::TagSaved => "The tag was saved.".into(),
            Self::Retried => "The call was queued again.".into(),
            Self::RetryNotFailed => "Only failed calls can be retried, and this one is no longer failed. Its current state is shown below.".into(),
            Self::RetryNotConnected => "Gong is not connected, so the call cannot be read again. Connect Gong first.".into(),
            Self::RetryChanged => "Someone else changed this call at the same time. Check its state before you try again.".into(),
            Self::PostSaved => "The post was saved.".into(),
            Self::EvidenceMoved => "The evidence was moved here. Similar future calls will come here too.".into(),
            Self::Merged => "The post was merged into this one. Similar calls are added here from now on. You can undo the merge below.".into(),
            Self::MergeUndone => "The merge was undone. This post is published again with its own evidence.".into(),
            Self::Approved => "The post was approved and published.".into(),
            Self::ApprovedInto => "The post was approved. It asks for the same thing as this one, so it was merged here.".into(),
            Self::Rejected => "The post was rejected. Its call will not be read again.".into(),
            Self::CallErased => "This call’s data was deleted. The ledger keeps only that it was.".into(),
            Self::HeardPosted => "This post was made of what was also heard in the call. Calls that ask for the same thing will be added to it. Where posts like it exist, they are under Possible duplicates.".into(),
            Self::HeardDismissed => "The request was dismissed. It stays with the call, and you can undo this.".into(),
            Self::DismissalUndone => "The request is open again.".into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_notice_travels_as_its_own_code() {
        for notice in Notice::DONE {
            assert_eq!(Notice::from_code(notice.code()), Some(notice));
        }
    }

    #[test]
    fn an_unknown_code_says_nothing() {
        let query = NoticeQuery {
            connected: Some("yes, send money to".into()),
            refused: Some("<b>no</b>".into()),
            done: Some("everything".into()),
        };
        assert_eq!(query.read(), None);
    }
}
