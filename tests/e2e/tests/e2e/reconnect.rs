//! Connecting again: generations, what is taken up, and nothing twice.

use domain::{
    call::{CallMessage, CallState, SkipCause},
    connection::{ConnectionStatus, History, WindowMessage},
    ids::CallId,
    moment::Span,
};
use kit::{
    Browser, Rig,
    calls::{pdf_call, pricing_call},
    consent::{NO_HISTORY, RECONNECT, THIRTY_DAYS},
    gongs::{in_workspace, other_company},
    inside::list_all,
    rig::admin,
    system::BEGIN,
};

const DISCONNECT: &str = "/integrations/gong/disconnect";

#[tokio::test]
async fn old_messages_in_the_queue_are_dropped_and_nothing_is_doubled() {
    let rig = Rig::with_calls(vec![
        pdf_call("1").build(),
        pdf_call("2").from("Contoso", "Dan Door").build(),
        pricing_call("3").build(),
    ])
    .await;
    let mut ada = rig.browser(&admin()).await;
    ada.connect(THIRTY_DAYS).await;
    list_all(&rig.app).await;
    assert_eq!(rig.app.calls.len(), 3);
    assert!(ada.connect(RECONNECT).await.ends_with("connected=1"));
    // The old generation's messages come first and find nothing to do.
    rig.app.deliver_calls().await;
    assert_eq!(rig.asked("POST /v2/calls/transcript"), 0);
    rig.app.drain().await;
    let post = rig.only_post().await;
    assert_eq!(post.evidence_count, 2);
    assert_eq!(rig.evidence(&post.id).await.len(), 2);
    let mut asked = rig.sandbox.stats().transcripts_requested;
    asked.sort();
    assert_eq!(asked, ["1", "2", "3"]);
    assert_eq!(post.metadata["gong_connection_generation"], 2);

    // All old messages once more, in the wrong order and twice.
    let windows = rig.windows().await;
    for _ in 0..2 {
        for id in ["3", "2", "1"] {
            for generation in [1, 2] {
                rig.send_call(CallMessage {
                    org_id: rig.org(),
                    call_id: CallId::parse(id).unwrap(),
                    generation,
                })
                .await;
            }
        }
        for window in &windows {
            rig.send_window(WindowMessage {
                org_id: rig.org(),
                window_id: window.id.clone(),
                generation: window.generation,
            })
            .await;
        }
    }
    let requests = rig.requests();
    rig.later(Span::minutes(20)).await;
    assert_eq!(rig.requests(), requests);
    assert_eq!(rig.only_post().await, post);
    assert_eq!(rig.violations(), Vec::<String>::new());
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
    let rig = Rig::with_calls(vec![old().build(), recent().build()]).await;
    let mut ada = rig.connected(History::Days(30)).await;
    ada.post(DISCONNECT, &[]).await;
    rig.app.drain().await;
    for id in ["1", "2"] {
        assert_eq!(rig.call(id).await.skip_cause, Some(SkipCause::Disconnected));
    }
    rig.sandbox.set_transcript("1", Some(old().transcript()));
    rig.sandbox.set_transcript("2", Some(recent().transcript()));
    rig.clock.advance(Span::days(1));
    ada.sign_in(&admin()).await;
    let location = ada.connect(&[("history", "on"), ("days", "7")]).await;
    assert!(location.ends_with("connected=1"), "{location}");
    rig.app.drain().await;
    assert_eq!(rig.call("2").await.state, CallState::Posted);
    let below = rig.call("1").await;
    assert_eq!(
        below.skip_cause,
        Some(SkipCause::Disconnected),
        "below the new import_from"
    );
    let connection = rig.connection().await;
    assert_eq!(connection.generation, 2);
    assert_eq!(
        connection.import_from,
        connection.connected_at - Span::days(7)
    );
    assert_eq!(rig.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn what_was_decided_before_a_disconnect_stays_decided() {
    let rig = Rig::with_calls(vec![
        pdf_call("1").build(),
        pricing_call("2").build(),
        pdf_call("3").private(true.into()).build(),
    ])
    .await;
    let mut ada = rig.connected(History::Days(30)).await;
    let before = (rig.only_post().await, rig.ledger().await);
    ada.post(DISCONNECT, &[]).await;
    rig.app.drain().await;
    ada.connect(THIRTY_DAYS).await;
    rig.app.drain().await;
    assert_eq!((rig.only_post().await, rig.ledger().await), before);
    assert_eq!(rig.sandbox.stats().transcripts_requested.len(), 2);
    assert_eq!(rig.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn connecting_again_before_the_disconnect_was_reconciled_loses_and_doubles_nothing() {
    let rig = Rig::with_calls(vec![pdf_call("1").build(), pricing_call("2").build()]).await;
    let mut ada = rig.browser(&admin()).await;
    ada.connect(THIRTY_DAYS).await;
    list_all(&rig.app).await;
    ada.post(DISCONNECT, &[]).await;
    assert!(ada.connect(THIRTY_DAYS).await.ends_with("connected=1"));
    rig.app.drain().await;
    assert_eq!(rig.call("1").await.state, CallState::Posted);
    assert_eq!(rig.call("2").await.state, CallState::Discarded);
    assert_eq!(rig.only_post().await.evidence_count, 1);
    assert_eq!(rig.sandbox.stats().transcripts_requested.len(), 2);
    let unfinished = rig
        .windows()
        .await
        .into_iter()
        .filter(|w| w.finished.is_none());
    assert_eq!(unfinished.count(), 0);
    assert_eq!(rig.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn what_the_new_connection_does_not_reach_back_to_is_not_taken_over() {
    let rig = Rig::with_calls(vec![pdf_call("1").build(), pricing_call("2").build()]).await;
    let mut ada = rig.browser(&admin()).await;
    ada.connect(THIRTY_DAYS).await;
    list_all(&rig.app).await;
    ada.post(DISCONNECT, &[]).await;
    assert!(ada.connect(NO_HISTORY).await.ends_with("connected=1"));
    rig.app.drain().await;
    rig.later(Span::minutes(20)).await;
    for id in ["1", "2"] {
        assert_eq!(rig.call(id).await.skip_cause, Some(SkipCause::Disconnected));
    }
    assert!(rig.sandbox.stats().transcripts_requested.is_empty());
    assert_eq!(rig.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn calls_of_the_earlier_workspace_are_not_asked_of_the_new_one() {
    let rig = Rig::with_calls(vec![pdf_call("1").not_transcribed().build()]).await;
    let mut ada = rig.connected(History::Days(30)).await;
    // Its settling is still on its way when the next workspace is connected.
    ada.post(DISCONNECT, &[]).await;
    let other = rig
        .another_gong(|options| {
            options.company = other_company();
            options.calls = vec![in_workspace(pricing_call("77").build(), "99")];
        })
        .await;
    let app = rig.process_at(&other).await;
    let mut ada = Browser::new(app.clone());
    ada.sign_in(&admin()).await;
    assert!(ada.connect(THIRTY_DAYS).await.ends_with("connected=1"));
    app.drain().await;
    assert_eq!(other.stats().transcripts_requested, ["77"]);
    assert_eq!(
        rig.call("1").await.skip_cause,
        Some(SkipCause::Disconnected)
    );
}

#[tokio::test]
async fn a_call_that_waits_for_its_transcript_moves_into_the_new_generation() {
    let rig = Rig::with_calls(vec![pdf_call("1").not_transcribed().build()]).await;
    let mut ada = rig.connected(History::Days(30)).await;
    let first_seen = rig.call("1").await.first_seen;
    rig.clock.advance(Span::hours(1));
    ada.connect(RECONNECT).await;
    rig.app.drain().await;
    let call = rig.call("1").await;
    assert_eq!(
        (call.generation, call.state),
        (2, CallState::AwaitingTranscript)
    );
    assert_eq!(call.first_seen, first_seen, "its 14 days do not begin anew");
    rig.sandbox
        .set_transcript("1", Some(pdf_call("1").transcript()));
    rig.later(Span::hours(3)).await;
    assert_eq!(rig.call("1").await.state, CallState::Posted);
    assert_eq!(rig.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn a_denied_reconnect_changes_nothing() {
    let rig = Rig::with_calls(vec![pdf_call("1").build()]).await;
    let mut ada = rig.connected(History::Days(30)).await;
    let before = (
        rig.connection().await,
        rig.token().await,
        rig.secret_files(),
    );
    let callback = ada.begin_connect(RECONNECT).await.deny().await;
    let location = ada.get(&callback).await.location().to_owned();
    assert!(location.ends_with("refused=denied"), "{location}");
    let page = ada.get(&location).await.text();
    assert!(page.contains("Status: connected"), "{page}");
    assert_eq!(
        (
            rig.connection().await,
            rig.token().await,
            rig.secret_files()
        ),
        before
    );
    rig.later(Span::hours(3)).await;
    assert_eq!(rig.connection().await.status, ConnectionStatus::Connected);
}

#[tokio::test]
async fn a_reconnect_of_nothing_leads_back_to_the_form() {
    let rig = Rig::with_calls(Vec::new()).await;
    let mut ada = rig.browser(&admin()).await;
    let answer = ada.post("/integrations/gong/connect", RECONNECT).await;
    assert_eq!(answer.location(), "/integrations/gong");
    assert!(rig.items("connections").await.is_empty());
}
