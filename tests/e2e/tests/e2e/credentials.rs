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
use kit::{Rig, calls::pdf_call, rig::admin};
use local::vault::FileVault;

const TOKENS: &str = "POST /oauth2/generate-customer-token";

#[tokio::test]
async fn tokens_lie_sealed_in_the_vault_and_nowhere_else() {
    let rig = Rig::with_calls(vec![pdf_call("1").build()]).await;
    let mut ada = rig.connected(History::Days(30)).await;
    rig.later(Span::hours(24)).await;
    let credentials = rig.credentials().await;
    assert_eq!(
        credentials.org_id,
        rig.org(),
        "the document names its organization"
    );
    assert_eq!(credentials.api_base_url, rig.sandbox.origin());
    let secrets = [
        credentials.access_token.expose().to_owned(),
        credentials.refresh_token.expose().to_owned(),
    ];
    assert!(secrets.iter().all(|secret| secret.len() >= 32));
    let files = rig.secret_files();
    assert_eq!(files.len(), 1);
    let mut places: Vec<(String, String)> = vec![("the vault".into(), files[0].clone())];
    for table in ["connections", "calls", "feedback"] {
        places.extend(rig.items(table).await);
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
    let vault = FileVault::open(&rig.folder.path().join("vault")).unwrap();
    let sealed = vault.current(&rig.token().await.secret_name).await.unwrap();
    let sealed = String::from_utf8(sealed).unwrap();
    assert!(sealed.starts_with("gAAAA"), "a Fernet token");
    assert!(!secrets.iter().any(|secret| sealed.contains(secret)));
    // Another organization's document is not taken for one's own.
    let sealed = credentials.seal(&rig.credentials_key());
    let other = OrgId::parse("rival").unwrap();
    let opened = Credentials::open(&rig.credentials_key(), &sealed, &other);
    assert_eq!(opened, Err(BadCredentials::Foreign));
    assert_eq!(rig.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn tokens_are_renewed_ahead_of_their_expiry_by_the_tick_and_rotate() {
    let rig = Rig::with_calls(Vec::new()).await;
    rig.connected(History::Off).await;
    let first = rig.credentials().await;
    rig.later(Span(Span::hours(24).0 - Span::minutes(6).0))
        .await;
    assert_eq!(rig.asked(TOKENS), 1);
    rig.later(Span::minutes(2)).await;
    assert_eq!(rig.asked(TOKENS), 2, "before the old one ends");
    let second = rig.credentials().await;
    assert_ne!(first.access_token, second.access_token);
    assert_ne!(first.refresh_token, second.refresh_token);
    assert_eq!(rig.token().await.expires_at, second.expires_at);
    assert!(second.expires_at >= first.expires_at + Span::hours(23));
    for day in 1..=5 {
        rig.later(Span::hours(24)).await;
        assert_eq!(rig.asked(TOKENS), 2 + day);
    }
    assert_eq!(rig.token().await.version, 7);
    assert_eq!(rig.sandbox.stats().dead_refresh_uses, 0);
    assert_eq!(rig.connection().await.status, ConnectionStatus::Connected);
    assert_eq!(rig.secret_files().len(), 1);
    assert_eq!(rig.violations(), Vec::<String>::new());
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
    let rig = Rig::with_calls(Vec::new()).await;
    rig.connected(History::Off).await;
    rig.clock.advance(Span::hours(25));
    let now = rig.clock_now();
    // Two processes, ten uses each: only TOKEN's lease stands between them.
    let other = rig.another_process(|_| ()).await;
    let keeper = |app: &local_runner::app::App| TokenKeeper {
        clock: Arc::new(Still(now)),
        ..app.poller.lister.gate.keeper.clone()
    };
    let keepers = [keeper(&rig.app), keeper(&other)];
    let (org, deadline) = (rig.org(), Deadline(now + Span::minutes(4)));
    let uses = (0..20).map(|n| keepers[n % 2].access(&org, deadline));
    let granted = futures::future::join_all(uses).await;
    let current = rig.credentials().await.access_token;
    for granted in granted {
        assert_eq!(granted.unwrap().access.token, current);
    }
    assert_eq!(rig.asked(TOKENS), 2, "the connect's and one more");
    assert_eq!(rig.sandbox.stats().dead_refresh_uses, 0);
    assert_eq!(rig.token().await.lease, None);
}

#[tokio::test]
async fn a_renewed_token_that_was_stored_before_a_crash_is_taken_up() {
    let rig = Rig::with_calls(Vec::new()).await;
    rig.connected(History::Off).await;
    rig.clock.advance(Span::hours(24));
    // The worker before traded the token, stored the new one, and died before it said so.
    let issued = rig.sandbox.grant(&scopes::REQUIRED).unwrap();
    let stored = Credentials {
        access_token: Secret::new(issued.access_token),
        refresh_token: Secret::new(issued.refresh_token),
        expires_at: rig.clock_now() + Span::hours(24),
        ..rig.credentials().await
    };
    let vault = FileVault::open(&rig.folder.path().join("vault")).unwrap();
    let (token, key) = (rig.token().await, rig.credentials_key());
    let version = secret_version(&rig.org(), token.generation, token.version + 1);
    vault
        .put(&token.secret_name, version, &stored.seal(&key))
        .await
        .unwrap();
    rig.later(Span(0)).await;
    assert_eq!(rig.asked(TOKENS), 1, "nothing is traded twice");
    assert_eq!(rig.token().await.version, 2);
    rig.later(Span::hours(3)).await;
    let mut ada = rig.browser(&admin()).await;
    let page = ada.gong_page().await;
    assert!(
        page.contains("Status: connected") && !page.contains("Last error"),
        "{page}"
    );
    assert_eq!(rig.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn a_foreign_address_in_a_refresh_is_not_used_and_breaks_nothing() {
    let rig = Rig::with_calls(Vec::new()).await;
    rig.connected(History::Off).await;
    rig.sandbox.set_faults(Faults {
        base_url_override: Some("https://api.gong.io.evil.example".into()),
        ..Faults::default()
    });
    rig.later(Span::hours(24)).await;
    assert_eq!(rig.token().await.version, 2, "the rotated token is kept");
    assert_eq!(rig.credentials().await.api_base_url, rig.sandbox.origin());
    let asked = rig.asked("POST /v2/calls/extensive");
    rig.later(Span::hours(3)).await;
    assert_eq!(rig.asked("POST /v2/calls/extensive"), asked + 1);
    assert_eq!(rig.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn credentials_that_cannot_be_opened_are_told_and_kept() {
    let rig = Rig::with_calls(Vec::new()).await;
    rig.connected(History::Off).await;
    let sealed = rig.secret_files();
    let other_key = rig.folder.path().join("another.key");
    let key: Arc<dyn Keyring> = Arc::new(local::keys::load_or_create(&other_key).unwrap());
    let app = rig.another_process(|parts| parts.keys = key).await;
    rig.clock.advance(Span::hours(3));
    app.tick().await.unwrap();
    app.drain().await;
    let mut ada = rig.browser(&admin()).await;
    let page = ada.gong_page().await;
    assert!(
        page.contains("Last error: the stored credentials could not be opened: the encryption key is another one"),
        "{page}"
    );
    assert!(
        page.contains("Restore the key, or reconnect Gong"),
        "{page}"
    );
    assert_eq!(rig.secret_files(), sealed, "nothing was overwritten");
    // With the right key it goes on by itself.
    rig.later(Span::minutes(16)).await;
    let page = ada.gong_page().await;
    assert!(!page.contains("Last error"), "{page}");
    assert_eq!(rig.violations(), Vec::<String>::new());
}
