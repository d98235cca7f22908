//! Parts that tests decide.

use std::{
    collections::BTreeMap,
    sync::{
        Mutex,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
};

use async_trait::async_trait;
use domain::{
    call::CallMessage,
    connection::WindowMessage,
    feedback::{Activity, Board, Evidence, MovedOut, Post, Settings, Tag},
    ids::{OrgId, PostId},
    moment::{Span, Timestamp},
    ports::{
        StoreError,
        analysis::{EmbedError, Embedded, Embedder},
        feedback::{FeedbackStore, PostFilter},
        gong::{GongOAuth, Grant, OAuthError},
        queues::{CallQueue, QueueError, WindowQueue},
        secrets::{SecretError, SecretStore},
        system::{Clock, Ids},
    },
    secret::Secret,
};
use uuid::Uuid;

/// A clock that stands until it is moved.
pub struct StillClock(AtomicI64);

impl StillClock {
    pub const fn at(time: Timestamp) -> Self {
        Self(AtomicI64::new(time.0))
    }
    pub fn pass(&self, span: Span) {
        self.0.fetch_add(span.0, Ordering::SeqCst);
    }
}

#[async_trait]
impl Clock for StillClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.load(Ordering::SeqCst))
    }
    async fn sleep_until(&self, _: Timestamp) {}
}

/// Ids that count.
#[derive(Default)]
pub struct CountingIds(AtomicU64);

impl Ids for CountingIds {
    fn uuid(&self) -> Uuid {
        Uuid::from_u128(u128::from(self.0.fetch_add(1, Ordering::SeqCst)) + 1)
    }
    fn secret(&self) -> Secret {
        Secret::new(format!("secret-{}", self.0.fetch_add(1, Ordering::SeqCst)))
    }
    fn jitter(&self, _: Span) -> Span {
        Span(0)
    }
}

/// Keeps what was sent.
#[derive(Default)]
pub struct Outbox {
    pub calls: Mutex<Vec<CallMessage>>,
    pub windows: Mutex<Vec<WindowMessage>>,
}

#[async_trait]
impl CallQueue for Outbox {
    async fn send(&self, messages: &[CallMessage]) -> Result<(), QueueError> {
        self.calls.lock().unwrap().extend_from_slice(messages);
        Ok(())
    }
}

#[async_trait]
impl WindowQueue for Outbox {
    async fn send_later(
        &self,
        message: &WindowMessage,
        _: Timestamp,
        _: Timestamp,
    ) -> Result<(), QueueError> {
        WindowQueue::send(self, message).await
    }
    async fn send(&self, message: &WindowMessage) -> Result<(), QueueError> {
        self.windows.lock().unwrap().push(message.clone());
        Ok(())
    }
}

/// Secrets in memory, the latest version of each.
#[derive(Default)]
pub struct Drawer(pub Mutex<BTreeMap<String, Vec<u8>>>);

#[async_trait]
impl SecretStore for Drawer {
    async fn renew(&self, name: &str, version: Uuid, bytes: &[u8]) -> Result<(), SecretError> {
        self.put(name, version, bytes).await
    }
    async fn put(&self, name: &str, _: Uuid, bytes: &[u8]) -> Result<(), SecretError> {
        self.0.lock().unwrap().insert(name.into(), bytes.into());
        Ok(())
    }
    async fn current(&self, name: &str) -> Result<Vec<u8>, SecretError> {
        let secrets = self.0.lock().unwrap();
        secrets.get(name).cloned().ok_or(SecretError::NotFound)
    }
    async fn version(&self, name: &str, _: Uuid) -> Result<Vec<u8>, SecretError> {
        self.current(name).await
    }
    async fn delete(&self, name: &str) -> Result<(), SecretError> {
        self.0.lock().unwrap().remove(name);
        Ok(())
    }
}

/// A consent page that is never visited.
pub struct Consent;

#[async_trait]
impl GongOAuth for Consent {
    fn authorize_url(&self, state: &Secret) -> String {
        format!(
            "https://app.gong.io/oauth2/authorize?state={}",
            state.expose()
        )
    }
    async fn exchange(&self, _: &Secret) -> Result<Grant, OAuthError> {
        Err(OAuthError::InvalidGrant)
    }
    async fn refresh(&self, _: &Secret) -> Result<Grant, OAuthError> {
        Err(OAuthError::InvalidGrant)
    }
}

/// Every text lies at the same place.
pub struct OnePlace;

#[async_trait]
impl Embedder for OnePlace {
    fn name(&self) -> String {
        "one-place@2".into()
    }
    fn threshold(&self) -> f32 {
        0.85
    }
    async fn embed(&self, texts: &[String]) -> Result<Embedded, EmbedError> {
        Ok(Embedded {
            vectors: texts.iter().map(|_| vec![1.0, 0.0]).collect(),
            tokens: 0,
        })
    }
}

/// A store that does not answer.
pub struct Broken;

fn broken<T>() -> Result<T, StoreError> {
    Err(StoreError::Unavailable(
        "connection to 10.1.2.3 timed out".into(),
    ))
}

#[async_trait]
impl FeedbackStore for Broken {
    async fn boards(&self, _: &OrgId) -> Result<Vec<Board>, StoreError> {
        broken()
    }
    async fn put_board(&self, _: &Board) -> Result<(), StoreError> {
        broken()
    }
    async fn tags(&self, _: &OrgId) -> Result<Vec<Tag>, StoreError> {
        broken()
    }
    async fn put_tag(&self, _: &Tag) -> Result<(), StoreError> {
        broken()
    }
    async fn settings(&self, _: &OrgId) -> Result<Settings, StoreError> {
        broken()
    }
    async fn put_settings(&self, _: &OrgId, _: &Settings) -> Result<(), StoreError> {
        broken()
    }
    async fn post(&self, _: &OrgId, _: &PostId) -> Result<Option<Post>, StoreError> {
        broken()
    }
    async fn posts(&self, _: &OrgId, _: &PostFilter) -> Result<Vec<Post>, StoreError> {
        broken()
    }
    async fn evidence(&self, _: &OrgId, _: &PostId) -> Result<Vec<Evidence>, StoreError> {
        broken()
    }
    async fn all_evidence(&self, _: &OrgId) -> Result<Vec<Evidence>, StoreError> {
        broken()
    }
    async fn moved_out(&self, _: &OrgId, _: &PostId) -> Result<Vec<MovedOut>, StoreError> {
        broken()
    }
    async fn history(&self, _: &OrgId, _: &PostId) -> Result<Vec<Activity>, StoreError> {
        broken()
    }
    async fn activity(
        &self,
        _: &OrgId,
        _: Option<&str>,
        _: usize,
    ) -> Result<(Vec<Activity>, Option<String>), StoreError> {
        broken()
    }
}
