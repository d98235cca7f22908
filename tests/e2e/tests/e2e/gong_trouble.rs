//! Gong asks to wait, fails, forgets cursors, refuses: nothing is lost and the page says why.

use domain::{
    call::CallState,
    connection::{ConnectionStatus, History},
    moment::Span,
};
use gong_sandbox::{Faults, InjectedStatus};
use kit::{
    Browser, TestApp,
    calls::{pdf_call, pricing_call},
    consent::THIRTY_DAYS,
    inside::{api, list_all},
    system::BEGIN,
    test_app::admin,
};

const LISTING: &str = "POST /v2/calls/extensive";
const TRANSCRIPTS: &str = "POST /v2/calls/transcript";

fn answers(endpoint: &str, status: u16, retry_after: Option<u64>, times: usize) -> Faults {
    let answer = InjectedStatus {
        endpoint: endpoint.into(),
        status,
        retry_after_seconds: retry_after,
        body: None,
    };
    Faults {
        next_statuses: vec![answer; times].into(),
        ..Faults::default()
    }
}

/// Connected, with the backfill still to be listed.
async fn begun(test: &TestApp) -> Browser {
    let mut ada = test.browser(&admin()).await;
    let location = ada.connect(THIRTY_DAYS).await;
    assert!(location.ends_with("connected=1"), "{location}");
    ada
}

#[tokio::test]
async fn a_long_retry_after_is_stored_shown_and_obeyed() {
    let test = TestApp::with_calls(vec![pdf_call("1").build()]).await;
    let mut ada = begun(&test).await;
    test.sandbox
        .set_faults(answers("/v2/calls", 429, Some(4 * 3_600), 1));
    test.app.drain().await;
    let asked = test.requests();
    let page = ada.gong_page().await;
    for words in [
        "Gong asked us to wait until 2026-11-20 16:00 UTC",
        "Nothing is lost; reading continues by itself.",
        "Status: connected",
    ] {
        assert!(page.contains(words), "{words}: {page}");
    }
    let status = api(&mut ada, "/api/integrations/gong").await;
    let until = status["blocked_until"].as_str().unwrap();
    assert!(until.starts_with("2026-11-20T16:00:"), "{until}");
    for _ in 0..23 {
        test.later(Span::minutes(10)).await;
    }
    assert_eq!(
        test.requests(),
        asked,
        "not one request before the end of the wait"
    );
    test.later(Span::minutes(11)).await;
    assert_eq!(test.call("1").await.state, CallState::Posted);
    let page = ada.gong_page().await;
    assert!(!page.contains("asked us to wait"), "{page}");
    assert_eq!(test.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn a_wait_met_by_one_worker_holds_for_all_and_another_process() {
    let test = TestApp::with_calls(vec![pdf_call("1").build()]).await;
    let mut ada = begun(&test).await;
    list_all(&test.app).await;
    test.sandbox
        .set_faults(answers("/v2/calls/transcript", 429, Some(3_600), 1));
    test.app.drain().await;
    let call = test.call("1").await;
    assert_eq!(
        (call.state, call.attempts),
        (CallState::Deferred, 0),
        "not counted against it"
    );
    assert!(
        call.reason.contains("no request to Gong before"),
        "{}",
        call.reason
    );
    let page = ada.gong_page().await;
    assert!(
        page.contains("1 call is put off: no request to Gong before"),
        "{page}"
    );

    let asked = test.requests();
    let other = test.another_process(|_| ()).await;
    test.clock.advance(Span::minutes(10));
    ada.post("/integrations/gong/sync", &[]).await;
    test.app.drain().await;
    other.tick().await.unwrap();
    other.drain().await;
    assert_eq!(test.requests(), asked);
    for _ in 0..12 {
        test.later(Span::minutes(5)).await;
    }
    assert_eq!(test.call("1").await.state, CallState::Posted);
    assert_eq!(test.asked(TRANSCRIPTS), 2);
    assert_eq!(test.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn short_waits_and_single_failures_are_waited_out() {
    for faults in [
        answers("/v2/calls", 429, Some(2), 3),
        answers("/v2/calls", 429, None, 1),
        answers("/v2/calls/extensive", 503, None, 2),
        answers("/v2/calls/transcript", 500, None, 2),
    ] {
        let test = TestApp::with_calls(vec![pdf_call("1").build()]).await;
        let mut ada = begun(&test).await;
        test.sandbox.set_faults(faults);
        test.app.drain().await;
        assert_eq!(test.sandbox.faults(), Faults::default(), "all were met");
        assert_eq!(test.call("1").await.state, CallState::Posted);
        let page = ada.gong_page().await;
        assert!(!page.contains("Last error"), "{page}");
        assert_eq!(test.violations(), Vec::<String>::new());
    }
}

#[tokio::test]
async fn an_outage_of_the_listing_is_shown_and_retried() {
    let test = TestApp::with_calls(vec![pdf_call("1").build()]).await;
    let mut ada = begun(&test).await;
    test.sandbox
        .set_faults(answers("/v2/calls/extensive", 503, None, 3));
    test.app.drain().await;
    let page = ada.gong_page().await;
    assert!(
        page.contains("Last error: Gong did not answer properly (status 503)"),
        "{page}"
    );
    assert!(page.contains("Status: connected"), "{page}");
    assert!(test.ledger().await.is_empty());
    test.later(Span::minutes(5)).await;
    assert_eq!(test.call("1").await.state, CallState::Posted);
    let page = ada.gong_page().await;
    assert!(!page.contains("Last error"), "{page}");
    assert_eq!(test.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn an_outage_of_the_transcripts_defers_calls_and_is_not_counted() {
    let test = TestApp::with_calls(vec![pdf_call("1").build(), pricing_call("2").build()]).await;
    let mut ada = begun(&test).await;
    list_all(&test.app).await;
    for _ in 0..5 {
        test.sandbox
            .set_faults(answers("/v2/calls/transcript", 502, None, 3));
        test.later(Span::minutes(15)).await;
        let call = test.call("1").await;
        assert_eq!(
            (call.state, call.attempts),
            (CallState::Deferred, 0),
            "{}",
            call.reason
        );
    }
    test.sandbox.set_faults(Faults::default());
    test.later(Span::minutes(15)).await;
    assert_eq!(test.call("1").await.state, CallState::Posted);
    assert_eq!(test.call("2").await.state, CallState::Discarded);
    let page = ada.gong_page().await;
    assert!(page.contains("Up to date. Next check "), "{page}");
    assert_eq!(test.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn a_cursor_that_expires_in_the_middle_begins_the_slice_anew() {
    let first = BEGIN - Span::days(20);
    let call = |n: i64| pricing_call(&(1_000 + n).to_string()).started(first + Span::minutes(n));
    let test = TestApp::with_calls((0..250).map(|n| call(n).build()).collect()).await;
    begun(&test).await;
    let listed = test.asked(LISTING);
    let expire_after_the_first_page = async {
        while test.asked(LISTING) == listed {
            tokio::task::yield_now().await;
        }
        let body = r#"{"requestId":"1","errors":["cursor has expired"]}"#;
        let mut faults = answers("/v2/calls/extensive", 400, None, 1);
        faults.next_statuses[0].body = Some(body.into());
        test.sandbox.set_faults(faults);
    };
    futures::join!(list_all(&test.app), expire_after_the_first_page);
    assert_eq!(
        test.sandbox.faults(),
        Faults::default(),
        "the cursor was refused"
    );
    assert_eq!(
        test.asked(LISTING) - listed,
        1 + 1 + 3,
        "a page, a refusal, and all three anew"
    );
    test.app.drain().await;
    assert_eq!(test.ledger().await.len(), 250);
    assert_eq!(
        test.sandbox.stats().transcripts_requested.len(),
        250,
        "each once"
    );
    let mut ada = test.browser(&admin()).await;
    let page = ada.gong_page().await;
    assert!(
        page.contains("listed 250 calls and queued 250"),
        "counted once: {page}"
    );
    assert_eq!(test.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn cursors_that_never_hold_are_told_and_stop_nothing_else() {
    let first = BEGIN - Span::days(20);
    let call = |n: i64| pricing_call(&(1_000 + n).to_string()).started(first + Span::minutes(n));
    let test = TestApp::with_calls(Vec::new()).await;
    let forgetful = test
        .another_gong(|options| {
            options.calls = (0..150).map(|n| call(n).build()).collect();
            options.cursor_seconds = 0;
        })
        .await;
    let app = test.process_at(&forgetful).await;
    let mut ada = Browser::new(app.clone());
    ada.sign_in(&admin()).await;
    ada.connect(THIRTY_DAYS).await;
    app.drain().await;
    let page = ada.gong_page().await;
    assert!(
        page.contains("Last error: Gong no longer accepts the page cursor"),
        "{page}"
    );
    assert_eq!(
        test.ledger().await.len(),
        100,
        "the first page is worked on"
    );
    let unfinished = test
        .windows()
        .await
        .into_iter()
        .filter(|w| w.finished.is_none());
    assert_eq!(unfinished.count(), 1, "the rest is not taken for listed");
}

#[tokio::test]
async fn an_access_token_that_gong_no_longer_takes_is_renewed_once() {
    let test = TestApp::with_calls(vec![pdf_call("1").build()]).await;
    begun(&test).await;
    test.sandbox.expire_access_tokens();
    test.app.drain().await;
    assert_eq!(test.call("1").await.state, CallState::Posted);
    assert_eq!(test.asked("POST /oauth2/generate-customer-token"), 2);
    assert_eq!(test.sandbox.stats().dead_refresh_uses, 0);
    assert_eq!(test.token().await.version, 2);
    assert_eq!(test.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn a_refusal_of_access_is_shown_and_mends_itself() {
    let test = TestApp::with_calls(vec![pdf_call("1").build()]).await;
    let mut ada = begun(&test).await;
    test.sandbox.set_faults(answers("/v2/calls", 403, None, 1));
    test.app.drain().await;
    let page = ada.gong_page().await;
    assert!(
        page.contains("Last error: Gong refuses access (403)"),
        "{page}"
    );
    assert_eq!(test.connection().await.status, ConnectionStatus::Connected);
    test.later(Span::minutes(5)).await;
    assert_eq!(test.call("1").await.state, CallState::Posted);
    assert_eq!(test.connection().await.history, History::Days(30));
    assert_eq!(test.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn another_404_than_nothing_found_is_an_error_not_an_empty_listing() {
    let test = TestApp::with_calls(vec![pdf_call("1").build()]).await;
    let mut ada = begun(&test).await;
    let mut lost = answers("/v2/calls/extensive", 404, None, 1);
    lost.next_statuses[0].body = Some(r#"{"errors":["There is no such path"]}"#.into());
    test.sandbox.set_faults(lost);
    test.app.drain().await;
    let page = ada.gong_page().await;
    assert!(
        page.contains("Last error: Gong refused the request with status 404"),
        "{page}"
    );
    assert!(page.contains("tell your platform team"), "{page}");
    assert!(!page.contains("No calls are visible"), "{page}");
    test.later(Span::minutes(5)).await;
    assert_eq!(test.call("1").await.state, CallState::Posted);
    assert!(!ada.gong_page().await.contains("Last error"));
}

#[tokio::test]
async fn what_gong_refuses_of_many_calls_is_asked_for_in_halves() {
    let calls: Vec<_> = (1..=5)
        .map(|n| pricing_call(&n.to_string()).build())
        .collect();
    let test = TestApp::with_calls(calls).await;
    begun(&test).await;
    test.sandbox
        .set_faults(answers("/v2/calls/transcript", 400, None, 1));
    test.app.drain().await;
    let ledger = test.ledger().await;
    assert!(
        ledger
            .values()
            .all(|(state, _)| *state == CallState::Discarded),
        "{ledger:?}"
    );
    assert_eq!(test.asked(TRANSCRIPTS), 3, "all, and each half");
    assert_eq!(test.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn a_call_that_gong_refuses_alone_waits_and_is_not_counted() {
    let test = TestApp::with_calls(vec![pdf_call("1").build()]).await;
    let mut ada = begun(&test).await;
    test.sandbox
        .set_faults(answers("/v2/calls/transcript", 400, None, 5));
    test.app.drain().await;
    for _ in 0..4 {
        let call = test.call("1").await;
        assert_eq!((call.state, call.attempts), (CallState::Deferred, 0));
        test.later(Span::minutes(65)).await;
    }
    let page = ada.gong_page().await;
    assert!(
        page.contains("1 call is put off: Gong refused the request with status 400"),
        "{page}"
    );
    test.later(Span::minutes(65)).await;
    assert_eq!(test.call("1").await.state, CallState::Posted);
}

/// Not one request for each participant.
#[tokio::test]
async fn the_users_are_read_once_however_many_participants_are_unclear() {
    let call = |n: i64| {
        let call = pricing_call(&n.to_string()).affiliation("Unknown");
        call.started(BEGIN - Span::minutes(n)).build()
    };
    let test = TestApp::with_calls((1..=40).map(call).collect()).await;
    test.connected(History::Days(30)).await;
    assert_eq!(test.ledger().await.len(), 40);
    assert_eq!(test.asked("GET /v2/users"), 1, "at the connect");
    // A day later the directory is read anew, once.
    let more = (41..=80).map(|n| {
        let call = pricing_call(&n.to_string()).affiliation("Unknown");
        call.started(BEGIN + Span::hours(24)).build()
    });
    test.sandbox.set_calls(more.collect());
    test.later(Span::hours(25)).await;
    assert_eq!(test.ledger().await.len(), 80);
    assert_eq!(test.asked("GET /v2/users"), 2);
}
