//! Routes.

use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use url::Url;

use crate::{api, authorize, call_page, pages, token_endpoint};
use crate::{pages::is_loopback, state::Shared};

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
        .layer(middleware::from_fn(no_foreign_page))
        .with_state(shared)
}

/// Refuses requests under another host name: a web page that points its own name at 127.0.0.1 (DNS rebinding)
/// could otherwise read the calls of this folder through the visitor's browser. And refuses what a page of
/// another site sends; no header lets such a page read an answer.
async fn no_foreign_page(request: Request, next: Next) -> Response {
    if !host_is_loopback(request.headers()) {
        let text = "The sandbox Gong answers under 127.0.0.1 and localhost only.\n";
        return (StatusCode::MISDIRECTED_REQUEST, text).into_response();
    }
    // A link from another page is no harm, and browsers name its origin by their own lights.
    if !request.method().is_safe() && !same_origin(request.headers()) {
        let text = "This came from another site, so nothing was done. Start again from the app.\n";
        return (StatusCode::FORBIDDEN, text).into_response();
    }
    next.run(request).await
}

/// Whether a request was sent by our own page; a client that is no browser sends no `Origin`.
fn same_origin(headers: &HeaderMap) -> bool {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    match (
        headers.get(header::ORIGIN),
        text(header::ORIGIN),
        text(header::HOST),
    ) {
        (None, _, _) => true,
        (Some(_), Some(origin), Some(host)) => origin == format!("http://{host}"),
        _ => false,
    }
}

fn host_is_loopback(headers: &HeaderMap) -> bool {
    let host = headers
        .get(header::HOST)
        .and_then(|host| host.to_str().ok());
    host.and_then(|host| Url::parse(&format!("http://{host}/")).ok())
        .is_some_and(|url| is_loopback(&url))
}
