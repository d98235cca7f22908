//! Time and randomness that a test decides.

use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use domain::{
    moment::{Span, Timestamp},
    ports::system::{Clock, Ids},
    secret::Secret,
};
use uuid::Uuid;

/// When the fake time begins: 2026-10-21T07:28:00Z.
pub const BEGIN: Timestamp = Timestamp(1_792_567_680_000);

/// A clock that goes forward when somebody sleeps, and only then.
pub struct FakeClock(Mutex<Timestamp>);

impl FakeClock {
    /// At [`BEGIN`].
    pub fn new() -> Arc<Self> {
        Arc::new(Self(Mutex::new(BEGIN)))
    }

    /// How long was slept in all.
    pub fn slept(&self) -> Span {
        self.now() - BEGIN
    }
}

#[async_trait]
impl Clock for FakeClock {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn sleep_until(&self, at: Timestamp) {
        let mut now = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *now = now.later(at);
    }
}

/// Ids that are always the same, and jitter of nothing.
pub struct FakeIds;

impl Ids for FakeIds {
    fn uuid(&self) -> Uuid {
        Uuid::nil()
    }

    fn secret(&self) -> Secret {
        Secret::new("fake")
    }

    fn jitter(&self, _below: Span) -> Span {
        Span::millis(0)
    }
}
