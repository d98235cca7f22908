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

    fn failed(response: &SqsBatchResponse) -> Vec<&str> {
        let failures = response.batch_item_failures.iter();
        failures.map(|f| f.item_identifier.as_str()).collect()
    }

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
        assert_eq!(failed(&response), ["b", "c", "d"]);
    }

    #[test]
    fn a_body_that_is_no_message_of_the_queue_fails_by_its_id() {
        let message = json!({"org_id": "o", "call_id": "1", "generation": 1});
        let with = |field: &str, value: serde_json::Value| {
            let mut changed = message.clone();
            changed[field] = value;
            Some(changed.to_string())
        };
        for (name, body, parsed) in [
            ("a message", Some(message.to_string()), true),
            ("with spaces around it", Some(format!(" {message}\n")), true),
            (
                "with a field of a newer version",
                with("priority", json!(1)),
                true,
            ),
            (
                "a call of another source",
                with("call_id", json!("chat:7")),
                true,
            ),
            ("no body", None, false),
            ("an empty body", Some(String::new()), false),
            ("no JSON", Some("call 1".into()), false),
            (
                "half of it",
                Some(message.to_string()[..20].to_owned()),
                false,
            ),
            (
                "two in one body",
                Some(format!("{message}{message}")),
                false,
            ),
            ("a list of one", Some(json!([message]).to_string()), false),
            (
                "a message within a text",
                Some(json!(message.to_string()).to_string()),
                false,
            ),
            ("no generation", with("generation", json!(null)), false),
            (
                "a generation below zero",
                with("generation", json!(-1)),
                false,
            ),
            (
                "a call id of Gong that is no number",
                with("call_id", json!("abc")),
                false,
            ),
            (
                "a call id that is a number",
                with("call_id", json!(1)),
                false,
            ),
            (
                "an organization that could break a key",
                with("org_id", json!("o#x")),
                false,
            ),
        ] {
            let event = json!({"Records": [{"messageId": "m", "body": body}]});
            let event: SqsEvent = serde_json::from_value(event).expect("an SQS event");
            let (items, response) = open::<CallMessage>(event);
            let ids: Vec<_> = items.iter().map(|item| item.id.as_str()).collect();
            let failed = failed(&response);
            let expected = if parsed {
                (&["m"][..], &[][..])
            } else {
                (&[][..], &["m"][..])
            };
            assert_eq!((&ids[..], &failed[..]), expected, "{name}");
        }
    }

    #[test]
    fn only_what_is_to_be_tried_again_is_answered_as_failed() {
        use Verdict::{Done, Retry};
        for (name, verdicts, expected) in [
            ("an empty batch", &[][..], &[][..]),
            ("all done", &[Done, Done, Done], &[]),
            ("the first again", &[Retry, Done, Done], &["0"]),
            ("the last again", &[Done, Done, Retry], &["2"]),
            ("all again", &[Retry, Retry], &["0", "1"]),
        ] {
            let mut response = SqsBatchResponse::default();
            for (id, verdict) in verdicts.iter().enumerate() {
                record_verdict(&mut response, &id.to_string(), *verdict);
            }
            assert_eq!(failed(&response), expected, "{name}");
        }
    }

    #[test]
    fn five_seconds_of_a_run_are_kept_for_the_answer() {
        for (context, ends) in [
            (1_795_176_000_000, 1_795_175_995_000),
            (5_000, 0),
            (0, -5_000),
            (u64::MAX, i64::MAX - 5_000),
        ] {
            assert_eq!(deadline(context), Deadline(Timestamp(ends)), "{context}");
        }
    }
}
