//! Rebuilding the index from the database, which is the truth.

use std::sync::Arc;

use domain::{
    feedback::Post,
    ports::{
        StoreError,
        analysis::EmbedError,
        connections::ChangeError,
        feedback::{
            DedupeStore, FeedbackChange, FeedbackStore, IndexError, PostVector, VectorIndex,
        },
    },
};
use futures::{StreamExt as _, TryStreamExt as _, stream};

use crate::matching::index::{PostEmbedder, PostEmbedderError, index_post, unmerges_embedded_anew};

/// Vectors put into the index at once.
const AT_ONCE: usize = 16;

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
        count: u64,
        /// The model they were embedded with.
        stored: String,
        current: String,
    },
    #[error(transparent)]
    Embedding(#[from] EmbedError),
    #[error(transparent)]
    Index(#[from] IndexError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

#[derive(Clone)]
pub struct Reindex {
    pub dedupe: Arc<dyn DedupeStore>,
    pub feedback: Arc<dyn FeedbackStore>,
    pub index: Arc<dyn VectorIndex>,
    pub post_embedder: PostEmbedder,
}

/// Stored vectors of another embedding model.
#[derive(Default)]
struct Others {
    count: u64,
    stored: String,
}

impl Others {
    fn count(&mut self, vector: PostVector) {
        self.count += 1;
        self.stored = vector.embedder;
    }

    fn none(self, current: String) -> Result<(), ReindexError> {
        if self.count == 0 {
            return Ok(());
        }
        Err(ReindexError::OtherEmbedder {
            count: self.count,
            stored: self.stored,
            current,
        })
    }
}

impl Reindex {
    /// Makes the collection where it is missing, fills it with every stored vector and makes it
    /// searchable; with `re_embed`, posts of another embedding model are embedded anew. Safe to
    /// repeat. What is committed meanwhile is pending, and every search reads that.
    ///
    /// # Errors
    /// [`ReindexError`]; what was done so far stays and is not done again.
    pub async fn run(&self, re_embed: bool) -> Result<ReindexReport, ReindexError> {
        self.index.prepare().await?;
        let current = self.post_embedder.embedder.name();
        let mut report = ReindexReport::default();
        let mut others = Others::default();
        let mut after = None;
        loop {
            let (vectors, next) = self.dedupe.all_vectors(after.as_deref()).await?;
            let (same, strange): (Vec<_>, Vec<_>) =
                vectors.into_iter().partition(|v| v.embedder == current);
            self.index_as_stored(&same).await?;
            report.indexed += same.len() as u64;
            for vector in strange {
                if re_embed {
                    report.re_embedded += self.embed_anew(&vector, &current).await?;
                } else {
                    others.count(vector);
                }
            }
            after = next;
            if after.is_none() {
                break;
            }
        }
        // An index without these posts would say "no match" of them.
        others.none(current)?;
        self.index.publish().await?;
        Ok(report)
    }

    /// Whether every stored vector is of the embedding model in use; the index is not asked.
    ///
    /// # Errors
    /// [`ReindexError::OtherEmbedder`] when one is not; [`ReindexError::Store`].
    pub async fn check(&self) -> Result<(), ReindexError> {
        let current = self.post_embedder.embedder.name();
        let mut others = Others::default();
        let mut after = None;
        loop {
            let (vectors, next) = self.dedupe.all_vectors(after.as_deref()).await?;
            let strange = vectors.into_iter().filter(|v| v.embedder != current);
            strange.for_each(|vector| others.count(vector));
            after = next;
            if after.is_none() {
                return others.none(current);
            }
        }
    }

    async fn index_as_stored(&self, vectors: &[PostVector]) -> Result<(), IndexError> {
        let writes: Vec<_> = vectors.iter().map(|v| self.index.upsert(v)).collect();
        let written = stream::iter(writes).buffer_unordered(AT_ONCE);
        written.try_for_each(async |()| Ok(())).await
    }

    async fn embed_anew(&self, old: &PostVector, embedder: &str) -> Result<u64, ReindexError> {
        let Some(post) = self.feedback.post(&old.org_id, &old.post_id).await? else {
            return Ok(0);
        };
        // First, as a post whose own vector is new is not visited again.
        self.embed_unmerges(&post).await?;
        let vector = self
            .post_embedder
            .embed(&post.org_id, post.request.embedding_text())
            .await?;
        let vector = PostVector {
            revision: post.revision + 1,
            embedder: embedder.to_owned(),
            vector,
            ..old.clone()
        };
        match self.dedupe.replace_vector(&vector, post.revision).await {
            Ok(()) => {
                index_post(&*self.index, &*self.dedupe, &vector).await;
                Ok(1)
            }
            // Someone else changed the post: its new vector is theirs to index.
            Err(ChangeError::Lost) => Ok(0),
            Err(ChangeError::Store(error)) => Err(error.into()),
        }
    }

    async fn embed_unmerges(&self, post: &Post) -> Result<(), ReindexError> {
        let anew = unmerges_embedded_anew(&self.post_embedder, &*self.feedback, post).await;
        for moved in anew? {
            let change = FeedbackChange {
                unmerges: vec![moved],
                ..FeedbackChange::new(post.org_id.clone(), post.updated)
            };
            match self.dedupe.change(&change).await {
                Ok(()) | Err(ChangeError::Lost) => {}
                Err(ChangeError::Store(error)) => return Err(error.into()),
            }
        }
        Ok(())
    }
}

impl From<PostEmbedderError> for ReindexError {
    fn from(error: PostEmbedderError) -> Self {
        match error {
            PostEmbedderError::Embedding(error) => Self::Embedding(error),
            PostEmbedderError::Store(error) => Self::Store(error),
        }
    }
}
