//! Time that passes only when nothing is left to do, and ids by the seed.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use domain::{
    moment::{Span, Timestamp},
    ports::system::{Clock, Ids},
    secret::Secret,
};
use tokio::time::Instant;
use uuid::Builder;

use crate::faults::Chaos;

/// The time at which every run begins: 2026-11-20T12:00:00Z.
pub const BEGIN: Timestamp = Timestamp(1_795_176_000_000);

/// The paused runtime's time, told by a clock that may be a little wrong.
#[derive(Debug, Clone, Copy)]
pub struct SimClock {
    begin: Instant,
    skew: Span,
}

impl SimClock {
    /// A right clock; the run begins now.
    #[must_use]
    pub fn start() -> Self {
        Self {
            begin: Instant::now(),
            skew: Span(0),
        }
    }

    /// The same time on a clock that is wrong by this much.
    #[must_use]
    pub const fn wrong_by(self, skew: Span) -> Self {
        Self { skew, ..self }
    }
}

/// A span as the runtime counts it; none of it when it is negative.
#[must_use]
pub fn duration(span: Span) -> Duration {
    Duration::from_millis(u64::try_from(span.0).unwrap_or(0))
}

#[async_trait]
impl Clock for SimClock {
    fn now(&self) -> Timestamp {
        let passed = self.begin.elapsed().as_millis();
        BEGIN + Span(i64::try_from(passed).unwrap_or(i64::MAX)) + self.skew
    }

    async fn sleep_until(&self, at: Timestamp) {
        tokio::time::sleep(duration(at - self.now())).await;
    }
}

/// Ids and jitter by the seed.
pub struct SimIds(pub Arc<Chaos>);

impl Ids for SimIds {
    fn uuid(&self) -> uuid::Uuid {
        Builder::from_random_bytes(self.0.bits().to_le_bytes()).into_uuid()
    }

    fn secret(&self) -> Secret {
        Secret::new(format!("{:032x}{:032x}", self.0.bits(), self.0.bits()))
    }

    fn jitter(&self, below: Span) -> Span {
        let below = u64::try_from(below.0).unwrap_or(0);
        Span(i64::try_from(self.0.below(below)).unwrap_or(0))
    }
}
