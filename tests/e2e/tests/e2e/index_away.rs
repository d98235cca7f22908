//! A vector index that is away: pending vectors count, a missing index is no "no match".

use std::sync::Arc;

use async_trait::async_trait;
use domain::{
    call::CallState,
    connection::History,
    ids::{OrgId, PostId},
    moment::Span,
    ports::{
        analysis::{EmbedError, Embedded, Embedder},
        feedback::{DedupeStore, Hit, IndexError, PostVector, VectorIndex},
    },
};
use feedback::{
    matching::index::PostEmbedder,
    reindex::{Reindex, ReindexError, ReindexReport},
};
use kit::{TestApp, TestOptions, calls::pdf_call, test_app::local_model};
use local::exact_index::ExactIndex;

use crate::model::Switch;

/// An exact search that can be away.
pub struct AwayIndex {
    pub inner: ExactIndex,
    pub writes: Switch,
    pub reads: Switch,
}

impl AwayIndex {
    pub fn new(dimension: usize) -> Self {
        Self {
            inner: ExactIndex::new(dimension),
            writes: Switch::default(),
            reads: Switch::default(),
        }
    }
}

#[async_trait]
impl VectorIndex for AwayIndex {
    async fn prepare(&self) -> Result<(), IndexError> {
        self.inner.prepare().await
    }

    async fn publish(&self) -> Result<(), IndexError> {
        self.inner.publish().await
    }

    async fn upsert(&self, vector: &PostVector) -> Result<(), IndexError> {
        if self.writes.is_on() {
            return Err(IndexError::Unavailable("away".into()));
        }
        self.inner.upsert(vector).await
    }

    async fn remove(&self, org: &OrgId, post: &PostId, revision: u64) -> Result<(), IndexError> {
        self.inner.remove(org, post, revision).await
    }

    async fn nearest(
        &self,
        org: &OrgId,
        vector: &[f32],
        limit: usize,
    ) -> Result<Vec<Hit>, IndexError> {
        if self.reads.is_on() {
            return Err(IndexError::Missing);
        }
        self.inner.nearest(org, vector, limit).await
    }
}

/// A model under another name.
pub struct Renamed(pub Arc<dyn Embedder>);

#[async_trait]
impl Embedder for Renamed {
    fn name(&self) -> String {
        "renamed@384".into()
    }

    fn threshold(&self) -> f32 {
        self.0.threshold()
    }

    async fn embed(&self, texts: &[String]) -> Result<Embedded, EmbedError> {
        self.0.embed(texts).await
    }
}

/// A post_embedder whose model is another one.
pub fn by_model(post_embedder: PostEmbedder, model: Arc<dyn Embedder>) -> PostEmbedder {
    PostEmbedder::new(
        model,
        post_embedder.usage,
        post_embedder.prices,
        post_embedder.clock,
    )
}

async fn rig_with_index() -> (TestApp, Arc<AwayIndex>) {
    let index = Arc::new(AwayIndex::new(minilm::DIMENSION));
    let test = TestApp::start(TestOptions {
        calls: vec![pdf_call("1").build()],
        index: Some(index.clone()),
        ..TestOptions::default()
    })
    .await;
    (test, index)
}

#[tokio::test]
async fn a_vector_that_a_crash_left_pending_counts_at_once_and_reaches_the_index_by_maintenance() {
    let (test, index) = rig_with_index().await;
    index.writes.set(true);
    test.connected(History::Days(30)).await;
    let post = test.only_post().await;
    let pending = test.app.store.pending(&test.org()).await.unwrap();
    assert_eq!(pending.len(), 1);
    let vector = pending[0].vector.clone().unwrap();
    assert_eq!(index.nearest(&test.org(), &vector, 5).await.unwrap(), []);

    test.sandbox
        .set_calls(["1", "2"].map(|id| pdf_call(id).build()).into());
    test.later(Span::hours(4)).await;
    assert_eq!(test.call("2").await.state, CallState::Consolidated);
    assert_eq!(test.only_post().await.evidence_count, 2);
    assert_eq!(
        test.app.store.pending(&test.org()).await.unwrap().len(),
        1,
        "the index is still away"
    );

    index.writes.set(false);
    test.later(Span::hours(1)).await;
    assert_eq!(test.app.store.pending(&test.org()).await.unwrap(), []);
    let hits = index.nearest(&test.org(), &vector, 5).await.unwrap();
    assert_eq!((hits.len(), &hits[0].post_id), (1, &post.id));
}

#[tokio::test]
async fn a_missing_index_is_waited_for_and_never_taken_for_no_match() {
    let (test, index) = rig_with_index().await;
    test.connected(History::Days(30)).await;
    index.reads.set(true);
    test.sandbox
        .set_calls(["1", "2"].map(|id| pdf_call(id).build()).into());
    test.later(Span::hours(4)).await;
    let call = test.call("2").await;
    assert_eq!(call.state, CallState::Deferred);
    assert!(call.reason.contains("run `reindex`"), "{}", call.reason);
    index.reads.set(false);
    test.later(Span::minutes(6)).await;
    assert_eq!(test.call("2").await.state, CallState::Consolidated);
    assert_eq!(test.only_post().await.evidence_count, 2);
}

#[tokio::test]
async fn an_index_that_would_leave_posts_out_is_not_published() {
    let test = TestApp::with_calls(vec![pdf_call("1").build()]).await;
    test.connected(History::Days(30)).await;
    let post = test.only_post().await;
    let index = Arc::new(ExactIndex::new(minilm::DIMENSION));
    let embedder = Renamed(local_model().await);
    let vectors = embedder
        .embed(&[post.request.embedding_text()])
        .await
        .unwrap()
        .vectors;
    let old = test.app.reindex.clone();
    let reindex = Reindex {
        index: index.clone(),
        post_embedder: by_model(old.post_embedder, Arc::new(embedder)),
        ..old
    };
    for refused in [reindex.check().await, reindex.run(false).await.map(drop)] {
        let refused = refused.unwrap_err();
        assert!(
            matches!(refused, ReindexError::OtherEmbedder { count: 1, .. }),
            "{refused:?}"
        );
    }
    let near = index.nearest(&test.org(), &vectors[0], 5).await;
    assert_eq!(near, Err(IndexError::Missing));

    let report = ReindexReport {
        indexed: 0,
        re_embedded: 1,
    };
    assert_eq!(reindex.run(true).await, Ok(report));
    assert_eq!(reindex.check().await, Ok(()));
    let hits = index.nearest(&test.org(), &vectors[0], 5).await.unwrap();
    assert_eq!((hits.len(), &hits[0].post_id), (1, &post.id));
}
