//! The read endpoints: what comes before and after each of them.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use serde_json::Value;

use crate::scopes;
use crate::state::{Shared, World};
use crate::tokens::BearerError;
use crate::violations::ViolationKind;
use crate::{extensive, transcript, users};
use crate::{
    refusal::Refusal,
    request::{Answer, ApiRequest},
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Endpoint {
    Extensive,
    Transcript,
    Users,
    Workspaces,
}

impl Endpoint {
    fn at(path: &str) -> Option<Self> {
        Some(match path {
            "/v2/calls/extensive" => Self::Extensive,
            "/v2/calls/transcript" => Self::Transcript,
            "/v2/users" => Self::Users,
            "/v2/workspaces" => Self::Workspaces,
            _ => return None,
        })
    }

    fn verb(self) -> &'static str {
        match self {
            Self::Extensive | Self::Transcript => "POST",
            Self::Users | Self::Workspaces => "GET",
        }
    }

    fn scope(self) -> &'static str {
        match self {
            Self::Extensive => scopes::CALLS_EXTENSIVE,
            Self::Transcript => scopes::CALLS_TRANSCRIPT,
            Self::Users => scopes::USERS,
            Self::Workspaces => scopes::WORKSPACES,
        }
    }
}

/// Answers everything that no other route takes.
pub(crate) async fn serve(
    State(shared): State<Arc<Shared>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let name = format!("{method} {}", uri.path());
    let request = ApiRequest {
        name: &name,
        uri: &uri,
        now_ms: shared.now_ms(),
    };
    let mut world = shared.world();
    let request_id = world.next_request_id(shared.seed);
    let mut outcome = answer(&shared, &mut world, &request, &method, &headers, &body);
    if let Err(Some((kind, detail))) = outcome.as_mut().map_err(|refusal| refusal.violation.take())
    {
        world.violate(request.now_ms, &name, kind, detail);
    }
    // Writing out long transcripts must not hold other requests up.
    drop(world);
    let mut response = match outcome {
        Ok(mut answer) => {
            answer.insert("requestId".into(), Value::String(request_id.clone()));
            Json(answer).into_response()
        }
        Err(refusal) => refusal.respond(&request_id),
    };
    if let Ok(trace_id) = header::HeaderValue::from_str(&request_id) {
        response.headers_mut().insert("x-traceid", trace_id);
    }
    response
}

fn answer(
    shared: &Shared,
    world: &mut World,
    request: &ApiRequest<'_>,
    method: &Method,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<Answer, Refusal> {
    let path = request.uri.path();
    if path.starts_with("/v2/") {
        world.stats.note_request(request.name);
    }
    let Some(endpoint) = Endpoint::at(path) else {
        return Err(unknown_path(path, method));
    };
    if method.as_str() != endpoint.verb() {
        return Err(
            Refusal::new(StatusCode::METHOD_NOT_ALLOWED, "Method not allowed")
                .allowing(endpoint.verb())
                .violates(ViolationKind::WrongVerb, ""),
        );
    }
    let body: Option<Value> = serde_json::from_slice(body).ok();
    if let (Endpoint::Transcript, Some(body)) = (endpoint, &body) {
        // Before anything may refuse the request: naming a call is asking for its transcript, whatever the answer.
        transcript::note_requested(world, request, body);
    }
    let granted = bearer_scope(world, headers, request.now_ms, endpoint.scope())?;
    world
        .limiter
        .admit(shared.limits, request.now_ms)
        .inspect_err(|_| world.stats.rate_limited += 1)?;
    world.stats.served_at_ms.push(request.now_ms);
    if let Some(injected) = world.faults.take_status(request.name) {
        return Err(injected.into());
    }
    if !granted {
        let message = format!(
            "The access token does not have the required scope {}",
            endpoint.scope()
        );
        return Err(Refusal::new(StatusCode::FORBIDDEN, message));
    }
    let json_body =
        || body.ok_or_else(|| Refusal::bad_request("The request body is not valid JSON"));
    match endpoint {
        Endpoint::Extensive => extensive::answer(shared, world, request, &json_body()?),
        Endpoint::Transcript => transcript::answer(shared, world, request, &json_body()?),
        Endpoint::Users => users::users(shared, request),
        Endpoint::Workspaces => Ok(users::workspaces(shared)),
    }
}

fn unknown_path(path: &str, method: &Method) -> Refusal {
    let refusal = Refusal::new(
        StatusCode::NOT_FOUND,
        format!("There is no endpoint at {path}"),
    );
    if path.starts_with("/v2/") && !method.is_safe() {
        return refusal.violates(ViolationKind::NotAReadEndpoint, "");
    }
    refusal
}

/// Whether the bearer of the request was granted the scope.
fn bearer_scope(
    world: &World,
    headers: &HeaderMap,
    now_ms: i64,
    scope: &str,
) -> Result<bool, Refusal> {
    let unauthorized = |message: &str| Refusal::new(StatusCode::UNAUTHORIZED, message);
    let token = headers.get(header::AUTHORIZATION).and_then(|value| {
        let (scheme, token) = value.to_str().ok()?.split_once(' ')?;
        scheme
            .eq_ignore_ascii_case("bearer")
            .then_some(token.trim())
    });
    let token = token.ok_or_else(|| unauthorized("The request carries no bearer token"))?;
    let granted = world
        .tokens
        .bearer(token, now_ms)
        .map_err(|error| match error {
            BearerError::Unknown => {
                unauthorized("The access token is not valid or has been revoked")
            }
            BearerError::Expired => unauthorized("The access token has expired"),
        })?;
    Ok(granted.iter().any(|granted| granted == scope))
}
