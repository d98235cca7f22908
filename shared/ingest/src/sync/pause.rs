//! Why work on a window stops.

use domain::{
    moment::{Span, Timestamp},
    ports::{StoreError, connections::ChangeError},
};

use super::trouble::summarize;
use crate::gong::{
    error::{AFTER_MISSED_SLOTS, GateError},
    tokens::TokenError,
};

/// A page is begun only with this much time left.
pub(super) const TIME_FOR_A_PAGE: Span = Span::seconds(40);

/// Why a run ended before the window did.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Pause {
    /// Another worker has the window now.
    Lost,
    /// Go on at once in another run.
    OutOfTime,
    /// Go on at this time; why, in words; whether the admin should see it as an error.
    Until(Timestamp, String, bool),
    /// The window makes no sense any more.
    Obsolete,
}

impl Pause {
    /// After a request to Gong that has no answer at `now`.
    pub(super) fn after(error: GateError, now: Timestamp) -> Self {
        match error {
            GateError::Blocked { until } => Self::Until(until, error.to_string(), false),
            GateError::SlotsMissed => {
                Self::Until(now + AFTER_MISSED_SLOTS, error.to_string(), false)
            }
            GateError::OutOfTime | GateError::Token(TokenError::OutOfTime) => Self::OutOfTime,
            GateError::Token(TokenError::ReconnectRequired) => {
                let why = "the connection needs to be reconnected".to_owned();
                Self::Until(now + Span::hours(1), why, false)
            }
            GateError::Token(TokenError::NotConnected) => Self::Obsolete,
            GateError::Store(error) => error.into(),
            error => Self::Until(now + Span::minutes(5), summarize(&error, now), true),
        }
    }
}

impl From<ChangeError> for Pause {
    fn from(error: ChangeError) -> Self {
        match error {
            ChangeError::Lost => Self::Lost,
            ChangeError::Store(error) => error.into(),
        }
    }
}

impl From<StoreError> for Pause {
    fn from(error: StoreError) -> Self {
        tracing::warn!(%error, "a listing stops at the database");
        Self::Lost
    }
}

#[cfg(test)]
mod tests {
    use domain::ports::gong::GongError;

    use super::*;
    use crate::{examples::NOW, gong::credentials::BadCredentials};

    /// A pause in a few words: `in 300 s`, with `, as an error` where an admin should see it.
    fn told(pause: &Pause) -> String {
        match pause {
            Pause::Lost => "lost".into(),
            Pause::OutOfTime => "at once".into(),
            Pause::Obsolete => "never".into(),
            Pause::Until(at, why, is_error) => {
                assert!(!why.is_empty());
                let wait = (*at - NOW).0 / 1_000;
                let shown = if *is_error { ", as an error" } else { "" };
                format!("in {wait} s{shown}")
            }
        }
    }

    #[test]
    fn a_listing_without_an_answer_goes_on_when_that_makes_sense() {
        let until = NOW + Span::minutes(42);
        let refused = || GongError::Refused {
            status: 418,
            message: "no".into(),
        };
        let limited = || GongError::RateLimited {
            retry_after: Span::seconds(9),
        };
        let store = || StoreError::Unavailable("slow".into());
        for (error, expected) in [
            (GateError::Blocked { until }, "in 2520 s"),
            (GateError::SlotsMissed, "in 10 s"),
            (GateError::OutOfTime, "at once"),
            (GateError::StaleFlag, "in 300 s, as an error"),
            (TokenError::OutOfTime.into(), "at once"),
            (TokenError::NotConnected.into(), "never"),
            (TokenError::ReconnectRequired.into(), "in 3600 s"),
            (TokenError::Operator.into(), "in 300 s, as an error"),
            (
                TokenError::Unavailable("busy".into()).into(),
                "in 300 s, as an error",
            ),
            (
                TokenError::Bad(BadCredentials::Sealed).into(),
                "in 300 s, as an error",
            ),
            (TokenError::Store(store()).into(), "in 300 s, as an error"),
            (GongError::CursorExpired.into(), "in 300 s, as an error"),
            (GongError::Unauthorized.into(), "in 300 s, as an error"),
            (GongError::Forbidden.into(), "in 300 s, as an error"),
            (
                GongError::Unavailable("503".into()).into(),
                "in 300 s, as an error",
            ),
            (
                GongError::Unreadable("no JSON".into()).into(),
                "in 300 s, as an error",
            ),
            (refused().into(), "in 300 s, as an error"),
            (limited().into(), "in 300 s, as an error"),
            (GateError::Store(store()), "lost"),
        ] {
            let name = format!("{error:?}");
            assert_eq!(told(&Pause::after(error, NOW)), expected, "{name}");
        }
    }

    #[test]
    fn what_the_database_does_not_carry_out_is_anothers_to_go_on_with() {
        let unavailable = || StoreError::Unavailable("slow".into());
        for (name, pause) in [
            ("changed by another", Pause::from(ChangeError::Lost)),
            (
                "no answer to a change",
                Pause::from(ChangeError::Store(unavailable())),
            ),
            ("no answer", Pause::from(unavailable())),
            (
                "unreadable",
                Pause::from(StoreError::Corrupt("a window".into())),
            ),
            (
                "refused",
                Pause::from(StoreError::Refused("no table".into())),
            ),
        ] {
            assert_eq!(pause, Pause::Lost, "{name}");
        }
    }
}
