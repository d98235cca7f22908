//! Reading a translated template.

use serde_json::{Map, Value};

/// A resource with its logical id.
#[derive(Debug, Clone, Copy)]
pub struct Resource<'a> {
    pub id: &'a str,
    body: &'a Value,
}

impl<'a> Resource<'a> {
    /// Its type, such as `AWS::SQS::Queue`.
    #[must_use]
    pub fn kind(&self) -> &'a str {
        self.body["Type"].as_str().unwrap_or_default()
    }

    /// The property at a JSON pointer; null when it is not there.
    #[must_use]
    pub fn property(&self, pointer: &str) -> &'a Value {
        let properties = &self.body["Properties"];
        properties.pointer(pointer).unwrap_or(&Value::Null)
    }

    /// The list at a JSON pointer; empty when there is none.
    #[must_use]
    pub fn list(&self, pointer: &str) -> &'a [Value] {
        list(self.property(pointer))
    }

    /// An attribute beside the properties, such as `DeletionPolicy`.
    #[must_use]
    pub fn attribute(&self, name: &str) -> &'a Value {
        &self.body[name]
    }
}

pub fn resources(template: &Value) -> impl Iterator<Item = Resource<'_>> {
    let resources = template["Resources"].as_object();
    let pairs = resources.into_iter().flat_map(Map::iter);
    pairs.map(|(id, body)| Resource { id, body })
}

/// The resources of one type.
pub fn of_type<'a>(template: &'a Value, kind: &str) -> impl Iterator<Item = Resource<'a>> {
    resources(template).filter(move |resource| resource.kind() == kind)
}

/// A resource by its logical id.
#[must_use]
pub fn resource<'a>(template: &'a Value, id: &str) -> Option<Resource<'a>> {
    resources(template).find(|resource| resource.id == id)
}

/// The items of a list; none of anything else.
#[must_use]
pub fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// The logical id that a `Ref` or `Fn::GetAtt` names.
#[must_use]
pub fn target(value: &Value) -> Option<&str> {
    let one = value.as_object().filter(|object| object.len() == 1)?;
    let got = one.get("Fn::GetAtt").map(|path| &path[0]);
    one.get("Ref").or(got)?.as_str()
}

/// A number, also one that a parameter gave as a text.
#[must_use]
pub fn number(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_str()?.parse().ok())
}

/// A flag, also one that a parameter gave as a text.
#[must_use]
pub fn is_true(value: &Value) -> bool {
    *value == true || *value == "true"
}

/// All texts in a value, at any depth.
#[must_use]
pub fn texts(value: &Value) -> Vec<&str> {
    match value {
        Value::String(text) => vec![text],
        Value::Array(items) => items.iter().flat_map(texts).collect(),
        Value::Object(fields) => fields.values().flat_map(texts).collect(),
        _ => Vec::new(),
    }
}
