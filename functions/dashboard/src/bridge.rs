//! From Lambda's HTTP shapes to axum's and back.

use axum::{
    Router,
    body::{self, Body as PageBody},
};
use lambda_http::{Body, Request, Response};
use tower::ServiceExt;

/// Answers one HTTP API event, or any request of that shape.
pub async fn handle(router: &Router, request: Request) -> Response<Body> {
    let request = request.map(|body| match body {
        Body::Text(text) => PageBody::from(text),
        Body::Binary(bytes) => PageBody::from(bytes),
        _ => PageBody::empty(),
    });
    let answered = router.clone().oneshot(request).await;
    let (parts, page) = answered.unwrap_or_else(|never| match never {}).into_parts();
    let bytes = body::to_bytes(page, usize::MAX).await.unwrap_or_default();
    let body = if bytes.is_empty() {
        Body::Empty
    } else {
        match String::from_utf8(bytes.into()) {
            Ok(text) => Body::Text(text),
            Err(bytes) => Body::Binary(bytes.into_bytes()),
        }
    };
    Response::from_parts(parts, body)
}
