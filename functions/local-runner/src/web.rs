//! The loopback server: it hands requests to the web functions as their gateway does, once its
//! events are read.

use std::sync::Arc;

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::{Request, State},
    http::{HeaderMap, Method, StatusCode, header},
    middleware::{self, Next},
    response::{IntoResponse, Redirect, Response},
};
use domain::gong::CALLBACK_PATH;
use url::Url;

use crate::app::App;

/// API Gateway's own limit is 10 MB; our forms are far smaller.
const LARGEST_BODY: usize = 1 << 20;

/// What the server needs.
#[derive(Clone)]
pub struct Web {
    pub app: Arc<App>,
    /// The hosts (with port) that the server may be reached by.
    pub hosts: Arc<Vec<String>>,
}

/// The hosts of these origins.
#[must_use]
pub fn hosts(origins: &[String]) -> Vec<String> {
    origins
        .iter()
        .filter_map(|origin| Url::parse(origin).ok())
        .map(|url| url[url::Position::BeforeHost..url::Position::AfterPort].to_owned())
        .collect()
}

/// The routes: what no other route takes goes to a function. All of them answer under the server's
/// own names alone.
pub fn router(web: Web, others: Router) -> Router {
    let names = middleware::from_fn_with_state(Arc::clone(&web.hosts), own_names_only);
    let pages = Router::new().fallback(serve).with_state(web);
    others.merge(pages).layer(names)
}

/// A foreign name that resolves to this machine must not read anything (DNS rebinding).
async fn own_names_only(
    State(hosts): State<Arc<Vec<String>>>,
    request: Request,
    next: Next,
) -> Response {
    let host = text(request.headers(), header::HOST.as_str());
    if host.is_some_and(|host| hosts.contains(&host)) {
        return next.run(request).await;
    }
    let words =
        "This server answers only under its own address. Use the one it printed at its start.\n";
    (StatusCode::MISDIRECTED_REQUEST, words).into_response()
}

async fn serve(State(web): State<Web>, request: Request) -> Response {
    if let Some(there) = canonical(&web, &request) {
        return Redirect::temporary(&there).into_response();
    }
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, LARGEST_BODY).await else {
        let words = "The request is too large: at most 1 MB.\n";
        return (StatusCode::PAYLOAD_TOO_LARGE, words).into_response();
    };
    let body = match body.len() {
        0 => lambda_http::Body::Empty,
        _ => lambda_http::Body::Binary(body.to_vec()),
    };
    let request = lambda_http::http::Request::from_parts(parts, body);
    let response = if request.uri().path() == CALLBACK_PATH {
        oauth_callback::handle(&web.app.callback, request).await
    } else {
        dashboard::handle(&web.app.pages, request).await
    };
    response.map(|body| match body {
        lambda_http::Body::Text(text) => Body::from(text),
        lambda_http::Body::Binary(bytes) => Body::from(bytes),
        _ => Body::empty(),
    })
}

/// `localhost` leads to the address that Gong sends the browser back to: a cookie that was set
/// under one name is not sent to the other.
fn canonical(web: &Web, request: &Request) -> Option<String> {
    let host = text(request.headers(), header::HOST.as_str())?;
    let main = web.hosts.first()?;
    let asked = host.starts_with("localhost:") && main.starts_with("127.0.0.1:");
    let path = request.uri().path_and_query()?;
    (asked && request.method() == Method::GET).then(|| format!("http://{main}{path}"))
}

fn text(headers: &HeaderMap, name: &str) -> Option<String> {
    Some(headers.get(name)?.to_str().ok()?.to_owned())
}
