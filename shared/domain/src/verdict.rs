//! What became of one message.

use crate::moment::{Span, Timestamp};

/// Decided by the use case, obeyed by the queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing more to do with this message.
    Done,
    /// Deliver it again, after the queue's visibility time-out.
    Retry,
}

/// The longest run of a function, and so of anything that happens under one lease.
pub const FUNCTION_TIMEOUT: Span = Span::minutes(5);
/// How long a lease lasts: longer than any run that could hold it.
pub const LEASE: Span = Span::minutes(6);

/// When the function that is running has to be finished.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Deadline(pub Timestamp);

impl Deadline {
    /// How much time is left at `now`; zero when it has passed.
    #[must_use]
    pub fn left(self, now: Timestamp) -> Span {
        (self.0 - now).max(Span(0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_until_a_deadline_is_never_less_than_nothing() {
        for (now, left) in [(0, 1_000), (999, 1), (1_000, 0), (1_001, 0), (i64::MAX, 0)] {
            let deadline = Deadline(Timestamp(1_000));
            assert_eq!(deadline.left(Timestamp(now)), Span(left), "at {now}");
        }
    }
}
