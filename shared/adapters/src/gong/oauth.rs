//! Gong's OAuth endpoints.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use domain::{
    gong::{CALLBACK_PATH, scopes},
    ports::gong::{GongOAuth, Grant, OAuthError},
    secret::Secret,
    service_url::{InvalidServiceUrl, ServiceUrl},
};
use environment::{ConfigError, Environment};
use reqwest::header::{ACCEPT, CONTENT_LENGTH};
use url::form_urlencoded;

use super::{Transport, oauth_answer};
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

/// How long a token request may take.
const TOKEN_TIMEOUT: Duration = Duration::from_secs(20);

const OAUTH_BASE: &str = "GONG_OAUTH_URL";
/// The variable that asks for the right to read workspaces.
pub const WITH_WORKSPACES: &str = "GONG_WORKSPACES_SCOPE";

/// The Gong app that this installation is.
#[derive(Debug, Clone)]
pub struct GongApp {
    /// The origin of consent page and token endpoint.
    pub oauth_base: String,
    /// The app's client id.
    pub client_id: String,
    /// The app's client secret.
    pub client_secret: Key,
    /// Whether to ask for the right to read workspaces.
    pub with_workspaces: bool,
}

impl GongApp {
    /// What the environment says, with the secret that it holds; none where it names no app.
    ///
    /// # Errors
    /// [`ConfigError`].
    pub fn from_env(environment: &Environment) -> Result<Option<Self>, ConfigError> {
        let missing = |setting, other| {
            let words =
                format!("is not set although {other} is; set both, or neither to use the sandbox");
            Err(ConfigError::new(setting, words))
        };
        let secret = environment.optional("GONG_CLIENT_SECRET");
        match (environment.optional("GONG_CLIENT_ID"), secret) {
            (Some(id), Some(secret)) => {
                Self::with_secret(environment, id, Secret::new(secret)).map(Some)
            }
            (None, None) => environment.origin(OAUTH_BASE).map(|_| None),
            (None, Some(_)) => missing("GONG_CLIENT_ID", "GONG_CLIENT_SECRET"),
            (Some(_), None) => missing("GONG_CLIENT_SECRET", "GONG_CLIENT_ID"),
        }
    }

    /// What the environment says, with this client id and secret.
    ///
    /// # Errors
    /// [`ConfigError`].
    pub fn with_secret(
        environment: &Environment,
        client_id: String,
        client_secret: impl Into<Key>,
    ) -> Result<Self, ConfigError> {
        let oauth_base = environment.origin(OAUTH_BASE)?;
        Ok(Self {
            oauth_base: oauth_base.unwrap_or_else(|| DEFAULT_OAUTH_BASE.to_owned()),
            client_id,
            client_secret: client_secret.into(),
            with_workspaces: environment.flag(WITH_WORKSPACES)?,
        })
    }

    /// The app of pages at this origin.
    #[must_use]
    pub fn at(self, origin: &str) -> GongOAuthConfig {
        GongOAuthConfig {
            app: self,
            redirect_uri: format!("{origin}{CALLBACK_PATH}"),
            timeout: TOKEN_TIMEOUT,
        }
    }
}

/// A Gong app as its pages use it.
#[derive(Debug, Clone)]
pub struct GongOAuthConfig {
    pub app: GongApp,
    /// Our page to which Gong sends the admin back; registered with the app to the letter.
    pub redirect_uri: String,
    /// How long a token request may take as a whole.
    pub timeout: Duration,
}

/// The client secret must not be sent to this address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "the address of Gong's sign-in, to which the client secret is sent, cannot be used: it {0}"
)]
pub struct BadOAuthBase(#[from] pub InvalidServiceUrl);

impl From<BadOAuthBase> for ConfigError {
    fn from(error: BadOAuthBase) -> Self {
        Self::new(OAUTH_BASE, error)
    }
}

/// Gong's OAuth endpoints over HTTP. Codes and refresh tokens travel in the query string, as Gong
/// documents it; therefore no address is ever logged or part of an error.
#[derive(Clone)]
pub struct GongOAuthClient {
    http: reqwest::Client,
    transport: Arc<dyn Transport>,
    config: GongOAuthConfig,
}

impl GongOAuthClient {
    /// A client on connections made by [`http::client`], which follow no redirect.
    ///
    /// # Errors
    /// [`BadOAuthBase`] when `oauth_base` is not an https origin, nor http on loopback.
    pub fn new(http: reqwest::Client, mut config: GongOAuthConfig) -> Result<Self, BadOAuthBase> {
        ServiceUrl::parse(&config.app.oauth_base)?
            .as_str()
            .clone_into(&mut config.app.oauth_base);
        let transport = Arc::new(http.clone());
        Ok(Self {
            http,
            transport,
            config,
        })
    }

    /// The same client, whose requests travel another way.
    #[must_use]
    pub fn carried_by(self, transport: Arc<dyn Transport>) -> Self {
        Self { transport, ..self }
    }

    async fn token(&self, parameters: &[(&str, &str)]) -> Result<Grant, OAuthError> {
        let config = &self.config;
        let secret = config.app.client_secret.secret().await;
        let secret = secret.map_err(|error| OAuthError::NotSent(error.to_string()))?;
        let secret = secret.ok_or_else(|| {
            OAuthError::NotSent("the Gong app's client secret has not been put in yet".to_owned())
        })?;
        let request = self
            .http
            .post(format!("{}{TOKEN}", config.app.oauth_base))
            .query(parameters)
            .basic_auth(&config.app.client_id, Some(secret.expose()))
            .header(ACCEPT, "application/json")
            // An empty body does not send it by itself, and Gong wants it.
            .header(CONTENT_LENGTH, 0)
            .timeout(config.timeout);
        let response = super::send(&*self.transport, request).await;
        let response = response.map_err(|reason| {
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
            .append_pair("client_id", &config.app.client_id)
            .append_pair("response_type", "code")
            .append_pair("scope", &scopes::asked(config.app.with_workspaces))
            .append_pair("redirect_uri", &config.redirect_uri)
            .append_pair("state", state.expose())
            .finish()
            // Gong documents %20 between scopes; a plus of a value itself is %2B by now.
            .replace('+', "%20");
        format!("{}{AUTHORIZE}?{query}", config.app.oauth_base)
    }

    async fn exchange(&self, code: &Secret) -> Result<Grant, OAuthError> {
        self.token(&[
            ("grant_type", "authorization_code"),
            ("code", code.expose()),
            ("client_id", &self.config.app.client_id),
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
