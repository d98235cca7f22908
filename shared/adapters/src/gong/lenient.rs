//! Reading what may be anything: a field of an unexpected type is as good as a missing one.

use serde::{Deserialize, Deserializer, de::DeserializeOwned};
use serde_json::Value;

/// A field that is none when it cannot be read.
pub(super) fn lenient<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: DeserializeOwned,
{
    Ok(T::deserialize(Value::deserialize(deserializer)?).ok())
}

/// A list without the entries that cannot be read; empty when it is no list.
pub(super) fn lenient_list<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: DeserializeOwned,
{
    Ok(match Value::deserialize(deserializer)? {
        Value::Array(entries) => readable(entries).collect(),
        _ => Vec::new(),
    })
}

/// The entries that can be read.
pub(super) fn readable<T: DeserializeOwned>(entries: Vec<Value>) -> impl Iterator<Item = T> {
    entries
        .into_iter()
        .filter_map(|entry| T::deserialize(entry).ok())
}

/// A whole number of milliseconds; a fraction is cut off.
pub(super) fn lenient_millis<'de, D>(deserializer: D) -> Result<Option<i64>, D::Error>
where
    D: Deserializer<'de>,
{
    let value = Value::deserialize(deserializer)?;
    #[expect(clippy::cast_possible_truncation, reason = "the cast saturates")]
    let rounded = || value.as_f64().map(|millis| millis as i64);
    Ok(value.as_i64().or_else(rounded))
}

/// A text with something in it.
pub(super) fn filled(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.trim().is_empty())
}
