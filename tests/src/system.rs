//! Time and ids under the test's control.

use std::{
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
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
    asleep: Mutex<Vec<Timestamp>>,
}

/// Somebody who sleeps until a time.
struct Sleeper<'a>(&'a TestClock, Timestamp);

impl Sleeper<'_> {
    fn is_first(&self) -> bool {
        self.0.asleep().iter().min() == Some(&self.1)
    }
}

impl Drop for Sleeper<'_> {
    fn drop(&mut self) {
        let mut asleep = self.0.asleep();
        if let Some(place) = asleep.iter().position(|at| *at == self.1) {
            asleep.swap_remove(place);
        }
    }
}

impl Default for TestClock {
    fn default() -> Self {
        Self {
            time: watch::Sender::new(BEGIN),
            shared: AtomicBool::new(false),
            asleep: Mutex::default(),
        }
    }
}

impl TestClock {
    fn asleep(&self) -> MutexGuard<'_, Vec<Timestamp>> {
        self.asleep.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn lie_down(&self, until: Timestamp) -> Sleeper<'_> {
        self.asleep().push(until);
        Sleeper(self, until)
    }

    /// Moves the clock on.
    pub fn advance(&self, by: Span) {
        self.time.send_modify(|now| *now = *now + by);
    }

    /// Several processes live by it from now on: a sleep gives the others their turn before it
    /// moves the clock, and moves it no further than to the first that wakes up. Without that, two
    /// that wait for their slots of the request budget would each make the other late for its own,
    /// again and again.
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
            let sleeper = self.lie_down(at);
            while self.now() < at {
                tokio::time::sleep(OTHERS_TURN).await;
                if sleeper.is_first() {
                    break;
                }
            }
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
