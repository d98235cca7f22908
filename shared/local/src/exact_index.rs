//! The vector index of the one-machine set-up: an exact search in memory.

use std::{
    collections::HashMap,
    sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard},
};

use async_trait::async_trait;
use domain::{
    ids::{OrgId, PostId},
    ports::feedback::{Hit, IndexError, PostVector, VectorIndex},
};

/// The vectors of one organization.
type Posts = HashMap<PostId, Entry>;

/// The collection; none until it is prepared.
type Collection = Option<Prepared>;

#[derive(Debug, Default)]
struct Prepared {
    organizations: HashMap<OrgId, Posts>,
    published: bool,
}

#[derive(Debug)]
struct Entry {
    revision: u64,
    vector: Vec<f32>,
}

/// Exact search over vectors of length 1 that the database keeps; empty at every start, so whoever
/// starts it prepares it, puts the stored vectors in and publishes it. Ties are ordered by the post's id.
#[derive(Debug)]
pub struct ExactIndex {
    dimension: usize,
    collection: RwLock<Collection>,
}

impl ExactIndex {
    /// A missing index for vectors of `dimension` numbers.
    #[must_use]
    pub fn new(dimension: usize) -> Self {
        Self {
            dimension,
            collection: RwLock::new(None),
        }
    }

    // A poisoned lock is taken all the same: no change below can stop half-way.
    fn read(&self) -> RwLockReadGuard<'_, Collection> {
        self.collection
            .read()
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Collection> {
        self.collection
            .write()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Vectors of another model must never be compared.
    fn check(&self, vector: &[f32]) -> Result<(), IndexError> {
        if vector.len() == self.dimension {
            return Ok(());
        }
        Err(IndexError::Unavailable(format!(
            "it holds vectors of {} numbers, this one has {}: another embedding model made it; \
             run `reindex --re-embed`",
            self.dimension,
            vector.len()
        )))
    }
}

#[async_trait]
impl VectorIndex for ExactIndex {
    async fn prepare(&self) -> Result<(), IndexError> {
        self.write().get_or_insert_default();
        Ok(())
    }

    async fn publish(&self) -> Result<(), IndexError> {
        let mut collection = self.write();
        collection.as_mut().ok_or(IndexError::Missing)?.published = true;
        Ok(())
    }

    async fn upsert(&self, vector: &PostVector) -> Result<(), IndexError> {
        self.check(&vector.vector)?;
        let mut collection = self.write();
        let collection = collection.as_mut().ok_or(IndexError::Missing)?;
        let posts = collection
            .organizations
            .entry(vector.org_id.clone())
            .or_default();
        let newer = posts
            .get(&vector.post_id)
            .is_some_and(|known| known.revision > vector.revision);
        if !newer {
            let entry = Entry {
                revision: vector.revision,
                vector: vector.vector.clone(),
            };
            posts.insert(vector.post_id.clone(), entry);
        }
        Ok(())
    }

    async fn remove(&self, org: &OrgId, post: &PostId, revision: u64) -> Result<(), IndexError> {
        let mut collection = self.write();
        let collection = collection.as_mut().ok_or(IndexError::Missing)?;
        if let Some(posts) = collection.organizations.get_mut(org) {
            let old = posts
                .get(post)
                .is_some_and(|known| known.revision <= revision);
            if old {
                posts.remove(post);
            }
        }
        Ok(())
    }

    async fn nearest(
        &self,
        org: &OrgId,
        vector: &[f32],
        limit: usize,
    ) -> Result<Vec<Hit>, IndexError> {
        self.check(vector)?;
        let collection = self.read();
        let published = collection.as_ref().filter(|c| c.published);
        let mut hits: Vec<Hit> = published
            .ok_or(IndexError::Missing)?
            .organizations
            .get(org)
            .into_iter()
            .flatten()
            .map(|(post_id, entry)| Hit {
                post_id: post_id.clone(),
                revision: entry.revision,
                score: dot(&entry.vector, vector),
            })
            .collect();
        hits.sort_by(Hit::before);
        hits.truncate(limit);
        Ok(hits)
    }
}

/// The cosine similarity of two vectors of length 1.
fn dot(left: &[f32], right: &[f32]) -> f32 {
    left.iter().zip(right).map(|(l, r)| l * r).sum()
}
