//! How a worker leaves a call that it has in its lease.

use super::process::{Batch, REFUSED_WAIT};
use crate::{
    call::{Call, CallState, MAX_ATTEMPTS, SkipCause, TRANSCRIPT_PATIENCE},
    moment::Span,
    ports::{StoreError, connections::ChangeError},
    sync::{
        care::given_up,
        settle::{requeued, skipped},
    },
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

    pub(super) async fn finish(&self, call: &Call) -> Result<(), StoreError> {
        // What someone else has now is theirs to finish.
        self.hold(call.clone()).await.map(|_| ())
    }

    /// A wait that is not the call's fault: the attempt is not counted.
    pub(super) async fn defer(
        &self,
        call: &Call,
        reason: &str,
        after: Span,
    ) -> Result<(), StoreError> {
        let now = self.pipeline.clock.now();
        self.finish(&Call {
            state: CallState::Deferred,
            reason: reason.to_owned(),
            attempts: call.attempts.saturating_sub(1),
            lease: None,
            due: Some(now + after),
            updated: now,
            ..call.clone()
        })
        .await
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

    /// Gong refuses this very call: it is asked for again as long as a transcript is waited for.
    pub(super) async fn refused(&self, call: &Call, reason: &str) -> Result<(), StoreError> {
        let now = self.pipeline.clock.now();
        if call.first_seen + TRANSCRIPT_PATIENCE > now {
            return self.defer(call, reason, REFUSED_WAIT).await;
        }
        self.finish(&Call {
            state: CallState::Failed,
            reason: format!("{reason}, for 14 days; an admin may retry it"),
            lease: None,
            due: None,
            updated: now,
            ..call.clone()
        })
        .await
    }

    pub(super) async fn await_transcript(
        &self,
        call: &Call,
        reason: &str,
    ) -> Result<(), StoreError> {
        let now = self.pipeline.clock.now();
        let last = call.first_seen + TRANSCRIPT_PATIENCE;
        if last <= now {
            return self
                .finish(&skipped(call, SkipCause::NoTranscript, now))
                .await;
        }
        self.finish(&Call {
            state: CallState::AwaitingTranscript,
            reason: reason.to_owned(),
            attempts: 0,
            lease: None,
            due: Some(last),
            updated: now,
            ..call.clone()
        })
        .await
    }

    /// A fault of the program met this call: the attempt counts, and the others go on.
    pub(super) async fn after_panic(&self, call: &Call) -> Result<(), StoreError> {
        let now = self.pipeline.clock.now();
        if call.attempts >= MAX_ATTEMPTS {
            return self.finish(&given_up(call, now)).await;
        }
        self.queue_again(requeued(call, "an attempt ended without a result", now))
            .await
    }

    /// No time is left for it in this run: back to the queue, the attempt not counted.
    pub(super) async fn give_back(&self, call: &Call) -> Result<(), StoreError> {
        let now = self.pipeline.clock.now();
        self.queue_again(Call {
            attempts: call.attempts.saturating_sub(1),
            ..requeued(call, "waits for the pipeline", now)
        })
        .await
    }

    async fn queue_again(&self, call: Call) -> Result<(), StoreError> {
        self.finish(&call).await?;
        if let Err(error) = self.pipeline.calls.send(&[call.message()]).await {
            tracing::warn!(%error, "a call that was given back waits for care");
        }
        Ok(())
    }
}
