//! Values and items as DynamoDB has them.

use std::{collections::HashMap, fmt::Display};

use aws_sdk_dynamodb::types::AttributeValue;
use domain::ports::StoreError;
use serde::Serialize;

/// An item as DynamoDB gives it.
pub(super) type Item = HashMap<String, AttributeValue>;

pub(super) fn s(text: impl Into<String>) -> AttributeValue {
    AttributeValue::S(text.into())
}

pub(super) fn n(number: impl Display) -> AttributeValue {
    AttributeValue::N(number.to_string())
}

/// A whole number of an item; none when it is missing.
pub(super) fn number<T: std::str::FromStr>(item: &Item, name: &str) -> Option<T> {
    item.get(name)?.as_n().ok()?.parse().ok()
}

/// A text of an item; none when it is missing.
pub(super) fn text<'a>(item: &'a Item, name: &str) -> Option<&'a str> {
    item.get(name)?.as_s().ok().map(String::as_str)
}

/// A value as an attribute.
pub(super) fn attribute<T: Serialize>(value: &T) -> Result<AttributeValue, StoreError> {
    serde_dynamo::aws_sdk_dynamodb_1::to_attribute_value(value)
        .map_err(|e| StoreError::Refused(format!("a value cannot be stored: {e}")))
}

/// The fields of a struct, without those that hold nothing (an index key must not be null).
pub(super) fn fields<T: Serialize>(value: &T) -> Result<Item, StoreError> {
    let mut item: Item = serde_dynamo::aws_sdk_dynamodb_1::to_item(value)
        .map_err(|e| StoreError::Refused(format!("a value cannot be stored: {e}")))?;
    item.retain(|_, value| !value.is_null());
    Ok(item)
}
