//! The admin presses Connect Gong.

use std::sync::Arc;

use domain::{
    connection::{History, OAuthState, STATE_LIFE},
    hash::hash,
    ports::{
        StoreError,
        connections::ConnectionStore,
        feedback::FeedbackStore,
        gong::GongOAuth,
        system::{Clock, Ids},
    },
    principal::{Action, NotAllowed, Principal},
    secret::Secret,
};

use super::ConnectRefusal;

/// Where the browser goes, and the cookie that binds it to this connect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Begun {
    /// Gong's consent page. Holds the state: never logged.
    pub authorize_url: String,
    /// The value of the binding cookie.
    pub cookie: Secret,
}

/// Why a connect could not begin.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BeginError {
    #[error(transparent)]
    NotAllowed(#[from] NotAllowed),
    /// No board.
    #[error(transparent)]
    Refused(#[from] ConnectRefusal),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The first half of a connect.
#[derive(Clone)]
pub struct BeginConnect {
    pub connections: Arc<dyn ConnectionStore>,
    pub feedback: Arc<dyn FeedbackStore>,
    /// The consent page's address.
    pub oauth: Arc<dyn GongOAuth>,
    pub clock: Arc<dyn Clock>,
    pub ids: Arc<dyn Ids>,
}

impl BeginConnect {
    /// Stores a single-use state for ten minutes and tells where to go.
    ///
    /// # Errors
    /// [`BeginError`] when the person is no admin or the organization has no board.
    pub async fn begin(
        &self,
        principal: &Principal,
        history: History,
    ) -> Result<Begun, BeginError> {
        principal.require(Action::Connect)?;
        if self.feedback.boards(&principal.org_id).await?.is_empty() {
            return Err(ConnectRefusal::NoBoard.into());
        }
        let (state, cookie) = (self.ids.secret(), self.ids.secret());
        let record = OAuthState {
            org_id: principal.org_id.clone(),
            user_id: principal.user_id.clone(),
            history,
            browser_hash: hash(&cookie),
            expires_at: self.clock.now() + STATE_LIFE,
        };
        self.connections.put_state(&hash(&state), &record).await?;
        Ok(Begun {
            authorize_url: self.oauth.authorize_url(&state),
            cookie,
        })
    }
}
