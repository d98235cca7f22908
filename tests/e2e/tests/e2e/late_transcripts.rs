//! Transcripts that come late, or never.

use domain::{
    call::{CallState, SkipCause},
    connection::History,
    moment::Span,
};
use gong_sandbox::Faults;
use kit::{
    TestApp,
    calls::{call, pdf_call, pricing_call},
    system::BEGIN,
    test_app::admin,
};
use serde_json::json;

#[tokio::test]
async fn a_late_transcript_is_picked_up_at_the_next_poll() {
    let test = TestApp::with_calls(vec![pdf_call("1").not_transcribed().build()]).await;
    let mut ada = test.connected(History::Days(30)).await;
    assert_eq!(test.call("1").await.state, CallState::AwaitingTranscript);
    let page = ada.gong_page().await;
    assert!(
        page.contains("1 call waits for Gong's transcript and will be asked for again at later polls, for up to 14 days."),
        "{page}"
    );
    assert!(
        page.contains("Up to date."),
        "waiting is not running: {page}"
    );
    test.later(Span::hours(3)).await;
    assert_eq!(test.call("1").await.state, CallState::AwaitingTranscript);
    test.sandbox
        .set_transcript("1", Some(pdf_call("1").transcript()));
    test.later(Span::hours(3)).await;
    assert_eq!(test.call("1").await.state, CallState::Posted);
    assert_eq!(test.sandbox.stats().transcripts_requested, ["1", "1", "1"]);
    assert_eq!(test.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn sync_now_asks_for_it_too() {
    let test = TestApp::with_calls(vec![pdf_call("1").not_transcribed().build()]).await;
    let mut ada = test.connected(History::Days(30)).await;
    test.sandbox
        .set_transcript("1", Some(pdf_call("1").transcript()));
    test.clock.advance(Span::minutes(10));
    ada.post("/integrations/gong/sync", &[]).await;
    test.app.drain().await;
    assert_eq!(test.call("1").await.state, CallState::Posted);
    assert_eq!(test.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn after_14_days_without_one_the_call_is_skipped() {
    let old = pdf_call("1")
        .started(BEGIN - Span::days(20))
        .not_transcribed();
    let test = TestApp::with_calls(vec![old.build()]).await;
    test.connected(History::Days(30)).await;
    for _ in 0..13 {
        test.later(Span::days(1)).await;
        assert_eq!(test.call("1").await.state, CallState::AwaitingTranscript);
    }
    test.later(Span::days(1)).await;
    let skipped = test.call("1").await;
    assert_eq!(
        (skipped.state, skipped.skip_cause),
        (CallState::Skipped, Some(SkipCause::NoTranscript))
    );
    assert!(skipped.parties.is_empty());
    let mut ada = test.browser(&admin()).await;
    let page = ada.get("/calls?state=skipped").await.text();
    assert!(page.contains("skipped no transcript"), "{page}");
    let asked = test.sandbox.stats().transcripts_requested.len();
    test.sandbox
        .set_transcript("1", Some(pdf_call("1").transcript()));
    test.later(Span::days(1)).await;
    assert_eq!(
        test.sandbox.stats().transcripts_requested.len(),
        asked,
        "final is final"
    );
    assert_eq!(test.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn one_on_the_thirteenth_day_is_still_read() {
    let old = pdf_call("1")
        .started(BEGIN - Span::days(20))
        .not_transcribed();
    let test = TestApp::with_calls(vec![old.build()]).await;
    test.connected(History::Days(30)).await;
    test.later(Span::days(13)).await;
    test.sandbox
        .set_transcript("1", Some(pdf_call("1").transcript()));
    test.later(Span::hours(3)).await;
    assert_eq!(test.call("1").await.state, CallState::Posted);
    assert_eq!(test.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn the_others_of_a_batch_do_not_wait_for_one_that_is_left_out() {
    let test = TestApp::with_calls(vec![
        pdf_call("1").build(),
        pricing_call("2").build(),
        pdf_call("3").build(),
    ])
    .await;
    test.sandbox.set_faults(Faults {
        omit_from_transcripts: ["3".to_owned()].into(),
        ..Faults::default()
    });
    test.connected(History::Days(30)).await;
    let states = [
        test.call("1").await.state,
        test.call("2").await.state,
        test.call("3").await.state,
    ];
    assert_eq!(
        states,
        [
            CallState::Posted,
            CallState::Discarded,
            CallState::AwaitingTranscript
        ]
    );
    test.sandbox.set_faults(Faults::default());
    test.later(Span::hours(3)).await;
    assert_eq!(test.call("3").await.state, CallState::Consolidated);
    assert_eq!(test.only_post().await.evidence_count, 2);
    assert_eq!(test.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn an_empty_transcript_may_be_filled_for_a_day() {
    let started = BEGIN - Span::hours(20);
    let test = TestApp::with_calls(vec![
        call("1").started(started).build(),
        call("2").started(started).build(),
        call("3").started(BEGIN - Span::days(3)).build(),
    ])
    .await;
    test.connected(History::Days(30)).await;
    assert_eq!(test.call("1").await.state, CallState::AwaitingTranscript);
    let old = test.call("3").await;
    assert_eq!(
        (old.state, old.reason.as_str()),
        (CallState::Discarded, "the transcript holds no speech")
    );
    test.sandbox
        .set_transcript("1", Some(pdf_call("1").transcript()));
    test.sandbox
        .set_transcript("2", Some(json!([{"speakerId": "111", "sentences": []}])));
    test.later(Span::hours(3)).await;
    assert_eq!(test.call("1").await.state, CallState::Posted);
    assert_eq!(test.call("2").await.state, CallState::AwaitingTranscript);
    test.later(Span::hours(3)).await;
    assert_eq!(test.call("2").await.state, CallState::Discarded);
    assert_eq!(test.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn a_call_that_gong_no_longer_shows_is_given_up_after_14_days() {
    let old = pdf_call("1")
        .started(BEGIN - Span::days(20))
        .not_transcribed();
    let test = TestApp::with_calls(vec![old.build()]).await;
    test.connected(History::Days(30)).await;
    test.sandbox.set_calls(Vec::new());
    test.later(Span::hours(3)).await;
    let waits = test.call("1").await;
    assert_eq!(waits.state, CallState::Deferred);
    assert!(
        waits.reason.contains("Gong does not show this call"),
        "{}",
        waits.reason
    );
    for _ in 0..15 {
        test.later(Span::days(1)).await;
    }
    let given_up = test.call("1").await;
    assert_eq!(given_up.state, CallState::Skipped, "{}", given_up.reason);
    let asked = test.asked("POST /v2/calls/extensive");
    test.later(Span::hours(2)).await;
    assert_eq!(
        test.asked("POST /v2/calls/extensive"),
        asked,
        "no request an hour for ever"
    );
    assert_eq!(test.violations(), Vec::<String>::new());
}
