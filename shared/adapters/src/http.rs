//! The one way to make an HTTP client, and to read an answer without trusting its size.

mod base_url;
pub mod retry;
mod tls;

use std::time::Duration;

use reqwest::Response;

pub use base_url::{InvalidBaseUrl, base_url};

/// How long a connection may take to come about.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);

/// How long an idle connection is kept. Servers close theirs after a minute or so; a request on a
/// connection that is closed already, such as after a function's freeze, has an unknown outcome.
const IDLE_TIMEOUT: Duration = Duration::from_secs(20);

/// Makes ring the process's TLS cryptography; calling it again changes nothing.
pub fn install_crypto() {
    // An error means that a provider is installed already, which is all that is asked for.
    let _ = rustls::crypto::ring::default_provider().install_default();
}

/// A client that follows no redirect, uses no proxy and repeats no request; `timeout` covers a
/// whole request with its answer. Make one and share it by cloning: it holds the connections.
///
/// The machine's certificate authorities are read with the first https request; where there are
/// none, an error is logged and every https request fails.
#[must_use]
pub fn client(timeout: Duration) -> reqwest::Client {
    install_crypto();
    let client = reqwest::Client::builder()
        .tls_backend_preconfigured(tls::config())
        .connect_timeout(CONNECT_TIMEOUT)
        .timeout(timeout)
        .pool_idle_timeout(IDLE_TIMEOUT)
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .referer(false)
        .no_proxy()
        .user_agent(concat!("productbridge-gong/", env!("CARGO_PKG_VERSION")))
        .build();
    client.expect("with a whole TLS configuration nothing is left that can fail")
}

/// Why an answer's body is not there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BodyError {
    /// It is larger than allowed.
    #[error("the answer is larger than {limit} bytes")]
    TooLarge { limit: usize },
    /// It ended too early or could not be unpacked.
    #[error("{0}")]
    Broken(&'static str),
}

/// Reads a body of at most `limit` bytes, counted after decompression.
///
/// # Errors
/// [`BodyError::TooLarge`] as soon as the limit is passed; [`BodyError::Broken`] when the body does
/// not arrive whole.
pub async fn read_limited(mut response: Response, limit: usize) -> Result<Vec<u8>, BodyError> {
    let too_large = BodyError::TooLarge { limit };
    if response
        .content_length()
        .is_some_and(|length| length > limit as u64)
    {
        return Err(too_large);
    }
    let mut body = Vec::new();
    while let Some(chunk) = response
        .chunk()
        .await
        .map_err(|error| BodyError::Broken(failure(&error)))?
    {
        if chunk.len() > limit - body.len() {
            return Err(too_large);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// Why a request failed, in our own words: reqwest's would name the URL, and a URL may hold a secret.
#[must_use]
pub fn failure(error: &reqwest::Error) -> &'static str {
    if error.is_timeout() {
        "it timed out"
    } else if error.is_connect() {
        "no connection"
    } else if error.is_builder() {
        "the request could not be made"
    } else if error.is_body() || error.is_decode() {
        "the answer broke off"
    } else {
        "the connection broke off"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_body_is_read_up_to_the_limit() {
        let body = || Response::from(http_response(vec![7; 10]));
        assert_eq!(read_limited(body(), 10).await, Ok(vec![7; 10]));
        assert_eq!(
            read_limited(body(), 9).await,
            Err(BodyError::TooLarge { limit: 9 })
        );
    }

    fn http_response(body: Vec<u8>) -> ::http::Response<Vec<u8>> {
        ::http::Response::new(body)
    }

    #[test]
    fn a_client_can_be_made_twice() {
        drop(client(Duration::from_secs(1)));
        drop(client(Duration::from_secs(1)));
    }
}
