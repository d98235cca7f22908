//! What people moved out of a post.

use domain::{
    feedback::Unmerge,
    ids::{CallId, OrgId, PostId},
    ports::StoreError,
};
use serde::{Deserialize, Serialize};

use super::{
    item::{corrupt, decode, encode},
    keys::Key,
    value::Item,
    vectors::{BYTES, bytes, floats},
};

#[derive(Debug, Serialize, Deserialize)]
struct Fields {
    org_id: OrgId,
    post_id: PostId,
    call_id: CallId,
    n: u32,
    to: PostId,
    text: String,
    embedder: String,
}

pub(super) fn encode_unmerge(moved: &Unmerge) -> Result<Item, StoreError> {
    let key = Key::unmerge(&moved.org_id, &moved.post_id, &moved.call_id, moved.n);
    let mut item = encode(
        &key,
        &Fields {
            org_id: moved.org_id.clone(),
            post_id: moved.post_id.clone(),
            call_id: moved.call_id.clone(),
            n: moved.n,
            to: moved.to.clone(),
            text: moved.text.clone(),
            embedder: moved.embedder.clone(),
        },
    )?;
    item.insert(BYTES.to_owned(), bytes(&moved.vector));
    Ok(item)
}

pub(super) fn decode_unmerge(mut item: Item) -> Result<Unmerge, StoreError> {
    let key = Key::in_item(&item);
    let vector = floats(item.remove(BYTES)).map_err(|e| corrupt(key.as_ref(), e))?;
    let fields: Fields = decode(item)?;
    Ok(Unmerge {
        org_id: fields.org_id,
        post_id: fields.post_id,
        call_id: fields.call_id,
        n: fields.n,
        to: fields.to,
        text: fields.text,
        embedder: fields.embedder,
        vector: vector.unwrap_or_default(),
    })
}
