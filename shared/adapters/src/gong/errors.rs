//! From Gong's refusals to the port's errors.

use domain::{moment::Span, ports::gong::GongError, secret::Secret};
use reqwest::StatusCode;

use super::responses::ErrorResponse;

/// The longest error text that is passed on, in characters.
const LONGEST_MESSAGE: usize = 300;

/// The longest request id that is passed on, in characters.
const LONGEST_REQUEST_ID: usize = 64;

/// How long to wait when a 429 does not say.
const DEFAULT_RETRY_AFTER: Span = Span::seconds(1);

/// The longest wait that is passed on: a mistaken `Retry-After` must not stop us for good.
const LONGEST_RETRY_AFTER: Span = Span::days(7);

/// Statuses whose meaning does not depend on the body.
pub(super) fn by_status(status: StatusCode, retry_after: Option<Span>) -> Option<GongError> {
    Some(match status.as_u16() {
        401 => GongError::Unauthorized,
        403 => GongError::Forbidden,
        408 | 500.. => GongError::Unavailable(format!("status {}", status.as_u16())),
        429 => GongError::RateLimited {
            retry_after: retry_after
                .map_or(DEFAULT_RETRY_AFTER, |asked| asked.min(LONGEST_RETRY_AFTER)),
        },
        _ => return None,
    })
}

/// All other refusals, by what the body says. The token is cut out, should Gong ever repeat it.
pub(super) fn by_body(status: StatusCode, body: &[u8], token: &Secret) -> GongError {
    let answer = serde_json::from_slice::<ErrorResponse>(body).unwrap_or_default();
    let errors = answer.errors.join("; ");
    let said = if errors.is_empty() {
        String::from_utf8_lossy(body).to_lowercase()
    } else {
        errors.to_lowercase()
    };
    let says = |words: &str| said.contains(words);
    match status {
        StatusCode::NOT_FOUND if says("no calls found") || says("no users found") => {
            GongError::NoneFound
        }
        StatusCode::BAD_REQUEST
            if says("cursor") && (says("expired") || says("failed to verify")) =>
        {
            GongError::CursorExpired
        }
        _ => GongError::Refused {
            status: status.as_u16(),
            message: message(&errors, token) + &request_id(answer.request_id),
        },
    }
}

/// A 2xx that is not the JSON of the contract. The parser's own words would quote the body.
pub(super) fn not_the_contract(error: &serde_json::Error) -> GongError {
    let what = if error.is_data() {
        "a field has an unexpected type"
    } else {
        "it is not JSON"
    };
    GongError::Unreadable(format!(
        "{what}, line {} column {}",
        error.line(),
        error.column()
    ))
}

fn message(errors: &str, token: &Secret) -> String {
    let mut text = errors.replace(char::is_control, " ");
    if !token.expose().is_empty() {
        text = text.replace(token.expose(), "***");
    }
    if text.trim().is_empty() {
        return "no reason given".to_owned();
    }
    match text.char_indices().nth(LONGEST_MESSAGE) {
        Some((end, _)) => text[..end].to_owned(),
        None => text,
    }
}

/// Gong's id of the request, by which its support finds it; nothing if it does not look like one.
fn request_id(id: Option<String>) -> String {
    let is_id = |id: &String| {
        (1..=LONGEST_REQUEST_ID).contains(&id.len())
            && id.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
    };
    id.filter(is_id)
        .map_or_else(String::new, |id| format!(" (Gong's request id: {id})"))
}
