//! Posts' places in the vector space, and bringing them into the index.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use domain::{
    feedback::{Post, Unmerge},
    ids::{OrgId, PostId},
    ports::{
        StoreError,
        analysis::{EmbedError, Embedder},
        feedback::{
            DedupeStore, FeedbackChange, FeedbackStore, PostVector, UsageStore, VectorChange,
            VectorIndex,
        },
        system::Clock,
    },
    usage::Prices,
};

/// Embeds texts outside of the analysis of calls, and books what that takes.
#[derive(Clone)]
pub struct PostEmbedder {
    pub embedder: Arc<dyn Embedder>,
    /// What it takes, by month.
    pub usage: Arc<dyn UsageStore>,
    pub prices: Prices,
    pub clock: Arc<dyn Clock>,
    /// The texts that were placed already, where each is to be asked for once.
    known: Option<Arc<Mutex<Places>>>,
}

/// Texts and their vectors.
type Places = BTreeMap<String, Vec<f32>>;

impl PostEmbedder {
    /// A post_embedder that asks the model for every text.
    #[must_use]
    pub fn new(
        embedder: Arc<dyn Embedder>,
        usage: Arc<dyn UsageStore>,
        prices: Prices,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self {
            embedder,
            usage,
            prices,
            clock,
            known: None,
        }
    }

    /// The same for one decision: what is planned anew, since others changed something meanwhile,
    /// does not pay for the same text again.
    #[must_use]
    pub fn for_one_decision(&self) -> Self {
        Self {
            known: Some(Arc::default()),
            ..self.clone()
        }
    }

    /// The place of a text in the vector space.
    ///
    /// # Errors
    /// [`EmbedError`].
    pub async fn embed(&self, org: &OrgId, text: String) -> Result<Vec<f32>, EmbedError> {
        let known = || {
            self.known
                .as_ref()
                .map(|known| known.lock().unwrap_or_else(PoisonError::into_inner))
        };
        if let Some(vector) = known().and_then(|known| known.get(&text).cloned()) {
            return Ok(vector);
        }
        let texts = std::slice::from_ref(&text);
        let mut embedded = self.embedder.embed(texts).await?;
        let used = self.prices.priced(&self.embedder.model(), embedded.used());
        self.usage.record_usage(org, self.clock.now(), &used).await;
        let none = || EmbedError::Misconfigured("no vector came back".into());
        let vector = embedded.vectors.pop().ok_or_else(none)?;
        if let Some(mut known) = known() {
            known.insert(text, vector.clone());
        }
        Ok(vector)
    }

    /// A post's place in the search at the revision it has.
    ///
    /// # Errors
    /// [`EmbedError`].
    pub async fn embed_post(&self, post: &Post) -> Result<PostVector, EmbedError> {
        Ok(PostVector {
            org_id: post.org_id.clone(),
            post_id: post.id.clone(),
            revision: post.revision,
            embedder: self.embedder.name(),
            vector: self
                .embed(&post.org_id, post.request.embedding_text())
                .await?,
        })
    }
}

/// What people moved out of a post, placed by the model in use where another one placed it: so its
/// like is kept out under this model too.
///
/// # Errors
/// [`PostEmbedderError`].
pub async fn unmerges_embedded_anew(
    post_embedder: &PostEmbedder,
    feedback: &dyn FeedbackStore,
    post: &Post,
) -> Result<Vec<Unmerge>, PostEmbedderError> {
    let mut moved = Vec::new();
    if post.unmerges == 0 {
        return Ok(moved);
    }
    let embedder = post_embedder.embedder.name();
    for old in feedback.unmerges(&post.org_id, &post.id).await? {
        if old.embedder != embedder {
            moved.push(Unmerge {
                vector: post_embedder.embed(&old.org_id, old.text.clone()).await?,
                embedder: embedder.clone(),
                ..old
            });
        }
    }
    Ok(moved)
}

/// Why a text has no place.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PostEmbedderError {
    #[error(transparent)]
    Embedding(#[from] EmbedError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Puts a committed vector into the index and clears its pending item. What fails here is no
/// error: the pending item stays, every search reads it, and maintenance tries again.
pub async fn index_post(index: &dyn VectorIndex, dedupe: &dyn DedupeStore, vector: &PostVector) {
    if let Err(error) = index.upsert(vector).await {
        tracing::warn!(org = %vector.org_id, post = %vector.post_id, %error, "a vector waits for maintenance");
        return;
    }
    let cleared = dedupe
        .clear_pending(&vector.org_id, &vector.post_id, vector.revision)
        .await;
    if let Err(error) = cleared {
        tracing::warn!(org = %vector.org_id, post = %vector.post_id, %error, "a pending vector waits for maintenance");
    }
}

/// Brings the index to where a written change has the posts. What fails here is maintenance's, as
/// above.
pub async fn apply_to_index(
    index: &dyn VectorIndex,
    dedupe: &dyn DedupeStore,
    change: &FeedbackChange,
) {
    for (_, vector) in &change.new_posts {
        index_post(index, dedupe, vector).await;
    }
    for post in &change.posts {
        match &post.vector {
            VectorChange::Keep => {}
            VectorChange::Put(vector) => index_post(index, dedupe, vector).await,
            VectorChange::Remove(revision) => {
                unindex_post(index, dedupe, &change.org_id, &post.read.id, *revision).await;
            }
        }
    }
}

async fn unindex_post(
    index: &dyn VectorIndex,
    dedupe: &dyn DedupeStore,
    org: &OrgId,
    post: &PostId,
    revision: u64,
) {
    if let Err(error) = index.remove(org, post, revision).await {
        tracing::warn!(%org, %post, %error, "a post's leaving the search waits for maintenance");
        return;
    }
    if let Err(error) = dedupe.clear_pending(org, post, revision).await {
        tracing::warn!(%org, %post, %error, "a pending vector waits for maintenance");
    }
}
