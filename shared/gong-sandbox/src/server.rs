//! Routes.

use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use url::{Host, Url};

use crate::state::Shared;
use crate::{api, authorize, call_page, pages, token_endpoint};

pub(crate) fn router(shared: Arc<Shared>) -> Router {
    Router::new()
        .route("/", get(pages::home))
        .route("/call", get(call_page::show))
        .route(
            "/oauth2/authorize",
            get(authorize::ask).post(authorize::decide),
        )
        .route(
            token_endpoint::PATH,
            post(token_endpoint::serve).fallback(token_endpoint::wrong_verb),
        )
        .fallback(api::serve)
        .layer(middleware::from_fn(loopback_host_only))
        .with_state(shared)
}

/// Refuses requests under another host name: a web page that points its own name at 127.0.0.1 (DNS rebinding)
/// could otherwise read the calls of this folder through the visitor's browser.
async fn loopback_host_only(request: Request, next: Next) -> Response {
    if host_is_loopback(request.headers()) {
        return next.run(request).await;
    }
    let text = "The sandbox Gong answers under 127.0.0.1 and localhost only.\n";
    (StatusCode::MISDIRECTED_REQUEST, text).into_response()
}

fn host_is_loopback(headers: &HeaderMap) -> bool {
    let host = headers
        .get(header::HOST)
        .and_then(|host| host.to_str().ok());
    host.and_then(|host| Url::parse(&format!("http://{host}/")).ok())
        .is_some_and(|url| is_loopback(&url))
}

/// Whether the URL's host is this machine.
pub(crate) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}
