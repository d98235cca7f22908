//! The two queues. Both deliver at least once, in any order.

use async_trait::async_trait;

use crate::{
    call::{Call, CallMessage},
    connection::WindowMessage,
    moment::Timestamp,
};

/// The queue did not take the messages; some of them may have been sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the queue did not take the messages ({0}); maintenance sends them again")]
pub struct QueueError(pub String);

/// Calls for the pipeline.
#[async_trait]
pub trait CallQueue: Send + Sync {
    /// Sends messages, any number.
    async fn send(&self, messages: &[CallMessage]) -> Result<(), QueueError>;
}

impl dyn CallQueue + '_ {
    /// Sends the messages of calls that were queued. What fails here is no error: a call without
    /// a message is found by maintenance.
    pub async fn offer(&self, calls: &[Call]) {
        if calls.is_empty() {
            return;
        }
        let messages: Vec<_> = calls.iter().map(Call::message).collect();
        if let Err(error) = self.send(&messages).await {
            tracing::warn!(%error, "queued calls wait for maintenance");
        }
    }
}

/// Sync windows for the poller.
#[async_trait]
pub trait WindowQueue: Send + Sync {
    /// Sends one message.
    async fn send(&self, message: &WindowMessage) -> Result<(), QueueError>;
    /// Sends one message that, at `now`, shall not be delivered before `not_before`; it may be
    /// delivered sooner when that is more than 15 minutes away.
    async fn send_later(
        &self,
        message: &WindowMessage,
        now: Timestamp,
        not_before: Timestamp,
    ) -> Result<(), QueueError>;
}
