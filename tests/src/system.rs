//! Time and ids under the test's control.

use std::{
    sync::atomic::{AtomicBool, AtomicU64, Ordering},
    time::Duration,
};

use async_trait::async_trait;
use domain::{
    moment::{Span, Timestamp},
    ports::system::{Clock, Ids},
    secret::Secret,
};
use tokio::sync::watch;
use uuid::Uuid;

/// The time at which every journey begins: 2026-11-20T12:00:00Z.
pub const BEGIN: Timestamp = Timestamp(1_795_176_000_000);

/// What others have, in real time, before a sleep moves the clock that they share.
const OTHERS_TURN: Duration = Duration::from_millis(10);

/// A clock that stands still, except that sleeping moves it on.
#[derive(Debug)]
pub struct TestClock {
    time: watch::Sender<Timestamp>,
    shared: AtomicBool,
}

impl Default for TestClock {
    fn default() -> Self {
        Self::at(BEGIN)
    }
}

impl TestClock {
    /// A clock that stands at this time.
    #[must_use]
    pub fn at(now: Timestamp) -> Self {
        Self {
            time: watch::Sender::new(now),
            shared: AtomicBool::new(false),
        }
    }

    /// Moves the clock on.
    pub fn advance(&self, by: Span) {
        self.time.send_modify(|now| *now = *now + by);
    }

    /// Several processes live by it from now on: a sleep gives the others their turn before it
    /// moves the clock. Without that, two that wait for their slots of the request budget would
    /// each make the other late for its own, again and again.
    pub fn share(&self) {
        self.shared.store(true, Ordering::SeqCst);
    }
}

#[async_trait]
impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        *self.time.borrow()
    }

    async fn sleep_until(&self, at: Timestamp) {
        if self.shared.load(Ordering::SeqCst) {
            tokio::time::sleep(OTHERS_TURN).await;
        }
        self.time.send_modify(|now| *now = at.max(*now));
        tokio::task::yield_now().await;
    }

    async fn reached(&self, at: Timestamp) {
        let mut time = self.time.subscribe();
        // It cannot fail: the sender is this clock.
        let _ = time.wait_for(|now| *now >= at).await;
    }
}

/// Ids that count up; no jitter.
#[derive(Debug, Default)]
pub struct TestIds(AtomicU64);

impl TestIds {
    /// Ids after this one.
    #[must_use]
    pub const fn from(last: u64) -> Self {
        Self(AtomicU64::new(last))
    }

    fn next(&self) -> u64 {
        self.0.fetch_add(1, Ordering::SeqCst) + 1
    }
}

impl Ids for TestIds {
    fn uuid(&self) -> Uuid {
        Uuid::from_u128(0x0000_0000_0000_4000_8000_0000_0000_0000 + u128::from(self.next()))
    }

    fn secret(&self) -> Secret {
        Secret::new(format!("secret-{:040}", self.next()))
    }

    fn jitter(&self, _below: Span) -> Span {
        Span(0)
    }
}
