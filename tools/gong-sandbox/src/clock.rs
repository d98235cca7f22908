//! Time: the injected clock and the date-times of the wire.

use std::sync::Arc;

use serde_json::Value;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// Where the sandbox reads the time: milliseconds since the Unix epoch, UTC.
pub type Clock = Arc<dyn Fn() -> i64 + Send + Sync>;

pub(crate) const SECOND_MS: i64 = 1_000;
pub(crate) const DAY_MS: i64 = 86_400_000;

/// A length in seconds as milliseconds; saturates instead of overflowing.
pub(crate) fn seconds_ms(seconds: u64) -> i64 {
    i64::try_from(seconds)
        .unwrap_or(i64::MAX)
        .saturating_mul(SECOND_MS)
}

/// An RFC 3339 date-time as milliseconds since the epoch.
pub(crate) fn parse_ms(text: &str) -> Option<i64> {
    OffsetDateTime::parse(text, &Rfc3339)
        .ok()
        .and_then(instant_ms)
}

/// The instant as milliseconds since the epoch, rounded down.
pub(crate) fn instant_ms(instant: OffsetDateTime) -> Option<i64> {
    i64::try_from(instant.unix_timestamp_nanos().div_euclid(1_000_000)).ok()
}

/// A JSON string that holds an RFC 3339 date-time; anything else is `None`.
pub(crate) fn value_ms(value: &Value) -> Option<i64> {
    value.as_str().and_then(parse_ms)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_two_spellings_that_gong_uses() {
        assert_eq!(parse_ms("1970-01-01T01:00:00+01:00"), Some(0));
        assert_eq!(parse_ms("1969-12-31T16:00:00.676-08:00"), Some(676));
        assert_eq!(parse_ms("yesterday"), None);
        assert_eq!(value_ms(&Value::from(5)), None);
    }
}
