//! The protocols that models are asked in: one request and one answer of each, as JSON.

use domain::usage::Usage;
use serde_json::Value;

mod chat;
mod converse;
mod messages;
mod responses;

/// A protocol. Most providers speak the first one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wire {
    /// OpenAI's chat completions.
    Chat,
    /// OpenAI's responses: newer models of its own.
    Responses,
    Messages,
    /// Anthropic's messages as Google Vertex AI takes them: the model stands in the address.
    VertexMessages,
    /// Amazon Bedrock's Converse; it knows no schemas.
    Converse,
}

/// What a model is asked.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ask<'a> {
    /// The model, as the provider calls it.
    pub(super) model: &'a str,
    /// How much it shall think, where the model's name says so (`gpt-5-mini-low`).
    pub(super) effort: Option<&'a str>,
    pub(super) system: &'a str,
    pub(super) given: &'a str,
    /// Whether the provider shall keep all up to here, where it does so only when it is told.
    pub(super) is_kept: bool,
    /// What stands below it in the same message; it may be empty.
    pub(super) task: &'a str,
    /// The name of the answer's schema, and the schema.
    pub(super) schema: Option<(&'a str, &'a Value)>,
    /// Temperature 0.
    pub(super) temperature: bool,
    /// The most tokens of the answer.
    pub(super) max_tokens: u32,
    /// Whether that limit goes by its newer name in chat completions.
    pub(super) completion_tokens: bool,
}

/// Why a model stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stop {
    Done,
    /// It may not write more tokens.
    Limit,
    /// It or its provider refuses.
    Refused,
}

/// What a model answered.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Answer {
    pub(super) text: String,
    /// Why it ends there.
    pub(super) stop: Stop,
    pub(super) tokens: Tokens,
}

/// Tokens of a request and its answer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Tokens {
    pub(super) sent: u64,
    /// Of those that were sent, what the provider had kept.
    pub(super) cached: u64,
    /// Of those that were sent, what it kept from then on, at a price.
    pub(super) cache_written: u64,
    pub(super) written: u64,
}

impl Tokens {
    pub(super) fn used(self) -> Usage {
        Usage {
            prompt_tokens: self.sent,
            cached_tokens: self.cached,
            cache_written_tokens: self.cache_written,
            completion_tokens: self.written,
            ..Usage::default()
        }
    }
}

impl Ask<'_> {
    /// The user's message as one text.
    fn user(&self) -> String {
        match self.task {
            "" => self.given.to_owned(),
            task => format!("{}{}", self.kept_part(), task),
        }
    }

    /// What stands before the task, up to its first character.
    fn kept_part(&self) -> String {
        format!("{}\n\n", self.given)
    }
}

impl Wire {
    pub(super) fn request(self, ask: &Ask<'_>) -> Value {
        match self {
            Self::Chat => chat::request(ask),
            Self::Responses => responses::request(ask),
            Self::Messages => messages::request(ask),
            Self::VertexMessages => messages::vertex(ask),
            Self::Converse => converse::request(ask),
        }
    }

    /// The answer in a body; none when it is not one of this protocol.
    pub(super) fn answer(self, body: &Value) -> Option<Answer> {
        match self {
            Self::Chat => chat::answer(body),
            Self::Responses => responses::answer(body),
            Self::Messages | Self::VertexMessages => messages::answer(body),
            Self::Converse => converse::answer(body),
        }
    }
}

/// A count of tokens, which may be missing.
fn count(body: &Value, place: &str) -> u64 {
    body.pointer(place)
        .and_then(Value::as_u64)
        .unwrap_or_default()
}

/// The texts of a list of parts that are of this type.
fn texts<'a>(parts: &'a [Value], kind: &'a str) -> impl Iterator<Item = &'a str> {
    let of_kind = move |part: &&Value| part["type"] == kind;
    parts
        .iter()
        .filter(of_kind)
        .filter_map(|part| part["text"].as_str())
}

#[cfg(test)]
const ASK: Ask<'static> = Ask {
    model: "m",
    effort: None,
    system: "s",
    given: "u",
    is_kept: false,
    task: "",
    schema: None,
    temperature: true,
    max_tokens: 8_000,
    completion_tokens: false,
};
