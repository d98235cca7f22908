//! Delivering queued messages and ticks to the function libraries, as Lambda would.

use std::panic::AssertUnwindSafe;

use aws_lambda_events::sqs::SqsBatchResponse;
use domain::{moment::Span, verdict::FUNCTION_TIMEOUT};
use futures::FutureExt;
use lambda_runtime::{Context, LambdaEvent};
use poller::{PollerAnswer, PollerError};
use serde::Serialize;
use serde_json::{Value, json};

use crate::{
    app::App,
    queue::{Delivery, LocalQueue, sqs_event},
};

/// SQS hands at most this many windows to one run.
const WINDOWS_A_BATCH: usize = 10;
/// And this many calls.
const CALLS_A_BATCH: usize = 100;

/// A handler's panic becomes its error, as in the Lambda runtime.
async fn unwound<T, E: Into<lambda_runtime::Error>>(
    handler: impl Future<Output = Result<T, E>>,
) -> Result<T, lambda_runtime::Error> {
    match AssertUnwindSafe(handler).catch_unwind().await {
        Ok(answer) => answer.map_err(Into::into),
        Err(_) => Err("the handler panicked".into()),
    }
}

impl App {
    /// Delivers one batch of sync windows; how many there were.
    pub async fn deliver_windows(&self) -> usize {
        let batch = self.windows.take(self.clock.now(), WINDOWS_A_BATCH);
        if batch.is_empty() {
            return 0;
        }
        let answer = match self.event(&batch) {
            Ok(event) => unwound(poller::handle(&self.poller, event)).await,
            Err(error) => Err(error.into()),
        };
        let response = match answer {
            Ok(PollerAnswer::Batch(response)) => Some(response),
            _ => None,
        };
        self.finish(&self.windows, batch, response)
    }

    /// Delivers one batch of calls; how many there were.
    pub async fn deliver_calls(&self) -> usize {
        let batch = self.calls.take(self.clock.now(), CALLS_A_BATCH);
        if batch.is_empty() {
            return 0;
        }
        let answer = match self.event(&batch) {
            Ok(event) => unwound(pipeline::handle(&self.pipeline, event)).await,
            Err(error) => Err(error.into()),
        };
        self.finish(&self.calls, batch, answer.ok())
    }

    /// One tick of the Scheduler.
    ///
    /// # Errors
    /// When the due work could not be read; the next tick tries again.
    pub async fn tick(&self) -> Result<(), PollerError> {
        let event = LambdaEvent::new(json!({"tick": "maintenance"}), self.context());
        poller::handle(&self.poller, event).await.map(|_| ())
    }

    /// Delivers until both queues are empty of what may be delivered now.
    pub async fn drain(&self) {
        while self.deliver_windows().await + self.deliver_calls().await > 0 {}
    }

    fn event<M: Serialize>(
        &self,
        batch: &[Delivery<M>],
    ) -> Result<LambdaEvent<Value>, serde_json::Error> {
        let payload = serde_json::to_value(sqs_event(batch)?)?;
        Ok(LambdaEvent::new(payload, self.context()))
    }

    /// The context of an invocation that may run as long as the functions may.
    #[must_use]
    pub fn context(&self) -> Context {
        let mut context = Context::default();
        let deadline = self.clock.now() + FUNCTION_TIMEOUT - Span::seconds(1);
        context.deadline = u64::try_from(deadline.0).unwrap_or(0);
        context
    }

    fn finish<M: Clone>(
        &self,
        queue: &LocalQueue<M>,
        batch: Vec<Delivery<M>>,
        response: Option<SqsBatchResponse>,
    ) -> usize {
        let count = batch.len();
        let failed: Option<Vec<String>> = response.map(|response| {
            let failures = response.batch_item_failures.into_iter();
            failures.map(|failure| failure.item_identifier).collect()
        });
        for delivery in batch {
            // No answer at all fails the whole batch, as with SQS.
            let ok = failed
                .as_ref()
                .is_some_and(|ids| !ids.contains(&delivery.id.to_string()));
            if !ok {
                queue.give_back(delivery, self.clock.now());
            }
        }
        count
    }
}
