//! The provider's library speaks through our one HTTP client.

use adapters::http::{BodyError, failure, read_limited};
use futures::future::BoxFuture;
use openidconnect::{AsyncHttpClient, HttpRequest, HttpResponse};
use url::Url;

use super::address::may_follow;

/// More than any discovery document, key set or token answer has.
const MAX_ANSWER: usize = 512 * 1024;

/// Why there is no answer to work with.
#[derive(Debug, thiserror::Error)]
pub enum HttpFailure {
    /// The address is one that others could read along at.
    #[error("one of its endpoints is not https")]
    NotPrivate,
    /// The request came to nothing.
    #[error("{0}")]
    Failed(&'static str),
    /// The provider has trouble of its own.
    #[error("it answered with status {0}")]
    Status(u16),
    /// The answer did not arrive whole.
    #[error(transparent)]
    Body(#[from] BodyError),
}

/// Our client, in the library's shape, for the endpoints of one issuer.
#[derive(Clone)]
pub struct Http {
    /// Follows no redirects.
    pub client: reqwest::Client,
    /// Its endpoints are to be no less private than it.
    pub issuer: Url,
}

impl Http {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, HttpFailure> {
        let request = reqwest::Request::try_from(request);
        let request = request.map_err(|error| HttpFailure::Failed(failure(&error)))?;
        if !may_follow(&self.issuer, request.url()) {
            return Err(HttpFailure::NotPrivate);
        }
        let answer = self.client.execute(request).await;
        let answer = answer.map_err(|error| HttpFailure::Failed(failure(&error)))?;
        let (status, headers) = (answer.status(), answer.headers().clone());
        if status.is_server_error() || status.as_u16() == 429 {
            return Err(HttpFailure::Status(status.as_u16()));
        }
        let mut whole = HttpResponse::new(read_limited(answer, MAX_ANSWER).await?);
        *whole.status_mut() = status;
        *whole.headers_mut() = headers;
        Ok(whole)
    }
}

impl<'c> AsyncHttpClient<'c> for Http {
    type Error = HttpFailure;
    type Future = BoxFuture<'c, Result<HttpResponse, HttpFailure>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.send(request))
    }
}
