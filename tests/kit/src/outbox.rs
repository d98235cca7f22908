//! Queues that keep what was sent.

use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use domain::{
    call::CallMessage,
    connection::WindowMessage,
    moment::Timestamp,
    ports::queues::{CallQueue, QueueError, WindowQueue},
};

/// Keeps what was sent; nothing is delivered.
#[derive(Debug, Default)]
pub struct Outbox {
    calls: Mutex<Vec<CallMessage>>,
    windows: Mutex<Vec<WindowMessage>>,
}

impl Outbox {
    /// The calls that were sent so far.
    #[must_use]
    pub fn calls(&self) -> Vec<CallMessage> {
        held(&self.calls).clone()
    }

    /// The windows that were sent so far.
    #[must_use]
    pub fn windows(&self) -> Vec<WindowMessage> {
        held(&self.windows).clone()
    }
}

fn held<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[async_trait]
impl CallQueue for Outbox {
    async fn send(&self, messages: &[CallMessage]) -> Result<(), QueueError> {
        held(&self.calls).extend_from_slice(messages);
        Ok(())
    }
}

#[async_trait]
impl WindowQueue for Outbox {
    async fn send_later(
        &self,
        message: &WindowMessage,
        _: Timestamp,
        _: Timestamp,
    ) -> Result<(), QueueError> {
        WindowQueue::send(self, message).await
    }

    async fn send(&self, message: &WindowMessage) -> Result<(), QueueError> {
        held(&self.windows).push(message.clone());
        Ok(())
    }
}
