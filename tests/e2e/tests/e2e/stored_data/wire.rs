//! Items as DynamoDB's JSON writes them: `{"title": {"S": "…"}, "n": {"N": "1"}}`.
//! Source: <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_AttributeValue.html>

use std::collections::HashMap;

use aws_sdk_dynamodb::{primitives::Blob, types::AttributeValue};
use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Map, Value, json};

pub type Item = HashMap<String, AttributeValue>;

/// The item as JSON.
pub fn to_json(item: &Item) -> Value {
    let fields = item
        .iter()
        .map(|(name, value)| (name.clone(), value_to_json(value)));
    Value::Object(fields.collect())
}

fn value_to_json(value: &AttributeValue) -> Value {
    match value {
        AttributeValue::S(text) => json!({"S": text}),
        AttributeValue::N(number) => json!({"N": number}),
        AttributeValue::Bool(flag) => json!({"BOOL": flag}),
        AttributeValue::Null(_) => json!({"NULL": true}),
        AttributeValue::B(bytes) => json!({"B": STANDARD.encode(bytes)}),
        AttributeValue::Ss(texts) => json!({"SS": texts}),
        AttributeValue::L(list) => json!({"L": list.iter().map(value_to_json).collect::<Vec<_>>()}),
        AttributeValue::M(map) => json!({"M": to_json(map)}),
        other => panic!("nothing stored has this type: {other:?}"),
    }
}

/// The item of such JSON.
pub fn from_json(json: &Value) -> Item {
    let fields = json.as_object().expect("an item is an object");
    map(fields)
}

fn map(fields: &Map<String, Value>) -> Item {
    let fields = fields.iter();
    fields
        .map(|(name, value)| (name.clone(), value_from_json(value)))
        .collect()
}

fn value_from_json(json: &Value) -> AttributeValue {
    let (kind, value) = json
        .as_object()
        .and_then(|one| one.iter().next())
        .expect("a typed value");
    let text = || value.as_str().expect("a text").to_owned();
    match kind.as_str() {
        "S" => AttributeValue::S(text()),
        "N" => AttributeValue::N(text()),
        "BOOL" => AttributeValue::Bool(value == true),
        "NULL" => AttributeValue::Null(true),
        "B" => AttributeValue::B(Blob::new(STANDARD.decode(text()).expect("base64"))),
        "SS" => AttributeValue::Ss(serde_json::from_value(value.clone()).expect("texts")),
        "L" => AttributeValue::L(
            value
                .as_array()
                .expect("a list")
                .iter()
                .map(value_from_json)
                .collect(),
        ),
        "M" => AttributeValue::M(map(value.as_object().expect("a map"))),
        other => panic!("{other} is no type of what is stored"),
    }
}
