//! OpenAI's responses, <https://platform.openai.com/docs/api-reference/responses>.

use serde_json::{Value, json};

use super::{Answer, Ask, Stop, Tokens, count, texts};

pub(super) fn request(ask: &Ask<'_>) -> Value {
    let mut body = json!({
        "model": ask.model,
        "instructions": ask.system,
        "input": [{"role": "user", "content": ask.user()}],
        "max_output_tokens": ask.max_tokens,
        // Nothing of a call stays with the provider.
        "store": false,
    });
    if ask.temperature {
        body["temperature"] = json!(0.0);
    }
    if let Some(effort) = ask.effort {
        body["reasoning"] = json!({"effort": effort});
    }
    if let Some((name, schema)) = ask.schema {
        body["text"] = json!({"format": {
            "type": "json_schema", "name": name, "strict": true, "schema": schema,
        }});
    }
    body
}

pub(super) fn answer(body: &Value) -> Option<Answer> {
    let output = body.get("output")?.as_array()?;
    let parts = || {
        let messages = output.iter().filter(|item| item["type"] == "message");
        messages.filter_map(|item| item["content"].as_array())
    };
    let text = parts()
        .flat_map(|parts| texts(parts, "output_text"))
        .collect();
    let refused = parts().flatten().any(|part| part["type"] == "refusal");
    let stop = match body
        .pointer("/incomplete_details/reason")
        .and_then(Value::as_str)
    {
        Some("max_output_tokens") => Stop::Limit,
        Some("content_filter") => Stop::Refused,
        _ if refused => Stop::Refused,
        _ => Stop::Done,
    };
    Some(Answer {
        text,
        stop,
        tokens: Tokens {
            sent: count(body, "/usage/input_tokens"),
            cached: count(body, "/usage/input_tokens_details/cached_tokens"),
            cache_written: 0,
            written: count(body, "/usage/output_tokens"),
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::llm::wire::ASK;

    #[test]
    fn a_request_keeps_nothing_at_the_provider() {
        let schema = json!({"type": "object"});
        let ask = Ask {
            effort: Some("low"),
            schema: Some(("detect", &schema)),
            ..ASK
        };
        assert_eq!(
            request(&ask),
            json!({"model": "m", "instructions": "s", "input": [{"role": "user", "content": "u"}],
                "max_output_tokens": 8000, "store": false, "temperature": 0.0,
                "reasoning": {"effort": "low"}, "text": {"format": {"type": "json_schema",
                    "name": "detect", "strict": true, "schema": schema}}})
        );
    }

    #[test]
    fn answers_of_every_ending_are_read() {
        let said = |content: Value, why: Option<&str>| {
            let body = json!({"output": [{"type": "reasoning", "summary": []},
                {"type": "message", "content": [content]}],
                "incomplete_details": why.map(|why| json!({"reason": why})),
                "usage": {"input_tokens": 7, "output_tokens": 3,
                    "input_tokens_details": {"cached_tokens": 5}}});
            answer(&body).map(|answer| (answer.text, answer.stop, answer.tokens))
        };
        let a = || json!({"type": "output_text", "text": "a"});
        let tokens = Tokens {
            sent: 7,
            cached: 5,
            cache_written: 0,
            written: 3,
        };
        let some = |text: &str, stop| Some((text.to_owned(), stop, tokens));
        assert_eq!(said(a(), None), some("a", Stop::Done));
        assert_eq!(said(a(), Some("max_output_tokens")), some("a", Stop::Limit));
        assert_eq!(said(a(), Some("content_filter")), some("a", Stop::Refused));
        assert_eq!(
            said(json!({"type": "refusal"}), None),
            some("", Stop::Refused)
        );
        assert_eq!(answer(&json!({"hello": "world"})), None);
    }
}
