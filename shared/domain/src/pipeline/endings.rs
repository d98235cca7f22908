//! How a worker leaves a call that it has in its lease.

use super::process::{Batch, REFUSED_WAIT};
use crate::{
    call::{Call, CallState, NotPossible},
    moment::Span,
    ports::{StoreError, connections::ChangeError},
};

impl Batch<'_> {
    /// Writes a call that goes on under its lease; `None` when someone else has it now.
    pub(super) async fn hold(&self, call: Call) -> Result<Option<Call>, StoreError> {
        match self.pipeline.ledger.finish(&call, &self.owner).await {
            Ok(()) => Ok(Some(call)),
            Err(ChangeError::Lost) => Ok(None),
            Err(ChangeError::Store(error)) => Err(error),
        }
    }

    /// Writes what becomes of a call. What someone else has now is theirs to finish.
    pub(super) async fn finish(&self, next: Result<Call, NotPossible>) -> Result<(), StoreError> {
        match next {
            Ok(next) => self.hold(next).await.map(|_| ()),
            Err(error) => {
                tracing::error!(org = %self.org, %error, "a worker has a call that is not in work; its lease ends by itself");
                Ok(())
            }
        }
    }

    pub(super) async fn defer(
        &self,
        call: &Call,
        reason: &str,
        after: Span,
    ) -> Result<(), StoreError> {
        let now = self.pipeline.clock.now();
        self.finish(call.defer(reason, after, now)).await
    }

    pub(super) async fn defer_all(
        &self,
        calls: &[Call],
        reason: &str,
        after: Span,
    ) -> Result<(), StoreError> {
        for call in calls {
            self.defer(call, reason, after).await?;
        }
        Ok(())
    }

    /// Gong refuses this very call.
    pub(super) async fn refused(&self, call: &Call, reason: &str) -> Result<(), StoreError> {
        let now = self.pipeline.clock.now();
        let next = call.defer_refused(reason, REFUSED_WAIT, now);
        self.finish(next).await
    }

    /// A fault of the program met this call: the attempt counts, and the others go on.
    pub(super) async fn after_panic(&self, call: &Call) -> Result<(), StoreError> {
        let now = self.pipeline.clock.now();
        self.queue_again(call.abandon("an attempt ended without a result", now))
            .await
    }

    /// No time is left for it in this run.
    pub(super) async fn give_back(&self, call: &Call) -> Result<(), StoreError> {
        let now = self.pipeline.clock.now();
        self.queue_again(call.give_back("waits for the pipeline", now))
            .await
    }

    /// Writes what becomes of a call, and sends it where it is queued again.
    async fn queue_again(&self, next: Result<Call, NotPossible>) -> Result<(), StoreError> {
        let message = next
            .as_ref()
            .ok()
            .filter(|call| call.state == CallState::Queued);
        let message = message.map(Call::message);
        self.finish(next).await?;
        if let Some(message) = message
            && let Err(error) = self.pipeline.calls.send(&[message]).await
        {
            tracing::warn!(%error, "a call that was given back waits for care");
        }
        Ok(())
    }
}
