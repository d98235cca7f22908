//! What the sandbox counted.

use std::collections::BTreeMap;

/// A count of what was asked of the sandbox since it started.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stats {
    /// Requests by verb and path, such as `"POST /v2/calls/extensive"`: everything under `/v2` and the token
    /// endpoint, whatever the answer was. Pages for browsers are not counted.
    pub requests: BTreeMap<String, u64>,
    /// Ids of calls whose transcript was asked for, in order, whatever the answer was.
    pub transcripts_requested: Vec<String>,
    /// When the limits let an API request through (ms since epoch, by the injected clock), in order.
    pub served_at_ms: Vec<i64>,
    /// API requests that the limits answered 429; injected ones are not counted.
    pub rate_limited: u64,
    /// Attempts to use a refresh token that had been rotated away.
    pub dead_refresh_uses: u64,
}

impl Stats {
    /// The count of one request, such as `"POST /v2/calls/extensive"`.
    pub fn count(&self, request: &str) -> u64 {
        self.requests.get(request).copied().unwrap_or(0)
    }

    pub(crate) fn note_request(&mut self, request: &str) {
        *self.requests.entry(request.to_owned()).or_default() += 1;
    }
}
