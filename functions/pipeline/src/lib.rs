//! The pipeline function: an SQS batch of calls in, the failed items out.

use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent};
use domain::{call::CallMessage, pipeline::process::Pipeline};
use lambda_runtime::{Error, LambdaEvent};
use runtime::batch::{self, Item};
use serde_json::Value;

/// Handles one batch.
///
/// # Errors
/// When the event is not an SQS batch; what fails in a batch is reported message by message.
pub async fn handle(
    pipeline: &Pipeline,
    event: LambdaEvent<Value>,
) -> Result<SqsBatchResponse, Error> {
    let deadline = batch::deadline(event.context.deadline);
    // serde's words could name what stands in the event.
    let batch: SqsEvent =
        serde_json::from_value(event.payload).map_err(|_| "this event is not an SQS batch")?;
    let (items, mut response) = batch::open::<CallMessage>(batch);
    let messages: Vec<_> = items.iter().map(|item| item.message.clone()).collect();
    let verdicts = pipeline.handle(&messages, deadline).await;
    for (Item { id, .. }, verdict) in items.iter().zip(&verdicts) {
        batch::settle(&mut response, id, verdict);
    }
    Ok(response)
}
