//! What a failed request means. The client's own errors hold requests and answers in full, so
//! none of their text is passed on; what is, is said in our words.

use domain::moment::{Span, Timestamp};
use genai::{Error, resolver, webc};
use reqwest::StatusCode;
use serde_json::Value;

use crate::http::{self, retry};

/// A failed request.
#[derive(Debug)]
pub(super) enum Failure {
    /// Worth another attempt.
    Passing {
        /// What happened.
        detail: String,
        /// How long the provider asked to wait.
        retry_after: Option<Span>,
    },
    /// Refused as it is: too long, or something in it that the model does not take.
    Refused {
        /// What happened.
        detail: String,
        /// The provider's message, for looking at only.
        message: String,
    },
    /// The key, the model's name or the address is wrong.
    Misconfigured(String),
    /// An answer came, but not one that the protocol knows.
    Unreadable,
}

impl Failure {
    pub(super) fn of(error: &Error, now: Timestamp) -> Self {
        match error {
            Error::WebModelCall { webc_error, .. } | Error::WebAdapterCall { webc_error, .. } => {
                Self::of_web(webc_error, now)
            }
            Error::Resolver { resolver_error, .. }
            | Error::ModelMapperFailed {
                cause: resolver_error,
                ..
            } => Self::Misconfigured(match resolver_error {
                resolver::Error::ApiKeyEnvNotFound { env_name } => {
                    format!("{env_name} is not set")
                }
                _ => "no key is set".to_owned(),
            }),
            Error::RequiresApiKey { .. }
            | Error::NoAuthResolver { .. }
            | Error::NoAuthData { .. } => Self::Misconfigured("no key is set".to_owned()),
            Error::ChatResponseGeneration { .. }
            | Error::ChatResponse { .. }
            | Error::NoChatResponse { .. }
            | Error::InvalidJsonResponseElement { .. }
            | Error::JsonValueExt(_)
            | Error::SerdeJson(_) => Self::Unreadable,
            _ => Self::Misconfigured("the request cannot be made for this model".to_owned()),
        }
    }

    fn of_web(error: &webc::Error, now: Timestamp) -> Self {
        match error {
            webc::Error::ResponseFailedStatus {
                status,
                body,
                headers,
            } => Self::of_status(*status, body, retry::retry_after(headers, now)),
            webc::Error::ResponseFailedNotJson { .. } => Self::passing(
                "the answer is a page instead of JSON; if this stays so, check the base URL",
            ),
            webc::Error::ResponseFailedInvalidJson { .. } => {
                Self::passing("the answer broke off or is not JSON")
            }
            webc::Error::JsonValueExt(_) => Self::Unreadable,
            webc::Error::Reqwest(error) if error.is_builder() => {
                Self::Misconfigured("the base URL or the key cannot be sent".to_owned())
            }
            webc::Error::Reqwest(error) => Self::passing(http::failure(error)),
        }
    }

    fn of_status(status: StatusCode, body: &str, retry_after: Option<Span>) -> Self {
        let (code, message) = said(body);
        let code = code.map(|code| format!(", {code}")).unwrap_or_default();
        let detail = format!("status {}{code}", status.as_u16());
        match status.as_u16() {
            _ if retry::is_passing(status) => Self::Passing {
                detail,
                retry_after,
            },
            400 | 413 | 422 if !about_the_installation(&message) => {
                Self::Refused { detail, message }
            }
            _ => Self::Misconfigured(detail),
        }
    }

    fn passing(detail: &str) -> Self {
        let (detail, retry_after) = (detail.to_owned(), None);
        Self::Passing {
            detail,
            retry_after,
        }
    }
}

/// Some providers answer 400 to a wrong key or model.
fn about_the_installation(message: &str) -> bool {
    let message = message.to_ascii_lowercase();
    ["api key", "api_key", "invalid_model", "model_not_found"]
        .iter()
        .any(|word| message.contains(word))
}

/// The error code when it looks like one, and everything that the provider says about the error.
fn said(body: &str) -> (Option<String>, String) {
    const PLACES: [&str; 7] = [
        "/error/code",
        "/error/type",
        "/error/status",
        "/error/param",
        "/error/message",
        "/message",
        "/detail",
    ];
    let Ok(body) = serde_json::from_str::<Value>(body) else {
        return (None, String::new());
    };
    let texts = PLACES
        .iter()
        .filter_map(|place| body.pointer(place)?.as_str());
    let texts: Vec<&str> = texts.collect();
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let code = PLACES[..3]
        .iter()
        .filter_map(|place| body.pointer(place)?.as_str())
        .find(|code| (1..=40).contains(&code.len()) && code.chars().all(plain));
    (code.map(str::to_owned), texts.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(status: u16, body: &str) -> Failure {
        let status = StatusCode::from_u16(status).unwrap_or_default();
        Failure::of_status(status, body, None)
    }

    #[test]
    fn only_a_code_is_passed_on_never_a_message() {
        let body =
            r#"{"error":{"message":"too long: Ada said hello","code":"context_length_exceeded"}}"#;
        let Failure::Refused { detail, message } = of(400, body) else {
            panic!("a refusal was expected");
        };
        assert_eq!(detail, "status 400, context_length_exceeded");
        assert!(message.contains("too long"));
        let Failure::Misconfigured(detail) =
            of(401, r#"{"error":{"type":"authentication error!"}}"#)
        else {
            panic!("a wrong key was expected");
        };
        assert_eq!(detail, "status 401");
    }

    #[test]
    fn a_wrong_key_may_come_as_400() {
        let body =
            r#"{"error":{"code":400,"message":"API key not valid.","status":"INVALID_ARGUMENT"}}"#;
        assert!(matches!(of(400, body), Failure::Misconfigured(detail)
            if detail == "status 400, INVALID_ARGUMENT"));
    }

    #[test]
    fn passing_failures_are_told_apart() {
        for status in [408, 429, 500, 502, 503, 529] {
            assert!(
                matches!(of(status, "<html>"), Failure::Passing { .. }),
                "{status}"
            );
        }
        for status in [302, 401, 402, 403, 404] {
            assert!(
                matches!(of(status, "{}"), Failure::Misconfigured(_)),
                "{status}"
            );
        }
    }
}
