//! Private calls: no transcript is asked for, and nothing of them is kept.

use std::sync::Arc;

use async_trait::async_trait;
use domain::{
    call::{Call, CallState, SkipCause},
    connection::History,
    feedback::{Board, EngineStamp, Product, Tag},
    findings::{Detection, Finding, Placement},
    moment::Span,
    ports::analysis::{AnalysisError, Analyst, Reading},
    usage::{Meter, Usage},
};
use gong_sandbox::{Faults, InjectedStatus};
use kit::{
    TestApp, TestOptions,
    calls::{CallBuilder, pdf_call},
    consent::THIRTY_DAYS,
    inside::list_all,
    system::BEGIN,
    test_app::admin,
};
use serde_json::{Value, json};

/// A call whose every detail can be found again.
fn telling(id: &str) -> CallBuilder {
    pdf_call(id).from("Zebracorp", "Quentin Zebra")
}

/// The ledger says no more than "skipped: private", and the tables hold nothing of the call.
async fn assert_forgotten(test: &TestApp, id: &str) {
    let call = test.call(id).await;
    let bare = Call {
        state: CallState::Skipped,
        reason: "private".into(),
        skip_cause: Some(SkipCause::Private),
        title: None,
        url: None,
        started: None,
        language: None,
        account: None,
        parties: Vec::new(),
        read_at: None,
        lease: None,
        due: None,
        outcomes: Vec::new(),
        engine: None,
        usage: Usage::default(),
        found: None,
        ..call.clone()
    };
    assert_eq!(call, bare);
    for table in ["connections", "calls", "feedback"] {
        for (key, item) in test.items(table).await {
            let item = item.to_lowercase();
            assert!(!item.contains("zebra"), "{key} holds something of the call");
        }
    }
}

#[tokio::test]
async fn a_flag_that_is_not_plainly_false_counts_as_private() {
    let mut calls = vec![pdf_call("1").build()];
    for (id, flag) in [
        ("2", json!(true)),
        ("3", Value::Null),
        ("4", json!("false")),
        ("5", json!(0)),
    ] {
        calls.push(telling(id).private(flag).build());
    }
    let mut null = telling("6").build();
    null.call["metaData"]["isPrivate"] = Value::Null;
    calls.push(null);
    let test = TestApp::with_calls(calls).await;
    let mut ada = test.connected(History::Days(30)).await;
    assert_eq!(test.sandbox.stats().transcripts_requested, ["1"]);
    for id in ["2", "3", "4", "5", "6"] {
        assert_forgotten(&test, id).await;
    }
    let page = ada.get("/calls").await.text();
    assert!(page.contains("Private call"), "{page}");
    assert!(!page.contains("Zebra"), "{page}");
    assert_eq!(test.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn a_call_made_private_after_the_listing_is_dropped_before_its_transcript() {
    let test = TestApp::with_calls(vec![telling("1").build(), pdf_call("2").build()]).await;
    let mut ada = test.browser(&admin()).await;
    ada.connect(THIRTY_DAYS).await;
    list_all(&test.app).await;
    assert_eq!(test.call("1").await.state, CallState::Queued);
    test.sandbox.set_private("1", true);
    test.clock.advance(Span::minutes(15) + Span::seconds(1));
    test.app.drain().await;
    assert_forgotten(&test, "1").await;
    assert_eq!(test.call("2").await.state, CallState::Posted);
    assert_eq!(test.sandbox.stats().transcripts_requested, ["2"]);
    assert_eq!(test.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn a_reading_that_grows_old_in_the_line_is_renewed() {
    let test = TestApp::with_calls(vec![telling("1").build()]).await;
    let mut ada = test.browser(&admin()).await;
    ada.connect(THIRTY_DAYS).await;
    list_all(&test.app).await;
    let listed = test.asked("POST /v2/calls/extensive");
    test.clock.advance(Span::minutes(30));
    test.app.drain().await;
    assert_eq!(
        test.asked("POST /v2/calls/extensive"),
        listed + 1,
        "read again by id"
    );
    assert_eq!(test.call("1").await.state, CallState::Posted);
    assert_eq!(test.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn a_call_that_waits_for_its_transcript_and_turns_private_is_dropped_at_the_next_poll() {
    let test = TestApp::with_calls(vec![telling("1").not_transcribed().build()]).await;
    test.connected(History::Days(30)).await;
    assert_eq!(test.call("1").await.state, CallState::AwaitingTranscript);
    test.sandbox.set_private("1", true);
    test.sandbox
        .set_transcript("1", Some(telling("1").transcript()));
    test.later(Span::hours(3)).await;
    assert_forgotten(&test, "1").await;
    assert_eq!(
        test.sandbox.stats().transcripts_requested,
        ["1"],
        "while it was public"
    );
    assert_eq!(test.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn an_old_call_that_no_listing_shows_is_read_anew_by_id_at_every_attempt() {
    // Twenty days old: polls and lookbacks do not show it, only its own waking does.
    let old = telling("1")
        .started(BEGIN - Span::days(20))
        .not_transcribed();
    let test = TestApp::with_calls(vec![old.build()]).await;
    test.connected(History::Days(30)).await;
    test.later(Span::hours(3)).await;
    assert_eq!(test.sandbox.stats().transcripts_requested, ["1", "1"]);
    test.sandbox.set_private("1", true);
    test.later(Span::hours(3)).await;
    assert_forgotten(&test, "1").await;
    assert_eq!(test.sandbox.stats().transcripts_requested.len(), 2);
    assert_eq!(test.violations(), Vec::<String>::new());
}

/// An engine whose answers cannot be used.
struct Broken;

#[async_trait]
impl Analyst for Broken {
    fn engine(&self) -> EngineStamp {
        EngineStamp {
            llm: "a broken engine".into(),
            version: "1".into(),
            product: None,
        }
    }
    async fn detect(&self, _: Reading<'_>, _: &Meter) -> Result<Detection, AnalysisError> {
        Err(AnalysisError::Unusable("it is not JSON".into()))
    }
    async fn extract(&self, _: Reading<'_>, _: &Meter) -> Result<Vec<Finding>, AnalysisError> {
        Err(AnalysisError::Misconfigured("never asked".into()))
    }
    async fn organize(
        &self,
        _: &Finding,
        _: (&[Board], &[Tag]),
        _: &Product,
        _: &Meter,
    ) -> Result<Placement, AnalysisError> {
        Err(AnalysisError::Misconfigured("never asked".into()))
    }
}

#[tokio::test]
async fn a_retry_reads_the_flag_first() {
    let test = TestApp::start(TestOptions {
        calls: vec![telling("1").build()],
        analyst: Some(Arc::new(Broken)),
        ..TestOptions::default()
    })
    .await;
    let mut ada = test.connected(History::Days(30)).await;
    assert_eq!(test.call("1").await.state, CallState::Failed);
    let page = ada.get("/calls?state=failed").await.text();
    assert!(
        page.contains("Retry") && page.contains("an admin may retry"),
        "{page}"
    );
    test.sandbox.set_private("1", true);
    let retried = ada.post("/calls/1/retry", &[]).await.location().to_owned();
    assert!(retried.ends_with("done=retried"), "{retried}");
    test.app.drain().await;
    assert_eq!(test.call("1").await.skip_cause, Some(SkipCause::Private));
    assert_eq!(test.call("1").await.title, None);
    assert_eq!(
        test.sandbox.stats().transcripts_requested,
        ["1"],
        "before it was private"
    );
    assert_eq!(test.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn a_reading_that_grows_old_between_two_tries_is_renewed_before_the_next() {
    let test = TestApp::with_calls(vec![telling("1").build()]).await;
    let mut ada = test.browser(&admin()).await;
    ada.connect(THIRTY_DAYS).await;
    list_all(&test.app).await;
    let listed = test.asked("POST /v2/calls/extensive");
    // Young enough to begin with; Gong asks to wait until it is not.
    test.clock.advance(Span::minutes(13) + Span::seconds(55));
    let wait = InjectedStatus {
        endpoint: "/v2/calls/transcript".into(),
        status: 429,
        retry_after_seconds: Some(9),
        body: None,
    };
    test.sandbox.set_faults(Faults {
        next_statuses: vec![wait; 9].into(),
        ..Faults::default()
    });
    test.app.drain().await;
    assert_eq!(test.sandbox.faults(), Faults::default());
    assert_eq!(test.asked("POST /v2/calls/extensive"), listed + 1);
    assert_eq!(test.call("1").await.state, CallState::Posted);
    assert_eq!(test.violations(), Vec::<String>::new());
}
