//! How much of a request a model accepts. Some models refuse a temperature, some providers refuse
//! bounds in a schema, some know no schemas: they say so with status 400, and from then on this
//! process asks them without.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use genai::adapter::AdapterKind;

/// What is sent along with the prompt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Shape {
    /// Temperature 0.
    pub(super) temperature: bool,
    /// The answer's schema.
    pub(super) schema: SchemaLevel,
}

/// How the answer's schema is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SchemaLevel {
    /// With its bounds.
    Bounded,
    /// Without `maxLength` and `maxItems`.
    Unbounded,
    /// Not at all: the prompt describes the answer, and code checks it.
    InWords,
}

impl Shape {
    /// The shape to begin with.
    pub(super) const fn first(kind: AdapterKind) -> Self {
        let schema = match kind {
            AdapterKind::Anthropic => SchemaLevel::Unbounded,
            _ => SchemaLevel::Bounded,
        };
        let temperature = true;
        Self {
            temperature,
            schema,
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
    pub(super) fn of(&self, model: &str, kind: AdapterKind) -> Shape {
        let shapes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        shapes.get(model).copied().unwrap_or(Shape::first(kind))
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
        let first = Shape::first(AdapterKind::OpenAI);
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
