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
    Reindex {
        /// Embed posts of another model anew.
        re_embed: bool,
    },
    /// Take over feedback.
    Import { org: OrgId, lines: String },
    /// Try a failed call again.
    Retry { org: OrgId, call: CallId },
    /// Try all calls again that failed since then.
    RetryFailed { org: OrgId, since: Timestamp },
}

/// What a command printed.
#[derive(Debug, Serialize, Deserialize)]
pub struct CommandAnswer {
    /// Lines for standard output.
    pub lines: Vec<String>,
    /// Whether it did all that was asked.
    pub ok: bool,
}
