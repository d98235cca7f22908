//! OpenAI's chat completions, <https://platform.openai.com/docs/api-reference/chat>.

use serde_json::{Value, json};

use super::{Answer, Ask, Stop, Tokens, count, texts};

pub(super) fn request(ask: &Ask<'_>) -> Value {
    let limit = match ask.completion_tokens {
        true => "max_completion_tokens",
        false => "max_tokens",
    };
    let mut body = json!({
        "model": ask.model,
        "messages": [
            {"role": "system", "content": ask.system},
            {"role": "user", "content": ask.user()},
        ],
        limit: ask.max_tokens,
    });
    if ask.temperature {
        body["temperature"] = json!(0.0);
    }
    if let Some(effort) = ask.effort {
        body["reasoning_effort"] = json!(effort);
    }
    if let Some((name, schema)) = ask.schema {
        body["response_format"] = json!({
            "type": "json_schema",
            "json_schema": {"name": name, "strict": true, "schema": schema},
        });
    }
    body
}

pub(super) fn answer(body: &Value) -> Option<Answer> {
    let choice = body.get("choices")?.get(0)?;
    let message = choice.get("message")?;
    let text = match &message["content"] {
        Value::Array(parts) => texts(parts, "text").collect(),
        content => content.as_str().unwrap_or_default().to_owned(),
    };
    let refused = message["refusal"]
        .as_str()
        .is_some_and(|text| !text.is_empty());
    let stop = match choice["finish_reason"].as_str() {
        Some("length" | "max_tokens") => Stop::Limit,
        Some("content_filter" | "refusal") => Stop::Refused,
        _ if refused => Stop::Refused,
        _ => Stop::Done,
    };
    Some(Answer {
        text,
        stop,
        tokens: Tokens {
            sent: count(body, "/usage/prompt_tokens"),
            cached: count(body, "/usage/prompt_tokens_details/cached_tokens"),
            cache_written: 0,
            written: count(body, "/usage/completion_tokens"),
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::llm::wire::ASK;

    #[test]
    fn a_request_holds_what_is_asked_and_no_more() {
        assert_eq!(
            request(&ASK),
            json!({"model": "m", "max_tokens": 8000, "temperature": 0.0, "messages": [
                {"role": "system", "content": "s"}, {"role": "user", "content": "u"}]})
        );
        let schema = json!({"type": "object"});
        let ask = Ask {
            effort: Some("low"),
            schema: Some(("detect", &schema)),
            temperature: false,
            completion_tokens: true,
            ..ASK
        };
        let body = request(&ask);
        assert_eq!(body["max_completion_tokens"], 8000);
        assert_eq!(body["reasoning_effort"], "low");
        let format = &body["response_format"]["json_schema"];
        assert_eq!(format["schema"], schema);
        assert!(body.get("temperature").is_none() && body.get("max_tokens").is_none());
    }

    #[test]
    fn answers_of_every_ending_are_read() {
        let said = |message: Value, why: &str| {
            let body = json!({"choices": [{"message": message, "finish_reason": why}],
                "usage": {"prompt_tokens": 7, "completion_tokens": 3,
                    "prompt_tokens_details": {"cached_tokens": 5}}});
            answer(&body).map(|answer| (answer.text, answer.stop, answer.tokens))
        };
        let tokens = Tokens {
            sent: 7,
            cached: 5,
            cache_written: 0,
            written: 3,
        };
        let text = |text: &str, stop| Some((text.to_owned(), stop, tokens));
        for (message, why, expected) in [
            (json!({"content": "a"}), "stop", text("a", Stop::Done)),
            (json!({"content": "a"}), "length", text("a", Stop::Limit)),
            (
                json!({"content": null, "reasoning_content": "b"}),
                "stop",
                text("", Stop::Done),
            ),
            (
                json!({"content": null, "refusal": "no"}),
                "stop",
                text("", Stop::Refused),
            ),
            (
                json!({"content": ""}),
                "content_filter",
                text("", Stop::Refused),
            ),
            (
                json!({"content": "no"}),
                "refusal",
                text("no", Stop::Refused),
            ),
            (
                json!({"content": [{"type": "thinking"}, {"type": "text", "text": "a"}]}),
                "stop",
                text("a", Stop::Done),
            ),
        ] {
            assert_eq!(said(message.clone(), why), expected, "{message}");
        }
        for none in [
            json!({"choices": []}),
            json!({"hello": 1}),
            json!([]),
            json!({"choices": [{}]}),
        ] {
            assert_eq!(answer(&none), None, "{none}");
        }
    }
}
