//! The time of these tests.

use std::sync::Arc;

use domain::{
    moment::{Span, Timestamp},
    ports::system::Clock,
};
use kit::system::TestClock;

/// When it begins: 2026-10-21T07:28:00Z.
const BEGIN: Timestamp = Timestamp(1_792_567_680_000);

/// A clock that stands at the beginning.
pub fn clock() -> Arc<TestClock> {
    Arc::new(TestClock::at(BEGIN))
}

/// How long was slept in all.
pub fn slept(clock: &TestClock) -> Span {
    clock.now() - BEGIN
}
