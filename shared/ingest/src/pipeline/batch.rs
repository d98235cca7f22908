//! The pipeline function's parts, the calls of one run, and how a worker leaves them.

use std::sync::Arc;

use domain::{
    call::{Call, CallState, NotPossible},
    ids::OrgId,
    moment::Span,
    ports::{
        StoreError,
        connections::{ChangeError, ConnectionStore},
        feedback::UsageStore,
        ledger::Ledger,
        queues::CallQueue,
        system::{Clock, Ids},
    },
    verdict::Deadline,
};

use super::{analysis::Analysis, meters::Models, slots::Slots};
use crate::gong::gate::GongGate;

/// How long what Gong refuses is left alone.
pub(super) const REFUSED_WAIT: Span = Span::hours(1);

/// The pipeline function's use case.
#[derive(Clone)]
pub struct Pipeline {
    /// Gong.
    pub gate: GongGate,
    /// Connections.
    pub connections: Arc<dyn ConnectionStore>,
    /// The ledger.
    pub ledger: Arc<dyn Ledger>,
    /// The stages after the transcript.
    pub analysis: Analysis,
    /// What they used, by month.
    pub usage: Arc<dyn UsageStore>,
    /// The pipeline's own queue, for calls that a run could not begin.
    pub calls: Arc<dyn CallQueue>,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Ids.
    pub ids: Arc<dyn Ids>,
    /// The places for calls under analysis.
    pub slots: Arc<Slots>,
}

/// The calls of one organization in one run, all under one owner.
pub(super) struct Batch<'a> {
    pub(super) pipeline: &'a Pipeline,
    pub(super) org: &'a OrgId,
    pub(super) owner: String,
    pub(super) deadline: Deadline,
    /// The models whose answers are kept already.
    pub(super) noted: Models,
}

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
        let queued = next.clone().ok();
        let queued = queued.filter(|call| call.state == CallState::Queued);
        self.finish(next).await?;
        self.pipeline.calls.offer(queued.as_slice()).await;
        Ok(())
    }
}
