//! The loopback server: every HTTP request becomes an HTTP API event (payload format 2.0), so that
//! the web functions see here what they see behind API Gateway.

use domain::gong::CALLBACK_PATH;
use std::sync::Arc;

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::{Request, State},
    http::{HeaderMap, Method, StatusCode, header},
    middleware::{self, Next},
    response::{IntoResponse, Redirect, Response},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Map, Value, json};
use url::Url;

use crate::house::House;

/// API Gateway's own limit is 10 MB; our forms are far smaller.
const LARGEST_BODY: usize = 1 << 20;

/// What the server needs.
#[derive(Clone)]
pub struct Web {
    /// The functions.
    pub house: Arc<House>,
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
    let path = parts.uri.path();
    let event = json!({
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": path,
        "rawQueryString": parts.uri.query().unwrap_or(""),
        "cookies": cookies(&parts.headers),
        "headers": headers(&parts.headers),
        "requestContext": {
            "accountId": "local", "apiId": "local", "domainName": host_of(&web),
            "domainPrefix": "local", "requestId": "local", "routeKey": "$default",
            "stage": "$default", "time": "", "timeEpoch": 0,
            "http": {
                "method": parts.method.as_str(), "path": path, "protocol": "HTTP/1.1",
                "sourceIp": "127.0.0.1",
                "userAgent": text(&parts.headers, "user-agent").unwrap_or_default(),
            },
        },
        "body": STANDARD.encode(&body),
        "isBase64Encoded": true,
    });
    let Ok(request) = lambda_http::request::from_str(&event.to_string()) else {
        return (StatusCode::BAD_REQUEST, "The request could not be read.\n").into_response();
    };
    let response = if path == CALLBACK_PATH {
        oauth_callback::handle(&web.house.callback, request).await
    } else {
        dashboard::handle(&web.house.pages, request).await
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

fn host_of(web: &Web) -> &str {
    web.hosts.first().map_or("localhost", String::as_str)
}

fn text(headers: &HeaderMap, name: &str) -> Option<String> {
    Some(headers.get(name)?.to_str().ok()?.to_owned())
}

/// API Gateway moves cookies out of the headers.
fn cookies(headers: &HeaderMap) -> Vec<String> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split("; "))
        .map(str::to_owned)
        .collect()
}

fn headers(headers: &HeaderMap) -> Map<String, Value> {
    let mut map = Map::new();
    for name in headers.keys().filter(|name| **name != header::COOKIE) {
        let values: Vec<_> = headers
            .get_all(name)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .collect();
        map.insert(name.as_str().to_owned(), json!(values.join(",")));
    }
    map
}
