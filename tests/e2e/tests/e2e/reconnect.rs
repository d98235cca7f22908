//! Connecting again: generations, what is taken up, and nothing twice.

use domain::{
    call::{CallMessage, CallState, SkipCause},
    connection::{ConnectionStatus, History, WindowMessage},
    ids::CallId,
    moment::Span,
};
use kit::{
    Browser, TestApp,
    calls::{pdf_call, pricing_call},
    consent::{NO_HISTORY, RECONNECT, THIRTY_DAYS},
    gongs::{in_workspace, other_company},
    inside::list_all,
    system::BEGIN,
    test_app::admin,
};

const DISCONNECT: &str = "/integrations/gong/disconnect";

#[tokio::test]
async fn old_messages_in_the_queue_are_dropped_and_nothing_is_doubled() {
    let test = TestApp::with_calls(vec![
        pdf_call("1").build(),
        pdf_call("2").from("Contoso", "Dan Door").build(),
        pricing_call("3").build(),
    ])
    .await;
    let mut ada = test.browser(&admin()).await;
    ada.connect(THIRTY_DAYS).await;
    list_all(&test.app).await;
    assert_eq!(test.app.calls.len(), 3);
    assert!(ada.connect(RECONNECT).await.ends_with("connected=1"));
    // The old generation's messages come first and find nothing to do.
    test.app.deliver_calls().await;
    assert_eq!(test.asked("POST /v2/calls/transcript"), 0);
    test.app.drain().await;
    let post = test.only_post().await;
    assert_eq!(post.evidence_count, 2);
    assert_eq!(test.evidence(&post.id).await.len(), 2);
    let mut asked = test.sandbox.stats().transcripts_requested;
    asked.sort();
    assert_eq!(asked, ["1", "2", "3"]);
    assert_eq!(post.metadata["gong_connection_generation"], 2);

    // All old messages once more, in the wrong order and twice.
    let windows = test.windows().await;
    for _ in 0..2 {
        for id in ["3", "2", "1"] {
            for generation in [1, 2] {
                test.send_call(CallMessage {
                    org_id: test.org(),
                    call_id: CallId::parse(id).unwrap(),
                    generation,
                })
                .await;
            }
        }
        for window in &windows {
            test.send_window(WindowMessage {
                org_id: test.org(),
                window_id: window.id.clone(),
                generation: window.generation,
            })
            .await;
        }
    }
    let requests = test.requests();
    test.later(Span::minutes(20)).await;
    assert_eq!(test.requests(), requests);
    assert_eq!(test.only_post().await, post);
    assert_eq!(test.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn calls_skipped_by_a_disconnect_are_taken_up_after_the_new_import_start() {
    let old = || {
        pdf_call("1")
            .started(BEGIN - Span::days(20))
            .not_transcribed()
    };
    let recent = || {
        pdf_call("2")
            .started(BEGIN - Span::days(2))
            .not_transcribed()
    };
    let test = TestApp::with_calls(vec![old().build(), recent().build()]).await;
    let mut ada = test.connected(History::Days(30)).await;
    ada.post(DISCONNECT, &[]).await;
    test.app.drain().await;
    for id in ["1", "2"] {
        assert_eq!(
            test.call(id).await.skip_cause,
            Some(SkipCause::Disconnected)
        );
    }
    test.sandbox.set_transcript("1", Some(old().transcript()));
    test.sandbox
        .set_transcript("2", Some(recent().transcript()));
    test.clock.advance(Span::days(1));
    ada.sign_in(&admin()).await;
    let location = ada.connect(&[("history", "on"), ("days", "7")]).await;
    assert!(location.ends_with("connected=1"), "{location}");
    test.app.drain().await;
    assert_eq!(test.call("2").await.state, CallState::Posted);
    let below = test.call("1").await;
    assert_eq!(
        below.skip_cause,
        Some(SkipCause::Disconnected),
        "below the new import_from"
    );
    let connection = test.connection().await;
    assert_eq!(connection.generation, 2);
    assert_eq!(
        connection.import_from,
        connection.connected_at - Span::days(7)
    );
    assert_eq!(test.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn what_was_decided_before_a_disconnect_stays_decided() {
    let test = TestApp::with_calls(vec![
        pdf_call("1").build(),
        pricing_call("2").build(),
        pdf_call("3").private(true.into()).build(),
    ])
    .await;
    let mut ada = test.connected(History::Days(30)).await;
    let before = (test.only_post().await, test.ledger().await);
    ada.post(DISCONNECT, &[]).await;
    test.app.drain().await;
    ada.connect(THIRTY_DAYS).await;
    test.app.drain().await;
    assert_eq!((test.only_post().await, test.ledger().await), before);
    assert_eq!(test.sandbox.stats().transcripts_requested.len(), 2);
    assert_eq!(test.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn connecting_again_before_the_disconnect_was_reconciled_loses_and_doubles_nothing() {
    let test = TestApp::with_calls(vec![pdf_call("1").build(), pricing_call("2").build()]).await;
    let mut ada = test.browser(&admin()).await;
    ada.connect(THIRTY_DAYS).await;
    list_all(&test.app).await;
    ada.post(DISCONNECT, &[]).await;
    assert!(ada.connect(THIRTY_DAYS).await.ends_with("connected=1"));
    test.app.drain().await;
    assert_eq!(test.call("1").await.state, CallState::Posted);
    assert_eq!(test.call("2").await.state, CallState::Discarded);
    assert_eq!(test.only_post().await.evidence_count, 1);
    assert_eq!(test.sandbox.stats().transcripts_requested.len(), 2);
    let unfinished = test
        .windows()
        .await
        .into_iter()
        .filter(|w| w.finished.is_none());
    assert_eq!(unfinished.count(), 0);
    assert_eq!(test.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn what_the_new_connection_does_not_reach_back_to_is_not_taken_over() {
    let test = TestApp::with_calls(vec![pdf_call("1").build(), pricing_call("2").build()]).await;
    let mut ada = test.browser(&admin()).await;
    ada.connect(THIRTY_DAYS).await;
    list_all(&test.app).await;
    ada.post(DISCONNECT, &[]).await;
    assert!(ada.connect(NO_HISTORY).await.ends_with("connected=1"));
    test.app.drain().await;
    test.later(Span::minutes(20)).await;
    for id in ["1", "2"] {
        assert_eq!(
            test.call(id).await.skip_cause,
            Some(SkipCause::Disconnected)
        );
    }
    assert!(test.sandbox.stats().transcripts_requested.is_empty());
    assert_eq!(test.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn calls_of_the_earlier_workspace_are_not_asked_of_the_new_one() {
    let test = TestApp::with_calls(vec![pdf_call("1").not_transcribed().build()]).await;
    let mut ada = test.connected(History::Days(30)).await;
    // Its settling is still on its way when the next workspace is connected.
    ada.post(DISCONNECT, &[]).await;
    let other = test
        .another_gong(|options| {
            options.company = other_company();
            options.calls = vec![in_workspace(pricing_call("77").build(), "99")];
        })
        .await;
    let app = test.process_at(&other).await;
    let mut ada = Browser::new(app.clone());
    ada.sign_in(&admin()).await;
    assert!(ada.connect(THIRTY_DAYS).await.ends_with("connected=1"));
    app.drain().await;
    assert_eq!(other.stats().transcripts_requested, ["77"]);
    assert_eq!(
        test.call("1").await.skip_cause,
        Some(SkipCause::Disconnected)
    );
}

#[tokio::test]
async fn a_call_that_waits_for_its_transcript_moves_into_the_new_generation() {
    let test = TestApp::with_calls(vec![pdf_call("1").not_transcribed().build()]).await;
    let mut ada = test.connected(History::Days(30)).await;
    let first_seen = test.call("1").await.first_seen;
    test.clock.advance(Span::hours(1));
    ada.connect(RECONNECT).await;
    test.app.drain().await;
    let call = test.call("1").await;
    assert_eq!(
        (call.generation, call.state),
        (2, CallState::AwaitingTranscript)
    );
    assert_eq!(call.first_seen, first_seen, "its 14 days do not begin anew");
    test.sandbox
        .set_transcript("1", Some(pdf_call("1").transcript()));
    test.later(Span::hours(3)).await;
    assert_eq!(test.call("1").await.state, CallState::Posted);
    assert_eq!(test.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn a_denied_reconnect_changes_nothing() {
    let test = TestApp::with_calls(vec![pdf_call("1").build()]).await;
    let mut ada = test.connected(History::Days(30)).await;
    let before = (
        test.connection().await,
        test.token().await,
        test.secret_files(),
    );
    let callback = ada.begin_connect(RECONNECT).await.deny().await;
    let location = ada.get(&callback).await.location().to_owned();
    assert!(location.ends_with("refused=denied"), "{location}");
    let page = ada.get(&location).await.text();
    assert!(page.contains("Status: connected"), "{page}");
    assert_eq!(
        (
            test.connection().await,
            test.token().await,
            test.secret_files()
        ),
        before
    );
    test.later(Span::hours(3)).await;
    assert_eq!(test.connection().await.status, ConnectionStatus::Connected);
}

#[tokio::test]
async fn a_reconnect_of_nothing_leads_back_to_the_form() {
    let test = TestApp::with_calls(Vec::new()).await;
    let mut ada = test.browser(&admin()).await;
    let answer = ada.post("/integrations/gong/connect", RECONNECT).await;
    assert_eq!(answer.location(), "/integrations/gong");
    assert!(test.items("connections").await.is_empty());
}
