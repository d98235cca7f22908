//! One post for one request, with the vector index on the real Qdrant engine.

use std::{sync::Arc, time::Duration};

use adapters::{
    qdrant::{QdrantConfig, QdrantIndex},
    system::{SystemClock, SystemIds},
};
use async_trait::async_trait;
use domain::{
    call::{CallMessage, CallState},
    connection::History,
    ids::{CallId, OrgId},
    moment::Span,
    ports::{
        feedback::{DedupeStore, VectorIndex},
        queues::CallQueue,
    },
    service_url::ServiceUrl,
};
use feedback::reindex::Reindex;
use kit::{
    TestApp, TestOptions,
    calls::{call, pdf_call},
};
use local_runner::app::App;
use test_tools::Server;
use tokio::sync::Barrier;

use crate::{
    one_post::{listed, pdf_calls},
    watched::{Before, Watched},
};

fn index(server: &Server) -> Arc<dyn VectorIndex> {
    index_of(server, "all-MiniLM-L6-v2@384")
}

/// The index of this embedding model on the server.
pub fn index_of(server: &Server, embedder: &str) -> Arc<dyn VectorIndex> {
    let config = QdrantConfig {
        url: ServiceUrl::parse(&server.origin()).unwrap(),
        api_key: None,
    };
    let index = QdrantIndex::new(config, embedder, Arc::new(SystemClock), Arc::new(SystemIds));
    Arc::new(index.unwrap())
}

/// A hundred wait for each other before they look for a place: until then all have seen that there
/// is no post like theirs.
struct AllAtOnce(Barrier);

#[async_trait]
impl Before for AllAtOnce {
    async fn organize(&self) {
        // One that never comes must end the test, not hold it up for ever.
        let all = tokio::time::timeout(Duration::from_secs(300), self.0.wait()).await;
        all.expect("a hundred calls reach the same place");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_calls_at_the_same_instant_in_ten_workers_are_one_post() {
    const WORKERS: usize = 10;
    const EACH: usize = 10;
    let folder = tempfile::tempdir().unwrap();
    let server = Server::qdrant(folder.path(), None);
    let analyst = Arc::new(Watched(AllAtOnce(Barrier::new(WORKERS * EACH))));
    let test = TestApp::start(TestOptions {
        calls: pdf_calls(WORKERS * EACH),
        index: Some(index(&server)),
        analyst: Some(analyst),
        ..TestOptions::default()
    })
    .await;
    listed(&test).await;
    let message = |org: &str, n: usize| CallMessage {
        org_id: OrgId::parse(org).unwrap(),
        call_id: CallId::parse(n.to_string()).unwrap(),
        generation: 1,
    };
    let mut workers = Vec::new();
    for worker in 0..WORKERS {
        let own = index(&server);
        let app = test
            .another_process(|parts| {
                parts.index = own;
                parts.concurrency = EACH;
            })
            .await;
        let mut batch: Vec<_> = (1..=EACH)
            .map(|n| message("demo", worker * EACH + n))
            .collect();
        // With a message of somebody else a worker takes no calls beside those of its batch.
        batch.push(message("nobody", 1));
        app.calls.send(&batch).await.unwrap();
        workers.push(app);
    }
    let drains = workers.iter().map(|app| app.drain());
    futures::future::join_all(drains).await;
    let post = test.only_post().await;
    let evidence = test.evidence(&post.id).await;
    assert_eq!((post.evidence_count, evidence.len()), (100, 100));
    let ledger = test.ledger().await;
    let posted = ledger.values().filter(|(s, _)| *s == CallState::Posted);
    assert_eq!(posted.count(), 1);
    assert_eq!(test.violations(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_engine_that_is_away_for_an_hour_defers_and_fails_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let away = index(&Server::qdrant(folder.path(), None));
    let folder = tempfile::tempdir().unwrap();
    let server = Server::qdrant(folder.path(), None);
    let test = TestApp::start(TestOptions {
        calls: pdf_calls(12),
        index: Some(index(&server)),
        ..TestOptions::default()
    })
    .await;
    listed(&test).await;
    // The first engine has stopped: a process that knows its address only finds nobody there.
    let mut parts = None;
    let app = test.another_process(|own| parts = Some(own.clone())).await;
    drop(app);
    let mut parts = parts.unwrap();
    parts.index = away;
    let alone = App::build(parts).await.unwrap();
    for n in 1..=12 {
        let message = CallMessage {
            org_id: test.org(),
            call_id: CallId::parse(n.to_string()).unwrap(),
            generation: 1,
        };
        alone.calls.send(&[message]).await.unwrap();
    }
    alone.drain().await;
    for _ in 0..12 {
        test.clock.advance(Span::minutes(5));
        alone.tick().await.unwrap();
        alone.drain().await;
    }
    let ledger = test.ledger().await;
    for (state, reason) in ledger.values() {
        assert_eq!(*state, CallState::Deferred, "{reason}");
        assert!(
            reason.contains("the vector index did not answer"),
            "{reason}"
        );
    }
    for _ in 0..3 {
        test.later(Span::minutes(6)).await;
    }
    let post = test.only_post().await;
    assert_eq!(
        (post.evidence_count, test.evidence(&post.id).await.len()),
        (12, 12)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_index_that_was_lost_is_rebuilt_and_answers_as_before() {
    let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let servers = folders
        .each_ref()
        .map(|folder| Server::qdrant(folder.path(), None));
    let csv = |id: &str| {
        call(id)
            .customer("We really need to be able to export all tickets to a CSV file. Today we copy them by hand.")
            .build()
    };
    let test = TestApp::start(TestOptions {
        calls: vec![pdf_call("1").build(), csv("2")],
        index: Some(index(&servers[0])),
        ..TestOptions::default()
    })
    .await;
    test.connected(History::Days(30)).await;
    let lost = index(&servers[1]);
    let rebuilt = Reindex {
        index: Arc::clone(&lost),
        ..test.app.reindex.clone()
    };
    assert_eq!(rebuilt.run(false).await.unwrap().indexed, 2);
    let (vectors, _) = test.app.store.all_vectors(None).await.unwrap();
    for vector in &vectors {
        let ask = |index: Arc<dyn VectorIndex>| {
            let (org, vector) = (test.org(), vector.vector.clone());
            async move { index.nearest(&org, &vector, 10).await.unwrap() }
        };
        let before = ask(Arc::clone(&test.app.reindex.index)).await;
        assert_eq!(before.len(), 2);
        assert_eq!(ask(Arc::clone(&lost)).await, before);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn thirty_calls_and_one_more_in_another_process_are_one_post() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::qdrant(folder.path(), None);
    let test = TestApp::start(TestOptions {
        calls: pdf_calls(30),
        index: Some(index(&server)),
        ..TestOptions::default()
    })
    .await;
    test.connected(History::Days(30)).await;
    assert_eq!(test.only_post().await.evidence_count, 30);

    test.sandbox.set_calls(pdf_calls(31));
    let own = index(&server);
    let other = test.another_process(|parts| parts.index = own).await;
    test.clock.advance(Span::hours(4));
    other.tick().await.unwrap();
    other.drain().await;
    let post = test.only_post().await;
    assert_eq!(
        (post.evidence_count, test.evidence(&post.id).await.len()),
        (31, 31)
    );
    assert_eq!(test.violations(), Vec::<String>::new());
}
