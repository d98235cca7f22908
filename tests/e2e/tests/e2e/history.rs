//! The chosen history: 1 to 60 days or off, and nothing before the import start.

use domain::{call::CallState, moment::Span};
use kit::{
    Rig,
    calls::{pdf_call, pricing_call},
    consent::{NO_HISTORY, THIRTY_DAYS},
    rig::admin,
    system::BEGIN,
};
use lambda_http::http::StatusCode;

#[tokio::test]
async fn anything_but_one_to_sixty_days_is_refused_with_the_form_as_it_was() {
    let rig = Rig::with_calls(vec![pricing_call("1").build()]).await;
    let mut ada = rig.browser(&admin()).await;
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
        rig.items("connections").await.is_empty(),
        "no state was stored"
    );
    assert_eq!(rig.requests(), 0);
}

#[tokio::test]
async fn what_is_typed_is_shown_as_text() {
    let rig = Rig::with_calls(Vec::new()).await;
    let mut ada = rig.browser(&admin()).await;
    let form = [("history", "on"), ("days", "<script>alert(1)</script>\"'")];
    let page = ada.post("/integrations/gong/connect", &form).await;
    assert!(!page.body.contains("<script>alert"), "{}", page.body);
    assert!(page.text().contains("<script>alert(1)</script>"));
}

#[tokio::test]
async fn a_call_before_the_import_start_is_not_imported_and_one_after_is() {
    let import_from = BEGIN - Span::days(30);
    let rig = Rig::with_calls(vec![
        pdf_call("1")
            .started(import_from - Span::millis(1_000))
            .build(),
        pdf_call("2").started(import_from).build(),
        pdf_call("3").started(BEGIN - Span::days(59)).build(),
    ])
    .await;
    let mut ada = rig.browser(&admin()).await;
    ada.connect(THIRTY_DAYS).await;
    rig.app.drain().await;
    assert_eq!(rig.only_post().await.evidence_count, 1);
    assert_eq!(rig.sandbox.stats().transcripts_requested, ["2"]);
    // No poll and no lookback reaches below it either.
    for _ in 0..4 {
        rig.later(Span::hours(12)).await;
    }
    let known: Vec<_> = rig.ledger().await.into_keys().collect();
    assert_eq!(known, ["2"]);
    assert_eq!(rig.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn history_off_imports_nothing_old_and_everything_new() {
    let rig = Rig::with_calls(vec![pdf_call("1").build()]).await;
    let mut ada = rig.browser(&admin()).await;
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
    assert_eq!(rig.app.windows.len(), 0);
    rig.app.drain().await;
    assert!(rig.ledger().await.is_empty());

    let new = pdf_call("2").started(BEGIN + Span::hours(1)).build();
    rig.sandbox.set_calls(vec![pdf_call("1").build(), new]);
    for _ in 0..10 {
        rig.later(Span::hours(3)).await;
    }
    assert_eq!(rig.call("2").await.state, CallState::Posted);
    assert_eq!(
        rig.ledger().await.len(),
        1,
        "the old call stays out, lookback or not"
    );
    assert_eq!(rig.sandbox.stats().transcripts_requested, ["2"]);
    assert_eq!(rig.violations(), Vec::<String>::new());
}
