//! The pipeline function's parts, and the calls of one run; what is done with them stands in
//! [`super::process`].

use std::sync::Arc;

use domain::{
    call::{Call, CallState, NotPossible},
    ports::{
        StoreError,
        feedback::UsageStore,
        ledger::Ledger,
        queues::CallQueue,
        system::{Clock, Ids},
    },
};

use super::{analysis::Analysis, meters::Models, permits::Permits, source::Source, worker::Worker};

/// The pipeline function's use case.
#[derive(Clone)]
pub struct Pipeline {
    /// Where calls are read.
    pub sources: Vec<Arc<dyn Source>>,
    pub ledger: Arc<dyn Ledger>,
    /// The stages after the transcript.
    pub analysis: Analysis,
    /// What they used, by month.
    pub usage: Arc<dyn UsageStore>,
    /// The pipeline's own queue, for calls that a run could not begin.
    pub calls: Arc<dyn CallQueue>,
    pub clock: Arc<dyn Clock>,
    pub ids: Arc<dyn Ids>,
    /// The places for calls under analysis.
    pub permits: Arc<Permits>,
}

/// The calls of one organization and source in one run, all under one owner.
pub(super) struct Batch<'a> {
    pub(super) pipeline: &'a Pipeline,
    pub(super) source: &'a dyn Source,
    pub(super) worker: Worker<'a>,
    /// The models whose answers are kept already.
    pub(super) noted: Models,
}

impl Batch<'_> {
    /// A fault of the program met this call: the attempt counts, and the others go on.
    pub(super) async fn after_panic(&self, call: &Call) -> Result<(), StoreError> {
        let now = self.worker.now();
        self.queue_again(call.abandon("an attempt ended without a result", now))
            .await
    }

    /// No time is left for it in this run.
    pub(super) async fn give_back(&self, call: &Call) -> Result<(), StoreError> {
        let now = self.worker.now();
        self.queue_again(call.give_back("waits for the pipeline", now))
            .await
    }

    /// Writes what becomes of a call, and sends it where it is queued again.
    async fn queue_again(&self, next: Result<Call, NotPossible>) -> Result<(), StoreError> {
        let queued = next.clone().ok();
        let queued = queued.filter(|call| call.state == CallState::Queued);
        self.worker.finish(next).await?;
        self.pipeline.calls.offer(queued.as_slice()).await;
        Ok(())
    }
}
