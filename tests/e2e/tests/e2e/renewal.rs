//! A renewal that is disturbed: a vault that answers late or not, dead workers, no time left.

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use async_trait::async_trait;
use domain::{
    connection::{ConnectionStatus, History},
    lease::Lease,
    moment::Span,
    ports::{
        connections::TokenStore,
        secrets::{SecretError, SecretStore},
    },
    verdict::{Deadline, LEASE},
};
use ingest::gong::tokens::TokenError;
use kit::{TestApp, consent::RECONNECT, test_app::admin};
use local::vault::FileVault;
use uuid::Uuid;

const TOKENS: &str = "POST /oauth2/generate-customer-token";

/// A vault that does not answer to the next few writes.
struct Disturbed {
    vault: FileVault,
    silent: AtomicU32,
    writes_all_the_same: bool,
}

#[async_trait]
impl SecretStore for Disturbed {
    async fn put(&self, name: &str, version: Uuid, bytes: &[u8]) -> Result<(), SecretError> {
        self.vault.put(name, version, bytes).await
    }
    async fn renew(&self, name: &str, version: Uuid, bytes: &[u8]) -> Result<(), SecretError> {
        let less = |left: u32| left.checked_sub(1);
        let (set, fetch) = (Ordering::SeqCst, Ordering::SeqCst);
        if self.silent.fetch_update(set, fetch, less).is_err() {
            return self.vault.renew(name, version, bytes).await;
        }
        if self.writes_all_the_same {
            self.vault.renew(name, version, bytes).await?;
        }
        Err(SecretError::Unavailable("no answer in time".into()))
    }
    async fn current(&self, name: &str) -> Result<Vec<u8>, SecretError> {
        self.vault.current(name).await
    }
    async fn version(&self, name: &str, version: Uuid) -> Result<Vec<u8>, SecretError> {
        self.vault.version(name, version).await
    }
    async fn delete(&self, name: &str) -> Result<(), SecretError> {
        self.vault.delete(name).await
    }
}

/// Connected; another process is about to renew, and its vault is silent so many times.
async fn disturbed(
    silent: u32,
    writes_all_the_same: bool,
) -> (TestApp, Arc<local_runner::app::App>) {
    let test = TestApp::with_calls(Vec::new()).await;
    test.connected(History::Off).await;
    let vault = FileVault::open(&test.folder.path().join("vault")).unwrap();
    let vault = Disturbed {
        vault,
        silent: AtomicU32::new(silent),
        writes_all_the_same,
    };
    let app = test
        .another_process(|parts| parts.secrets = Arc::new(vault))
        .await;
    test.clock
        .advance(Span(Span::hours(24).0 - Span::minutes(4).0));
    (test, app)
}

async fn assert_renewed_once(test: &TestApp) {
    assert_eq!((test.asked(TOKENS), test.token().await.version), (2, 2));
    assert_eq!(test.token().await.lease, None);
    assert_eq!(test.sandbox.stats().dead_refresh_uses, 0);
    assert_eq!(test.connection().await.status, ConnectionStatus::Connected);
    // And the next day too.
    test.later(Span::hours(24)).await;
    assert_eq!((test.asked(TOKENS), test.token().await.version), (3, 3));
    assert_eq!(test.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn a_vault_that_answers_late_gets_the_same_bytes_again() {
    for writes_all_the_same in [true, false] {
        let (test, app) = disturbed(3, writes_all_the_same).await;
        app.tick().await.unwrap();
        assert_renewed_once(&test).await;
    }
}

#[tokio::test]
async fn a_token_that_was_stored_without_an_answer_is_taken_up_by_the_next_worker() {
    let (test, app) = disturbed(5, true).await;
    app.tick().await.unwrap();
    assert_eq!((test.asked(TOKENS), test.token().await.version), (2, 1));
    test.later(Span::minutes(5)).await;
    assert_renewed_once(&test).await;
}

#[tokio::test]
async fn a_token_that_could_not_be_stored_at_all_ends_in_words() {
    let (test, app) = disturbed(5, false).await;
    app.tick().await.unwrap();
    assert_eq!(
        test.connection().await.status,
        ConnectionStatus::Connected,
        "not known yet"
    );
    for _ in 0..4 {
        test.later(Span::minutes(5)).await;
    }
    assert_eq!(
        test.connection().await.status,
        ConnectionStatus::ReconnectRequired
    );
    let mut ada = test.browser(&admin()).await;
    let page = ada.gong_page().await;
    assert!(
        page.contains("Choose Reconnect; nothing that was queued is lost."),
        "{page}"
    );
    assert!(ada.connect(RECONNECT).await.ends_with("connected=1"));
    test.later(Span::hours(3)).await;
    assert_eq!(test.connection().await.status, ConnectionStatus::Connected);
    assert_eq!(test.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn the_lease_of_a_dead_worker_ends_and_another_renews() {
    let test = TestApp::with_calls(Vec::new()).await;
    test.connected(History::Off).await;
    test.clock
        .advance(Span(Span::hours(24).0 - Span::minutes(4).0));
    let (now, token) = (test.clock_now(), test.token().await);
    let lease = Lease {
        owner: "a worker that died".into(),
        until: now + LEASE,
    };
    test.app
        .store
        .lease_token(&token, &lease, now)
        .await
        .unwrap();
    test.app.tick().await.unwrap();
    assert_eq!(test.asked(TOKENS), 1, "its lease is respected");
    test.clock.advance(LEASE);
    test.app.tick().await.unwrap();
    assert_renewed_once(&test).await;
}

#[tokio::test]
async fn nothing_is_traded_without_the_time_to_keep_it() {
    let test = TestApp::with_calls(Vec::new()).await;
    test.connected(History::Off).await;
    test.clock.advance(Span::hours(24));
    let keeper = &test.app.poller.lister.gate.keeper;
    let short = Deadline(test.clock_now() + Span::seconds(59));
    let access = keeper.access(&test.org(), short).await;
    assert_eq!(
        access.map(|granted| granted.version),
        Err(TokenError::OutOfTime)
    );
    assert_eq!(test.asked(TOKENS), 1);
    let long = Deadline(test.clock_now() + Span::minutes(4));
    keeper.access(&test.org(), long).await.unwrap();
    assert_renewed_once(&test).await;
}

#[tokio::test]
async fn a_reconnect_during_a_renewal_wins() {
    let test = TestApp::with_calls(Vec::new()).await;
    let mut ada = test.connected(History::Off).await;
    test.clock
        .advance(Span(Span::hours(24).0 - Span::minutes(4).0));
    ada.sign_in(&admin()).await;
    let callback = ada.begin_connect(RECONNECT).await.approve().await;
    let (connected, tick) = futures::join!(ada.get(&callback), test.app.tick());
    tick.unwrap();
    assert!(
        connected.location().ends_with("connected=1"),
        "{}",
        connected.location()
    );
    test.app.drain().await;
    assert_eq!(test.token().await.generation, 2);
    assert_eq!(test.credentials().await.org_id, test.org());
    assert_eq!(test.secret_files().len(), 1, "no secret is left behind");
    for _ in 0..3 {
        test.later(Span::hours(12)).await;
    }
    assert_eq!(test.connection().await.status, ConnectionStatus::Connected);
    assert_eq!(test.violations(), Vec::<String>::new());
}
