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
