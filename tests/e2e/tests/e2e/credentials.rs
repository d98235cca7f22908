//! The credentials: sealed in the vault and nowhere else; renewed ahead of need, once.

use std::sync::Arc;

use async_trait::async_trait;
use domain::gong::scopes;
use domain::{
    connection::{ConnectionStatus, History},
    ids::OrgId,
    moment::{Span, Timestamp},
    ports::{
        secrets::{Keyring, SecretStore},
        system::Clock,
    },
    secret::Secret,
    verdict::Deadline,
};
use gong_sandbox::Faults;
use ingest::gong::{
    credentials::{BadCredentials, Credentials, secret_version},
    tokens::TokenKeeper,
};
use kit::{TestApp, calls::pdf_call, test_app::admin};
use local::vault::FileVault;

const TOKENS: &str = "POST /oauth2/generate-customer-token";

#[tokio::test]
async fn tokens_lie_sealed_in_the_vault_and_nowhere_else() {
    let test = TestApp::with_calls(vec![pdf_call("1").build()]).await;
    let mut ada = test.connected(History::Days(30)).await;
    test.later(Span::hours(24)).await;
    let credentials = test.credentials().await;
    assert_eq!(
        credentials.org_id,
        test.org(),
        "the document names its organization"
    );
    assert_eq!(credentials.api_base_url, test.sandbox.origin());
    let secrets = [
        credentials.access_token.expose().to_owned(),
        credentials.refresh_token.expose().to_owned(),
    ];
    assert!(secrets.iter().all(|secret| secret.len() >= 32));
    let files = test.secret_files();
    assert_eq!(files.len(), 1);
    let mut places: Vec<(String, String)> = vec![("the vault".into(), files[0].clone())];
    for table in ["connections", "calls", "feedback"] {
        places.extend(test.items(table).await);
    }
    ada.sign_in(&admin()).await;
    for page in [
        "/integrations/gong",
        "/calls",
        "/feedback",
        "/api/integrations/gong",
    ] {
        places.push((page.into(), ada.get(page).await.body));
    }
    for (place, text) in places {
        let clear = secrets.iter().any(|secret| text.contains(secret));
        assert!(!clear, "a token stands in clear in {place}");
    }
    let vault = FileVault::open(&test.folder.path().join("vault")).unwrap();
    let sealed = vault
        .current(&test.token().await.secret_name)
        .await
        .unwrap();
    let sealed = String::from_utf8(sealed).unwrap();
    assert!(sealed.starts_with("gAAAA"), "a Fernet token");
    assert!(!secrets.iter().any(|secret| sealed.contains(secret)));
    // Another organization's document is not taken for one's own.
    let sealed = credentials.seal(&test.credentials_key());
    let other = OrgId::parse("rival").unwrap();
    let opened = Credentials::open(&test.credentials_key(), &sealed, &other);
    assert_eq!(opened, Err(BadCredentials::Foreign));
    assert_eq!(test.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn tokens_are_renewed_ahead_of_their_expiry_by_the_tick_and_rotate() {
    let test = TestApp::with_calls(Vec::new()).await;
    test.connected(History::Off).await;
    let first = test.credentials().await;
    test.later(Span(Span::hours(24).0 - Span::minutes(6).0))
        .await;
    assert_eq!(test.asked(TOKENS), 1);
    test.later(Span::minutes(2)).await;
    assert_eq!(test.asked(TOKENS), 2, "before the old one ends");
    let second = test.credentials().await;
    assert_ne!(first.access_token, second.access_token);
    assert_ne!(first.refresh_token, second.refresh_token);
    assert_eq!(test.token().await.expires_at, second.expires_at);
    assert!(second.expires_at >= first.expires_at + Span::hours(23));
    for day in 1..=5 {
        test.later(Span::hours(24)).await;
        assert_eq!(test.asked(TOKENS), 2 + day);
    }
    assert_eq!(test.token().await.version, 7);
    assert_eq!(test.sandbox.stats().dead_refresh_uses, 0);
    assert_eq!(test.connection().await.status, ConnectionStatus::Connected);
    assert_eq!(test.secret_files().len(), 1);
    assert_eq!(test.violations(), Vec::<String>::new());
}

/// Stands still, also for those who wait.
struct Still(Timestamp);

#[async_trait]
impl Clock for Still {
    fn now(&self) -> Timestamp {
        self.0
    }
    async fn sleep_until(&self, _: Timestamp) {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn twenty_uses_at_once_at_the_expiry_exchange_once() {
    let test = TestApp::with_calls(Vec::new()).await;
    test.connected(History::Off).await;
    test.clock.advance(Span::hours(25));
    let now = test.clock_now();
    // Two processes, ten uses each: only TOKEN's lease stands between them.
    let other = test.another_process(|_| ()).await;
    let keeper = |app: &local_runner::app::App| TokenKeeper {
        clock: Arc::new(Still(now)),
        ..app.poller.lister.gate.keeper.clone()
    };
    let keepers = [keeper(&test.app), keeper(&other)];
    let (org, deadline) = (test.org(), Deadline(now + Span::minutes(4)));
    let uses = (0..20).map(|n| keepers[n % 2].access(&org, deadline));
    let granted = futures::future::join_all(uses).await;
    let current = test.credentials().await.access_token;
    for granted in granted {
        assert_eq!(granted.unwrap().access.token, current);
    }
    assert_eq!(test.asked(TOKENS), 2, "the connect's and one more");
    assert_eq!(test.sandbox.stats().dead_refresh_uses, 0);
    assert_eq!(test.token().await.lease, None);
}

#[tokio::test]
async fn a_renewed_token_that_was_stored_before_a_crash_is_taken_up() {
    let test = TestApp::with_calls(Vec::new()).await;
    test.connected(History::Off).await;
    test.clock.advance(Span::hours(24));
    // The worker before traded the token, stored the new one, and died before it said so.
    let issued = test.sandbox.grant(&scopes::REQUIRED).unwrap();
    let stored = Credentials {
        access_token: Secret::new(issued.access_token),
        refresh_token: Secret::new(issued.refresh_token),
        expires_at: test.clock_now() + Span::hours(24),
        ..test.credentials().await
    };
    let vault = FileVault::open(&test.folder.path().join("vault")).unwrap();
    let (token, key) = (test.token().await, test.credentials_key());
    let version = secret_version(&test.org(), token.generation, token.version + 1);
    vault
        .put(&token.secret_name, version, &stored.seal(&key))
        .await
        .unwrap();
    test.later(Span(0)).await;
    assert_eq!(test.asked(TOKENS), 1, "nothing is traded twice");
    assert_eq!(test.token().await.version, 2);
    test.later(Span::hours(3)).await;
    let mut ada = test.browser(&admin()).await;
    let page = ada.gong_page().await;
    assert!(
        page.contains("Status: connected") && !page.contains("Last error"),
        "{page}"
    );
    assert_eq!(test.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn a_foreign_address_in_a_refresh_is_not_used_and_breaks_nothing() {
    let test = TestApp::with_calls(Vec::new()).await;
    test.connected(History::Off).await;
    test.sandbox.set_faults(Faults {
        base_url_override: Some("https://api.gong.io.evil.example".into()),
        ..Faults::default()
    });
    test.later(Span::hours(24)).await;
    assert_eq!(test.token().await.version, 2, "the rotated token is kept");
    assert_eq!(test.credentials().await.api_base_url, test.sandbox.origin());
    let asked = test.asked("POST /v2/calls/extensive");
    test.later(Span::hours(3)).await;
    assert_eq!(test.asked("POST /v2/calls/extensive"), asked + 1);
    assert_eq!(test.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn credentials_that_cannot_be_opened_are_told_and_kept() {
    let test = TestApp::with_calls(Vec::new()).await;
    test.connected(History::Off).await;
    let sealed = test.secret_files();
    let other_key = test.folder.path().join("another.key");
    let key: Arc<dyn Keyring> = Arc::new(local::keys::load_or_create(&other_key).unwrap());
    let app = test.another_process(|parts| parts.keys = key).await;
    test.clock.advance(Span::hours(3));
    app.tick().await.unwrap();
    app.drain().await;
    let mut ada = test.browser(&admin()).await;
    let page = ada.gong_page().await;
    assert!(
        page.contains("Last error: the stored credentials could not be opened: the encryption key is another one"),
        "{page}"
    );
    assert!(
        page.contains("Restore the key, or reconnect Gong"),
        "{page}"
    );
    assert_eq!(test.secret_files(), sealed, "nothing was overwritten");
    // With the right key it goes on by itself.
    test.later(Span::minutes(16)).await;
    let page = ada.gong_page().await;
    assert!(!page.contains("Last error"), "{page}");
    assert_eq!(test.violations(), Vec::<String>::new());
}
