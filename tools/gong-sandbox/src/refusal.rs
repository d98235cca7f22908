//! Answers of the API that are errors, in Gong's envelope.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::faults::InjectedStatus;
use crate::limits::Exhausted;
use crate::paging::CursorError;
use crate::violations::ViolationKind;

/// An error answer, and the breach of the contract that led to it, if any.
#[derive(Debug)]
pub(crate) struct Refusal {
    status: StatusCode,
    message: String,
    retry_after_seconds: Option<u64>,
    allow: Option<&'static str>,
    raw_body: Option<String>,
    pub(crate) violation: Option<(ViolationKind, String)>,
}

impl Refusal {
    pub(crate) fn new(status: StatusCode, message: impl Into<String>) -> Self {
        Self {
            status,
            message: message.into(),
            retry_after_seconds: None,
            allow: None,
            raw_body: None,
            violation: None,
        }
    }

    pub(crate) fn bad_request(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, message)
    }

    pub(crate) fn violates(mut self, kind: ViolationKind, detail: impl Into<String>) -> Self {
        self.violation = Some((kind, detail.into()));
        self
    }

    pub(crate) fn allowing(mut self, verb: &'static str) -> Self {
        self.allow = Some(verb);
        self
    }

    /// The answer; `request_id` goes into the envelope.
    pub(crate) fn respond(self, request_id: &str) -> Response {
        let mut response = match self.raw_body {
            Some(body) => {
                let json = body.trim_start().starts_with(['{', '[']);
                let kind = if json {
                    "application/json"
                } else {
                    "text/plain; charset=utf-8"
                };
                (self.status, [(header::CONTENT_TYPE, kind)], body).into_response()
            }
            None => {
                let envelope = json!({"requestId": request_id, "errors": [self.message]});
                (self.status, axum::Json(envelope)).into_response()
            }
        };
        if let Some(seconds) = self.retry_after_seconds {
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if let Some(verb) = self.allow {
            response
                .headers_mut()
                .insert(header::ALLOW, HeaderValue::from_static(verb));
        }
        response
    }
}

impl From<Exhausted> for Refusal {
    fn from(exhausted: Exhausted) -> Self {
        let mut refusal = Self::new(StatusCode::TOO_MANY_REQUESTS, "API rate limit exceeded");
        refusal.retry_after_seconds = Some(exhausted.retry_after_seconds);
        refusal
    }
}

impl From<InjectedStatus> for Refusal {
    fn from(injected: InjectedStatus) -> Self {
        let status =
            StatusCode::from_u16(injected.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut refusal = Self::new(status, "injected by the sandbox");
        refusal.retry_after_seconds = injected.retry_after_seconds;
        refusal.raw_body = injected.body;
        refusal
    }
}

impl From<CursorError> for Refusal {
    fn from(error: CursorError) -> Self {
        match error {
            CursorError::Unverifiable => Self::bad_request("failed to verify cursor"),
            CursorError::Expired => Self::bad_request("cursor has expired"),
            CursorError::InputsChanged => Self::bad_request(
                "cursor: all other request inputs must stay the same from page to page",
            )
            .violates(ViolationKind::CursorInputsChanged, ""),
        }
    }
}
