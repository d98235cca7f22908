//! The clock of `try`: the real one, moved ahead when the folder holds calls of the future.

use adapters::system::SystemClock;
use async_trait::async_trait;
use domain::{
    moment::{Span, Timestamp},
    ports::system::Clock,
};

/// The system's clock plus a constant.
pub struct ShiftedClock {
    ahead: Span,
}

impl ShiftedClock {
    /// A clock that has passed `newest` by at least an hour.
    #[must_use]
    pub fn past(newest: Timestamp) -> Self {
        let ahead = newest + Span::hours(1) - SystemClock.now();
        Self {
            ahead: ahead.max(Span(0)),
        }
    }
}

#[async_trait]
impl Clock for ShiftedClock {
    fn now(&self) -> Timestamp {
        SystemClock.now() + self.ahead
    }

    async fn sleep_until(&self, at: Timestamp) {
        SystemClock.sleep_until(at - self.ahead).await;
    }
}
