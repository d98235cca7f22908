//! Connecting through the pages: form, Gong's consent page, callback, "connected".

use domain::gong::scopes;
use domain::{connection::ConnectionStatus, moment::Span};
use kit::{
    Browser, TestApp, TestOptions,
    calls::pricing_call,
    consent::{NO_HISTORY, RECONNECT, THIRTY_DAYS},
    inside::{api, list_all},
    test_app::{admin, person},
};
use lambda_http::http::StatusCode;

#[tokio::test]
async fn an_admin_connects_and_sees_the_workspace_who_and_when() {
    let test = TestApp::with_calls(vec![pricing_call("1").build()]).await;
    let mut ada = test.browser(&admin()).await;
    let before = ada.gong_page().await;
    assert!(before.contains("Status: not connected"), "{before}");

    let consent = ada.begin_connect(THIRTY_DAYS).await;
    assert_eq!(consent.page.status, StatusCode::OK);
    let words = consent.page.text();
    for scope in scopes::REQUIRED {
        assert!(words.contains(scope), "{scope} is not named: {words}");
    }
    assert!(!words.contains(scopes::WORKSPACES), "{words}");
    for button in ["Approve", "Deny"] {
        assert!(words.contains(button), "{words}");
    }
    test.assert_nothing_connected(&test.org()).await;

    let callback = consent.approve().await;
    assert!(
        callback.starts_with("/oauth/gong/callback?code="),
        "no code"
    );
    let answer = ada.get(&callback).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(answer.location(), "/integrations/gong?connected=1");
    assert!(ada.cookie("pb_connect").is_none(), "the binding has ended");

    let page = ada.get(answer.location()).await.text();
    for words in [
        "Gong is connected.",
        "Status: connected",
        "Gong workspace sandbox-company",
        "Connected by ada, 2026-11-20 12:00 UTC",
        "Historical sync 30 days",
        "Imports calls from 2026-10-21 12:00 UTC on",
        "Next sync 2026-11-20 15:00 UTC",
        "Historical sync: calls are being listed.",
    ] {
        assert!(page.contains(words), "{words}: {page}");
    }
    assert_eq!(test.app.windows.len(), 1, "the backfill starts by itself");
    assert_eq!(test.secret_files().len(), 1);
    test.app.drain().await;
    let page = ada.gong_page().await;
    assert!(
        page.contains("The historical sync listed 1 call and queued 1 of them"),
        "{page}"
    );
    let asked: Vec<_> = test.sandbox.stats().requests.into_keys().collect();
    let read_only = [
        "GET /v2/users",
        "POST /oauth2/generate-customer-token",
        "POST /v2/calls/extensive",
        "POST /v2/calls/transcript",
    ];
    assert_eq!(asked, read_only, "nothing else is ever asked of Gong");
    assert_eq!(test.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn with_the_right_to_read_workspaces_their_names_are_shown() {
    let test = TestApp::start(TestOptions {
        with_workspaces: true,
        ..TestOptions::default()
    })
    .await;
    let mut ada = test.browser(&admin()).await;
    let consent = ada.begin_connect(NO_HISTORY).await;
    assert!(consent.page.text().contains(scopes::WORKSPACES));
    let callback = consent.approve().await;
    let location = ada.get(&callback).await.location().to_owned();
    let page = ada.get(&location).await.text();
    assert!(
        page.contains("Gong workspace Initial workspace, Customer success"),
        "{page}"
    );
    let reservations = test.reservations().await;
    let of = |id: &str| reservations.iter().filter(|one| one.contains(id)).count();
    assert_eq!(of("workspace:6300000000000000001"), 1);
    assert_eq!(of("workspace:6300000000000000002"), 1);
    assert_eq!(test.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn every_fingerprint_that_can_be_read_is_reserved() {
    let test = TestApp::with_calls(vec![pricing_call("1").build()]).await;
    test.connected(domain::connection::History::Off).await;
    let reservations = test.reservations().await;
    let of = |text: &str| reservations.iter().filter(|one| one.contains(text)).count();
    assert_eq!(
        of("workspace:4042227664642553970"),
        1,
        "of the first listing"
    );
    assert_eq!(of("slug:us-12345.join.gong.io/sandbox-company"), 1);
    assert_eq!(of("user:"), 9, "eight users and the call's own");
    assert_eq!(reservations.len(), 11);
    assert!(reservations.iter().all(|one| one.contains("\"demo\"")));
}

#[tokio::test]
async fn a_link_that_says_connected_is_not_believed() {
    let test = TestApp::with_calls(Vec::new()).await;
    let mut ada = test.browser(&admin()).await;
    let page = ada.get("/integrations/gong?connected=1").await.text();
    assert!(!page.contains("Gong is connected."), "{page}");
    assert!(page.contains("Status: not connected"), "{page}");
}

#[tokio::test]
async fn two_admins_of_one_organization_connect_at_once_and_one_connection_stands() {
    let test = TestApp::with_calls(vec![pricing_call("1").build()]).await;
    let mut ada = test.browser(&admin()).await;
    let mut bo = test
        .browser(&person("demo", "bo", domain::principal::Role::Admin))
        .await;
    let one = ada.begin_connect(THIRTY_DAYS).await.approve().await;
    let other = bo.begin_connect(THIRTY_DAYS).await.approve().await;
    let (one, other) = futures::join!(ada.get(&one), bo.get(&other));
    let locations = [one.location(), other.location()];
    assert!(
        locations.contains(&"/integrations/gong?connected=1"),
        "{locations:?}"
    );
    for location in locations {
        let known = ["connected=1", "refused=superseded"];
        assert!(
            known.iter().any(|end| location.ends_with(end)),
            "{location}"
        );
    }
    test.app.drain().await;
    assert_eq!(test.secret_files().len(), 1, "the loser's secret is gone");
    let connection = test.connection().await;
    assert_eq!(connection.status, ConnectionStatus::Connected);
    assert_eq!(test.credentials().await.org_id, test.org());
    // Whoever won, the connection works.
    test.later(Span::hours(3)).await;
    assert_eq!(test.connection().await.status, ConnectionStatus::Connected);
    assert_eq!(test.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn reconnecting_a_working_connection_keeps_import_start_history_and_posts() {
    let test = TestApp::with_calls(vec![
        kit::calls::pdf_call("1").build(),
        pricing_call("2").build(),
    ])
    .await;
    let mut ada = test.connected(domain::connection::History::Days(7)).await;
    let (before, post) = (test.connection().await, test.only_post().await);
    test.clock.advance(Span::hours(1));

    assert_eq!(
        ada.connect(RECONNECT).await,
        "/integrations/gong?connected=1"
    );
    test.app.drain().await;
    let after = test.connection().await;
    assert_eq!(after.generation, before.generation + 1);
    assert_eq!(
        (after.import_from, after.history),
        (before.import_from, before.history)
    );
    assert_eq!(after.fingerprints, before.fingerprints);
    assert_ne!(after.secret_name, before.secret_name);
    assert_eq!(test.secret_files().len(), 1, "the earlier secret is gone");
    assert_eq!(test.only_post().await, post, "nothing is imported twice");
    assert_eq!(test.sandbox.stats().transcripts_requested.len(), 2);
    assert_eq!(test.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn reconnecting_during_the_backfill_loses_nothing_of_it() {
    let test = TestApp::with_calls(vec![kit::calls::pdf_call("1").build()]).await;
    let mut ada = test.browser(&admin()).await;
    ada.connect(THIRTY_DAYS).await;
    // The first connection's backfill has not run yet.
    test.clock.advance(Span::minutes(5));
    ada.connect(RECONNECT).await;
    list_all(&test.app).await;
    let progress = api(&mut ada, "/api/integrations/gong/progress").await;
    assert_eq!(progress["analysing"]["total"], 1, "{progress:#}");
    test.app.drain().await;
    assert_eq!(test.only_post().await.evidence_count, 1);
    assert_eq!(test.sandbox.stats().transcripts_requested, ["1"]);
    assert_eq!(test.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn a_browser_that_is_not_signed_in_cannot_begin() {
    let test = TestApp::with_calls(Vec::new()).await;
    let mut nobody = Browser::new(test.app.clone());
    let page = nobody.post("/integrations/gong/connect", THIRTY_DAYS).await;
    assert_eq!(page.location(), "/sign-in");
    let states = test.items("connections").await;
    assert!(states.is_empty(), "{states:#?}");
}
