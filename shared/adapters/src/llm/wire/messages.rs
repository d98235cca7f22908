//! Anthropic's messages, <https://docs.anthropic.com/en/api/messages>.

use serde_json::{Value, json};

use super::{Answer, Ask, Stop, Tokens, count, texts};

/// The version of the protocol, as Vertex AI names it in the body.
const VERTEX_VERSION: &str = "vertex-2023-10-16";

pub(super) fn request(ask: &Ask<'_>) -> Value {
    let mut body = json!({
        "model": ask.model,
        "max_tokens": ask.max_tokens,
        "system": ask.system,
        "messages": [{"role": "user", "content": content(ask)}],
    });
    if ask.temperature {
        body["temperature"] = json!(0.0);
    }
    if let Some(effort) = ask.effort {
        body["output_config"]["effort"] = json!(effort);
    }
    if let Some((_, schema)) = ask.schema {
        body["output_config"]["format"] = json!({"type": "json_schema", "schema": schema});
    }
    body
}

/// The user's message: in two blocks where the first is to be kept.
fn content(ask: &Ask<'_>) -> Value {
    if !ask.is_kept || ask.task.is_empty() {
        return json!(ask.user());
    }
    json!([
        {"type": "text", "text": ask.kept_part(), "cache_control": {"type": "ephemeral"}},
        {"type": "text", "text": ask.task},
    ])
}

pub(super) fn vertex(ask: &Ask<'_>) -> Value {
    let mut body = request(ask);
    if let Some(fields) = body.as_object_mut() {
        fields.remove("model");
        fields.insert("anthropic_version".to_owned(), json!(VERTEX_VERSION));
    }
    body
}

pub(super) fn answer(body: &Value) -> Option<Answer> {
    let parts = body.get("content")?.as_array()?;
    let stop = match body["stop_reason"].as_str() {
        Some("max_tokens" | "model_context_window_exceeded") => Stop::Limit,
        Some("refusal") => Stop::Refused,
        _ => Stop::Done,
    };
    let cached = count(body, "/usage/cache_read_input_tokens");
    let cache_written = count(body, "/usage/cache_creation_input_tokens");
    Some(Answer {
        text: texts(parts, "text").collect(),
        stop,
        tokens: Tokens {
            sent: count(body, "/usage/input_tokens") + cached + cache_written,
            cached,
            cache_written,
            written: count(body, "/usage/output_tokens"),
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::llm::wire::ASK;

    #[test]
    fn a_request_holds_what_is_asked_and_vertex_wants_no_model() {
        let schema = json!({"type": "object"});
        let ask = Ask {
            effort: Some("low"),
            schema: Some(("detect", &schema)),
            ..ASK
        };
        let mut body = request(&ask);
        assert_eq!(
            body,
            json!({"model": "m", "max_tokens": 8000, "system": "s", "temperature": 0.0,
                "messages": [{"role": "user", "content": "u"}], "output_config": {
                    "effort": "low", "format": {"type": "json_schema", "schema": schema}}})
        );
        body["anthropic_version"] = json!(VERTEX_VERSION);
        let mut vertex = vertex(&ask);
        vertex["model"] = json!("m");
        assert_eq!(vertex, body);
    }

    #[test]
    fn answers_of_every_ending_are_read() {
        let said = |content: Value, why: &str| {
            let body = json!({"content": content, "stop_reason": why,
                "usage": {"input_tokens": 1, "cache_read_input_tokens": 5,
                    "cache_creation_input_tokens": 1, "output_tokens": 3}});
            answer(&body).map(|answer| (answer.text, answer.stop, answer.tokens))
        };
        let tokens = Tokens {
            sent: 7,
            cached: 5,
            cache_written: 1,
            written: 3,
        };
        let some = |text: &str, stop| Some((text.to_owned(), stop, tokens));
        let a = json!([{"type": "thinking", "thinking": "b"}, {"type": "text", "text": "a"}]);
        assert_eq!(said(a.clone(), "end_turn"), some("a", Stop::Done));
        assert_eq!(said(a, "max_tokens"), some("a", Stop::Limit));
        assert_eq!(said(json!([]), "refusal"), some("", Stop::Refused));
        assert_eq!(answer(&json!({"hello": "world"})), None);
    }
}
