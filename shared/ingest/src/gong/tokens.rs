//! One refresh: the current access token of an organization, renewed by one worker at a time.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use domain::{
    connection::Token,
    gong::base_url::BaseUrlRule,
    ids::OrgId,
    moment::{Span, Timestamp},
    ports::{
        StoreError,
        connections::{ChangeError, ConnectionStore, TokenStore},
        gong::{Access, GongOAuth},
        secrets::{Keyring, KeysUnavailable, SecretError, SecretStore},
        system::{Clock, Ids},
    },
    verdict::Deadline,
};

use super::credentials::{BadCredentials, Credentials, secret_version};

/// Tokens are renewed this long before they expire.
pub const RENEW_AHEAD: Span = Span::minutes(5);
/// A refresh is begun only with at least this much time left to finish it.
pub(super) const TIME_TO_EXCHANGE: Span = Span::minutes(1);
/// How long to wait for another worker's refresh, and how often to look.
const WAIT_FOR_OTHER: Span = Span::seconds(20);
const LOOK_EVERY: Span = Span::millis(500);

/// The log line of a connection that an admin has to reconnect; `template.yaml` counts it.
pub const NEEDS_RECONNECT: &str = "the connection needs to be reconnected";
/// The log line of a refused client id or secret; `template.yaml` counts it.
pub const APP_REFUSED: &str = "Gong does not accept this installation's client id and secret";

/// Why there is no access token.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// There is no connection, or it was closed.
    #[error("Gong is not connected")]
    NotConnected,
    /// Gong refused the credentials for good.
    #[error("Gong no longer accepts our credentials; an admin has to reconnect")]
    ReconnectRequired,
    /// Our own client id or secret is refused: the operator's matter.
    #[error(
        "Gong does not accept this installation's client id and secret; the platform team has to check both"
    )]
    Operator,
    /// Another worker renews, or something did not answer; try again.
    #[error("the access token could not be renewed just now ({0})")]
    Unavailable(String),
    /// Not enough time is left in this run.
    #[error("not enough time is left to renew the access token")]
    OutOfTime,
    /// The stored credentials cannot be read.
    #[error(transparent)]
    Bad(#[from] BadCredentials),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// An access token and which version it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Granted {
    /// What a request needs.
    pub access: Access,
    pub generation: u64,
    pub version: u64,
}

impl From<KeysUnavailable> for TokenError {
    fn from(error: KeysUnavailable) -> Self {
        Self::Unavailable(error.to_string())
    }
}

type Cache = Mutex<HashMap<OrgId, (u64, u64, Credentials)>>;

/// Gives out access tokens and renews them.
#[derive(Clone)]
pub struct TokenKeeper {
    pub tokens: Arc<dyn TokenStore>,
    pub connections: Arc<dyn ConnectionStore>,
    pub secrets: Arc<dyn SecretStore>,
    /// The keys of the seal over them.
    pub keys: Arc<dyn Keyring>,
    pub oauth: Arc<dyn GongOAuth>,
    pub clock: Arc<dyn Clock>,
    pub ids: Arc<dyn Ids>,
    /// Which base URLs may be called.
    pub base_urls: BaseUrlRule,
    /// Credentials that were read before, by generation and version.
    pub cache: Arc<Cache>,
}

pub(super) enum Step {
    Have(Granted),
    LookAgain,
}

impl TokenKeeper {
    /// The current access token, renewed first when it is about to expire.
    ///
    /// # Errors
    /// [`TokenError`].
    pub async fn access(&self, org: &OrgId, deadline: Deadline) -> Result<Granted, TokenError> {
        self.get(org, None, deadline).await
    }

    /// The access token after the version `seen` was refused: renewed unless someone else has
    /// renewed it since.
    ///
    /// # Errors
    /// [`TokenError`].
    pub async fn access_after(
        &self,
        org: &OrgId,
        seen: &Granted,
        deadline: Deadline,
    ) -> Result<Granted, TokenError> {
        self.get(org, Some((seen.generation, seen.version)), deadline)
            .await
    }

    async fn get(
        &self,
        org: &OrgId,
        refused: Option<(u64, u64)>,
        deadline: Deadline,
    ) -> Result<Granted, TokenError> {
        let patience = self.clock.now() + WAIT_FOR_OTHER;
        loop {
            let token = self.tokens.token(org).await?;
            let token = token.ok_or(TokenError::NotConnected)?;
            if token.revoked {
                self.mark_revoked(&token).await?;
                return Err(TokenError::ReconnectRequired);
            }
            let was_refused = refused == Some((token.generation, token.version));
            let credentials = self.read(&token).await?;
            let now = self.clock.now();
            let usable = self.base_urls.check(&credentials.api_base_url).is_ok() && !was_refused;
            if usable && token.expires_at - RENEW_AHEAD > now {
                return self.granted(&token, &credentials);
            }
            if deadline.left(now) < TIME_TO_EXCHANGE {
                return self.make_do(&token, &credentials, usable, now, TokenError::OutOfTime);
            }
            let busy = || TokenError::Unavailable("another worker is renewing it".into());
            match self.renew(&token, &credentials, deadline).await {
                Ok(Step::Have(granted)) => return Ok(granted),
                // Another worker is at it: the token that is still good serves meanwhile.
                Ok(Step::LookAgain) if usable => {
                    let kept = self.make_do(&token, &credentials, usable, now, busy());
                    if kept.is_ok() {
                        return kept;
                    }
                }
                Ok(Step::LookAgain) => {}
                Err(error @ (TokenError::ReconnectRequired | TokenError::NotConnected)) => {
                    return Err(error);
                }
                Err(error) => return self.make_do(&token, &credentials, usable, now, error),
            }
            if self.clock.now() > patience {
                return self.make_do(&token, &credentials, usable, now, busy());
            }
            let pause = LOOK_EVERY + self.ids.jitter(LOOK_EVERY);
            self.clock.sleep_until(self.clock.now() + pause).await;
        }
    }

    /// A token that cannot be renewed just now still serves while it lives.
    fn make_do(
        &self,
        token: &Token,
        credentials: &Credentials,
        usable: bool,
        now: Timestamp,
        error: TokenError,
    ) -> Result<Granted, TokenError> {
        if usable && token.expires_at > now + Span::seconds(30) {
            return self.granted(token, credentials);
        }
        Err(error)
    }

    pub(super) fn granted(
        &self,
        token: &Token,
        credentials: &Credentials,
    ) -> Result<Granted, TokenError> {
        let base_url = self
            .base_urls
            .check(&credentials.api_base_url)
            .map_err(|_| BadCredentials::ForeignBaseUrl)?;
        Ok(Granted {
            access: Access {
                base_url,
                token: credentials.access_token.clone(),
            },
            generation: token.generation,
            version: token.version,
        })
    }

    /// Renews a token that is due, for maintenance.
    ///
    /// # Errors
    /// [`TokenError`].
    pub async fn renew_due(&self, org: &OrgId, deadline: Deadline) -> Result<(), TokenError> {
        self.access(org, deadline).await.map(|_| ())
    }

    /// Stops using the credentials of this generation: no request is sent with them and they are
    /// not renewed any more; only a new connect brings others.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn give_up(&self, org: &OrgId, generation: u64) -> Result<(), StoreError> {
        loop {
            let token = self.tokens.token(org).await?;
            let Some(token) = token.filter(|t| t.generation == generation && !t.revoked) else {
                return Ok(());
            };
            let revoked = self.tokens.revoke_token(org, generation, token.version);
            match revoked.await {
                Ok(()) => return Ok(()),
                // Someone renewed it in between: the next version has to go.
                Err(ChangeError::Lost) => {}
                Err(ChangeError::Store(error)) => return Err(error),
            }
        }
    }

    async fn read(&self, token: &Token) -> Result<Credentials, TokenError> {
        if let Some(known) = self.recall(token) {
            return Ok(known);
        }
        let version = secret_version(&token.org_id, token.generation, token.version);
        match self.secrets.version(&token.secret_name, version).await {
            Ok(bytes) => {
                let seal = self.keys.unlock().await?;
                let credentials = Credentials::open(&*seal, &bytes, &token.org_id)?;
                self.remember(token, &credentials);
                Ok(credentials)
            }
            Err(SecretError::NotFound) => Err(BadCredentials::Missing.into()),
            Err(error) => Err(TokenError::Unavailable(error.to_string())),
        }
    }

    fn recall(&self, token: &Token) -> Option<Credentials> {
        let cache = self.cache.lock().unwrap_or_else(PoisonError::into_inner);
        let (generation, version, credentials) = cache.get(&token.org_id)?;
        ((*generation, *version) == (token.generation, token.version)).then(|| credentials.clone())
    }

    pub(super) fn remember(&self, token: &Token, credentials: &Credentials) {
        let mut cache = self.cache.lock().unwrap_or_else(PoisonError::into_inner);
        if cache.len() > 1_000 {
            cache.clear();
        }
        let entry = (token.generation, token.version, credentials.clone());
        cache.insert(token.org_id.clone(), entry);
    }
}
