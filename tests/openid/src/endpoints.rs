//! What the provider answers.

use std::sync::Arc;

use axum::{
    Form, Json, Router,
    extract::{Query, Request, State},
    http::{HeaderMap, StatusCode, header},
    middleware::{self, Next},
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use serde::Deserialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use url::{Url, form_urlencoded};
use uuid::Uuid;

use crate::{
    keys::{encode, unsigned},
    state::{Code, Endpoint, Shared, Wrong},
};

type Provider = State<Arc<Shared>>;

pub fn router(shared: Arc<Shared>) -> Router {
    Router::new()
        .route("/.well-known/openid-configuration", get(discovery))
        .route("/jwks", get(keys))
        .route("/authorize", get(authorize))
        .route("/token", post(token))
        .layer(middleware::from_fn_with_state(Arc::clone(&shared), count))
        .with_state(shared)
}

/// Counts what is asked for, and answers for an endpoint that is to fail.
async fn count(State(shared): Provider, request: Request, next: Next) -> Response {
    let endpoint = match request.uri().path() {
        "/.well-known/openid-configuration" => Endpoint::Discovery,
        "/jwks" => Endpoint::Keys,
        "/authorize" => Endpoint::Authorize,
        _ => Endpoint::Token,
    };
    let broken = {
        let mut state = shared.state();
        *state.asked.entry(endpoint).or_default() += 1;
        state.broken.get(&endpoint).cloned()
    };
    let Some((status, body)) = broken else {
        return next.run(request).await;
    };
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    (status, [(header::CONTENT_TYPE, "application/json")], body).into_response()
}

async fn discovery(State(shared): Provider) -> Json<Value> {
    let issuer = &shared.issuer;
    Json(json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{issuer}/token"),
        "jwks_uri": format!("{issuer}/jwks"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "code_challenge_methods_supported": ["S256"],
        "token_endpoint_auth_methods_supported": shared.state().auth_methods,
    }))
}

async fn keys(State(shared): Provider) -> Json<Value> {
    Json(json!({"keys": [shared.state().key.jwk()]}))
}

#[derive(Deserialize)]
struct Asked {
    response_type: String,
    client_id: String,
    redirect_uri: String,
    scope: String,
    state: String,
    nonce: Option<String>,
    code_challenge: String,
    code_challenge_method: String,
}

/// The person is sent back at once. A request that is not ours to answer gets no redirect.
async fn authorize(State(shared): Provider, Query(asked): Query<Asked>) -> Response {
    let client = &shared.client;
    let right = asked.response_type == "code"
        && asked.client_id == client.id
        && asked.redirect_uri == client.redirect_uri
        && asked.scope.split(' ').any(|scope| scope == "openid")
        && asked.code_challenge_method == "S256";
    let back = Url::parse(&asked.redirect_uri).ok().filter(|_| right);
    let Some(mut back) = back else {
        return (StatusCode::BAD_REQUEST, "not a request of a client").into_response();
    };
    let mut provider = shared.state();
    let (name, value) = if let Some(error) = &provider.declines {
        ("error", error.clone())
    } else {
        let code = Uuid::new_v4().simple().to_string();
        let given = Code {
            challenge: asked.code_challenge,
            nonce: asked.nonce,
            person: provider.person.clone(),
        };
        provider.codes.insert(code.clone(), given);
        ("code", code)
    };
    back.query_pairs_mut()
        .append_pair(name, &value)
        .append_pair("state", &asked.state);
    Redirect::to(back.as_str()).into_response()
}

#[derive(Deserialize)]
struct Exchange {
    grant_type: String,
    code: String,
    redirect_uri: String,
    code_verifier: String,
    client_id: Option<String>,
    client_secret: Option<String>,
}

/// A code is good once, for the client and the verifier that it was given out for.
async fn token(
    State(shared): Provider,
    headers: HeaderMap,
    Form(form): Form<Exchange>,
) -> Response {
    if !is_client(&shared, &headers, &form) {
        return refused(StatusCode::UNAUTHORIZED, "invalid_client");
    }
    if form.grant_type != "authorization_code" {
        return refused(StatusCode::BAD_REQUEST, "unsupported_grant_type");
    }
    let given = shared.state().codes.remove(&form.code);
    let challenge = encode(&Sha256::digest(form.code_verifier.as_bytes()));
    let right = form.redirect_uri == shared.client.redirect_uri;
    let given = given.filter(|code| right && code.challenge == challenge);
    match given {
        Some(code) => Json(answer(&shared, &code)).into_response(),
        None => refused(StatusCode::BAD_REQUEST, "invalid_grant"),
    }
}

/// The secret comes in a way that discovery names: in the header, in the form, or there is none.
fn is_client(shared: &Shared, headers: &HeaderMap, form: &Exchange) -> bool {
    let (id, secret, method) = match basic(headers) {
        Some((id, secret)) => (Some(id), Some(secret), "client_secret_basic"),
        None if form.client_secret.is_some() => (
            form.client_id.clone(),
            form.client_secret.clone(),
            "client_secret_post",
        ),
        None => (form.client_id.clone(), None, "none"),
    };
    let client = &shared.client;
    id.as_deref() == Some(&*client.id)
        && secret == client.secret
        && shared.state().auth_methods.contains(&method)
}

fn basic(headers: &HeaderMap) -> Option<(String, String)> {
    let text = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let plain = STANDARD.decode(text.strip_prefix("Basic ")?).ok()?;
    let plain = String::from_utf8(plain).ok()?;
    let (id, secret) = plain.split_once(':')?;
    // Both are form-encoded first (RFC 6749 § 2.3.1).
    let decode = |text: &str| {
        let pair = format!("v={text}");
        let mut pairs = form_urlencoded::parse(pair.as_bytes());
        pairs.next().map(|(_, value)| value.into_owned())
    };
    Some((decode(id)?, decode(secret)?))
}

fn answer(shared: &Shared, code: &Code) -> Value {
    let now = shared.now();
    let mut claims = json!({
        "iss": shared.issuer,
        "aud": shared.client.id,
        "iat": now,
        "exp": now + 300,
        "nonce": code.nonce,
    });
    merge(&mut claims, &code.person);
    let state = shared.state();
    let id_token = match &state.wrong {
        None => Some(state.key.sign(&claims)),
        Some(Wrong::Claims(other)) => {
            merge(&mut claims, other);
            Some(state.key.sign(&claims))
        }
        Some(Wrong::Key(key)) => Some(key.sign(&claims)),
        Some(Wrong::Unsigned) => Some(unsigned(&claims)),
        Some(Wrong::Absent) => None,
    };
    let mut answer = json!({"access_token": "opaque", "token_type": "Bearer", "expires_in": 300});
    if let Some(token) = id_token {
        merge(&mut answer, &json!({"id_token": token}));
    }
    answer
}

/// Later members replace earlier ones; a null takes one away.
fn merge(into: &mut Value, from: &Value) {
    if let (Some(into), Some(from)) = (into.as_object_mut(), from.as_object()) {
        into.extend(from.clone());
        into.retain(|_, value| !value.is_null());
    }
}

fn refused(status: StatusCode, error: &str) -> Response {
    (status, Json(json!({"error": error}))).into_response()
}
