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
            "No calls are lost; it goes on by itself when that is done."
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
    use super::*;

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
}
