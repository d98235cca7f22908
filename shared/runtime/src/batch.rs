//! SQS batch mechanics: every body is parsed alone, and one bad message fails alone.

use aws_lambda_events::sqs::{BatchItemFailure, SqsBatchResponse, SqsEvent};
use domain::{
    moment::{Span, Timestamp},
    verdict::{Deadline, Verdict},
};
use serde::de::DeserializeOwned;

/// Kept free at the end of a run for writing the answer.
const RESERVE: Span = Span::seconds(5);

/// A message of a batch that could be parsed, with the id that its failure is reported under.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item<M> {
    /// SQS's message id.
    pub id: String,
    /// The body.
    pub message: M,
}

/// The messages of an event, and the answer that already fails those that could not be parsed.
#[must_use]
pub fn open<M: DeserializeOwned>(event: SqsEvent) -> (Vec<Item<M>>, SqsBatchResponse) {
    let mut items = Vec::with_capacity(event.records.len());
    let mut response = SqsBatchResponse::default();
    for record in event.records {
        let id = record.message_id.unwrap_or_default();
        match serde_json::from_str(record.body.as_deref().unwrap_or_default()) {
            Ok(message) => items.push(Item { id, message }),
            Err(error) => {
                tracing::error!(
                    message_id = %id,
                    line = error.line(),
                    column = error.column(),
                    "a message's body is not what this queue carries; it goes to the dead-letter queue"
                );
                fail(&mut response, id);
            }
        }
    }
    (items, response)
}

/// Adds one message's verdict to the answer.
pub fn record_verdict(response: &mut SqsBatchResponse, id: &str, verdict: Verdict) {
    match verdict {
        Verdict::Done => {}
        Verdict::Retry => fail(response, id.to_owned()),
    }
}

fn fail(response: &mut SqsBatchResponse, id: String) {
    let mut failure = BatchItemFailure::default();
    failure.item_identifier = id;
    response.batch_item_failures.push(failure);
}

/// The deadline of an invocation (milliseconds since the epoch, as the Lambda context has it),
/// less what the answer needs.
#[must_use]
pub fn deadline(context_deadline_ms: u64) -> Deadline {
    let at = i64::try_from(context_deadline_ms).unwrap_or(i64::MAX);
    Deadline(Timestamp(at) - RESERVE)
}

#[cfg(test)]
mod tests {
    use domain::call::CallMessage;
    use serde_json::json;

    use super::*;

    #[test]
    fn one_bad_body_fails_alone() {
        let good = json!({"org_id": "o", "call_id": "1", "generation": 1}).to_string();
        let event = json!({"Records": [
            {"messageId": "a", "body": good},
            {"messageId": "b", "body": "{"},
            {"messageId": "c"},
            {"messageId": "d", "body": json!({"org_id": "o#x", "call_id": "1", "generation": 1}).to_string()},
        ]});
        let event: SqsEvent = serde_json::from_value(event).expect("an SQS event");
        let (items, response) = open::<CallMessage>(event);
        assert_eq!(items.len(), 1);
        let failed: Vec<_> = response
            .batch_item_failures
            .iter()
            .map(|failure| failure.item_identifier.as_str())
            .collect();
        assert_eq!(failed, ["b", "c", "d"]);
    }
}
