//! What a failed request means. What a provider says may repeat what it was sent, so none of it is
//! passed on; what is, is said in our words.

use domain::moment::Span;
use reqwest::StatusCode;

use super::refusal::{Said, Whose};
use crate::http::{self, BodyError, retry};

#[derive(Debug)]
pub(super) enum Failure {
    /// Worth another attempt.
    Passing {
        detail: String,
        /// How long the provider asked to wait.
        retry_after: Option<Span>,
    },
    Refused {
        detail: String,
        whose: Whose,
        /// The provider's message, for looking at only.
        message: String,
    },
    /// The key, the model's name or the address is wrong.
    Misconfigured(String),
    /// An answer came, but not one that the protocol knows.
    Unreadable,
}

impl Failure {
    /// No answer came.
    pub(super) fn of_request(error: &reqwest::Error) -> Self {
        if error.is_builder() {
            return Self::Misconfigured("the base URL or the key cannot be sent".to_owned());
        }
        Self::passing(http::failure(error))
    }

    /// The body of a good answer did not come whole. One that is too large may be a gateway's fault,
    /// or what a call makes its model do; asking for it again at once would bring it again.
    pub(super) fn of_body(error: BodyError) -> Self {
        match error {
            BodyError::TooLarge { .. } => Self::Refused {
                detail: error.to_string(),
                whose: Whose::Unknown,
                message: String::new(),
            },
            BodyError::Broken(_) => Self::passing(&error.to_string()),
        }
    }

    /// An answer that is no JSON.
    pub(super) fn of_text(is_page: bool) -> Self {
        Self::passing(match is_page {
            true => "the answer is a page instead of JSON; if this stays so, check the base URL",
            false => "the answer broke off or is not JSON",
        })
    }

    /// An answer with a status that is no success.
    pub(super) fn of_status(status: StatusCode, body: &str, retry_after: Option<Span>) -> Self {
        let said = Said::read(body);
        let code = said.code.as_ref().map(|code| format!(", {code}"));
        let detail = format!("status {}{}", status.as_u16(), code.unwrap_or_default());
        match status.as_u16() {
            _ if retry::is_passing(status) => Self::Passing {
                detail,
                retry_after,
            },
            400 | 413 | 422 => Self::Refused {
                detail,
                whose: said.whose(),
                message: said.message,
            },
            // OpenRouter's moderation.
            403 if said.of_content() => Self::Refused {
                detail,
                whose: Whose::Call,
                message: said.message,
            },
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
        for status in [400, 413, 422] {
            let Failure::Refused {
                detail,
                whose,
                message,
            } = of(status, body)
            else {
                panic!("a refusal was expected");
            };
            assert_eq!(detail, format!("status {status}, context_length_exceeded"));
            assert_eq!(whose, Whose::Call);
            assert!(message.contains("too long"));
        }
        let Failure::Misconfigured(detail) =
            of(401, r#"{"error":{"type":"authentication error!"}}"#)
        else {
            panic!("a wrong key was expected");
        };
        assert_eq!(detail, "status 401");
    }

    #[test]
    fn moderation_may_come_as_403() {
        let body = r#"{"error":{"code":403,"message":"This model requires moderation and your input was flagged"}}"#;
        assert!(matches!(
            of(403, body),
            Failure::Refused {
                whose: Whose::Call,
                ..
            }
        ));
        assert!(matches!(of(401, body), Failure::Misconfigured(_)));
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
