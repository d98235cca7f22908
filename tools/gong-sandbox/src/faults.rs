//! What a test may make go wrong.

use std::collections::{BTreeSet, VecDeque};

/// An answer that is given instead of the real one, once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InjectedStatus {
    /// Matches requests whose `"POST /v2/calls/extensive"` or whose path begins with this; empty = every request.
    pub endpoint: String,
    /// HTTP status of the answer.
    pub status: u16,
    /// `Retry-After` of the answer, in seconds.
    pub retry_after_seconds: Option<u64>,
    /// Body as it is sent; `None` = the usual error envelope.
    pub body: Option<String>,
}

/// Faults to inject; the default injects none. Plain data: set at start or by `Sandbox::set_faults`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Faults {
    /// Consumed one by one: a request takes the first entry that matches it. API requests take theirs after the
    /// bearer and the limits were checked, the token endpoint before it looks at anything, so nothing rotates.
    pub next_statuses: VecDeque<InjectedStatus>,
    /// Scopes that an approval grants instead of those asked for.
    pub granted_scopes: Option<Vec<String>>,
    /// Handed out as `api_base_url_for_customer` instead of the sandbox's own origin.
    pub base_url_override: Option<String>,
    /// This many token requests issue or rotate, are kept, and are then answered 500: an unknown outcome.
    pub drop_token_response: u32,
    /// Ids of calls whose transcripts are left out of answers.
    pub omit_from_transcripts: BTreeSet<String>,
    /// Listings descend by time instead of ascending.
    pub reverse_pages: bool,
    /// After this many pages of a listing of calls, the following pages answer 500.
    pub fail_extensive_after_page: Option<u32>,
}

impl Faults {
    /// Takes the answer that is to be injected for this request (`"POST /path"`), if there is one.
    pub(crate) fn take_status(&mut self, request: &str) -> Option<InjectedStatus> {
        let path = request.split_once(' ').map_or(request, |(_, path)| path);
        let matches = |entry: &InjectedStatus| {
            request.starts_with(&entry.endpoint) || path.starts_with(&entry.endpoint)
        };
        self.next_statuses
            .iter()
            .position(matches)
            .and_then(|index| self.next_statuses.remove(index))
    }

    /// Whether the answer of this token request is to be lost.
    pub(crate) fn take_dropped_response(&mut self) -> bool {
        let drop = self.drop_token_response > 0;
        self.drop_token_response = self.drop_token_response.saturating_sub(1);
        drop
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_matching_answer_is_taken_once() {
        let entry = |endpoint: &str, status| InjectedStatus {
            endpoint: endpoint.into(),
            status,
            ..InjectedStatus::default()
        };
        let mut faults = Faults {
            next_statuses: [
                entry("POST /oauth2", 500),
                entry("/v2/calls", 503),
                entry("", 502),
            ]
            .into(),
            ..Faults::default()
        };
        let mut next = |request| faults.take_status(request).map(|answer| answer.status);
        assert_eq!(next("POST /v2/calls/extensive"), Some(503));
        assert_eq!(next("POST /v2/calls/extensive"), Some(502));
        assert_eq!(next("POST /v2/calls/extensive"), None);
        assert_eq!(next("POST /oauth2/generate-customer-token"), Some(500));
    }
}
