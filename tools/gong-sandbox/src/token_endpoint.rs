//! `POST /oauth2/generate-customer-token`: code for tokens, and refresh.

use std::borrow::Cow;
use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;
use url::form_urlencoded;

use crate::refusal::Refusal;
use crate::secret::same_secret;
use crate::state::{Shared, World};
use crate::tokens::{GrantError, IssuedTokens, Ledger};
use crate::violations::ViolationKind;

/// Where tokens are handed out.
pub(crate) const PATH: &str = "/oauth2/generate-customer-token";
const REQUEST: &str = "POST /oauth2/generate-customer-token";

/// An OAuth error answer.
struct TokenError {
    status: StatusCode,
    error: &'static str,
    description: &'static str,
}

impl TokenError {
    const fn bad_request(error: &'static str, description: &'static str) -> Self {
        Self {
            status: StatusCode::BAD_REQUEST,
            error,
            description,
        }
    }
}

impl IntoResponse for TokenError {
    fn into_response(self) -> Response {
        let body = Json(json!({"error": self.error, "error_description": self.description}));
        let mut response =
            (self.status, [(header::CACHE_CONTROL, "no-store")], body).into_response();
        if self.status == StatusCode::UNAUTHORIZED {
            let challenge = header::HeaderValue::from_static("Basic realm=\"Gong sandbox\"");
            response
                .headers_mut()
                .insert(header::WWW_AUTHENTICATE, challenge);
        }
        response
    }
}

/// Answers any verb but POST.
pub(crate) async fn wrong_verb(State(shared): State<Arc<Shared>>, method: Method) -> Response {
    let request = format!("{method} {PATH}");
    let mut world = shared.world();
    world.stats.note_request(&request);
    world.violate(shared.now_ms(), &request, ViolationKind::WrongVerb, "");
    let request_id = world.next_request_id(shared.seed);
    Refusal::new(StatusCode::METHOD_NOT_ALLOWED, "Method not allowed")
        .allowing("POST")
        .respond(&request_id)
}

/// Answers a token request.
pub(crate) async fn serve(
    State(shared): State<Arc<Shared>>,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let mut world = shared.world();
    world.stats.note_request(REQUEST);
    if let Some(injected) = world.faults.take_status(REQUEST) {
        let request_id = world.next_request_id(shared.seed);
        return Refusal::from(injected).respond(&request_id);
    }
    match exchange(
        &shared,
        &mut world,
        uri.query().unwrap_or_default(),
        &headers,
        &body,
    ) {
        Ok(response) => response,
        Err(error) => error.into_response(),
    }
}

fn exchange(
    shared: &Shared,
    world: &mut World,
    query: &str,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<Response, TokenError> {
    let now_ms = shared.now_ms();
    if body.is_empty() && !headers.contains_key(header::CONTENT_LENGTH) {
        world.violate(now_ms, REQUEST, ViolationKind::MissingContentLength, "");
        return Err(TokenError {
            status: StatusCode::LENGTH_REQUIRED,
            error: "invalid_request",
            description: "A POST request requires a Content-Length header.",
        });
    }
    if !body.is_empty() {
        world.violate(now_ms, REQUEST, ViolationKind::TokenParametersInBody, "");
    }
    let parameters = Query::parse(query);
    if parameters.get("client_secret").is_some() {
        world.violate(now_ms, REQUEST, ViolationKind::SecretInUrl, "");
    }
    if !client_is_known(shared, headers) {
        return Err(TokenError {
            status: StatusCode::UNAUTHORIZED,
            error: "invalid_client",
            description: "Client authentication failed.",
        });
    }
    let mut tokens = world.tokens.clone();
    let scopes = match parameters.required("grant_type")? {
        "authorization_code" => by_code(shared, &mut tokens, &parameters, now_ms),
        "refresh_token" => by_refresh(world, &mut tokens, &parameters),
        _ => Err(TokenError::bad_request(
            "unsupported_grant_type",
            "This grant type is not supported.",
        )),
    };
    let issued = scopes
        .map(|scopes| tokens.issue_pair(shared.seed, now_ms, shared.access_token_seconds, scopes));
    // Also after a refusal, for it may have used the code up.
    if let Err(error) = shared.keep_tokens(world, tokens) {
        tracing::error!(%error, "a token request was not answered, for its outcome could not be kept");
        return Err(server_error());
    }
    let issued = issued?;
    if world.faults.take_dropped_response() {
        return Err(server_error());
    }
    let base_url = world
        .faults
        .base_url_override
        .as_ref()
        .unwrap_or(&shared.origin);
    Ok(token_response(&issued, base_url))
}

fn by_code(
    shared: &Shared,
    tokens: &mut Ledger,
    parameters: &Query<'_>,
    now_ms: i64,
) -> Result<Vec<String>, TokenError> {
    if parameters.required("client_id")? != shared.client_id {
        return Err(TokenError::bad_request(
            "invalid_grant",
            "The code was issued to another client.",
        ));
    }
    let code = parameters.required("code")?;
    let redirect_uri = parameters.required("redirect_uri")?;
    tokens
        .redeem_code(code, redirect_uri, now_ms)
        .map_err(|error| match error {
            GrantError::OtherRedirect => TokenError::bad_request(
                "invalid_grant",
                "The redirect URI differs from the one of the authorization.",
            ),
            _ => TokenError::bad_request(
                "invalid_grant",
                "The code is unknown, expired or already used.",
            ),
        })
}

fn by_refresh(
    world: &mut World,
    tokens: &mut Ledger,
    parameters: &Query<'_>,
) -> Result<Vec<String>, TokenError> {
    tokens
        .rotate(parameters.required("refresh_token")?)
        .map_err(|error| {
            if error == GrantError::Rotated {
                world.stats.dead_refresh_uses += 1;
            }
            TokenError::bad_request("invalid_grant", "Token has been expired or revoked.")
        })
}

fn token_response(issued: &IssuedTokens, base_url: &str) -> Response {
    let body = Json(json!({
        "access_token": issued.access_token,
        "refresh_token": issued.refresh_token,
        "token_type": "bearer",
        "expires_in": issued.expires_in_seconds,
        "scope": issued.scopes.join(" "),
        "api_base_url_for_customer": base_url,
    }));
    ([(header::CACHE_CONTROL, "no-store")], body).into_response()
}

fn server_error() -> TokenError {
    TokenError {
        status: StatusCode::INTERNAL_SERVER_ERROR,
        error: "server_error",
        description: "The request could not be completed.",
    }
}

/// Whether the Basic credentials, taken literally, are the client's.
fn client_is_known(shared: &Shared, headers: &HeaderMap) -> bool {
    let credentials = headers.get(header::AUTHORIZATION).and_then(|value| {
        let (scheme, encoded) = value.to_str().ok()?.split_once(' ')?;
        if !scheme.eq_ignore_ascii_case("basic") {
            return None;
        }
        String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()
    });
    credentials
        .as_deref()
        .and_then(|text| text.split_once(':'))
        .is_some_and(|(id, secret)| {
            same_secret(id, &shared.client_id) & same_secret(secret, shared.client_secret.expose())
        })
}

/// The parameters of the query string; the first of a repeated one counts.
struct Query<'a>(Vec<(Cow<'a, str>, Cow<'a, str>)>);

impl<'a> Query<'a> {
    fn parse(query: &'a str) -> Self {
        Self(form_urlencoded::parse(query.as_bytes()).collect())
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_ref())
    }

    fn required(&self, name: &str) -> Result<&str, TokenError> {
        self.get(name)
            .filter(|value| !value.is_empty())
            .ok_or(TokenError::bad_request(
                "invalid_request",
                "A required parameter is missing from the query string.",
            ))
    }
}
