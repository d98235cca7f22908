//! The pipeline function: an SQS batch of calls in, the failed items out.

use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent};
use domain::call::CallMessage;
use ingest::pipeline::batch::Pipeline;
use lambda_runtime::{Diagnostic, LambdaEvent};
use runtime::batch::{self, Item};
use serde_json::Value;

/// The event is not an SQS batch. serde's words could name what stands in the event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this event is not an SQS batch")]
pub struct NotABatch;

impl From<NotABatch> for Diagnostic {
    fn from(error: NotABatch) -> Self {
        Self {
            error_type: "NotABatch".into(),
            error_message: error.to_string(),
        }
    }
}

/// Handles one batch.
///
/// # Errors
/// [`NotABatch`]; what fails in a batch is reported message by message.
pub async fn handle(
    pipeline: &Pipeline,
    event: LambdaEvent<Value>,
) -> Result<SqsBatchResponse, NotABatch> {
    let deadline = batch::deadline(event.context.deadline);
    let batch: SqsEvent = serde_json::from_value(event.payload).map_err(|_| NotABatch)?;
    let (items, mut response) = batch::open::<CallMessage>(batch);
    let messages: Vec<_> = items.iter().map(|item| item.message.clone()).collect();
    let verdicts = pipeline.handle(&messages, deadline).await;
    for (Item { id, .. }, verdict) in items.iter().zip(&verdicts) {
        batch::record_verdict(&mut response, id, *verdict);
    }
    Ok(response)
}
