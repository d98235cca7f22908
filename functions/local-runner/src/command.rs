//! What can be asked of the data folder.

use domain::{
    ids::{CallId, OrgId},
    moment::Timestamp,
};
use serde::{Deserialize, Serialize};

/// A command as it is passed to a running server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Command {
    /// Rebuild the index.
    Reindex {
        /// Embed posts of another model anew.
        re_embed: bool,
    },
    /// Take over feedback.
    Import {
        /// The organization.
        org: OrgId,
        /// The file's content.
        lines: String,
    },
    /// Try a failed call again.
    Retry {
        /// The organization.
        org: OrgId,
        /// The call.
        call: CallId,
    },
    /// Try all calls again that failed since then.
    RetryFailed {
        /// The organization.
        org: OrgId,
        /// Since when.
        since: Timestamp,
    },
}

/// What a command printed.
#[derive(Debug, Serialize, Deserialize)]
pub struct CommandAnswer {
    /// Lines for standard output.
    pub lines: Vec<String>,
    /// Whether it did all that was asked.
    pub ok: bool,
}
