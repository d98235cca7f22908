//! How much of a request a model accepts. Some models refuse a temperature, some providers refuse
//! bounds in a schema, some know no schemas or another name of a limit: they say so with status 400, and from then on this
//! process asks them without.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use super::wire::Wire;

/// What is sent along with the prompt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Shape {
    /// Temperature 0.
    pub(super) temperature: bool,
    pub(super) schema: SchemaLevel,
    /// The limit of tokens by its newer name, in chat completions.
    pub(super) completion_tokens: bool,
}

/// How the answer's schema is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SchemaLevel {
    Bounded,
    /// Without `maxLength` and `maxItems`.
    Unbounded,
    /// Not at all: the prompt describes the answer, and code checks it.
    InWords,
}

impl Shape {
    /// The shape to begin with.
    pub(super) fn first(wire: Wire, model: &str) -> Self {
        const NEWER: [&str; 5] = ["gpt-5", "gpt-6", "o1", "o3", "o4"];
        Self {
            temperature: true,
            schema: match wire {
                Wire::Messages | Wire::VertexMessages => SchemaLevel::Unbounded,
                Wire::Converse => SchemaLevel::InWords,
                Wire::Chat | Wire::Responses => SchemaLevel::Bounded,
            },
            completion_tokens: NEWER.iter().any(|name| model.starts_with(name)),
        }
    }

    /// The next smaller shape, when that is what the provider's refusal is about.
    pub(super) fn after_refusal(self, refusal: &str) -> Option<Self> {
        const OF_THE_SCHEMA: [&str; 6] = [
            "schema",
            "response_format",
            "output_config",
            "output_format",
            "maxlength",
            "maxitems",
        ];
        let refusal = refusal.to_ascii_lowercase();
        if self.temperature && refusal.contains("temperature") {
            let temperature = false;
            return Some(Self {
                temperature,
                ..self
            });
        }
        if !self.completion_tokens && refusal.contains("max_completion_tokens") {
            let completion_tokens = true;
            return Some(Self {
                completion_tokens,
                ..self
            });
        }
        if !OF_THE_SCHEMA.iter().any(|word| refusal.contains(word)) {
            return None;
        }
        let schema = match self.schema {
            SchemaLevel::Bounded => SchemaLevel::Unbounded,
            SchemaLevel::Unbounded => SchemaLevel::InWords,
            SchemaLevel::InWords => return None,
        };
        Some(Self { schema, ..self })
    }
}

/// What each model turned out to accept.
#[derive(Default)]
pub(super) struct Shapes(Mutex<HashMap<String, Shape>>);

impl Shapes {
    pub(super) fn of(&self, model: &str, first: Shape) -> Shape {
        let shapes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        shapes.get(model).copied().unwrap_or(first)
    }

    pub(super) fn learn(&self, model: &str, shape: Shape) {
        let mut shapes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        shapes.insert(model.to_owned(), shape);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_takes_away_what_it_is_about_and_nothing_else() {
        let first = Shape::first(Wire::Chat, "some-model");
        let newer = first.after_refusal(
            "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead.",
        );
        assert!(newer.is_some_and(|newer| newer.completion_tokens && newer.temperature));
        let warm = first.after_refusal("Unsupported value: 'temperature' does not support 0");
        let warm = warm.unwrap_or(first);
        assert!(!warm.temperature && warm.schema == SchemaLevel::Bounded);
        let loose = warm.after_refusal("Invalid schema for response_format: 'maxLength'");
        let loose = loose.unwrap_or(warm);
        assert!(!loose.temperature && loose.schema == SchemaLevel::Unbounded);
        assert_eq!(
            first.after_refusal("maximum context length is 8192 tokens"),
            None
        );
        assert_eq!(warm.after_refusal("temperature again"), None);
    }
}
