//! Rebuilding the index from the database, which is the truth.

use std::sync::Arc;

use super::indexing::put_in;
use crate::ports::{
    StoreError,
    analysis::{EmbedError, Embedder},
    connections::ChangeError,
    feedback::{DedupeStore, FeedbackStore, IndexError, PostVector, VectorIndex},
};

/// What a reindex did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ReindexReport {
    /// Vectors put into the index as they were stored.
    pub indexed: u64,
    /// Posts embedded anew.
    pub re_embedded: u64,
}

/// Why the index was not rebuilt.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReindexError {
    /// Vectors of another embedding model are stored.
    #[error(
        "{count} posts were embedded with {stored}, but {current} is in use now. Vectors of two models cannot be compared. Run `reindex --re-embed` to embed these posts anew, or go back to the earlier model."
    )]
    OtherEmbedder {
        /// How many.
        count: u64,
        /// The model they were embedded with.
        stored: String,
        /// The model in use.
        current: String,
    },
    /// The embedding model.
    #[error(transparent)]
    Embedding(#[from] EmbedError),
    /// The index.
    #[error(transparent)]
    Index(#[from] IndexError),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Rebuilds the index.
#[derive(Clone)]
pub struct Reindex {
    /// The vectors.
    pub dedupe: Arc<dyn DedupeStore>,
    /// The posts.
    pub feedback: Arc<dyn FeedbackStore>,
    /// The index.
    pub index: Arc<dyn VectorIndex>,
    /// The embedding model.
    pub embedder: Arc<dyn Embedder>,
}

impl Reindex {
    /// Makes the collection and fills it with every stored vector; with `re_embed`, posts of
    /// another embedding model are embedded anew first. Safe to repeat.
    ///
    /// # Errors
    /// [`ReindexError`]; what was done so far stays and is not done again.
    pub async fn run(&self, re_embed: bool) -> Result<ReindexReport, ReindexError> {
        self.index.create().await?;
        let current = self.embedder.name();
        let mut report = ReindexReport::default();
        let (mut others, mut stored) = (0, String::new());
        let mut after = None;
        loop {
            let (vectors, next) = self.dedupe.all_vectors(after.as_deref()).await?;
            for vector in vectors {
                if vector.embedder == current {
                    self.index.upsert(&vector).await?;
                    report.indexed += 1;
                } else if re_embed {
                    report.re_embedded += self.embed_anew(&vector, &current).await?;
                } else {
                    others += 1;
                    stored = vector.embedder;
                }
            }
            after = next;
            if after.is_none() {
                break;
            }
        }
        if others > 0 {
            return Err(ReindexError::OtherEmbedder {
                count: others,
                stored,
                current,
            });
        }
        Ok(report)
    }

    async fn embed_anew(&self, old: &PostVector, embedder: &str) -> Result<u64, ReindexError> {
        let Some(post) = self.feedback.post(&old.org_id, &old.post_id).await? else {
            return Ok(0);
        };
        let mut vectors = self.embedder.embed(&[post.embedding_text()]).await?;
        let vector = PostVector {
            revision: post.revision + 1,
            embedder: embedder.to_owned(),
            vector: vectors.pop().unwrap_or_default(),
            ..old.clone()
        };
        match self.dedupe.replace_vector(&vector, post.revision).await {
            Ok(()) => {
                put_in(&*self.index, &*self.dedupe, &vector).await;
                Ok(1)
            }
            // Someone else changed the post: its new vector is theirs to index.
            Err(ChangeError::Lost) => Ok(0),
            Err(ChangeError::Store(error)) => Err(error.into()),
        }
    }
}
