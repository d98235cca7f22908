//! Time and ids under the test's control.

use std::{
    collections::BTreeMap,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
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

/// The time at which every test begins: 2026-11-20T12:00:00Z.
pub const BEGIN: Timestamp = Timestamp(1_795_176_000_000);

/// What others have, in real time, before a sleep moves the clock that they share.
const OTHERS_TURN: Duration = Duration::from_millis(10);

/// A clock that stands still, except that sleeping moves it on.
#[derive(Debug)]
pub struct TestClock {
    time: watch::Sender<Timestamp>,
    /// None while one process lives by it.
    shared: Mutex<Option<Sleepers>>,
}

/// Who sleeps while several processes live by a clock: the time that each one waits for.
#[derive(Debug, Default)]
struct Sleepers {
    until: BTreeMap<u64, Timestamp>,
    /// How many ever slept: whoever comes new is somebody's turn.
    came: u64,
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
            shared: Mutex::new(None),
        }
    }

    /// Moves the clock on.
    pub fn advance(&self, by: Span) {
        self.time.send_modify(|now| *now = *now + by);
    }

    /// Several processes live by it from now on: only who sleeps for the earliest time moves the
    /// clock, and only when nobody else lay down for a moment. Without that, two that wait for
    /// their slots of the request budget would each make the other late for its own, again and
    /// again.
    pub fn share(&self) {
        let mut shared = self.shared.lock().unwrap_or_else(PoisonError::into_inner);
        shared.get_or_insert_default();
    }

    fn with_sleepers<T>(&self, change: impl FnOnce(&mut Sleepers) -> T) -> Option<T> {
        let mut shared = self.shared.lock().unwrap_or_else(PoisonError::into_inner);
        shared.as_mut().map(change)
    }

    /// Returns when it is this sleeper's turn to move the clock, or somebody else has moved it far
    /// enough.
    async fn others_turn(&self, at: Timestamp) {
        let lie_down = |sleepers: &mut Sleepers| {
            sleepers.came += 1;
            sleepers.until.insert(sleepers.came, at);
            sleepers.came
        };
        let Some(own) = self.with_sleepers(lie_down) else {
            return;
        };
        let up = Up(self, own);
        while self.now() < at {
            let came = self.with_sleepers(|sleepers| sleepers.came);
            tokio::time::sleep(OTHERS_TURN).await;
            let first = |sleepers: &mut Sleepers| {
                let first = sleepers
                    .until
                    .iter()
                    .min_by_key(|(id, until)| (**until, **id));
                Some(sleepers.came) == came && first.is_some_and(|(id, _)| *id == own)
            };
            if self.with_sleepers(first) == Some(true) {
                break;
            }
        }
        drop(up);
    }
}

/// A sleeper that gets up, also when its sleep is cut short.
struct Up<'a>(&'a TestClock, u64);

impl Drop for Up<'_> {
    fn drop(&mut self) {
        self.0
            .with_sleepers(|sleepers| sleepers.until.remove(&self.1));
    }
}

#[async_trait]
impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        *self.time.borrow()
    }

    async fn sleep_until(&self, at: Timestamp) {
        self.others_turn(at).await;
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
