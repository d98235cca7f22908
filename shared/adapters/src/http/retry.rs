//! When a request that failed for a passing reason is sent again.

use std::sync::Arc;

use domain::{
    moment::{Span, Timestamp},
    ports::system::{Clock, Ids},
};
use reqwest::{
    StatusCode,
    header::{HeaderMap, RETRY_AFTER},
};
use time::{PrimitiveDateTime, format_description::BorrowedFormatItem, macros::format_description};

/// How often a request is sent at most.
pub const ATTEMPTS: u32 = 3;
/// The longest wait that is waited here; a longer one is the caller's to plan.
pub const LONGEST_WAIT: Span = Span::seconds(10);

const FIRST_PAUSE: Span = Span::millis(500);
const HTTP_DATE: &[BorrowedFormatItem<'_>] = format_description!(
    "[weekday repr:short], [day] [month repr:short] [year] [hour]:[minute]:[second] GMT"
);

/// Whether a status is worth another attempt.
#[must_use]
pub fn is_passing(status: StatusCode) -> bool {
    matches!(status.as_u16(), 408 | 409 | 425 | 429) || status.is_server_error()
}

/// What `Retry-After` asks for, in seconds or as an HTTP date; zero for a date that has passed.
#[must_use]
pub fn retry_after(headers: &HeaderMap, now: Timestamp) -> Option<Span> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse::<u32>() {
        return Some(Span::seconds(i64::from(seconds)));
    }
    let at = PrimitiveDateTime::parse(text, HTTP_DATE).ok()?.assume_utc();
    let at = Timestamp(at.unix_timestamp().saturating_mul(1_000));
    Some((at - now).max(Span::millis(0)))
}

/// The pauses between the attempts of one request.
pub struct Pauses {
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
    failed: u32,
}

impl Pauses {
    /// Before the first attempt.
    #[must_use]
    pub fn new(clock: Arc<dyn Clock>, ids: Arc<dyn Ids>) -> Self {
        let failed = 0;
        Self { clock, ids, failed }
    }

    /// After a failed attempt: waits as long as was asked for, or half a second, then one second,
    /// each with jitter on top, and says `true`. Says `false` at once when the attempts are used
    /// up or more than [`LONGEST_WAIT`] was asked for.
    pub async fn again(&mut self, asked: Option<Span>) -> bool {
        self.failed += 1;
        if self.failed >= ATTEMPTS || asked.is_some_and(|wait| wait > LONGEST_WAIT) {
            return false;
        }
        let usual = Span::millis(FIRST_PAUSE.0 << (self.failed - 1));
        let wait = asked.unwrap_or(usual);
        let until = self.clock.now() + wait + self.ids.jitter(usual);
        self.clock.sleep_until(until).await;
        true
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn asked(text: &str) -> Option<Span> {
        let mut headers = HeaderMap::new();
        headers.insert(RETRY_AFTER, text.parse().unwrap());
        let now = Timestamp::parse_rfc3339("2026-10-21T07:28:00Z").unwrap();
        retry_after(&headers, now)
    }

    #[test]
    fn retry_after_is_read_in_seconds_and_as_a_date() {
        assert_eq!(asked("2"), Some(Span::seconds(2)));
        assert_eq!(
            asked("Wed, 21 Oct 2026 07:28:09 GMT"),
            Some(Span::seconds(9))
        );
        assert_eq!(
            asked("Wed, 21 Oct 2026 07:00:00 GMT"),
            Some(Span::millis(0))
        );
        assert_eq!(asked("soon"), None);
    }
}
