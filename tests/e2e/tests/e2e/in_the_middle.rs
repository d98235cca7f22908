//! A connection that changes while a worker is in the middle of a call.

use std::sync::Arc;

use async_trait::async_trait;
use domain::{
    call::{CallMessage, CallState, SkipCause},
    conversation::Conversation,
    ids::CallId,
    moment::Span,
    ports::analysis::Analyst,
    verdict::Deadline,
};
use kit::{
    Browser, TestApp, TestOptions,
    calls::{pdf_call, pricing_call},
    consent::{RECONNECT, THIRTY_DAYS},
    inside::{list_all, rival},
    test_app::{admin, built_in},
};
use tokio::sync::{Notify, Semaphore};

use crate::watched::{Before, Watched};

/// A door before the built-in engine, which the test opens.
struct Door {
    reached: Notify,
    open: Semaphore,
}

#[async_trait]
impl Before for Arc<Door> {
    async fn detect(&self, _: &Conversation) {
        self.reached.notify_one();
        let _open = self.open.acquire().await;
    }
}

/// One call that asks for something, connected and listed; its analysis waits at the door.
async fn at_the_door() -> (TestApp, Browser, Arc<Door>) {
    let door = Arc::new(Door {
        reached: Notify::new(),
        open: Semaphore::new(0),
    });
    let analyst: Arc<dyn Analyst> = Arc::new(Watched(Arc::clone(&door)));
    let test = TestApp::start(TestOptions {
        calls: vec![pdf_call("1").build()],
        analyst: Some(analyst),
        ..TestOptions::default()
    })
    .await;
    let mut ada = test.browser(&admin()).await;
    ada.connect(THIRTY_DAYS).await;
    list_all(&test.app).await;
    (test, ada, door)
}

#[tokio::test]
async fn a_disconnect_in_the_middle_of_a_call_leaves_no_post() {
    let (test, mut ada, door) = at_the_door().await;
    let meanwhile = async {
        door.reached.notified().await;
        assert_eq!(test.call("1").await.state, CallState::Processing);
        ada.post("/integrations/gong/disconnect", &[]).await;
        list_all(&test.app).await;
        door.open.add_permits(1);
    };
    futures::join!(test.app.deliver_calls(), meanwhile);
    test.app.drain().await;
    let call = test.call("1").await;
    assert_eq!(call.skip_cause, Some(SkipCause::Disconnected));
    assert!(test.all_posts().await.is_empty());
    assert_eq!(test.secret_files().len(), 0);
    // Another organization may have it at once, and has it alone.
    let mut rita = test.browser(&rival()).await;
    assert!(rita.connect(THIRTY_DAYS).await.ends_with("connected=1"));
    test.app.drain().await;
    assert!(test.all_posts().await.is_empty());
    assert_eq!(test.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn a_call_that_a_listing_shows_as_private_is_taken_from_its_worker() {
    let (test, mut ada, door) = at_the_door().await;
    let meanwhile = async {
        door.reached.notified().await;
        assert_eq!(test.call("1").await.state, CallState::Processing);
        test.sandbox.set_private("1", true);
        ada.post("/integrations/gong/sync", &[]).await;
        list_all(&test.app).await;
        door.open.add_permits(1);
    };
    futures::join!(test.app.deliver_calls(), meanwhile);
    test.app.drain().await;
    assert_eq!(test.call("1").await.skip_cause, Some(SkipCause::Private));
    assert!(test.all_posts().await.is_empty());
    assert_eq!(test.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn a_reconnect_in_the_middle_of_a_call_gives_its_outcome_once() {
    let (test, mut ada, door) = at_the_door().await;
    let meanwhile = async {
        door.reached.notified().await;
        assert!(ada.connect(RECONNECT).await.ends_with("connected=1"));
        list_all(&test.app).await;
        door.open.add_permits(1);
    };
    futures::join!(test.app.deliver_calls(), meanwhile);
    test.app.drain().await;
    for _ in 0..4 {
        test.later(Span::minutes(10)).await;
    }
    let call = test.call("1").await;
    assert_eq!((call.state, call.generation), (CallState::Posted, 2));
    let post = test.only_post().await;
    assert_eq!(test.evidence(&post.id).await.len(), 1);
    assert_eq!(test.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn a_slow_worker_that_comes_too_late_doubles_nothing() {
    let (test, _, door) = at_the_door().await;
    let engine = Arc::new(built_in().await);
    let other = test.another_process(|parts| parts.analyst = engine).await;
    let meanwhile = async {
        door.reached.notified().await;
        // Its lease ends; maintenance hands the call to another process.
        test.clock.advance(Span::minutes(7));
        other.tick().await.unwrap();
        other.drain().await;
        assert_eq!(test.call("1").await.state, CallState::Posted);
        door.open.add_permits(1);
    };
    // It stands still, so that it does not notice that its time is over.
    let deadline = Deadline(test.clock_now() + Span::hours(1));
    let message = CallMessage {
        org_id: test.org(),
        call_id: CallId::parse("1").unwrap(),
        generation: 1,
    };
    let slow = test
        .app
        .pipeline
        .handle(std::slice::from_ref(&message), deadline);
    futures::join!(slow, meanwhile);
    let post = test.only_post().await;
    assert_eq!(post.evidence_count, 1);
    assert_eq!(test.evidence(&post.id).await.len(), 1);
    assert_eq!(test.call("1").await.outcomes.len(), 1);
    assert_eq!(test.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn a_post_by_hand_in_the_middle_of_a_call_gets_its_evidence() {
    let (test, mut ada, door) = at_the_door().await;
    let meanwhile = async {
        door.reached.notified().await;
        let form = [
            ("title", "Export the weekly SLA report to PDF"),
            ("details", "Customers take screenshots of it every Friday."),
            ("board", ""),
        ];
        ada.post("/feedback", &form).await;
        door.open.add_permits(1);
    };
    futures::join!(test.app.deliver_calls(), meanwhile);
    let post = test.only_post().await;
    assert_eq!((post.source.as_str(), post.evidence_count), ("manual", 1));
    assert_eq!(test.call("1").await.state, CallState::Consolidated);
    assert_eq!(test.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn a_revoked_authorization_in_the_middle_does_not_undo_what_was_read() {
    let (test, mut ada, door) = at_the_door().await;
    let meanwhile = async {
        door.reached.notified().await;
        test.sandbox.revoke_all_tokens();
        let mut calls = vec![pdf_call("1").build()];
        calls.push(pricing_call("2").build());
        test.sandbox.set_calls(calls);
        ada.post("/integrations/gong/sync", &[]).await;
        list_all(&test.app).await;
        let page = ada.gong_page().await;
        assert!(page.contains("Status: reconnect required"), "{page}");
        door.open.add_permits(1);
    };
    futures::join!(test.app.deliver_calls(), meanwhile);
    assert_eq!(test.only_post().await.evidence_count, 1);
    ada.connect(RECONNECT).await;
    door.open.add_permits(1);
    test.app.drain().await;
    assert_eq!(test.only_post().await.evidence_count, 1);
    assert_eq!(test.call("2").await.state, CallState::Discarded);
    assert_eq!(test.violations(), Vec::<String>::new());
}
