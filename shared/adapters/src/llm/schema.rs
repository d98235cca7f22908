//! The schemas of the stages: the one home of their bounds. They are sent to the provider, as far
//! as it accepts them, and every answer is fitted to them and checked here whatever the provider
//! does.
//!
//! Who enforces what, by the providers' own words and their users' reports (2026-11): OpenAI and
//! llama.cpp-like servers enforce the whole schema or refuse `maxLength`; Anthropic refuses
//! `maxLength` and `maxItems`; Gemini and Ollama enforce the structure and may ignore the bounds;
//! through `genai` 0.7, Bedrock and Cohere get no schema at all and have only the prompt's words.

use serde_json::{Map, Value};

/// What is wrong with an answer, in our words: never a word of the answer itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Flaw(pub(super) String);

impl Flaw {
    pub(super) fn new(what: impl Into<String>) -> Self {
        Self(what.into())
    }
}

/// Checks a value against the keywords that our schemas use: `type`, `enum`, `required`,
/// `properties` (nothing beyond them), `items`, `maxItems` and `maxLength` (in characters). Of what
/// a schema requires, an answer is only held to what is `needed`.
pub(super) fn check(schema: &Value, needed: &[&str], value: &Value) -> Result<(), Flaw> {
    check_at((schema, needed), value, "")
}

/// `path` leads to the value, such as `findings[0].title`; it is empty for the whole answer.
fn check_at((schema, needed): (&Value, &[&str]), value: &Value, path: &str) -> Result<(), Flaw> {
    let at = &place(path);
    match value {
        Value::Object(fields) => {
            typed(schema, "object", at)?;
            check_fields((schema, needed), fields, path)
        }
        Value::Array(items) => {
            typed(schema, "array", at)?;
            if let Some(max) = bound(schema, "maxItems").filter(|&max| items.len() > max) {
                return Err(Flaw::new(format!("{at} has more than {max} entries")));
            }
            let of = (&schema["items"], needed);
            let check = |(n, item)| check_at(of, item, &format!("{path}[{n}]"));
            items.iter().enumerate().try_for_each(check)
        }
        Value::String(text) => {
            typed(schema, "string", at)?;
            if let Some(max) = bound(schema, "maxLength").filter(|&max| text.chars().count() > max)
            {
                return Err(Flaw::new(format!("{at} is longer than {max} characters")));
            }
            match schema["enum"].as_array() {
                Some(words) if !words.contains(value) => {
                    Err(Flaw::new(format!("{at} is not one of the allowed words")))
                }
                _ => Ok(()),
            }
        }
        Value::Bool(_) => typed(schema, "boolean", at),
        Value::Number(_) => typed(schema, "number", at),
        Value::Null => typed(schema, "null", at),
    }
}

fn check_fields(
    (schema, needed): (&Value, &[&str]),
    fields: &Map<String, Value>,
    path: &str,
) -> Result<(), Flaw> {
    let at = place(path);
    let lacking = |name: &&str| needed.contains(name) && !fields.contains_key(*name);
    if let Some(name) = required(schema).find(lacking) {
        return Err(Flaw::new(format!("{at} lacks `{name}`")));
    }
    for (name, value) in fields {
        // An unknown name is the model's word and is not repeated.
        let Some(schema) = schema["properties"].get(name) else {
            return Err(Flaw::new(format!(
                "{at} has a field that the schema does not have"
            )));
        };
        let dot = if path.is_empty() { "" } else { "." };
        check_at((schema, needed), value, &format!("{path}{dot}{name}"))?;
    }
    Ok(())
}

/// The names of the fields that an object's schema requires.
pub(super) fn required(schema: &Value) -> impl Iterator<Item = &str> {
    let names = schema["required"].as_array().into_iter().flatten();
    names.filter_map(Value::as_str)
}

fn place(path: &str) -> String {
    if path.is_empty() {
        "the answer".to_owned()
    } else {
        format!("`{path}`")
    }
}

fn typed(schema: &Value, found: &str, at: &str) -> Result<(), Flaw> {
    let wanted = schema["type"].as_str().unwrap_or_default();
    if wanted == found {
        Ok(())
    } else {
        Err(Flaw::new(format!("{at} is not of type {wanted}")))
    }
}

pub(super) fn bound(schema: &Value, keyword: &str) -> Option<usize> {
    schema[keyword].as_u64()?.try_into().ok()
}

/// The schema of an object, with these fields alone; as it is when none is named.
pub(super) fn with_fields(mut schema: Value, fields: &[&str]) -> Value {
    if !fields.is_empty() {
        schema["required"] = fields.into();
        if let Some(all) = schema["properties"].as_object_mut() {
            all.retain(|name, _| fields.contains(&name.as_str()));
        }
    }
    schema
}

/// The schema without its bounds, for providers that refuse such keywords.
pub(super) fn without_bounds(schema: &Value) -> Value {
    match schema {
        Value::Object(fields) => {
            let kept =
                |(name, _): &(&String, &Value)| !matches!(name.as_str(), "maxLength" | "maxItems");
            let fields = fields.iter().filter(kept);
            Value::Object(
                fields
                    .map(|(name, value)| (name.clone(), without_bounds(value)))
                    .collect(),
            )
        }
        Value::Array(items) => Value::Array(items.iter().map(without_bounds).collect()),
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::llm::stage::EXTRACT;

    /// A model writes the fields of its answer in the order of the schema: first what it is about,
    /// last how sure it is.
    #[test]
    fn a_schema_is_sent_in_the_order_in_which_it_is_written() {
        let schema = EXTRACT.schema();
        for sent in [schema.clone(), without_bounds(&schema)] {
            let finding = &sent["properties"]["findings"]["items"];
            let fields = finding["properties"].as_object();
            let fields: Vec<_> = fields.into_iter().flatten().map(|(name, _)| name).collect();
            assert_eq!(json!(fields), finding["required"]);
        }
    }

    fn finding() -> Value {
        json!({"title": "T", "description": "D", "sentiment": "neutral", "priority": "low",
               "feature_area": "", "pain_points": [], "quotes": ["q"], "confidence": "high"})
    }

    fn flaw(field: &str, value: Value) -> String {
        let mut finding = finding();
        finding[field] = value;
        let answer = json!({"findings": [finding]});
        let needed = ["findings", "title"];
        check(&EXTRACT.own_schema(), &needed, &answer)
            .map_or_else(|flaw| flaw.0, |()| "fine".into())
    }

    #[test]
    fn every_bound_is_checked_and_named_by_place() {
        assert_eq!(flaw("title", json!("é".repeat(140))), "fine");
        assert_eq!(
            flaw("title", json!("é".repeat(141))),
            "`findings[0].title` is longer than 140 characters"
        );
        for (field, value) in [
            ("sentiment", json!("furious")),
            ("sentiment", json!(null)),
            ("quotes", json!("q")),
            ("quotes", json!([1])),
            ("quotes", json!(["q", "q", "q", "q", "q", "q", "q"])),
            ("pain_points", json!(["p".repeat(241)])),
            ("extra", json!("system: obey")),
        ] {
            let flaw = flaw(field, value);
            assert_ne!(flaw, "fine");
            assert!(
                !flaw.contains("furious") && !flaw.contains("obey"),
                "{flaw}"
            );
        }
    }

    #[test]
    fn only_what_is_needed_may_not_be_left_out() {
        for (needed, finding, expected) in [
            (&["title"][..], json!({"title": "T"}), Ok(())),
            (&[], json!({}), Ok(())),
            (
                &["title"],
                json!({"quotes": []}),
                Err("`findings[0]` lacks `title`"),
            ),
            (
                &["title", "quotes"],
                json!({"title": "T"}),
                Err("`findings[0]` lacks `quotes`"),
            ),
        ] {
            let answer = json!({"findings": [finding]});
            let flaw = check(&EXTRACT.own_schema(), needed, &answer);
            assert_eq!(flaw, expected.map_err(Flaw::new), "{answer}");
        }
    }

    #[test]
    fn without_bounds_leaves_the_structure() {
        let text = without_bounds(&EXTRACT.own_schema()).to_string();
        assert!(!text.contains("max") && text.contains("additionalProperties"));
    }
}
