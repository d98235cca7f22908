//! Answers in the forms that the providers give them, with numbers and names of our own.

use serde_json::{Value, json};

use super::{Said, Whose};

fn whose(body: &Value) -> Whose {
    Said::read(&body.to_string()).whose()
}

fn openai(code: &str, message: &str) -> Value {
    let code = (!code.is_empty()).then_some(code);
    json!({"error": {"message": message, "type": "invalid_request_error", "param": null, "code": code}})
}

fn anthropic(kind: &str, message: &str) -> Value {
    json!({"type": "error", "error": {"type": kind, "message": message}, "request_id": "req_1"})
}

#[test]
fn too_long_and_refused_content_are_the_calls_own() {
    for body in [
        openai("context_length_exceeded", "Shorten it."),
        openai(
            "string_above_max_length",
            "Invalid 'messages[1].content': string too long.",
        ),
        openai(
            "",
            "This model's maximum context length is 8192 tokens. However, you requested 9000 tokens (1000 in the messages, 8000 in the completion). Please reduce the length of the messages or completion.",
        ),
        anthropic(
            "invalid_request_error",
            "prompt is too long: 210000 tokens > 200000 maximum",
        ),
        anthropic(
            "invalid_request_error",
            "input length and `max_tokens` exceed context limit: 198000 + 8000 > 200000, decrease input length or `max_tokens` and try again",
        ),
        anthropic("request_too_large", "Request exceeds the maximum size"),
        // Gemini, native and as its OpenAI-compatible endpoint wraps it.
        json!({"error": {"code": 400, "status": "INVALID_ARGUMENT",
            "message": "The input token count (1200000) exceeds the maximum number of tokens allowed (1048576)."}}),
        json!([{"error": {"code": 400, "status": "INVALID_ARGUMENT",
            "message": "The input token count (1200000) exceeds the maximum number of tokens allowed (1048576)."}}]),
        // Bedrock.
        json!({"message": "Input is too long for requested model."}),
        json!({"message": "The model returned the following errors: prompt is too long: 227000 tokens > 200000 maximum"}),
        // vLLM, old form.
        json!({"object": "error", "type": "BadRequestError", "param": null, "code": 400,
            "message": "This model's maximum context length is 6048 tokens. However, you requested 6616 tokens."}),
        // llama.cpp.
        json!({"error": {"code": 400, "type": "exceed_context_size_error", "n_ctx": 4096,
            "message": "request (4390 tokens) exceeds the available context size (4096 tokens), try increasing it"}}),
        // Ollama.
        json!({"error": "prompt too long; exceeded max context length by 4 tokens"}),
        // OpenRouter, its own and a provider's that it passes on.
        json!({"error": {"code": 400, "metadata": {"provider_name": null},
            "message": "This endpoint's maximum context length is 262000 tokens. However, you requested about 263000 tokens."}}),
        json!({"error": {"code": 400, "message": "Provider returned error", "metadata": {
            "raw": "{\"error\":{\"message\":\"prompt is too long\"}}", "provider_name": "X"}}}),
        // xAI, TGI, Cohere, Mistral, Alibaba, Zhipu.
        json!({"code": "400", "error": "This model's maximum prompt length is 131072 but the request contains 136973 tokens."}),
        json!({"error": "Input validation error: `inputs` tokens + `max_new_tokens` must be <= 4096. Given: 5000", "error_type": "validation"}),
        json!({"message": "too many tokens: total number of tokens in the prompt exceeds limit of 4081"}),
        json!({"object": "error", "type": "invalid_request_error", "code": "3051",
            "message": "Prompt contains 40000 tokens, too large for model with 32768 maximum context length"}),
        json!({"code": "InvalidParameter", "message": "Range of input length should be [1, 30720]"}),
        json!({"error": {"code": "1261", "message": "Prompt exceeds max length"}}),
        // Refused content.
        openai("content_policy_violation", "Your request was rejected."),
        openai("invalid_prompt", "Your prompt was flagged."),
        anthropic(
            "invalid_request_error",
            "Output blocked by content filtering policy",
        ),
        json!({"error": {"code": "content_filter", "status": 400, "param": "prompt", "type": null,
            "message": "The response was filtered due to the prompt triggering Azure OpenAI's content management policy.",
            "innererror": {"code": "ResponsibleAIPolicyViolation"}}}),
        json!({"error": {"message": "Content Exists Risk", "type": "invalid_request_error", "code": "invalid_request_error"}}),
        json!({"code": "data_inspection_failed", "message": "Input data may contain inappropriate content."}),
    ] {
        assert_eq!(whose(&body), Whose::Call, "{body}");
    }
    let plain = Said::read("Bad Request: the input is too long");
    assert_eq!(plain.whose(), Whose::Call, "a gateway's plain text");
}

#[test]
fn money_keys_models_and_parameters_are_never_a_calls_own() {
    for body in [
        anthropic(
            "invalid_request_error",
            "Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing to upgrade or purchase credits.",
        ),
        anthropic(
            "invalid_request_error",
            "You have reached your specified API usage limits. You will regain access on 2026-12-01 at 00:00 UTC.",
        ),
        anthropic(
            "invalid_request_error",
            "This organization has been disabled.",
        ),
        anthropic(
            "invalid_request_error",
            "max_tokens: 8000 > 4096, which is the maximum allowed number of output tokens for x",
        ),
        anthropic(
            "invalid_request_error",
            "output_config: Extra inputs are not permitted",
        ),
        openai(
            "insufficient_quota",
            "You exceeded your current quota, please check your plan.",
        ),
        openai(
            "billing_hard_limit_reached",
            "Billing hard limit has been reached",
        ),
        openai(
            "model_not_found",
            "The model `x` does not exist or you do not have access to it.",
        ),
        openai(
            "unsupported_parameter",
            "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
        ),
        openai(
            "unsupported_value",
            "Unsupported value: 'temperature' does not support 0 with this model.",
        ),
        openai(
            "",
            "max_tokens is too large: 8000. This model supports at most 4096 completion tokens",
        ),
        openai("", "Invalid schema for response_format 'detect'"),
        json!({"error": {"code": 400, "status": "INVALID_ARGUMENT", "message": "API key not valid. Please pass a valid API key.",
            "details": [{"reason": "API_KEY_INVALID"}]}}),
        json!({"error": {"code": 400, "status": "FAILED_PRECONDITION", "message": "User location is not supported for the API use."}}),
        json!({"error": {"code": 400, "status": "INVALID_ARGUMENT", "message": "Unknown name \"maxItems\": Cannot find field."}}),
        json!({"error": {"message": "Model Not Exist", "type": "invalid_request_error"}}),
        json!({"error": {"message": "some/model is not a valid model ID", "code": 400}}),
        json!({"message": "The provided model identifier is invalid."}),
        json!({"code": "Arrearage", "message": "Access denied, please make sure your account is in good standing."}),
        json!({"detail": [{"loc": ["body", "store"], "msg": "Extra inputs are not permitted", "type": "extra_forbidden"}]}),
    ] {
        assert_eq!(whose(&body), Whose::Installation, "{body}");
    }
}

#[test]
fn what_says_neither_or_both_is_left_open() {
    for body in [
        json!({}),
        openai("", "Bad request"),
        anthropic(
            "invalid_request_error",
            "messages: at least one message is required",
        ),
        // vLLM: with a smaller limit of the answer this call would fit, and another one not.
        openai(
            "",
            "'max_tokens' or 'max_completion_tokens' is too large: 8000. This model's maximum context length is 16384 tokens and your request has 10000 input tokens",
        ),
        // Groq: too large for the account's tokens a minute.
        json!({"error": {"type": "tokens", "code": "rate_limit_exceeded",
            "message": "Request too large for model `x` on tokens per minute (TPM): Limit 6000, Requested 9000, please reduce your message size. Upgrade at https://console.example/settings/billing"}}),
        // A customer's words in a message.
        json!({"error": {"message": "Invalid content: they said that our billing context window is slow"}}),
    ] {
        assert_eq!(whose(&body), Whose::Unknown, "{body}");
    }
    for page in ["", "<html><h1>413 Request Entity Too Large</h1></html>"] {
        assert_eq!(Said::read(page).whose(), Whose::Unknown, "{page}");
    }
}

#[test]
fn only_a_plain_code_may_be_shown() {
    let said =
        Said::read(&openai("context_length_exceeded", "too long: Ada said hello").to_string());
    assert_eq!(said.code.as_deref(), Some("context_length_exceeded"));
    let said = Said::read(r#"{"error":{"type":"Ada said hello!"}}"#);
    assert_eq!(said.code, None);
    let long = "ä".repeat(LONG);
    assert!(Said::read(&long).message.len() < LONG);
}

const LONG: usize = 100_000;
