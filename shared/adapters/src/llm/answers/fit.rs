//! A model's answer, brought into the form of its schema as far as it can be: what is missing there
//! stays missing, what nobody asked for falls away.

use domain::text::bounded;
use serde_json::{Map, Value};

use super::reader;
use crate::llm::schema::{self, bound};

/// Where a model puts a text that it made an object of.
const TEXTS: [&str; 5] = ["text", "quote", "content", "value", "id"];
/// What a model writes instead of nothing, folded.
const NOTHING: [&str; 5] = ["none", "null", "na", "unknown", "undefined"];

/// The form that an answer is brought into.
pub(super) struct Form<'a> {
    pub(super) schema: &'a Value,
    /// The fields without which an object is of no use.
    pub(super) needed: &'a [&'a str],
}

/// An answer by its outer form.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Shape {
    /// An object with fields of the schema.
    Whole(Value),
    /// The schema's list alone, or objects of it.
    Bare(Value),
}

impl Form<'_> {
    /// The value as far as it fits.
    pub(super) fn fit(&self, value: &Value) -> Value {
        self.fitted(self.schema, value)
            .unwrap_or_else(|| value.clone())
    }

    fn fitted(&self, schema: &Value, value: &Value) -> Option<Value> {
        match schema["type"].as_str() {
            Some("object") => self.object(schema, value),
            Some("array") => self.list(schema, value),
            Some("boolean") => boolean(value).map(Value::Bool),
            _ => text(schema, value),
        }
    }

    fn object(&self, schema: &Value, value: &Value) -> Option<Value> {
        let decoded = decoded(value);
        let fields = match decoded.as_ref().unwrap_or(value) {
            Value::Object(fields) => fields,
            Value::Array(entries) if entries.len() == 1 => entries[0].as_object()?,
            _ => return None,
        };
        let mut fitted = Map::new();
        for (name, schema) in schema["properties"].as_object()? {
            let Some(value) = field(fields, name) else {
                continue;
            };
            // What is needed and does not fit stays, so that the check says what is wrong with it.
            let wrong = || self.is_wrong(schema, name, value).then(|| value.clone());
            if let Some(value) = self.fitted(schema, value).or_else(wrong) {
                fitted.insert(name.clone(), value);
            }
        }
        Some(Value::Object(fitted))
    }

    fn is_wrong(&self, schema: &Value, name: &str, value: &Value) -> bool {
        let is_needed = self.needed.contains(&name) && !value.is_null();
        is_needed && schema::check(schema, self.needed, value).is_err()
    }

    /// Of objects only those with all that is needed; the first of them if there are none, so that
    /// the check says what is wrong with it.
    fn list(&self, schema: &Value, value: &Value) -> Option<Value> {
        let decoded = decoded(value);
        let items = &schema["items"];
        let of_objects = items["type"] == "object";
        let entries = match decoded.as_ref().unwrap_or(value) {
            Value::Null => return None,
            Value::Array(entries) => entries.as_slice(),
            one if of_objects && !one.is_object() => return None,
            one => std::slice::from_ref(one),
        };
        let most = bound(schema, "maxItems").unwrap_or(usize::MAX);
        if !of_objects {
            let fitted = entries.iter().filter_map(|entry| self.fitted(items, entry));
            return Some(fitted.take(most).collect());
        }
        let or_as_it_is =
            |entry: &Value| self.fitted(items, entry).unwrap_or_else(|| entry.clone());
        let fitted = entries.iter().map(or_as_it_is);
        let is_whole = |entry: &Value| schema::check(items, self.needed, entry).is_ok();
        let (whole, others): (Vec<_>, Vec<_>) = fitted.partition(is_whole);
        let first = others.into_iter().take(usize::from(whole.is_empty()));
        Some(whole.into_iter().take(most).chain(first).collect())
    }

    /// The outer form of a value, also of one within an object of other fields or a list of one;
    /// none of anything else.
    pub(super) fn shape(&self, value: &Value) -> Option<Shape> {
        match value {
            Value::Object(fields) if self.knows(fields) => Some(Shape::Whole(value.clone())),
            Value::Object(_) if self.is_bare(value) => self.bare(std::slice::from_ref(value)),
            Value::Object(fields) => fields.values().find_map(|inner| self.shape(inner)),
            Value::Array(entries) if entries.iter().any(|entry| self.is_bare(entry)) => {
                self.bare(entries)
            }
            Value::Array(entries) if entries.len() == 1 => self.shape(&entries[0]),
            _ => None,
        }
    }

    /// Whether this is an object of the schema's list.
    pub(super) fn is_bare(&self, value: &Value) -> bool {
        let Some((_, items)) = self.listed() else {
            return false;
        };
        let needed = |name: &&str| self.needed.contains(name);
        let is_one = |fields| {
            let mut needed = schema::required(items).filter(needed);
            !self.knows(fields) && needed.any(|name| field(fields, name).is_some())
        };
        value.as_object().is_some_and(is_one)
    }

    /// The entries as the schema's list.
    pub(super) fn bare(&self, entries: &[Value]) -> Option<Shape> {
        let (name, _) = self.listed()?;
        let list = Value::Array(entries.to_vec());
        Some(Shape::Bare([(name.to_owned(), list)].into_iter().collect()))
    }

    /// Whether there is anything in the schema's list.
    pub(super) fn has_entries(&self, value: &Value) -> bool {
        let list = self
            .listed()
            .and_then(|(name, _)| field(value.as_object()?, name));
        list.and_then(Value::as_array)
            .is_some_and(|entries| !entries.is_empty())
    }

    /// The name of the schema's list of objects, and their schema.
    fn listed(&self) -> Option<(&str, &Value)> {
        let mut fields = self.schema["properties"].as_object()?.iter();
        let (name, list) = fields.find(|(_, field)| field["items"]["type"] == "object")?;
        Some((name, &list["items"]))
    }

    fn knows(&self, fields: &Map<String, Value>) -> bool {
        let names = self.schema["properties"].as_object().into_iter().flatten();
        names
            .into_iter()
            .any(|(name, _)| field(fields, name).is_some())
    }
}

/// A field by its name, however it is written.
fn field<'a>(fields: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    let alike = || {
        fields
            .iter()
            .find(|(other, _)| folded(other) == folded(name))
    };
    fields.get(name).or_else(|| alike().map(|(_, value)| value))
}

/// A word without case, blanks, hyphens and whatever else is around it.
fn folded(word: &str) -> String {
    let letters = word.chars().filter(|c| c.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}

/// The object or list that a text holds as JSON and nothing else.
fn decoded(value: &Value) -> Option<Value> {
    let text = value.as_str()?.trim();
    let (read, length) = text.starts_with(['{', '[']).then(|| reader::read(text))?;
    read.ok().filter(|_| length == text.len())
}

fn boolean(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(value) => Some(*value),
        Value::Number(_) | Value::String(_) => match folded(&written(value)?).as_str() {
            "true" | "yes" | "1" => Some(true),
            "false" | "no" | "0" => Some(false),
            _ => None,
        },
        _ => None,
    }
}

/// A text within its bounds, or the word of an enum; none when it is empty or another word.
fn text(schema: &Value, value: &Value) -> Option<Value> {
    let text = bounded(
        &written(value)?,
        bound(schema, "maxLength").unwrap_or(usize::MAX),
    );
    let word = folded(&text);
    if let Some(words) = schema["enum"].as_array() {
        let is_word = |allowed: &&Value| {
            allowed
                .as_str()
                .is_some_and(|allowed| folded(allowed) == word)
        };
        return words.iter().find(is_word).cloned();
    }
    (!text.is_empty() && !NOTHING.contains(&word.as_str())).then_some(Value::String(text))
}

/// The text of a value: also of a number, of an object made of one, and of a list of one.
fn written(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Array(entries) if entries.len() == 1 => written(&entries[0]),
        Value::Object(fields) => TEXTS.iter().find_map(|name| written(field(fields, name)?)),
        _ => None,
    }
}
