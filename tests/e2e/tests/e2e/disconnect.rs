//! Disconnecting: what is removed, what stays, and what happens to what was on its way.

use std::sync::Arc;

use async_trait::async_trait;
use domain::{
    call::{CallMessage, CallState, SkipCause},
    connection::{ConnectionStatus, History},
    ids::CallId,
    moment::Span,
    ports::{
        connections::TokenStore,
        secrets::{SecretError, SecretStore},
    },
};
use gong_sandbox::Faults;
use kit::{
    Browser, TestApp,
    calls::{pdf_call, pricing_call},
    consent::THIRTY_DAYS,
    inside::{list_all, rival},
    system::BEGIN,
    test_app::{admin, member},
};
use local::vault::FileVault;
use uuid::Uuid;

const PAGE: &str = "/integrations/gong/disconnect";

async fn disconnect(browser: &mut Browser) -> String {
    let answer = browser.post(PAGE, &[]).await;
    let page = browser.get(answer.location()).await.text();
    assert!(page.contains("Gong was disconnected"), "{page}");
    page
}

#[tokio::test]
async fn the_page_says_what_goes_and_what_stays_and_so_it_is() {
    let test = TestApp::with_calls(vec![
        pdf_call("1").build(),
        pdf_call("2").not_transcribed().build(),
    ])
    .await;
    let mut ada = test.connected(History::Days(30)).await;
    let post = test.only_post().await;
    let ask = ada.get(PAGE).await.text();
    for words in [
        "This closes the connection to the Gong workspace sandbox-company",
        "What is removed",
        "The stored credentials",
        "skipped: disconnected",
        "another organization may connect it",
        "What stays",
        "All posts with their evidence.",
    ] {
        assert!(ask.contains(words), "{words}: {ask}");
    }
    assert_eq!(test.secret_files().len(), 1, "asking changes nothing");

    let page = disconnect(&mut ada).await;
    assert!(page.contains("Status: disconnected"), "{page}");
    assert!(page.contains("Disconnected 2026-11-20 12:00 UTC"), "{page}");
    assert!(page.contains("Connect Gong"), "{page}");
    assert_eq!(test.secret_files().len(), 0, "deleted at once");
    assert_eq!(test.reservations().await.len(), 0);
    assert_eq!(test.app.store.token(&test.org()).await, Ok(None));
    let keys = test
        .items("connections")
        .await
        .into_iter()
        .map(|(key, _)| key);
    assert!(!keys.into_iter().any(|key| key.ends_with("/ POLL")));

    test.app.drain().await;
    let open = test.call("2").await;
    assert_eq!(
        (open.state, open.skip_cause),
        (CallState::Skipped, Some(SkipCause::Disconnected))
    );
    assert!(open.parties.is_empty());
    assert_eq!(test.call("1").await.state, CallState::Posted);
    assert_eq!(test.only_post().await, post, "posts stay");
    let page = ada.get(&format!("/feedback/{}", post.id)).await.text();
    assert!(
        page.contains("export the weekly SLA report to PDF"),
        "{page}"
    );
    let page = ada.get("/calls").await.text();
    assert!(page.contains("skipped disconnected"), "{page}");

    let asked = test.requests();
    for _ in 0..10 {
        test.later(Span::hours(12)).await;
    }
    assert_eq!(test.requests(), asked, "nothing is read from Gong any more");
    assert_eq!(test.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn after_a_disconnect_another_organization_may_connect_the_workspace() {
    let test = TestApp::with_calls(vec![pdf_call("1").build()]).await;
    let mut ada = test.connected(History::Days(30)).await;
    disconnect(&mut ada).await;
    let mut rita = test.browser(&rival()).await;
    assert!(rita.connect(THIRTY_DAYS).await.ends_with("connected=1"));
    test.app.drain().await;
    let list = rita.get("/feedback").await.text();
    assert!(list.contains("1 post"), "{list}");
    assert_eq!(
        test.only_post().await.evidence_count,
        1,
        "ours is as it was"
    );
    // And the first one has to wait its turn.
    let location = ada.connect(THIRTY_DAYS).await;
    assert!(location.ends_with("refused=workspace-held"), "{location}");
    assert_eq!(
        test.connection().await.status,
        ConnectionStatus::Disconnected
    );
    assert_eq!(test.secret_files().len(), 1);
    assert_eq!(test.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn messages_that_were_on_their_way_are_dropped() {
    let test = TestApp::with_calls(vec![pdf_call("1").build(), pricing_call("2").build()]).await;
    let mut ada = test.browser(&admin()).await;
    ada.connect(THIRTY_DAYS).await;
    list_all(&test.app).await;
    assert_eq!(test.app.calls.len(), 2);
    disconnect(&mut ada).await;
    test.app.drain().await;
    assert_eq!(test.asked("POST /v2/calls/transcript"), 0);
    for id in ["1", "2"] {
        assert_eq!(
            test.call(id).await.skip_cause,
            Some(SkipCause::Disconnected)
        );
        // Delivered once more, hours later.
        test.send_call(CallMessage {
            org_id: test.org(),
            call_id: CallId::parse(id).unwrap(),
            generation: 1,
        })
        .await;
    }
    test.later(Span::hours(5)).await;
    assert_eq!(test.asked("POST /v2/calls/transcript"), 0);
    assert!(test.all_posts().await.is_empty());
    assert_eq!(test.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn a_backfill_in_the_middle_stops() {
    let first = BEGIN - Span::days(20);
    let call = |n: i64| pricing_call(&(1_000 + n).to_string()).started(first + Span::minutes(n));
    let test = TestApp::with_calls((0..150).map(|n| call(n).build()).collect()).await;
    let mut ada = test.browser(&admin()).await;
    ada.connect(THIRTY_DAYS).await;
    test.sandbox.set_faults(Faults {
        fail_extensive_after_page: Some(1),
        ..Faults::default()
    });
    list_all(&test.app).await;
    test.sandbox.set_faults(Faults::default());
    let asked = test.requests();
    disconnect(&mut ada).await;
    test.app.drain().await;
    for _ in 0..4 {
        test.later(Span::minutes(10)).await;
    }
    assert_eq!(test.requests(), asked);
    let ledger = test.ledger().await;
    assert_eq!(ledger.len(), 100, "what was listed before");
    assert!(
        ledger
            .values()
            .all(|(state, why)| *state == CallState::Skipped && why == "disconnected")
    );
    let unfinished = test
        .windows()
        .await
        .into_iter()
        .filter(|w| w.finished.is_none());
    assert_eq!(unfinished.count(), 0, "no window waits for ever");
    assert_eq!(test.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn disconnecting_twice_or_nothing_is_told() {
    let test = TestApp::with_calls(Vec::new()).await;
    let mut ada = test.browser(&admin()).await;
    let words = "Gong is not connected, so there is nothing to disconnect.";
    assert!(ada.get(PAGE).await.text().contains(words));
    let answer = ada.post(PAGE, &[]).await;
    assert!(ada.get(answer.location()).await.text().contains(words));
    ada.connect(THIRTY_DAYS).await;
    disconnect(&mut ada).await;
    let again = ada.post(PAGE, &[]).await;
    assert!(ada.get(again.location()).await.text().contains(words));
    let sync = ada.post("/integrations/gong/sync", &[]).await;
    let page = ada.get(sync.location()).await.text();
    assert!(
        page.contains("Gong is not connected, so there is nothing to sync."),
        "{page}"
    );
}

#[tokio::test]
async fn a_connection_that_needs_a_reconnect_can_be_closed() {
    let test = TestApp::with_calls(Vec::new()).await;
    let mut ada = test.connected(History::Off).await;
    test.sandbox.revoke_all_tokens();
    test.later(Span::hours(3)).await;
    assert_eq!(
        test.connection().await.status,
        ConnectionStatus::ReconnectRequired
    );
    let page = disconnect(&mut ada).await;
    assert!(!page.contains("Last error"), "{page}");
    assert_eq!(
        (test.secret_files().len(), test.reservations().await.len()),
        (0, 0)
    );
}

/// A vault that deletes nothing.
struct Stubborn(FileVault);

#[async_trait]
impl SecretStore for Stubborn {
    async fn renew(&self, name: &str, version: Uuid, bytes: &[u8]) -> Result<(), SecretError> {
        self.0.renew(name, version, bytes).await
    }
    async fn put(&self, name: &str, version: Uuid, bytes: &[u8]) -> Result<(), SecretError> {
        self.0.put(name, version, bytes).await
    }
    async fn current(&self, name: &str) -> Result<Vec<u8>, SecretError> {
        self.0.current(name).await
    }
    async fn version(&self, name: &str, version: Uuid) -> Result<Vec<u8>, SecretError> {
        self.0.version(name, version).await
    }
    async fn delete(&self, _: &str) -> Result<(), SecretError> {
        Err(SecretError::Unavailable("it does not answer".into()))
    }
}

#[tokio::test]
async fn credentials_that_could_not_be_deleted_at_once_are_deleted_by_maintenance() {
    let test = TestApp::with_calls(vec![pdf_call("1").build()]).await;
    test.connected(History::Days(30)).await;
    let vault = FileVault::open(&test.folder.path().join("vault")).unwrap();
    let app = test
        .another_process(|parts| parts.secrets = Arc::new(Stubborn(vault)))
        .await;
    let mut ada = Browser::new(app.clone());
    ada.sign_in(&admin()).await;
    disconnect(&mut ada).await;
    assert_eq!(test.secret_files().len(), 1);
    assert_eq!(
        test.connection().await.status,
        ConnectionStatus::Disconnected
    );
    app.tick().await.unwrap();
    assert_eq!(test.secret_files().len(), 1, "still not to be had");
    assert!(test.token().await.revoked, "and not to be used");
    test.later(Span::minutes(5)).await;
    assert_eq!(test.secret_files().len(), 0);
    assert_eq!(test.app.store.token(&test.org()).await, Ok(None));
    assert_eq!(test.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn only_an_admin_disconnects() {
    let test = TestApp::with_calls(Vec::new()).await;
    test.connected(History::Off).await;
    let mut max = test.browser(&member()).await;
    assert_eq!(max.get(PAGE).await.status.as_u16(), 403);
    assert_eq!(max.post(PAGE, &[]).await.status.as_u16(), 403);
    assert_eq!(test.connection().await.status, ConnectionStatus::Connected);
    assert_eq!(test.secret_files().len(), 1);
}
