//! Amazon Bedrock's Converse,
//! <https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html>.

use serde_json::{Value, json};

use super::{Answer, Ask, Stop, Tokens, count};

pub(super) fn request(ask: &Ask<'_>) -> Value {
    let mut body = json!({
        "system": [{"text": ask.system}],
        "messages": [{"role": "user", "content": [{"text": ask.user()}]}],
        "inferenceConfig": {"maxTokens": ask.max_tokens},
    });
    if ask.temperature {
        body["inferenceConfig"]["temperature"] = json!(0.0);
    }
    body
}

pub(super) fn answer(body: &Value) -> Option<Answer> {
    let parts = body.pointer("/output/message/content")?.as_array()?;
    let stop = match body["stopReason"].as_str() {
        Some("max_tokens" | "model_context_window_exceeded") => Stop::Limit,
        Some("guardrail_intervened" | "content_filtered" | "refusal") => Stop::Refused,
        _ => Stop::Done,
    };
    Some(Answer {
        text: parts
            .iter()
            .filter_map(|part| part["text"].as_str())
            .collect(),
        stop,
        tokens: Tokens {
            sent: count(body, "/usage/inputTokens"),
            written: count(body, "/usage/outputTokens"),
            ..Tokens::default()
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::llm::wire::ASK;

    #[test]
    fn a_request_and_answers_of_every_ending() {
        assert_eq!(
            request(&ASK),
            json!({"system": [{"text": "s"}], "messages": [{"role": "user", "content": [{"text": "u"}]}],
                "inferenceConfig": {"maxTokens": 8000, "temperature": 0.0}})
        );
        for (why, stop) in [
            ("end_turn", Stop::Done),
            ("max_tokens", Stop::Limit),
            ("content_filtered", Stop::Refused),
            ("refusal", Stop::Refused),
        ] {
            let body = json!({"output": {"message": {"content": [
                {"reasoningContent": {"reasoningText": {"text": "b"}}}, {"text": "a"}]}},
                "stopReason": why, "usage": {"inputTokens": 7, "outputTokens": 3}});
            let read = Answer {
                text: "a".into(),
                stop,
                tokens: Tokens {
                    sent: 7,
                    written: 3,
                    ..Tokens::default()
                },
            };
            assert_eq!(answer(&body), Some(read), "{why}");
        }
        assert_eq!(answer(&json!({"message": "no"})), None);
    }
}
