//! Workers that die half-way and an index that is away: leases, attempts, pending vectors.

use std::sync::Arc;

use async_trait::async_trait;
use domain::{
    call::{CallMessage, CallState},
    connection::History,
    conversation::Conversation,
    ids::{CallId, OrgId},
    moment::Span,
    ports::queues::CallQueue,
    verdict::{Deadline, FUNCTION_TIMEOUT, LEASE},
};
use kit::{TestApp, TestOptions, calls::pdf_call, test_app::admin};
use tokio::sync::Notify;

use crate::{
    model::Switch,
    watched::{Before, Watched},
};

/// A call in which the word is said is never finished.
struct Stuck {
    word: &'static str,
    stuck: Switch,
    reached: Arc<Notify>,
}

#[async_trait]
impl Before for Stuck {
    async fn detect(&self, conversation: &Conversation) {
        let said = conversation
            .turns
            .iter()
            .any(|turn| turn.text().contains(self.word));
        if said && self.stuck.is_on() {
            self.reached.notify_one();
            std::future::pending::<()>().await;
        }
    }
}

struct Stage {
    test: TestApp,
    stuck: Switch,
    reached: Arc<Notify>,
}

/// Three calls, one of which is never finished while the switch is on.
async fn stage() -> Stage {
    let (stuck, reached) = (Switch::turned_on(), Arc::new(Notify::new()));
    let analyst = Stuck {
        word: "quicksand",
        stuck: stuck.clone(),
        reached: Arc::clone(&reached),
    };
    let poison = pdf_call("2").customer("It feels like quicksand.");
    let test = TestApp::start(TestOptions {
        calls: vec![pdf_call("1").build(), poison.build(), pdf_call("3").build()],
        analyst: Some(Arc::new(Watched(analyst))),
        ..TestOptions::default()
    })
    .await;
    Stage {
        test,
        stuck,
        reached,
    }
}

impl Stage {
    /// The worker is killed when it has reached the call that it cannot finish.
    async fn dies_at_work(&self) {
        tokio::select! {
            biased;
            () = self.reached.notified() => {}
            () = self.test.app.drain() => panic!("the worker should have been stuck"),
        }
    }

    async fn connects(&self) {
        self.test.browser(&admin()).await;
        local_runner::try_run::connect(
            &self.test.app,
            &self.test.sandbox,
            &admin(),
            History::Days(30),
        )
        .await
        .unwrap();
    }

    async fn ticks_after(&self, by: Span) {
        self.test.clock.advance(by);
        self.test.app.tick().await.unwrap();
    }
}

#[tokio::test]
async fn what_a_dead_worker_left_is_taken_up_after_its_lease() {
    let stage = stage().await;
    let test = &stage.test;
    stage.connects().await;
    stage.dies_at_work().await;
    stage.stuck.set(false);
    let left = test.call("2").await;
    assert_eq!(left.state, CallState::Processing);
    let until = left.lease.as_ref().unwrap().until;
    assert!(until > test.app.clock.now() && left.due == Some(until));

    // A message that meets the live lease is acknowledged and does nothing.
    let message = CallMessage {
        org_id: test.org(),
        call_id: left.id.clone(),
        generation: 1,
    };
    test.app.calls.send(&[message]).await.unwrap();
    test.app.drain().await;
    assert_eq!(test.call("2").await, left);
    stage.ticks_after(Span::minutes(1)).await;
    test.app.drain().await;
    assert_eq!(test.call("2").await, left);

    test.later(LEASE).await;
    let ledger = test.ledger().await;
    assert!(
        ledger.values().all(|(state, _)| !state.is_open()),
        "{ledger:#?}"
    );
    let post = test.only_post().await;
    assert_eq!(
        (post.evidence_count, test.evidence(&post.id).await.len()),
        (3, 3)
    );
    assert_eq!(test.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn three_unfinished_attempts_are_failed_and_do_not_hold_up_the_others() {
    let stage = stage().await;
    let test = &stage.test;
    stage.connects().await;
    stage.dies_at_work().await;
    for attempt in 2..=3 {
        stage.ticks_after(LEASE + Span::seconds(1)).await;
        stage.dies_at_work().await;
        assert_eq!(test.call("2").await.attempts, attempt);
    }
    // The others were in the same batches every time, and are not given up with it.
    stage.ticks_after(LEASE + Span::seconds(1)).await;
    test.app.drain().await;
    let call = test.call("2").await;
    assert_eq!(call.state, CallState::Failed);
    assert!(
        call.reason.contains("3 attempts ended without a result"),
        "{}",
        call.reason
    );
    assert_eq!(test.only_post().await.evidence_count, 2);

    stage.stuck.set(false);
    let mut browser = test.browser(&admin()).await;
    assert!(browser.get("/calls").await.body.contains("/calls/2/retry"));
    assert_eq!(
        browser.post("/calls/2/retry", &[]).await.location(),
        "/calls?done=retried"
    );
    test.app.drain().await;
    assert_eq!(test.call("2").await.state, CallState::Consolidated);
    assert_eq!(test.only_post().await.evidence_count, 3);
    assert_eq!(test.violations(), Vec::<String>::new());
}

/// A message alone brings the other queued calls of its organization with it, as one transcript
/// request serves a hundred; beside a message of somebody else it does not.
#[tokio::test]
async fn one_organizations_calls_do_not_take_anothers_turn() {
    let stage = stage().await;
    let test = &stage.test;
    stage.stuck.set(false);
    stage.connects().await;
    while test.app.deliver_windows().await > 0 {}
    let message = |org: OrgId, id: &str| CallMessage {
        org_id: org,
        call_id: CallId::parse(id).unwrap(),
        generation: 1,
    };
    let other = OrgId::parse("other").unwrap();
    let deadline = Deadline(test.app.clock.now() + FUNCTION_TIMEOUT);
    let pipeline = &test.app.pipeline;
    let shared = [message(test.org(), "1"), message(other, "1")];
    pipeline.handle(&shared, deadline).await;
    let states = async || {
        let ledger = test.ledger().await;
        ["1", "2", "3"].map(|id| ledger[id].0)
    };
    use CallState::{Consolidated, Posted, Queued};
    assert_eq!(states().await, [Posted, Queued, Queued]);
    pipeline.handle(&[message(test.org(), "2")], deadline).await;
    assert_eq!(states().await, [Posted, Consolidated, Consolidated]);
}
