//! What an admin is told of a listing that could not go on: what happened, what it means, what to
//! do.

use domain::{moment::Timestamp, ports::gong::GongError};

use crate::gong::{error::GateError, tokens::TokenError};

const BY_ITSELF: &str =
    "Nothing is lost; it is tried again every five minutes, without your doing anything.";
const WITH_PLATFORM_TEAM: &str = "Nothing is lost; it is tried again every five minutes. If it stays like this for an hour, tell your platform team: this version and Gong do not understand each other.";
const NOT_FOR_LONG: &str = "It is tried again every five minutes. If it stays like this for an hour, choose Reconnect with a Gong technical administrator's account.";

/// The words for an error of a listing at `at`.
#[must_use]
pub fn summarize(error: &GateError, at: Timestamp) -> String {
    let to_do = match error {
        GateError::Gong(GongError::Unauthorized) => NOT_FOR_LONG,
        GateError::Gong(GongError::Forbidden) => {
            "Check in Gong that the person who approved the access is still a technical administrator, and that access is not restricted to certain IP addresses; then choose Reconnect. It is tried again every five minutes."
        }
        GateError::Gong(GongError::Refused { .. } | GongError::Unreadable(_)) => WITH_PLATFORM_TEAM,
        GateError::Token(TokenError::Operator) => {
            "No calls are lost; reading continues by itself once that is done."
        }
        GateError::Token(TokenError::Bad(_)) => "Nothing is lost until then.",
        _ => BY_ITSELF,
    };
    let what = error.to_string();
    let what = what.trim_end_matches('.');
    format!("{what}. {to_do} Noted at {at}.")
}

#[cfg(test)]
mod tests {
    use domain::{moment::Span, ports::StoreError};

    use super::*;
    use crate::gong::credentials::BadCredentials;

    #[test]
    fn every_error_says_when_what_and_what_to_do() {
        let at = Timestamp(1_795_176_000_000);
        let unavailable = GateError::Gong(GongError::Unavailable("status 503".into()));
        assert_eq!(
            summarize(&unavailable, at),
            "Gong did not answer properly (status 503). Nothing is lost; it is tried again every five minutes, without your doing anything. Noted at 2026-11-20T12:00:00Z."
        );
        let refused = GateError::Gong(GongError::Refused {
            status: 404,
            message: "There is no endpoint at /v2/calls/extensive".into(),
        });
        let words = summarize(&refused, at);
        assert!(words.contains("status 404"), "{words}");
        assert!(words.contains("platform team"), "{words}");
    }

    #[test]
    fn what_an_admin_is_to_do_depends_on_whose_trouble_it_is() {
        let at = Timestamp(1_795_176_000_000);
        let refused = GongError::Refused {
            status: 400,
            message: "fromDateTime is wrong.".into(),
        };
        let limited = GongError::RateLimited {
            retry_after: Span::seconds(30),
        };
        let busy = StoreError::Unavailable("throttled".into());
        let until = at + Span::hours(1);
        for (error, what, to_do) in [
            (
                GongError::Unauthorized.into(),
                "Gong does not accept the access token. ",
                NOT_FOR_LONG,
            ),
            (
                GongError::Forbidden.into(),
                "Gong refuses access (403): ",
                "Check in Gong that the person who approved the access",
            ),
            (
                refused.into(),
                "Gong refused the request with status 400: fromDateTime is wrong. ",
                WITH_PLATFORM_TEAM,
            ),
            (
                GongError::Unreadable("no JSON".into()).into(),
                "Gong's answer could not be read (no JSON). ",
                WITH_PLATFORM_TEAM,
            ),
            (
                GongError::Unavailable("a time-out".into()).into(),
                "Gong did not answer properly (a time-out). ",
                BY_ITSELF,
            ),
            (limited.into(), "Gong asks to wait 30 s. ", BY_ITSELF),
            (
                GongError::CursorExpired.into(),
                "Gong no longer accepts the page cursor. ",
                BY_ITSELF,
            ),
            (
                GateError::Blocked { until },
                "no request to Gong before 2026-11-20T13:00:00Z",
                BY_ITSELF,
            ),
            (
                GateError::SlotsMissed,
                "the requests could not be sent",
                BY_ITSELF,
            ),
            (
                busy.into(),
                "the database did not answer (throttled)",
                BY_ITSELF,
            ),
            (
                TokenError::Operator.into(),
                "Gong does not accept this installation's client id and secret; the platform team",
                "No calls are lost; reading continues by itself once that is done.",
            ),
            (
                TokenError::Unavailable("busy".into()).into(),
                "the access token could not be renewed just now (busy). ",
                BY_ITSELF,
            ),
            (
                TokenError::Bad(BadCredentials::Missing).into(),
                "the stored credentials are missing; an admin has to reconnect Gong. ",
                "Nothing is lost until then.",
            ),
            (
                TokenError::Bad(BadCredentials::Sealed).into(),
                "the stored credentials could not be opened",
                "Nothing is lost until then.",
            ),
        ] {
            let error: GateError = error;
            let words = summarize(&error, at);
            assert!(words.starts_with(what), "{error:?}: {words}");
            assert!(words.contains(&format!(". {to_do}")), "{error:?}: {words}");
            assert!(
                words.ends_with(" Noted at 2026-11-20T12:00:00Z."),
                "{error:?}: {words}"
            );
            assert!(!words.contains(".."), "{error:?}: {words}");
        }
    }
}
