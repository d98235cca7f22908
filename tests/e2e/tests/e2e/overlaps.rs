//! A disconnect or reconnect while other work is still on its way.

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use async_trait::async_trait;
use domain::{
    call::CallState,
    connection::{ConnectionStatus, History},
    moment::{Span, Timestamp},
    ports::{
        ledger::Ledger,
        secrets::{SecretError, SecretStore},
        system::Clock,
    },
};
use kit::{
    Browser, TestApp,
    calls::pricing_call,
    consent::{RECONNECT, THIRTY_DAYS},
    inside::list_all,
    system::{BEGIN, TestClock},
    test_app::admin,
};
use local::vault::FileVault;
use local_runner::{app::App, report::open_and_all};
use tokio::sync::Notify;
use uuid::Uuid;

/// Holds whoever comes through at the n-th time, until the test lets it go on.
#[derive(Default)]
struct Barrier {
    at: AtomicU32,
    reached: Notify,
    open: Notify,
}

impl Barrier {
    fn hold_at(&self, nth: u32) {
        self.at.store(nth, Ordering::SeqCst);
    }

    async fn pass(&self) {
        let less = |left: u32| left.checked_sub(1);
        let (set, fetch) = (Ordering::SeqCst, Ordering::SeqCst);
        if self.at.fetch_update(set, fetch, less) == Ok(1) {
            self.reached.notify_one();
            self.open.notified().await;
        }
    }
}

/// The test's clock; whoever waits for its time when a page of calls is in the ledger may be held.
struct HeldClock(Arc<TestClock>, Arc<Barrier>, Arc<App>);

#[async_trait]
impl Clock for HeldClock {
    fn now(&self) -> Timestamp {
        self.0.now()
    }
    async fn sleep_until(&self, at: Timestamp) {
        self.0.sleep_until(at).await;
        let counts = self.2.store.counts(&admin().org_id).await.unwrap();
        if open_and_all(&counts).1 == 100 {
            self.1.pass().await;
        }
    }
}

/// A vault whose writers may be held.
struct HeldVault(FileVault, Arc<Barrier>);

#[async_trait]
impl SecretStore for HeldVault {
    async fn renew(&self, name: &str, version: Uuid, bytes: &[u8]) -> Result<(), SecretError> {
        self.1.pass().await;
        self.0.renew(name, version, bytes).await
    }
    async fn put(&self, name: &str, version: Uuid, bytes: &[u8]) -> Result<(), SecretError> {
        self.1.pass().await;
        self.0.put(name, version, bytes).await
    }
    async fn current(&self, name: &str) -> Result<Vec<u8>, SecretError> {
        self.0.current(name).await
    }
    async fn version(&self, name: &str, version: Uuid) -> Result<Vec<u8>, SecretError> {
        self.0.version(name, version).await
    }
    async fn delete(&self, name: &str) -> Result<(), SecretError> {
        self.0.delete(name).await
    }
}

/// A backfill of 150 calls whose worker is held between its two pages.
async fn listing_held() -> (TestApp, Arc<App>, Arc<Barrier>) {
    let first = BEGIN - Span::days(20);
    let call = |n: i64| pricing_call(&(1_000 + n).to_string()).started(first + Span::minutes(n));
    let test = TestApp::with_calls((0..150).map(|n| call(n).build()).collect()).await;
    let barrier = Arc::new(Barrier::default());
    let clock = HeldClock(
        Arc::clone(&test.clock),
        Arc::clone(&barrier),
        Arc::clone(&test.app),
    );
    let other = test
        .another_process(|parts| parts.clock = Arc::new(clock))
        .await;
    let mut ada = Browser::new(other.clone());
    ada.sign_in(&admin()).await;
    assert!(ada.connect(THIRTY_DAYS).await.ends_with("connected=1"));
    barrier.hold_at(1);
    (test, other, barrier)
}

#[tokio::test]
async fn what_a_listing_adds_after_a_disconnect_is_skipped_too() {
    let (test, other, barrier) = listing_held().await;
    let mut ada = test.browser(&admin()).await;
    let meanwhile = async {
        barrier.reached.notified().await;
        assert_eq!(test.ledger().await.len(), 100);
        ada.post("/integrations/gong/disconnect", &[]).await;
        list_all(&test.app).await;
        barrier.open.notify_one();
    };
    futures::join!(list_all(&other), meanwhile);
    let asked = test.requests();
    other.drain().await;
    for _ in 0..3 {
        test.later(Span::minutes(10)).await;
    }
    let ledger = test.ledger().await;
    let open: Vec<_> = ledger
        .iter()
        .filter(|(_, (state, _))| state.is_open())
        .collect();
    assert_eq!(open.len(), 0, "{open:#?}");
    assert!(
        ledger
            .values()
            .all(|(state, why)| *state == CallState::Skipped && why == "disconnected")
    );
    assert_eq!(test.requests(), asked);
    assert_eq!(test.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn what_a_listing_adds_after_a_reconnect_is_taken_over() {
    let (test, other, barrier) = listing_held().await;
    let mut ada = test.browser(&admin()).await;
    let meanwhile = async {
        barrier.reached.notified().await;
        test.clock.advance(Span::minutes(1));
        assert!(ada.connect(RECONNECT).await.ends_with("connected=1"));
        test.app.drain().await;
        barrier.open.notify_one();
    };
    futures::join!(list_all(&other), meanwhile);
    other.drain().await;
    for _ in 0..3 {
        test.later(Span::minutes(10)).await;
    }
    let ledger = test.ledger().await;
    assert_eq!(ledger.len(), 150);
    assert!(
        ledger
            .values()
            .all(|(state, _)| *state == CallState::Discarded),
        "{ledger:#?}"
    );
    assert_eq!(
        test.sandbox.stats().transcripts_requested.len(),
        150,
        "each once"
    );
    assert_eq!(test.violations(), Vec::<String>::new());
}

/// Connected; another process renews the token and is held when it stores the new one.
async fn renewal_held() -> (TestApp, Arc<App>, Arc<Barrier>) {
    let test = TestApp::with_calls(Vec::new()).await;
    test.connected(History::Off).await;
    let barrier = Arc::new(Barrier::default());
    let vault = FileVault::open(&test.folder.path().join("vault")).unwrap();
    let vault = HeldVault(vault, Arc::clone(&barrier));
    let other = test
        .another_process(|parts| parts.secrets = Arc::new(vault))
        .await;
    test.clock
        .advance(Span(Span::hours(24).0 - Span::minutes(4).0));
    barrier.hold_at(1);
    (test, other, barrier)
}

#[tokio::test]
async fn a_disconnect_during_a_renewal_leaves_no_credentials() {
    let (test, other, barrier) = renewal_held().await;
    let mut ada = test.browser(&admin()).await;
    let meanwhile = async {
        barrier.reached.notified().await;
        ada.post("/integrations/gong/disconnect", &[]).await;
        assert_eq!(test.secret_files().len(), 0);
        barrier.open.notify_one();
    };
    let (tick, ()) = futures::join!(other.tick(), meanwhile);
    tick.unwrap();
    assert_eq!(
        test.secret_files().len(),
        0,
        "the renewed token is not kept either"
    );
    for _ in 0..3 {
        test.later(Span::hours(12)).await;
    }
    assert_eq!(test.secret_files().len(), 0);
    assert_eq!(
        test.connection().await.status,
        ConnectionStatus::Disconnected
    );
}

#[tokio::test]
async fn a_reconnect_during_a_renewal_leaves_the_new_credentials_alone() {
    let (test, other, barrier) = renewal_held().await;
    let mut ada = test.browser(&admin()).await;
    let meanwhile = async {
        barrier.reached.notified().await;
        assert!(ada.connect(RECONNECT).await.ends_with("connected=1"));
        assert_eq!(test.secret_files().len(), 1);
        barrier.open.notify_one();
    };
    let (tick, ()) = futures::join!(other.tick(), meanwhile);
    tick.unwrap();
    assert_eq!(
        test.secret_files().len(),
        1,
        "the earlier generation's are gone"
    );
    assert_eq!(
        (test.token().await.generation, test.token().await.version),
        (2, 1)
    );
    for day in 1..3 {
        test.later(Span::hours(24)).await;
        assert_eq!(test.token().await.version, 1 + day);
    }
    assert_eq!(test.sandbox.stats().dead_refresh_uses, 0);
    assert_eq!(test.connection().await.status, ConnectionStatus::Connected);
    assert_eq!(test.violations(), Vec::<String>::new());
}
