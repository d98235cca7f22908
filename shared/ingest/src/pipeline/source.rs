//! Where conversations come from: all that the pipeline asks of a source of calls.

use async_trait::async_trait;
use domain::{
    call::Call, conversation::Conversation, feedback::Settings, ids::OrgId, moment::Span,
    ports::StoreError,
};

use super::worker::Worker;

/// A recorder of calls, such as Gong. It lists calls into the ledger and queues them in its own
/// way; here it reads those that a worker has, and normalizes them.
#[async_trait]
pub trait Source: Send + Sync {
    /// The word in the ids of its calls ([`domain::ids::CallId::source`]).
    fn name(&self) -> &str;
    /// Whether an organization's calls of this generation of its connection may be read now.
    async fn may_be_read(&self, org: &OrgId, generation: u64) -> Result<bool, StoreError>;
    /// Reads these calls. What is not among the answers is left by the worker already: skipped,
    /// put off, waiting for its transcript, or taken by someone else.
    async fn read(
        &self,
        worker: &Worker<'_>,
        calls: Vec<Call>,
        settings: &Settings,
    ) -> Result<Vec<(Call, Normalize)>, Halt>;
}

/// Makes a call that was read a conversation. It runs as a part of the call's own analysis: what
/// makes it panic is counted against that call and stops no other.
pub type Normalize = Box<dyn FnOnce(&Call) -> Conversation + Send>;

/// Why calls are not read.
#[derive(Debug, Clone, PartialEq)]
pub enum Halt {
    Store(StoreError),
    /// The source: all calls wait, with this reason, for this long.
    Defer(String, Span),
    /// The source: the request is refused, or its answer cannot be read; fewer calls might be.
    Refused(String),
}

impl From<StoreError> for Halt {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}
