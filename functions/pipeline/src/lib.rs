//! The pipeline function: an SQS batch of calls in, the failed items out.

use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent};
use domain::{call::CallMessage, pipeline::process::Pipeline};
use lambda_runtime::{Error, LambdaEvent};
use runtime::batch::{self, Item};

/// Handles one batch.
///
/// # Errors
/// None of its own: what fails is reported message by message.
pub async fn handle(
    pipeline: &Pipeline,
    event: LambdaEvent<SqsEvent>,
) -> Result<SqsBatchResponse, Error> {
    let deadline = batch::deadline(event.context.deadline);
    let (items, mut response) = batch::open::<CallMessage>(event.payload);
    let messages: Vec<_> = items.iter().map(|item| item.message.clone()).collect();
    let verdicts = pipeline.handle(&messages, deadline).await;
    for (Item { id, .. }, verdict) in items.iter().zip(&verdicts) {
        batch::settle(&mut response, id, verdict);
    }
    Ok(response)
}
