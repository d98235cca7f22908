//! The chosen history: 1 to 60 days or off, and nothing before the import start.

use domain::{call::CallState, moment::Span};
use kit::{
    TestApp,
    calls::{pdf_call, pricing_call},
    consent::{NO_HISTORY, THIRTY_DAYS},
    system::BEGIN,
    test_app::admin,
};
use lambda_http::http::StatusCode;

#[tokio::test]
async fn anything_but_one_to_sixty_days_is_refused_with_the_form_as_it_was() {
    let test = TestApp::with_calls(vec![pricing_call("1").build()]).await;
    let mut ada = test.browser(&admin()).await;
    for days in [
        "0",
        "61",
        "sixty",
        "-1",
        "1.5",
        "",
        "30 days",
        "1e1",
        "９",
        "4294967297",
    ] {
        let form = [("history", "on"), ("days", days)];
        let page = ada.post("/integrations/gong/connect", &form).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{days:?}");
        let words = page.text();
        let message = format!(
            "Historical sync must be a whole number of days from 1 to 60; “{days}” is not. Nothing was changed."
        );
        assert!(words.contains(&message), "{days:?}: {words}");
        assert!(
            page.body.contains(&format!("value=\"{days}\"")),
            "{days:?} is not kept"
        );
        assert!(ada.cookie("pb_connect").is_none());
    }
    assert!(
        test.items("connections").await.is_empty(),
        "no state was stored"
    );
    assert_eq!(test.requests(), 0);
}

#[tokio::test]
async fn what_is_typed_is_shown_as_text() {
    let test = TestApp::with_calls(Vec::new()).await;
    let mut ada = test.browser(&admin()).await;
    let form = [("history", "on"), ("days", "<script>alert(1)</script>\"'")];
    let page = ada.post("/integrations/gong/connect", &form).await;
    assert!(!page.body.contains("<script>alert"), "{}", page.body);
    assert!(page.text().contains("<script>alert(1)</script>"));
}

#[tokio::test]
async fn a_call_before_the_import_start_is_not_imported_and_one_after_is() {
    let import_from = BEGIN - Span::days(30);
    let test = TestApp::with_calls(vec![
        pdf_call("1")
            .started(import_from - Span::millis(1_000))
            .build(),
        pdf_call("2").started(import_from).build(),
        pdf_call("3").started(BEGIN - Span::days(59)).build(),
    ])
    .await;
    let mut ada = test.browser(&admin()).await;
    ada.connect(THIRTY_DAYS).await;
    test.app.drain().await;
    assert_eq!(test.only_post().await.evidence_count, 1);
    assert_eq!(test.sandbox.stats().transcripts_requested, ["2"]);
    // No poll and no lookback reaches below it either.
    for _ in 0..4 {
        test.later(Span::hours(12)).await;
    }
    let known: Vec<_> = test.ledger().await.into_keys().collect();
    assert_eq!(known, ["2"]);
    assert_eq!(test.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn history_off_imports_nothing_old_and_everything_new() {
    let test = TestApp::with_calls(vec![pdf_call("1").build()]).await;
    let mut ada = test.browser(&admin()).await;
    let location = ada.connect(NO_HISTORY).await;
    let page = ada.get(&location).await.text();
    assert!(
        page.contains("Historical sync off: only calls after the connection"),
        "{page}"
    );
    assert!(
        page.contains("Up to date. Next check 2026-11-20 15:00 UTC."),
        "{page}"
    );
    assert_eq!(test.app.windows.len(), 0);
    test.app.drain().await;
    assert!(test.ledger().await.is_empty());

    let new = pdf_call("2").started(BEGIN + Span::hours(1)).build();
    test.sandbox.set_calls(vec![pdf_call("1").build(), new]);
    for _ in 0..10 {
        test.later(Span::hours(3)).await;
    }
    assert_eq!(test.call("2").await.state, CallState::Posted);
    assert_eq!(
        test.ledger().await.len(),
        1,
        "the old call stays out, lookback or not"
    );
    assert_eq!(test.sandbox.stats().transcripts_requested, ["2"]);
    assert_eq!(test.violations(), Vec::<String>::new());
}
