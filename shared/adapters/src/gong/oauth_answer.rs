//! What the token endpoint's answer means. Its own words are never passed on: they may hold a token.

use domain::{
    moment::Span,
    ports::gong::{Grant, OAuthError},
    secret::Secret,
};
use reqwest::StatusCode;
use serde::Deserialize;
use serde_json::Value;

use super::lenient::{filled, lenient};

/// The life of an access token when the answer does not name one: an hour, far below Gong's usual
/// day, so that the token is renewed early rather than used too long.
const DEFAULT_LIFE: Span = Span::hours(1);

/// No life is taken for longer than this.
const LONGEST_LIFE: Span = Span::days(366);

/// The errors of RFC 6749 that say nothing about the grant, whatever their description says.
const OTHER_CODES: [&str; 4] = [
    "invalid_request",
    "unauthorized_client",
    "unsupported_grant_type",
    "invalid_scope",
];

#[derive(Deserialize, Default)]
#[serde(default)]
struct GrantResponse {
    #[serde(deserialize_with = "lenient")]
    access_token: Option<Secret>,
    #[serde(deserialize_with = "lenient")]
    refresh_token: Option<Secret>,
    expires_in: Value,
    scope: Value,
    #[serde(deserialize_with = "lenient")]
    api_base_url_for_customer: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct RefusalResponse {
    #[serde(deserialize_with = "lenient")]
    error: Option<String>,
}

/// Reads a 2xx. A missing base URL becomes an empty text, which no rule accepts: the tokens beside
/// it are rotated already and must not be lost with it.
pub(super) fn grant(body: &[u8]) -> Result<Grant, OAuthError> {
    let unknown = |what: &str| OAuthError::UnknownOutcome(what.to_owned());
    let response: GrantResponse =
        serde_json::from_slice(body).map_err(|_| unknown("its answer is not JSON"))?;
    let token = |token: Option<Secret>| token.filter(|token| !token.expose().trim().is_empty());
    Ok(Grant {
        access_token: token(response.access_token)
            .ok_or_else(|| unknown("its answer has no access token"))?,
        refresh_token: token(response.refresh_token)
            .ok_or_else(|| unknown("its answer has no refresh token"))?,
        expires_in: life(&response.expires_in),
        scope: scope(response.scope),
        api_base_url: response.api_base_url_for_customer.unwrap_or_default(),
    })
}

/// Reads any other answer.
pub(super) fn refusal(status: StatusCode, body: &[u8]) -> OAuthError {
    let unauthorized = status == StatusCode::UNAUTHORIZED;
    if !unauthorized && status != StatusCode::BAD_REQUEST {
        return OAuthError::UnknownOutcome(format!("status {}", status.as_u16()));
    }
    let code = serde_json::from_slice::<RefusalResponse>(body)
        .unwrap_or_default()
        .error
        .unwrap_or_default();
    let text = String::from_utf8_lossy(body);
    let grant_is_dead = text.contains("Refresh token code is invalid")
        || (text.contains("invalid_grant") && !OTHER_CODES.contains(&code.as_str()));
    match code.as_str() {
        "invalid_grant" => OAuthError::InvalidGrant,
        "invalid_client" => OAuthError::InvalidClient,
        _ if grant_is_dead => OAuthError::InvalidGrant,
        _ if unauthorized => OAuthError::InvalidClient,
        _ => OAuthError::UnknownOutcome(format!("status {}", status.as_u16())),
    }
}

/// Seconds as a number or as text.
fn life(expires_in: &Value) -> Span {
    let seconds = match expires_in {
        Value::String(text) => text.trim().parse().ok(),
        other => other.as_i64(),
    };
    match seconds {
        Some(seconds @ 1..) => Span(seconds.saturating_mul(1_000)).min(LONGEST_LIFE),
        _ => DEFAULT_LIFE,
    }
}

/// One text, or a list of texts.
fn scope(scope: Value) -> Option<String> {
    filled(match scope {
        Value::String(text) => Some(text),
        Value::Array(scopes) => {
            let scopes: Vec<&str> = scopes.iter().filter_map(Value::as_str).collect();
            Some(scopes.join(" "))
        }
        _ => None,
    })
}

#[cfg(test)]
mod tests;
