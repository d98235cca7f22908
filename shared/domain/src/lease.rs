//! A lease: the right of one worker to change an item until a time.

use serde::{Deserialize, Serialize};

use crate::moment::Timestamp;

/// Who holds an item, and until when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lease {
    /// The worker: unique to one attempt.
    pub owner: String,
    /// The end of the lease; from then on another worker may take it.
    pub until: Timestamp,
}

impl Lease {
    /// Whether the lease still holds at `now`.
    #[must_use]
    pub fn live(&self, now: Timestamp) -> bool {
        self.until > now
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lease_holds_until_its_end_and_not_at_it() {
        for (now, live) in [(0, true), (999, true), (1_000, false), (1_001, false)] {
            let lease = Lease {
                owner: "worker".into(),
                until: Timestamp(1_000),
            };
            assert_eq!(lease.live(Timestamp(now)), live, "at {now}");
        }
    }
}
