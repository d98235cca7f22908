//! Credentials that Gong no longer takes: told in words, and nothing is lost.

use domain::{
    call::CallState,
    connection::{ConnectionStatus, History},
    moment::Span,
};
use gong_sandbox::{Faults, InjectedStatus};
use kit::{
    TestApp,
    calls::{pdf_call, pricing_call},
    consent::{RECONNECT, THIRTY_DAYS},
    inside::list_all,
    system::BEGIN,
    test_app::{admin, viewer},
};

const TOKENS: &str = "POST /oauth2/generate-customer-token";

#[tokio::test]
async fn a_revoked_authorization_is_told_and_a_reconnect_resumes_queued_calls() {
    let test = TestApp::with_calls(vec![pdf_call("1").build(), pricing_call("2").build()]).await;
    let mut ada = test.browser(&admin()).await;
    ada.connect(THIRTY_DAYS).await;
    list_all(&test.app).await;
    test.sandbox.revoke_all_tokens();
    test.app.drain().await;
    let stopped = test.connection().await;
    assert_eq!(stopped.status, ConnectionStatus::ReconnectRequired);
    let page = ada.gong_page().await;
    for words in [
        "Status: reconnect required",
        "reading continues after a reconnect. Nothing is imported twice.",
        "Last error: Gong no longer accepts the stored authorization: it was revoked, or unused for too long. Choose Reconnect; nothing that was queued is lost.",
        "Next sync after the reconnect",
    ] {
        assert!(page.contains(words), "{words}: {page}");
    }
    assert!(!page.contains("Sync now checks"), "{page}");
    let mut vera = test.browser(&viewer()).await;
    let page = vera.gong_page().await;
    assert!(
        page.contains("An admin of your organization can fix this here."),
        "{page}"
    );

    // Nobody knocks at Gong's door meanwhile.
    let asked = test.requests();
    for _ in 0..8 {
        test.later(Span::hours(1)).await;
    }
    assert_eq!(test.requests(), asked);
    assert!(test.call("1").await.state.is_open() && test.call("2").await.state.is_open());

    assert!(ada.connect(RECONNECT).await.ends_with("connected=1"));
    test.app.drain().await;
    assert_eq!(test.call("1").await.state, CallState::Posted);
    assert_eq!(test.call("2").await.state, CallState::Discarded);
    assert_eq!(test.only_post().await.evidence_count, 1);
    let after = test.connection().await;
    assert_eq!(
        (after.status, after.import_from),
        (ConnectionStatus::Connected, stopped.import_from)
    );
    assert_eq!(after.last_error, None);
    assert_eq!(test.secret_files().len(), 1);
    assert_eq!(test.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn calls_of_the_time_without_authorization_are_found_after_the_reconnect() {
    let test = TestApp::with_calls(vec![pricing_call("1").build()]).await;
    test.connected(History::Days(30)).await;
    test.sandbox.revoke_all_tokens();
    // The first calls come just after the last good listing, ten days before the reconnect.
    test.later(Span::hours(3)).await;
    assert_eq!(
        test.connection().await.status,
        ConnectionStatus::ReconnectRequired
    );
    let calls = (0..10).map(|day| {
        let started = BEGIN + Span::days(day) + Span::minutes(1);
        pricing_call(&(100 + day).to_string())
            .started(started)
            .build()
    });
    test.sandbox.set_calls(calls.collect());
    for _ in 0..10 {
        test.later(Span::days(1)).await;
    }
    assert_eq!(test.ledger().await.len(), 1);
    let mut ada = test.browser(&admin()).await;
    assert!(ada.connect(RECONNECT).await.ends_with("connected=1"));
    test.app.drain().await;
    assert_eq!(test.ledger().await.len(), 11);
    assert!(
        test.ledger()
            .await
            .values()
            .all(|(state, _)| *state == CallState::Discarded)
    );
    assert_eq!(test.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn a_refresh_that_gong_did_not_carry_out_is_repeated() {
    let test = TestApp::with_calls(Vec::new()).await;
    test.connected(History::Off).await;
    let unavailable = InjectedStatus {
        endpoint: "POST /oauth2".into(),
        status: 503,
        ..InjectedStatus::default()
    };
    test.sandbox.set_faults(Faults {
        next_statuses: vec![unavailable; 2].into(),
        ..Faults::default()
    });
    test.later(Span(Span::hours(24).0 - Span::minutes(4).0))
        .await;
    for _ in 0..4 {
        test.later(Span::minutes(5)).await;
    }
    assert_eq!(test.token().await.version, 2);
    assert_eq!(test.sandbox.stats().dead_refresh_uses, 0);
    assert_eq!(test.connection().await.status, ConnectionStatus::Connected);
    assert_eq!(test.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn an_unknown_outcome_that_rotated_the_token_ends_in_words_not_in_silence() {
    let late = pdf_call("1").started(BEGIN + Span::hours(23));
    let test = TestApp::with_calls(Vec::new()).await;
    test.connected(History::Off).await;
    test.sandbox.set_calls(vec![late.build()]);
    test.sandbox.set_faults(Faults {
        drop_token_response: 1,
        ..Faults::default()
    });
    let ahead = Span(Span::hours(24).0 - Span::minutes(4).0);
    test.later(ahead).await;
    assert!(
        test.asked(TOKENS) >= 2,
        "rotated at Gong, and the answer lost"
    );
    assert_eq!(test.token().await.version, 1);
    for _ in 0..12 {
        test.later(Span::minutes(5)).await;
    }
    assert_eq!(
        test.connection().await.status,
        ConnectionStatus::ReconnectRequired
    );
    let mut ada = test.browser(&admin()).await;
    let page = ada.gong_page().await;
    assert!(
        page.contains("Gong no longer accepts the stored authorization"),
        "{page}"
    );
    assert!(ada.connect(RECONNECT).await.ends_with("connected=1"));
    test.app.drain().await;
    assert_eq!(
        test.call("1").await.state,
        CallState::Posted,
        "nothing is lost"
    );
    assert_eq!(test.only_post().await.evidence_count, 1);
    assert_eq!(test.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn our_own_client_being_refused_is_not_the_customers_reconnect() {
    let test = TestApp::with_calls(Vec::new()).await;
    test.connected(History::Off).await;
    let app = test
        .another_process(|parts| {
            parts.oauth.app.client_secret = domain::secret::Secret::new("not-the-secret").into();
        })
        .await;
    test.clock.advance(Span::hours(25));
    app.tick().await.unwrap();
    app.drain().await;
    assert_eq!(test.connection().await.status, ConnectionStatus::Connected);
    let mut ada = test.browser(&admin()).await;
    let page = ada.gong_page().await;
    assert!(
        page.contains("Last error: Gong does not accept this installation's client id and secret"),
        "{page}"
    );
    // With the right secret it goes on.
    test.later(Span::minutes(16)).await;
    assert_eq!(test.token().await.version, 2);
    let page = ada.gong_page().await;
    assert!(!page.contains("Last error"), "{page}");
    assert_eq!(test.violations(), Vec::<String>::new());
}
