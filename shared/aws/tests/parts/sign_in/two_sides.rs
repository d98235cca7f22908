//! A provider, our side of it, and a browser between them.

use std::{collections::HashMap, sync::Arc, time::Duration};

use adapters::{
    http,
    keys::{Key, KeyName, KeySource, KeyUnavailable},
    system::SystemIds,
};
use async_trait::async_trait;
use aws::sign_in::{OpenIdSettings, OpenIdSignIn};
use domain::{
    moment::Timestamp,
    ports::{
        sign_in::{IdentityProvider, Remembered, SignInError},
        system::Clock,
    },
    principal::Principal,
    secret::Secret,
};
use kit::system::TestClock;
use openid_sandbox::{Client, OpenId};
use url::Url;

pub const PAGES: &str = "https://feedback.example.com";
/// 2026-11-20 14:03 UTC.
const START: Timestamp = Timestamp(1_795_183_380_000);

/// A place that a secret cannot be read from.
struct Unreadable;

#[async_trait]
impl KeySource for Unreadable {
    async fn key(&self, _: KeyName) -> Result<Option<Secret>, KeyUnavailable> {
        Err(KeyUnavailable("no connection".into()))
    }
    async fn forget(&self, _: KeyName) {}
}

pub fn unreadable() -> Option<Key> {
    Some(Key::Stored(KeyName::SignIn, Arc::new(Unreadable)))
}

pub fn secret(text: &str) -> Option<Key> {
    Some(Secret::new(text).into())
}

pub struct TwoSides {
    pub openid: OpenId,
    pub ours: OpenIdSignIn,
    pub clock: Arc<TestClock>,
}

/// A person who is back: what came in the address, and what the browser kept.
pub struct Back {
    pub code: Secret,
    pub remembered: Remembered,
}

impl TwoSides {
    /// A provider that knows us by this secret, which we show.
    pub async fn new() -> Self {
        Self::with(Some("hush + & %"), secret("hush + & %")).await
    }

    pub async fn with(theirs: Option<&str>, ours: Option<Key>) -> Self {
        let clock = Arc::new(TestClock::at(START));
        let client = Client {
            id: "productbridge".into(),
            secret: theirs.map(str::to_owned),
            redirect_uri: format!("{PAGES}/sign-in/callback"),
        };
        let theirs = Arc::clone(&clock);
        let openid = OpenId::at(client, move || theirs.now().0 / 1_000).await;
        let ours = sign_in(openid.issuer(), ours, &clock);
        Self {
            openid,
            ours,
            clock,
        }
    }

    /// To the provider and back.
    pub async fn travel(&self) -> Back {
        let departure = self.ours.begin().await.unwrap();
        let browser = http::client(Duration::from_secs(5));
        let answer = browser
            .get(departure.address.expose())
            .send()
            .await
            .unwrap();
        let back = answer.headers()["location"].to_str().unwrap();
        let back = Url::parse(back).unwrap();
        assert!(back.as_str().starts_with(PAGES));
        let query: HashMap<_, _> = back.query_pairs().into_owned().collect();
        assert_eq!(query["state"], departure.remembered.state.expose());
        Back {
            code: Secret::new(&query["code"]),
            remembered: departure.remembered,
        }
    }

    pub async fn sign_in(&self) -> Result<Principal, SignInError> {
        let back = self.travel().await;
        self.ours.finish(&back.code, &back.remembered).await
    }
}

pub fn sign_in(issuer: &str, secret: Option<Key>, clock: &Arc<TestClock>) -> OpenIdSignIn {
    let settings = OpenIdSettings {
        issuer: issuer.into(),
        client_id: "productbridge".into(),
        public_url: PAGES.into(),
    };
    let http = http::client(Duration::from_secs(5));
    OpenIdSignIn::new(&settings, secret, http, clock.clone(), Arc::new(SystemIds)).unwrap()
}
