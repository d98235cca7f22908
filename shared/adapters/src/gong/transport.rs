//! The way of a request to Gong and of its answer back.

use async_trait::async_trait;
use reqwest::{Request, RequestBuilder, Response};

use crate::http;

/// Carries requests as they are: it follows no redirect and repeats nothing.
#[async_trait]
pub trait Transport: Send + Sync {
    /// Sends a request; without an answer, why, in words that hold nothing of the request. Whether
    /// it arrived is then not known.
    async fn carry(&self, request: Request) -> Result<Response, &'static str>;
}

#[async_trait]
impl Transport for reqwest::Client {
    async fn carry(&self, request: Request) -> Result<Response, &'static str> {
        let answer = self.execute(request).await;
        answer.map_err(|error| http::failure(&error))
    }
}

pub(super) async fn send(
    transport: &dyn Transport,
    request: RequestBuilder,
) -> Result<Response, &'static str> {
    let request = request.build().map_err(|error| http::failure(&error))?;
    transport.carry(request).await
}
