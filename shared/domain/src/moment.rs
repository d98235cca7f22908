//! Points in time and spans, in whole milliseconds.

use std::{
    fmt,
    ops::{Add, Sub},
};

use serde::{Deserialize, Serialize};
use time::{Date, OffsetDateTime, format_description::well_known::Rfc3339};

/// A point in time: milliseconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(pub i64);

/// What a person typed is no point in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("write a day or a time in UTC, such as 2026-11-20 or 2026-11-20T14:30")]
pub struct NoMoment;

/// A span of time in milliseconds; never negative by construction of the constants below.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Span(pub i64);

impl Span {
    /// `n` milliseconds.
    #[must_use]
    pub const fn millis(n: i64) -> Self {
        Self(n)
    }
    /// `n` seconds.
    #[must_use]
    pub const fn seconds(n: i64) -> Self {
        Self(n * 1_000)
    }
    /// `n` minutes.
    #[must_use]
    pub const fn minutes(n: i64) -> Self {
        Self(n * 60_000)
    }
    /// `n` hours.
    #[must_use]
    pub const fn hours(n: i64) -> Self {
        Self(n * 3_600_000)
    }
    /// `n` days of 24 hours.
    #[must_use]
    pub const fn days(n: i64) -> Self {
        Self(n * 86_400_000)
    }
}

impl Timestamp {
    /// Reads an RFC 3339 time with a numeric offset or `Z`, as Gong writes `started`.
    #[must_use]
    pub fn parse_rfc3339(text: &str) -> Option<Self> {
        let at = OffsetDateTime::parse(text, &Rfc3339).ok()?;
        i64::try_from(at.unix_timestamp_nanos() / 1_000_000)
            .ok()
            .map(Self)
    }

    /// The time in UTC as RFC 3339, with milliseconds only where there are any.
    #[must_use]
    pub fn to_rfc3339(self) -> String {
        self.utc()
            .and_then(|at| at.format(&Rfc3339).ok())
            .unwrap_or_else(|| format!("{} ms", self.0))
    }

    /// Reads what a person types: RFC 3339, or a day or a minute in UTC (`2026-11-20`,
    /// `2026-11-20T14:30`, `2026-11-20 14:30`), with or without seconds.
    ///
    /// # Errors
    /// [`NoMoment`].
    pub fn parse_typed(text: &str) -> Result<Self, NoMoment> {
        let text = text.trim().replacen(' ', "T", 1);
        let whole = match text.len() {
            10 => format!("{text}T00:00:00Z"),
            16 => format!("{text}:00Z"),
            19 => format!("{text}Z"),
            _ => text,
        };
        Self::parse_rfc3339(&whole).ok_or(NoMoment)
    }

    /// The day in UTC; the first of 1970 for what no calendar holds.
    #[must_use]
    pub fn date(self) -> Date {
        self.utc().unwrap_or(OffsetDateTime::UNIX_EPOCH).date()
    }

    fn utc(self) -> Option<OffsetDateTime> {
        OffsetDateTime::from_unix_timestamp_nanos(i128::from(self.0) * 1_000_000).ok()
    }

    /// The number of whole days since the epoch, in UTC.
    #[must_use]
    pub const fn day(self) -> i64 {
        self.0.div_euclid(86_400_000)
    }

    /// The later of two times.
    #[must_use]
    pub fn later(self, other: Self) -> Self {
        self.max(other)
    }
}

impl Add<Span> for Timestamp {
    type Output = Self;
    fn add(self, span: Span) -> Self {
        Self(self.0.saturating_add(span.0))
    }
}

impl Add for Span {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl Sub<Span> for Timestamp {
    type Output = Self;
    fn sub(self, span: Span) -> Self {
        Self(self.0.saturating_sub(span.0))
    }
}

impl Sub for Timestamp {
    type Output = Span;
    fn sub(self, other: Self) -> Span {
        Span(self.0.saturating_sub(other.0))
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_rfc3339())
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test may panic")]
mod tests {
    use super::*;

    #[test]
    fn gongs_offsets_and_milliseconds_are_read() {
        for (text, read) in [
            (
                "2023-01-04T07:57:32.676-08:00",
                Some("2023-01-04T15:57:32.676Z"),
            ),
            ("2026-08-28T08:00:00-07:00", Some("2026-08-28T15:00:00Z")),
            ("2026-08-28T08:00:00Z", Some("2026-08-28T08:00:00Z")),
            ("2026-01-01T01:00:00+02:00", Some("2025-12-31T23:00:00Z")),
            ("2024-02-29T12:00:00Z", Some("2024-02-29T12:00:00Z")),
            ("1969-12-31T23:59:59Z", Some("1969-12-31T23:59:59Z")),
            (
                "2026-08-28T08:00:00.123456789Z",
                Some("2026-08-28T08:00:00.123Z"),
            ),
            ("2023-02-29T12:00:00Z", None),
            ("2026-08-28T08:00:00", None),
            ("2026-08-28T25:00:00Z", None),
            ("2026-08-28", None),
            ("1756368000", None),
            ("yesterday", None),
            ("", None),
        ] {
            let at = Timestamp::parse_rfc3339(text).map(Timestamp::to_rfc3339);
            assert_eq!(at.as_deref(), read, "{text}");
        }
    }

    #[test]
    fn times_are_written_with_as_much_of_a_second_as_there_is() {
        for (millis, text) in [
            (0, "1970-01-01T00:00:00Z"),
            (1, "1970-01-01T00:00:00.001Z"),
            (1_500, "1970-01-01T00:00:01.5Z"),
            (-1, "1969-12-31T23:59:59.999Z"),
            (1_798_761_599_000, "2026-12-31T23:59:59Z"),
            (i64::MAX, "9223372036854775807 ms"),
        ] {
            assert_eq!(Timestamp(millis).to_rfc3339(), text, "{millis}");
        }
    }

    #[test]
    fn a_time_has_its_day_in_utc() {
        for (text, day, date) in [
            ("1970-01-01T00:00:00Z", 0, "1970-01-01"),
            ("1970-01-01T23:59:59.999Z", 0, "1970-01-01"),
            ("1970-01-02T00:00:00Z", 1, "1970-01-02"),
            ("1969-12-31T23:59:59.999Z", -1, "1969-12-31"),
            ("2026-12-31T23:30:00-01:00", 20_819, "2027-01-01"),
        ] {
            let at = Timestamp::parse_rfc3339(text).unwrap();
            assert_eq!(
                (at.day(), at.date().to_string().as_str()),
                (day, date),
                "{text}"
            );
        }
        assert_eq!(Timestamp(i64::MAX).date().to_string(), "1970-01-01");
    }

    #[test]
    fn sums_stop_at_the_ends_of_time() {
        let (first, last) = (Timestamp(i64::MIN), Timestamp(i64::MAX));
        for (name, sum, expected) in [
            ("a day on", Timestamp(0) + Span::days(1), 86_400_000),
            ("an hour back", Timestamp(0) - Span::hours(1), -3_600_000),
            ("beyond the last", last + Span::minutes(1), i64::MAX),
            ("before the first", first - Span::seconds(1), i64::MIN),
        ] {
            assert_eq!(sum, Timestamp(expected), "{name}");
        }
        assert_eq!(last - first, Span(i64::MAX));
        assert_eq!(Timestamp(7) - Timestamp(9), Span::millis(-2));
    }

    #[test]
    fn people_type_days_and_minutes() {
        for (typed, read) in [
            ("2026-11-20", Some("2026-11-20T00:00:00Z")),
            (" 2026-11-20T14:30 ", Some("2026-11-20T14:30:00Z")),
            ("2026-11-20 14:30", Some("2026-11-20T14:30:00Z")),
            ("2026-11-20 14:30:05", Some("2026-11-20T14:30:05Z")),
            ("2026-11-20T14:30:05.25Z", Some("2026-11-20T14:30:05.25Z")),
            ("2026-11-20T14:30:00+02:00", Some("2026-11-20T12:30:00Z")),
            ("2026-13-20", None),
            ("2026-02-30", None),
            ("2026-11-20 24:30", None),
            ("20.11.2026", None),
            ("11/20/2026", None),
            ("tomorrow", None),
            ("äöüäö", None),
            ("", None),
        ] {
            let at = Timestamp::parse_typed(typed).map(Timestamp::to_rfc3339);
            assert_eq!(at.ok().as_deref(), read, "{typed}");
        }
    }
}
