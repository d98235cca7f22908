//! Two processes of one organization at the same instant: still one post for one request.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use async_trait::async_trait;
use domain::{
    ids::{OrgId, PostId},
    moment::Span,
    ports::{
        feedback::{Hit, IndexError, PostVector, VectorIndex},
        queues::CallQueue,
    },
};
use kit::{TestApp, TestOptions, test_app::admin};
use local::exact_index::ExactIndex;
use local_runner::app::App;
use tokio::sync::{Barrier, Notify};

use crate::one_post::{listed, pdf_calls};

/// Moves every second of the queued calls to another process.
async fn shared_with(test: &TestApp, other: &App) {
    let waiting = test.app.calls.take(test.app.clock.now(), 1_000);
    for (n, delivery) in waiting.into_iter().enumerate() {
        let queue = if n % 2 == 0 {
            &test.app.calls
        } else {
            &other.calls
        };
        queue.send(&[delivery.message]).await.unwrap();
    }
}

#[tokio::test]
async fn two_processes_at_the_same_instant_end_in_one_post_too() {
    let test = TestApp::with_calls(pdf_calls(20)).await;
    let other = test.another_process(|_| ()).await;
    listed(&test).await;
    shared_with(&test, &other).await;
    tokio::join!(test.app.drain(), other.drain());
    // A process that lost too many races has put its call off; maintenance takes it up.
    for _ in 0..3 {
        test.later(Span::minutes(3)).await;
    }
    let post = test.only_post().await;
    assert_eq!(
        (post.evidence_count, test.evidence(&post.id).await.len()),
        (20, 20)
    );
    assert_eq!(test.violations(), Vec::<String>::new());
}

/// An index whose second look, the deciding one, waits for that of another process.
struct Meeting {
    inner: Arc<ExactIndex>,
    looks: AtomicUsize,
    arrived: Arc<Notify>,
    both: Arc<Barrier>,
}

impl Meeting {
    fn beside(other: &Self) -> Self {
        Self {
            inner: Arc::clone(&other.inner),
            looks: AtomicUsize::new(0),
            arrived: Arc::clone(&other.arrived),
            both: Arc::clone(&other.both),
        }
    }
}

#[async_trait]
impl VectorIndex for Meeting {
    async fn prepare(&self) -> Result<(), IndexError> {
        self.inner.prepare().await
    }

    async fn publish(&self) -> Result<(), IndexError> {
        self.inner.publish().await
    }

    async fn upsert(&self, vector: &PostVector) -> Result<(), IndexError> {
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
        let hits = self.inner.nearest(org, vector, limit).await;
        if self.looks.fetch_add(1, Ordering::SeqCst) == 1 {
            self.arrived.notify_one();
            self.both.wait().await;
        }
        hits
    }
}

#[tokio::test]
async fn two_processes_that_both_look_before_either_writes_end_in_one_post() {
    let index = Arc::new(Meeting {
        inner: Arc::new(ExactIndex::new(minilm::DIMENSION)),
        looks: AtomicUsize::new(0),
        arrived: Arc::new(Notify::new()),
        both: Arc::new(Barrier::new(2)),
    });
    let test = TestApp::start(TestOptions {
        calls: pdf_calls(1),
        index: Some(index.clone()),
        ..TestOptions::default()
    })
    .await;
    let beside = Arc::new(Meeting::beside(&index));
    let other = test.another_process(|parts| parts.index = beside).await;
    listed(&test).await;
    for delivery in test.app.calls.take(test.app.clock.now(), 10) {
        other.calls.send(&[delivery.message]).await.unwrap();
    }
    let then = async {
        index.arrived.notified().await;
        // The other process has seen that there is no post. A second call comes in meanwhile.
        test.sandbox.set_calls(pdf_calls(2));
        let mut browser = test.browser(&admin()).await;
        let asked = browser.post("/integrations/gong/sync", &[]).await;
        assert_eq!(asked.location(), "/integrations/gong?done=sync-started");
        test.app.drain().await;
    };
    tokio::join!(other.drain(), then);
    let post = test.only_post().await;
    assert_eq!(
        (post.evidence_count, test.evidence(&post.id).await.len()),
        (2, 2)
    );
    assert_eq!(test.violations(), Vec::<String>::new());
}
