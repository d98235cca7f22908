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
