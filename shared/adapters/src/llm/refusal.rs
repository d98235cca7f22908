//! Whose trouble a refused request is: the call's own, or this installation's. Providers answer 400
//! to both, so that only what they say about it tells, and what says neither is left open.

use serde_json::Value;

/// What a refusal is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Whose {
    /// The call is too long for the model, or its content is refused.
    Call,
    /// The account, the key, the model's name or a parameter: every call would be refused.
    Installation,
    /// It cannot be told.
    Unknown,
}

/// Codes of errors that mean the call: OpenAI, Anthropic (413), llama.cpp, GitHub Models, Azure
/// OpenAI, Alibaba.
const CODES_OF_THE_CALL: [&str; 10] = [
    "context_length_exceeded",
    "string_above_max_length",
    "request_too_large",
    "exceed_context_size_error",
    "tokens_limit_reached",
    "content_policy_violation",
    "content_filter",
    "responsibleaipolicyviolation",
    "invalid_prompt",
    "data_inspection_failed",
];

/// Codes of errors that never mean a call: OpenAI, Azure OpenAI, Gemini, Anthropic, Alibaba.
const CODES_OF_THE_INSTALLATION: [&str; 19] = [
    "insufficient_quota",
    "billing_not_active",
    "billing_hard_limit_reached",
    "billing_error",
    "arrearage",
    "failed_precondition",
    "api_key_invalid",
    "invalid_api_key",
    "authentication_error",
    "permission_error",
    "model_not_found",
    "invalid_model",
    "deploymentnotfound",
    "operationnotsupported",
    "unsupported_parameter",
    "unsupported_value",
    "unknown_parameter",
    "invalid_json_schema",
    "unsupported_model",
];

/// Words of messages about too long a call, each of at least one provider: OpenAI, vLLM, DeepSeek
/// and OpenRouter (“maximum context length”), Anthropic and Bedrock (“prompt is too long”, “exceed
/// context limit”), Bedrock (“Input is too long”), Gemini (“input token count”), xAI (“maximum
/// prompt length”), llama.cpp and Ollama (“context size”, “context length”, “prompt too long”),
/// Hugging Face's TGI and Together (“`max_new_tokens` must be”), Cohere (“too many tokens”), Groq
/// (“reduce your message size”), Alibaba (“range of input length”), Zhipu (“exceeds max length”),
/// Moonshot (“exceeded model token limit”), Mistral (“too large for model”).
const TOO_LONG: [&str; 22] = [
    "context length",
    "context window",
    "context limit",
    "context size",
    "context_length",
    "prompt is too long",
    "prompt too long",
    "input is too long",
    "input too long",
    "input token count",
    "too many input tokens",
    "maximum prompt length",
    "maximum number of tokens",
    "too many tokens",
    "reduce the length",
    "reduce your message size",
    "`max_new_tokens` must be",
    "range of input length",
    "exceeds max length",
    "exceeded model token limit",
    "too large for model",
    "request exceeds the maximum size",
];

/// Words of messages about refused content: Azure OpenAI, Anthropic, OpenAI, OpenRouter,
/// DeepSeek, Alibaba, Moonshot.
const CONTENT: [&str; 13] = [
    "content management policy",
    "content filtering policy",
    "content policy",
    "content filter",
    "usage policy",
    "usage policies",
    "safety system",
    "prompt was flagged",
    "input was flagged",
    "content exists risk",
    "inappropriate content",
    "considered high risk",
    "prohibited content",
];

/// Words of messages that never mean a call.
const INSTALLATION: [&str; 42] = [
    // Money and limits of the account.
    "credit balance",
    "billing",
    "quota",
    "payment",
    "insufficient balance",
    "insufficient funds",
    "insufficient credit",
    "usage limit",
    "spending limit",
    "good standing",
    "organization has been disabled",
    "location is not supported",
    // The key.
    "api key",
    "api_key",
    "api-key",
    // The model's name.
    "model_not_found",
    "model not found",
    "model not exist",
    "model does not exist",
    "invalid model",
    "invalid_model",
    "unknown model",
    "no such model",
    "not a valid model",
    "model identifier is invalid",
    "on-demand throughput",
    // What we send along.
    "unsupported parameter",
    "unsupported value",
    "unsupported_parameter",
    "unknown parameter",
    "unknown name",
    "unrecognized request argument",
    "unrecognized field",
    "extra inputs are not permitted",
    "extra fields not permitted",
    "not supported with this model",
    "max_tokens is too large",
    "max_tokens' or 'max_completion_tokens' is too large",
    "maximum allowed number of output tokens",
    "invalid schema",
    "json schema",
    "response_format",
];

/// What a provider says about a failure.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Said {
    /// Its error codes, in lower case.
    codes: Vec<String>,
    /// The first code, when it is a plain word that may be shown.
    pub(super) code: Option<String>,
    /// All its messages, for looking at only: they may repeat what was sent.
    pub(super) message: String,
}

/// As much of a message as is looked at, in bytes.
const LOOKED_AT: usize = 16 * 1024;

impl Said {
    /// Reads the body of a failed request. Every provider has its own form; a list that holds the
    /// object is Gemini's, and OpenRouter and other gateways pass the provider's on as text.
    pub(super) fn read(body: &str) -> Self {
        const CODES: [&str; 8] = [
            "/error/code",
            "/error/type",
            "/error/status",
            "/error/innererror/code",
            "/error/details/0/reason",
            "/code",
            "/type",
            "/error_type",
        ];
        const MESSAGES: [&str; 8] = [
            "/error/message",
            "/error/param",
            "/error/metadata/raw",
            "/error",
            "/message",
            "/Message",
            "/detail",
            "/detail/0/msg",
        ];
        let Ok(value) = serde_json::from_str::<Value>(body) else {
            return Self {
                message: start_of(body).to_owned(),
                ..Self::default()
            };
        };
        let value = value.get(0).unwrap_or(&value);
        let texts = |places: &[&str]| -> Vec<String> {
            let found = places
                .iter()
                .filter_map(|place| value.pointer(place)?.as_str());
            found.map(|text| start_of(text).to_owned()).collect()
        };
        let codes = texts(&CODES);
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let shown = |code: &&String| (1..=40).contains(&code.len()) && code.chars().all(plain);
        Self {
            code: codes.iter().find(shown).cloned(),
            message: [&codes[..], &texts(&MESSAGES)[..]].concat().join(" "),
            codes: codes.iter().map(|code| code.to_lowercase()).collect(),
        }
    }

    /// What the refusal is about. A code is believed before a message; a message with signs of both
    /// tells nothing, as it may repeat what a customer said.
    pub(super) fn whose(&self) -> Whose {
        let coded = |signs: &[&str]| self.codes.iter().any(|code| signs.contains(&code.as_str()));
        if coded(&CODES_OF_THE_CALL) {
            return Whose::Call;
        }
        if coded(&CODES_OF_THE_INSTALLATION) {
            return Whose::Installation;
        }
        let message = self.message.to_lowercase();
        let says = |signs: &[&str]| signs.iter().any(|sign| message.contains(sign));
        match (says(&TOO_LONG) || says(&CONTENT), says(&INSTALLATION)) {
            (true, false) => Whose::Call,
            (false, true) => Whose::Installation,
            _ => Whose::Unknown,
        }
    }

    /// Whether the content was refused, whatever the status.
    pub(super) fn of_content(&self) -> bool {
        let message = self.message.to_lowercase();
        CONTENT.iter().any(|sign| message.contains(sign)) && self.whose() == Whose::Call
    }
}

fn start_of(text: &str) -> &str {
    let mut end = text.len().min(LOOKED_AT);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

#[cfg(test)]
#[path = "refusal/tests.rs"]
mod tests;
