//! Items: the domain's structs with the key attributes around them.

use std::fmt::Display;

use aws_sdk_dynamodb::types::AttributeValue;
use domain::{feedback::Post, ids::CallId, ports::StoreError};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use super::{
    keys::{DUE, DUE_SHARD, Key},
    value::{Item, fields, s},
};

const METADATA: &str = "metadata";

/// The item of a struct: its fields, the key, and the shard when it is due some time.
pub(super) fn encode<T: Serialize>(key: &Key, value: &T) -> Result<Item, StoreError> {
    let mut item = fields(value)?;
    item.extend(key.attributes());
    if item.contains_key(DUE) {
        item.insert(DUE_SHARD.to_owned(), key.due_shard());
    }
    Ok(item)
}

/// The struct of an item; other attributes than its fields are passed over.
pub(super) fn decode<T: DeserializeOwned>(item: Item) -> Result<T, StoreError> {
    let key = Key::in_item(&item);
    serde_dynamo::aws_sdk_dynamodb_1::from_item(item).map_err(|e| corrupt(key.as_ref(), e))
}

/// All structs, or the first error.
pub(super) fn decode_all<T: DeserializeOwned>(items: Vec<Item>) -> Result<Vec<T>, StoreError> {
    items.into_iter().map(decode).collect()
}

/// An item that is not what this version writes.
pub(super) fn corrupt(key: Option<&Key>, why: impl Display) -> StoreError {
    StoreError::Corrupt(match key {
        Some(Key { pk, sk }) => format!("{pk} / {sk}: {why}"),
        None => format!("an item without its key: {why}"),
    })
}

/// A post's item. Its metadata is JSON text: DynamoDB's numbers would not give back every value
/// of JSON as it was.
pub(super) fn encode_post(post: &Post) -> Result<Item, StoreError> {
    let json = serde_json::to_string(&post.metadata)
        .map_err(|e| StoreError::Refused(format!("a post's metadata cannot be stored: {e}")))?;
    let mut bare = post.clone();
    bare.metadata.clear();
    let mut item = encode(&Key::post(&post.org_id, &post.id), &bare)?;
    item.insert(METADATA.to_owned(), s(json));
    Ok(item)
}

/// The post of an item that [`encode_post`] made.
pub(super) fn decode_post(mut item: Item) -> Result<Post, StoreError> {
    let key = Key::in_item(&item);
    let metadata = match item.remove(METADATA) {
        Some(AttributeValue::S(json)) => {
            serde_json::from_str(&json).map_err(|e| corrupt(key.as_ref(), e))?
        }
        _ => return Err(corrupt(key.as_ref(), "the metadata is missing")),
    };
    let mut post: Post = decode(item)?;
    post.metadata = metadata;
    if post.origin.is_none() {
        // As posts were stored before they named their call.
        let id = post.metadata.get("gong_call_id").and_then(Value::as_str);
        post.origin = id.and_then(|id| CallId::parse(id).ok());
    }
    Ok(post)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test may panic")]
mod tests {
    use domain::{
        feedback::Request,
        ids::{BoardId, OrgId, PostId},
        moment::Timestamp,
    };
    use serde_json::json;

    use super::*;

    #[test]
    fn a_post_that_was_stored_before_it_named_its_call_rests_on_that_of_its_facts() {
        let (org, id) = (OrgId::parse("a").unwrap(), PostId::parse("p").unwrap());
        let board = BoardId::parse("b").unwrap();
        let mut post = Post::new(org, id, Request::titled("Title"), board, Timestamp(1));
        for (fact, origin) in [
            (json!("77"), Some("77")),
            (json!(null), None),
            (json!(77), None),
        ] {
            post.metadata.insert("gong_call_id".into(), fact);
            let read = decode_post(encode_post(&post).unwrap()).unwrap();
            assert_eq!(read.origin.as_ref().map(CallId::as_str), origin);
        }
        post.metadata.clear();
        post.origin = Some(CallId::parse("78").unwrap());
        assert_eq!(decode_post(encode_post(&post).unwrap()).unwrap(), post);
    }
}
