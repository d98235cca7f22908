//! Gong as the use cases see it: one method a request, no retries, no waiting.

use async_trait::async_trait;

use crate::{
    gong::{
        base_url::BaseUrl,
        shapes::{CallsFilter, CallsPage, GongWorkspace, TranscriptsPage, UsersPage},
    },
    ids::CallId,
    moment::Span,
    secret::Secret,
};

/// What is needed to send a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Access {
    pub base_url: BaseUrl,
    pub token: Secret,
}

/// What Gong answered instead of data.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GongError {
    /// 404 with "No calls found …" or "No users found …": an empty answer.
    #[error("Gong found nothing that matches")]
    NoneFound,
    /// 400: the cursor has expired or could not be verified.
    #[error("Gong no longer accepts the page cursor")]
    CursorExpired,
    /// 429.
    #[error("Gong asks to wait {} s", .retry_after.0 / 1000)]
    RateLimited {
        /// How long to wait.
        retry_after: Span,
    },
    /// 401: the access token is not accepted.
    #[error("Gong does not accept the access token")]
    Unauthorized,
    /// 403: the token may not do this, or the address is wrong for it.
    #[error(
        "Gong refuses access (403): the authorization does not cover this, or the company restricts addresses"
    )]
    Forbidden,
    /// 5xx, a time-out or no connection.
    #[error("Gong did not answer properly ({0})")]
    Unavailable(String),
    /// Any other status; the text never holds what was said in a call.
    #[error("Gong refused the request with status {status}: {message}")]
    Refused {
        status: u16,
        /// Gong's own error text, shortened.
        message: String,
    },
    /// A 2xx whose body is not what the contract says.
    #[error("Gong's answer could not be read ({0})")]
    Unreadable(String),
}

/// Gong's read endpoints.
#[async_trait]
pub trait GongApi: Send + Sync {
    /// `POST /v2/calls/extensive`.
    async fn calls(
        &self,
        access: &Access,
        filter: &CallsFilter,
        cursor: Option<&str>,
    ) -> Result<CallsPage, GongError>;
    /// `POST /v2/calls/transcript`, by ids only.
    async fn transcripts(
        &self,
        access: &Access,
        ids: &[CallId],
        cursor: Option<&str>,
    ) -> Result<TranscriptsPage, GongError>;
    /// `GET /v2/users`.
    async fn users(&self, access: &Access, cursor: Option<&str>) -> Result<UsersPage, GongError>;
    /// `GET /v2/workspaces`.
    async fn workspaces(&self, access: &Access) -> Result<Vec<GongWorkspace>, GongError>;
}

/// Tokens as Gong's token endpoint gave them, not yet checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    pub access_token: Secret,
    /// The refresh token, good for one use.
    pub refresh_token: Secret,
    /// How long the access token lives.
    pub expires_in: Span,
    /// The granted scopes, separated by spaces; none when the answer names none.
    pub scope: Option<String>,
    /// `api_base_url_for_customer`.
    pub api_base_url: String,
}

/// Why no grant was given.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OAuthError {
    /// The code or refresh token is used, expired or revoked.
    #[error("Gong says that the authorization is no longer valid")]
    InvalidGrant,
    /// Our own client id or secret is not accepted: the operator's matter.
    #[error("Gong does not accept this installation's client id and secret")]
    InvalidClient,
    /// Nothing was sent: our own side is not ready.
    #[error("the request to Gong's token endpoint could not be made ({0})")]
    NotSent(String),
    /// 5xx, a time-out, an unreadable answer: the token may or may not have been rotated.
    #[error("Gong's token endpoint did not answer properly ({0})")]
    UnknownOutcome(String),
}

/// Gong's OAuth endpoints.
#[async_trait]
pub trait GongOAuth: Send + Sync {
    /// The consent page's address for this state.
    fn authorize_url(&self, state: &Secret) -> String;
    /// Trades a code for tokens.
    async fn exchange(&self, code: &Secret) -> Result<Grant, OAuthError>;
    /// Trades a refresh token for new tokens; the old one is dead from then on.
    async fn refresh(&self, refresh_token: &Secret) -> Result<Grant, OAuthError>;
}
