//! Gong's OAuth endpoints.

use std::time::Duration;

use async_trait::async_trait;
use domain::{
    gong::scopes,
    ports::gong::{GongOAuth, Grant, OAuthError},
    secret::Secret,
};
use reqwest::header::{ACCEPT, CONTENT_LENGTH};
use url::{Url, form_urlencoded};

use super::oauth_answer;
use crate::{
    http::{self, BodyError},
    keys::Key,
};

/// Where Gong's consent page and token endpoint are.
pub const DEFAULT_OAUTH_BASE: &str = "https://app.gong.io";

const AUTHORIZE: &str = "/oauth2/authorize";
const TOKEN: &str = "/oauth2/generate-customer-token";

/// The largest answer of the token endpoint that is read.
const LARGEST_ANSWER: usize = 1 << 20;

/// What this installation's Gong app is.
#[derive(Debug, Clone)]
pub struct GongOAuthConfig {
    /// The origin of consent page and token endpoint, such as [`DEFAULT_OAUTH_BASE`].
    pub oauth_base: String,
    /// The app's client id.
    pub client_id: String,
    /// The app's client secret.
    pub client_secret: Key,
    /// Our page to which Gong sends the admin back; registered with the app to the letter.
    pub redirect_uri: String,
    /// Whether to ask for the right to read workspaces.
    pub with_workspaces: bool,
    /// How long a token request may take as a whole.
    pub timeout: Duration,
}

/// The client secret must not be sent to this address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "the address of Gong's sign-in cannot be used: {why}; the client secret is sent there, so it \
     must be a plain https origin such as https://app.gong.io, or http on a loopback address"
)]
pub struct BadOAuthBase {
    /// The rule that it breaks.
    pub why: &'static str,
}

/// Gong's OAuth endpoints over HTTP. Codes and refresh tokens travel in the query string, as Gong
/// documents it; therefore no address is ever logged or part of an error.
#[derive(Clone)]
pub struct GongOAuthClient {
    http: reqwest::Client,
    config: GongOAuthConfig,
}

impl GongOAuthClient {
    /// A client on connections made by [`http::client`], which follow no redirect.
    ///
    /// # Errors
    /// [`BadOAuthBase`] when `oauth_base` is not an https origin, nor http on loopback.
    pub fn new(http: reqwest::Client, mut config: GongOAuthConfig) -> Result<Self, BadOAuthBase> {
        config.oauth_base = origin(&config.oauth_base)?;
        Ok(Self { http, config })
    }

    async fn token(&self, parameters: &[(&str, &str)]) -> Result<Grant, OAuthError> {
        let config = &self.config;
        let secret = config.client_secret.secret().await;
        let secret = secret.map_err(|error| OAuthError::NotSent(error.to_string()))?;
        let secret = secret.ok_or_else(|| {
            OAuthError::NotSent("the Gong app's client secret has not been put in yet".to_owned())
        })?;
        let response = self
            .http
            .post(format!("{}{TOKEN}", config.oauth_base))
            .query(parameters)
            .basic_auth(&config.client_id, Some(secret.expose()))
            .header(ACCEPT, "application/json")
            // An empty body does not send it by itself, and Gong wants it.
            .header(CONTENT_LENGTH, 0)
            .timeout(config.timeout)
            .send()
            .await
            .map_err(|error| {
                let reason = http::failure(&error);
                tracing::debug!(endpoint = TOKEN, reason, "Gong did not answer");
                OAuthError::UnknownOutcome(reason.to_owned())
            })?;
        let status = response.status();
        tracing::debug!(endpoint = TOKEN, status = status.as_u16(), "Gong answered");
        let body = http::read_limited(response, LARGEST_ANSWER)
            .await
            .map_err(|error: BodyError| OAuthError::UnknownOutcome(error.to_string()))?;
        if status.is_success() {
            oauth_answer::grant(&body)
        } else {
            Err(oauth_answer::refusal(status, &body))
        }
    }
}

#[async_trait]
impl GongOAuth for GongOAuthClient {
    fn authorize_url(&self, state: &Secret) -> String {
        let config = &self.config;
        let query = form_urlencoded::Serializer::new(String::new())
            .append_pair("client_id", &config.client_id)
            .append_pair("response_type", "code")
            .append_pair("scope", &scopes::asked(config.with_workspaces))
            .append_pair("redirect_uri", &config.redirect_uri)
            .append_pair("state", state.expose())
            .finish()
            // Gong documents %20 between scopes; a plus of a value itself is %2B by now.
            .replace('+', "%20");
        format!("{}{AUTHORIZE}?{query}", config.oauth_base)
    }

    async fn exchange(&self, code: &Secret) -> Result<Grant, OAuthError> {
        self.token(&[
            ("grant_type", "authorization_code"),
            ("code", code.expose()),
            ("client_id", &self.config.client_id),
            ("redirect_uri", &self.config.redirect_uri),
        ])
        .await
    }

    async fn refresh(&self, refresh_token: &Secret) -> Result<Grant, OAuthError> {
        self.token(&[
            ("grant_type", "refresh_token"),
            ("refresh_token", refresh_token.expose()),
        ])
        .await
    }
}

/// The origin of an address to which the client secret may be sent.
fn origin(text: &str) -> Result<String, BadOAuthBase> {
    let refuse = |why| Err(BadOAuthBase { why });
    let Ok(url) = Url::parse(text) else {
        return refuse("it is not a URL");
    };
    let loopback = http::is_loopback(&url);
    if url.scheme() != "https" && !(url.scheme() == "http" && loopback) {
        return refuse("it is not https");
    }
    if !url.username().is_empty() || url.password().is_some() {
        return refuse("it carries a user name");
    }
    if url.path() != "/" || url.query().is_some() || url.fragment().is_some() {
        return refuse("it is more than an origin");
    }
    Ok(url.origin().ascii_serialization())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_client_secret_goes_to_https_or_this_machine_only() {
        for (good, origin_of) in [
            ("https://app.gong.io", "https://app.gong.io"),
            ("https://app.gong.io/", "https://app.gong.io"),
            ("http://127.0.0.1:4010", "http://127.0.0.1:4010"),
            ("http://localhost:4010/", "http://localhost:4010"),
            ("http://[::1]:4010", "http://[::1]:4010"),
        ] {
            assert_eq!(origin(good).as_deref(), Ok(origin_of));
        }
        for bad in [
            "http://app.gong.io",
            "http://10.0.0.1:80",
            "https://user@app.gong.io",
            "https://app.gong.io/oauth2",
            "https://app.gong.io?x=1",
            "https://app.gong.io#x",
            "ftp://127.0.0.1",
            "app.gong.io",
            "",
        ] {
            assert!(origin(bad).is_err(), "{bad:?}");
        }
    }
}
