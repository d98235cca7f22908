//! Gong's answer to a connect: `GET /oauth/gong/callback`.
//!
//! Translates the request into [`CompleteConnect`] and its answer into a redirect to a fixed page.
//! The query holds a code and a state, so nothing of it is ever logged or passed on.

use std::sync::Arc;

use domain::{
    gong::CALLBACK_PATH,
    moment::{Span, Timestamp},
    ports::system::Clock,
    secret::Secret,
    verdict::Deadline,
};
use ingest::connect::{Callback, CompleteConnect, ConnectRefusal};
use lambda_http::{
    Body, Request, RequestExt, Response,
    http::{Method, StatusCode, header, response::Builder},
};
use runtime::cookies::CookieStyle;
use serde::Deserialize;

/// The page that shows what came of the connect.
pub const PAGE: &str = "/integrations/gong";
/// A gateway gives an answer up after 30 seconds; the redirect has to be out before.
pub const TIME_LIMIT: Span = Span::seconds(25);
/// What is kept of the function's own time for the answer.
const MARGIN: Span = Span::seconds(1);

/// What the callback needs.
#[derive(Clone)]
pub struct CallbackDeps {
    pub connect: CompleteConnect,
    /// How the binding cookie is named.
    pub cookies: CookieStyle,
    pub clock: Arc<dyn Clock>,
}

/// Answers one request. A connect that took place leads to `/integrations/gong?connected=1`, a
/// refused one to `/integrations/gong?refused=<code>`; both end the binding cookie.
pub async fn handle(deps: &CallbackDeps, request: Request) -> Response<Body> {
    if request.uri().path() != CALLBACK_PATH {
        return plain(StatusCode::NOT_FOUND, "There is no such page.");
    }
    if request.method() != Method::GET {
        let mut response = plain(StatusCode::METHOD_NOT_ALLOWED, "Only GET is answered here.");
        let allow = header::HeaderValue::from_static("GET");
        response.headers_mut().insert(header::ALLOW, allow);
        return response;
    }
    let deadline = deadline(deps.clock.now(), &request);
    let callback = read(&request, deps.cookies);
    match deps.connect.complete(callback, deadline).await {
        Ok(connection) => {
            tracing::info!(org = %connection.org_id, generation = connection.generation, "connected");
            redirect(deps.cookies, &format!("{PAGE}?connected=1"))
        }
        Err(refusal) => {
            tracing::warn!(refusal = refusal.code(), "a connect was refused");
            redirect(deps.cookies, &refused(refusal))
        }
    }
}

fn refused(refusal: ConnectRefusal) -> String {
    format!("{PAGE}?refused={}", refusal.code())
}

/// The earlier of the gateway's limit and the function's own end.
fn deadline(now: Timestamp, request: &Request) -> Deadline {
    let limit = now + TIME_LIMIT;
    let own = request
        .lambda_context_ref()
        .and_then(|context| i64::try_from(context.deadline).ok())
        .filter(|end| *end > 0)
        .map(|end| Timestamp(end) - MARGIN);
    Deadline(own.map_or(limit, |own| own.min(limit)))
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Query {
    state: Option<Secret>,
    code: Option<Secret>,
    error: Option<String>,
}

/// A query that names a field twice says nothing (RFC 6749 §4.1.2 allows each once).
fn read(request: &Request, cookies: CookieStyle) -> Callback {
    let query = request.uri().query().unwrap_or_default();
    let query: Query = serde_urlencoded::from_str(query).unwrap_or_default();
    let full = |secret: &Secret| !secret.expose().is_empty();
    Callback {
        state: query.state.filter(full),
        code: query.code.filter(full),
        error: query.error.filter(|error| !error.is_empty()),
        cookie: cookies.connect(request.headers()),
    }
}

fn redirect(cookies: CookieStyle, location: &str) -> Response<Body> {
    finish(
        Response::builder()
            .status(StatusCode::SEE_OTHER)
            .header(header::LOCATION, location)
            .header(header::SET_COOKIE, cookies.clear_connect()),
        Body::Empty,
    )
}

fn plain(status: StatusCode, text: &str) -> Response<Body> {
    finish(
        Response::builder()
            .status(status)
            .header(header::CONTENT_TYPE, "text/plain; charset=utf-8"),
        Body::from(text),
    )
}

fn finish(response: Builder, body: Body) -> Response<Body> {
    response
        .header(header::CACHE_CONTROL, "no-store")
        .header(header::REFERRER_POLICY, "no-referrer")
        .header(header::X_CONTENT_TYPE_OPTIONS, "nosniff")
        .header(header::CONTENT_SECURITY_POLICY, "default-src 'none'")
        .body(body)
        .expect("fixed header names, and values of letters, digits and dashes")
}
