//! Time, ids and randomness.

use async_trait::async_trait;
use uuid::Uuid;

use crate::{
    moment::{Span, Timestamp},
    secret::Secret,
};

/// The time. Tests decide it.
#[async_trait]
pub trait Clock: Send + Sync {
    fn now(&self) -> Timestamp;
    /// Returns when `at` has come; at once when it has passed.
    async fn sleep_until(&self, at: Timestamp);
    /// Returns when `at` has come by itself: what waits beside it may well come first. A clock of a
    /// test that jumps for a sleep does not jump for this.
    async fn reached(&self, at: Timestamp) {
        self.sleep_until(at).await;
    }
}

/// Ids and randomness. Tests decide them.
pub trait Ids: Send + Sync {
    /// A new unique id.
    fn uuid(&self) -> Uuid;
    /// A new unguessable text of at least 256 bits, safe in a URL.
    fn secret(&self) -> Secret;
    /// A random span from zero (inclusive) to `below` (exclusive).
    fn jitter(&self, below: Span) -> Span;
}
