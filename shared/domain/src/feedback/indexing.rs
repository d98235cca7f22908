//! Bringing committed vectors into the index.

use crate::ports::feedback::{DedupeStore, PostVector, VectorIndex};

/// Puts a committed vector into the index and clears its pending item. What fails here is no
/// error: the pending item stays, every look reads it, and care tries again.
pub async fn put_in(index: &dyn VectorIndex, dedupe: &dyn DedupeStore, vector: &PostVector) {
    if let Err(error) = index.upsert(vector).await {
        tracing::warn!(org = %vector.org_id, post = %vector.post_id, %error, "a vector waits for care");
        return;
    }
    let cleared = dedupe
        .clear_pending(&vector.org_id, &vector.post_id, vector.revision)
        .await;
    if let Err(error) = cleared {
        tracing::warn!(org = %vector.org_id, post = %vector.post_id, %error, "a pending vector waits for care");
    }
}
