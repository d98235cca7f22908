//! A look: what existing posts are like these feedbacks, read so that a commit can rely on it.

use std::{cmp::Reverse, collections::BTreeMap};

use crate::{
    feedback::{Moderation, Post},
    ids::{OrgId, PostId},
    ports::{
        StoreError,
        feedback::{DedupeStore, FeedbackStore, IndexError, VectorIndex},
    },
};

/// How many neighbours of one feedback are read from the index.
const NEIGHBOURS: usize = 10;
/// Neighbours below this similarity are not worth a read.
const FAR: f32 = 0.3;

/// A live post near a feedback.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// The post, as it is now.
    pub post: Post,
    /// The similarity, from -1 to 1.
    pub score: f32,
}

/// What a look saw.
#[derive(Debug, Clone, PartialEq)]
pub struct Look {
    /// The epoch before anything else was read.
    pub epoch: u64,
    /// For each feedback its live neighbours, best first.
    pub candidates: Vec<Vec<Candidate>>,
}

/// Why a look could not be taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LookError {
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The index.
    #[error(transparent)]
    Index(#[from] IndexError),
}

/// Looks, in this order: epoch, pending vectors, index, posts. Whoever makes a post searchable
/// bumps the epoch, so a commit on an unchanged epoch has missed none.
///
/// # Errors
/// [`LookError`]; a missing index is an error, never "no match".
pub async fn look(
    dedupe: &dyn DedupeStore,
    index: &dyn VectorIndex,
    posts: &dyn FeedbackStore,
    org: &OrgId,
    vectors: &[Vec<f32>],
) -> Result<Look, LookError> {
    let epoch = dedupe.epoch(org).await?;
    let pending = dedupe.pending(org).await?;
    let mut candidates = Vec::with_capacity(vectors.len());
    let mut read: BTreeMap<PostId, Option<Post>> = BTreeMap::new();
    for vector in vectors {
        let mut near: BTreeMap<PostId, (u64, f32)> = BTreeMap::new();
        for hit in index.nearest(org, vector, NEIGHBOURS).await? {
            near.insert(hit.post_id, (hit.revision, hit.score));
        }
        // A pending vector is newer than what the index has of the same post.
        for item in &pending {
            match &item.vector {
                Some(other) => {
                    let entry = (item.revision, cosine(vector, other));
                    near.insert(item.post_id.clone(), entry);
                }
                None => {
                    near.remove(&item.post_id);
                }
            }
        }
        let mut live = Vec::new();
        for (post_id, (revision, score)) in near {
            if score < FAR {
                continue;
            }
            if !read.contains_key(&post_id) {
                let post = posts.post(org, &post_id).await?;
                read.insert(post_id.clone(), post);
            }
            let post = read.get(&post_id).and_then(Option::as_ref);
            let is_live =
                |p: &&Post| p.moderation == Moderation::Published && p.revision == revision;
            if let Some(post) = post.filter(is_live) {
                let post = post.clone();
                live.push(Candidate { post, score });
            }
        }
        live.sort_by(|a, b| {
            let by_score = b.score.total_cmp(&a.score);
            by_score.then_with(|| oldest(&a.post).cmp(&oldest(&b.post)))
        });
        candidates.push(live);
    }
    Ok(Look { epoch, candidates })
}

fn oldest(post: &Post) -> (crate::moment::Timestamp, Reverse<&PostId>) {
    (post.created, Reverse(&post.id))
}

/// The cosine similarity of two vectors of length 1; 0 when their dimensions differ.
#[must_use]
pub fn cosine(one: &[f32], other: &[f32]) -> f32 {
    if one.len() != other.len() {
        return 0.0;
    }
    one.iter().zip(other).map(|(a, b)| a * b).sum()
}
