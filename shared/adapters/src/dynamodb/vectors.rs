//! Vectors: 32-bit floats in little-endian order, four bytes each.

use std::collections::HashMap;

use aws_sdk_dynamodb::{primitives::Blob, types::AttributeValue};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{
    ids::{OrgId, PostId},
    moment::Timestamp,
    ports::{
        StoreError,
        feedback::{Pending, PostVector},
    },
};
use serde::{Deserialize, Serialize};

use super::{
    Dynamo, errors,
    expr::names_in,
    item::{corrupt, decode, encode},
    keys::{Key, VECTOR},
    value::{Item, s},
};

/// The attribute of a vector's bytes.
pub(super) const BYTES: &str = "vector";

/// What stands beside the bytes.
#[derive(Debug, Serialize, Deserialize)]
struct Fields {
    org_id: OrgId,
    post_id: PostId,
    revision: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    embedder: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    due: Option<Timestamp>,
}

pub(super) fn encode_vector(vector: &PostVector, revision: u64) -> Result<Item, StoreError> {
    let key = Key::vector(&vector.org_id, &vector.post_id);
    let mut item = encode(
        &key,
        &Fields {
            org_id: vector.org_id.clone(),
            post_id: vector.post_id.clone(),
            revision,
            embedder: Some(vector.embedder.clone()),
            due: None,
        },
    )?;
    item.insert(BYTES.to_owned(), bytes(&vector.vector));
    Ok(item)
}

/// The PENDING item of a vector on its way in.
pub(super) fn encode_pending(
    vector: &PostVector,
    revision: u64,
    due: Timestamp,
) -> Result<Item, StoreError> {
    let key = Key::pending(&vector.org_id, &vector.post_id);
    let mut item = encode(
        &key,
        &Fields {
            org_id: vector.org_id.clone(),
            post_id: vector.post_id.clone(),
            revision,
            embedder: None,
            due: Some(due),
        },
    )?;
    item.insert(BYTES.to_owned(), bytes(&vector.vector));
    Ok(item)
}

fn decode_vector(mut item: Item) -> Result<PostVector, StoreError> {
    let key = Key::in_item(&item);
    let vector = floats(item.remove(BYTES)).map_err(|e| corrupt(key.as_ref(), e))?;
    let fields: Fields = decode(item)?;
    match (vector, fields.embedder) {
        (Some(vector), Some(embedder)) => Ok(PostVector {
            org_id: fields.org_id,
            post_id: fields.post_id,
            revision: fields.revision,
            embedder,
            vector,
        }),
        _ => Err(corrupt(key.as_ref(), "no vector or no embedder")),
    }
}

/// A pending vector of its item.
pub(super) fn decode_pending(mut item: Item) -> Result<Pending, StoreError> {
    let key = Key::in_item(&item);
    let vector = floats(item.remove(BYTES)).map_err(|e| corrupt(key.as_ref(), e))?;
    let fields: Fields = decode(item)?;
    Ok(Pending {
        org_id: fields.org_id,
        post_id: fields.post_id,
        revision: fields.revision,
        vector,
    })
}

/// The PENDING item of a post that leaves the search.
pub(super) fn encode_removal(
    org: &OrgId,
    post: &PostId,
    revision: u64,
    due: Timestamp,
) -> Result<Item, StoreError> {
    encode(
        &Key::pending(org, post),
        &Fields {
            org_id: org.clone(),
            post_id: post.clone(),
            revision,
            embedder: None,
            due: Some(due),
        },
    )
}

pub(super) fn bytes(vector: &[f32]) -> AttributeValue {
    let bytes: Vec<u8> = vector.iter().flat_map(|x| x.to_le_bytes()).collect();
    AttributeValue::B(Blob::new(bytes))
}

pub(super) fn floats(value: Option<AttributeValue>) -> Result<Option<Vec<f32>>, &'static str> {
    let blob = match value {
        None => return Ok(None),
        Some(AttributeValue::B(blob)) => blob,
        Some(_) => return Err("the vector is not binary"),
    };
    let (floats, []) = blob.as_ref().as_chunks::<4>() else {
        return Err("the vector does not consist of whole numbers of four bytes");
    };
    Ok(Some(
        floats.iter().map(|x| f32::from_le_bytes(*x)).collect(),
    ))
}

impl Dynamo {
    /// The next page of all vectors that holds at least one, by a scan.
    pub(super) async fn scan_vectors(
        &self,
        after: Option<&str>,
    ) -> Result<(Vec<PostVector>, Option<String>), StoreError> {
        let mut start = after.map(read_token).transpose()?;
        loop {
            let request = self.client.scan().table_name(&self.tables.feedback);
            let filter = "begins_with(#sk, :prefix)";
            let answer = request
                .filter_expression(filter)
                .set_expression_attribute_names(names_in(&[filter]))
                .expression_attribute_values(":prefix", s(VECTOR))
                .set_exclusive_start_key(start.as_ref().map(Key::attributes))
                .consistent_read(true)
                .send()
                .await
                .map_err(|e| errors::store("Scan", &e))?;
            let items = answer.items.unwrap_or_default();
            let vectors: Result<Vec<_>, _> = items.into_iter().map(decode_vector).collect();
            let vectors = vectors?;
            start = answer.last_evaluated_key.as_ref().and_then(last_key);
            if start.is_none() || !vectors.is_empty() {
                return Ok((vectors, start.as_ref().map(token)));
            }
        }
    }
}

fn last_key(key: &HashMap<String, AttributeValue>) -> Option<Key> {
    Key::in_item(key)
}

fn token(key: &Key) -> String {
    URL_SAFE_NO_PAD.encode(format!("{}\n{}", key.pk, key.sk))
}

fn read_token(token: &str) -> Result<Key, StoreError> {
    let text = URL_SAFE_NO_PAD.decode(token).ok();
    let text = text.and_then(|bytes| String::from_utf8(bytes).ok());
    text.as_deref()
        .and_then(|text| text.split_once('\n'))
        .map(|(pk, sk)| Key {
            pk: pk.to_owned(),
            sk: sk.to_owned(),
        })
        .ok_or_else(|| StoreError::Refused("the page to go on from is not one of ours".to_owned()))
}
