//! One refresh: the current access token of an organization, renewed by one worker at a time.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use uuid::Uuid;

use super::{
    base_url::BaseUrlRule,
    credentials::{BadCredentials, Credentials, secret_version},
};
use crate::{
    connection::{ConnectionStatus, Token},
    ids::OrgId,
    lease::Lease,
    moment::{Span, Timestamp},
    ports::{
        StoreError,
        connections::{ChangeError, ConnectionStore, TokenStore},
        gong::{Access, GongOAuth, Grant, OAuthError},
        secrets::{Keyring, KeysUnavailable, Seal, SecretError, SecretStore},
        system::{Clock, Ids},
    },
    verdict::{Deadline, LEASE},
};

/// Tokens are renewed this long before they expire.
pub const RENEW_AHEAD: Span = Span::minutes(5);
/// A refresh is begun only with at least this much time left to finish it.
const TIME_TO_EXCHANGE: Span = Span::minutes(1);
/// How long to wait for another worker's refresh, and how often to look.
const WAIT_FOR_OTHER: Span = Span::seconds(20);
const LOOK_EVERY: Span = Span::millis(500);
/// How often the same bytes are offered to a secret store that does not answer.
const STORE_TRIES: u32 = 5;

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
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// An access token and which version it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Granted {
    /// What a request needs.
    pub access: Access,
    /// The connection's generation.
    pub generation: u64,
    /// The version of the credentials.
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
    /// TOKEN.
    pub tokens: Arc<dyn TokenStore>,
    /// The connection's status.
    pub connections: Arc<dyn ConnectionStore>,
    /// The credentials.
    pub secrets: Arc<dyn SecretStore>,
    /// The keys of the seal over them.
    pub keys: Arc<dyn Keyring>,
    /// The token endpoint.
    pub oauth: Arc<dyn GongOAuth>,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Ids.
    pub ids: Arc<dyn Ids>,
    /// Which base URLs may be called.
    pub base_urls: BaseUrlRule,
    /// Credentials that were read before, by generation and version.
    pub cache: Arc<Cache>,
}

enum Step {
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
            match self.renew(&token, &credentials, deadline).await {
                Ok(Step::Have(granted)) => return Ok(granted),
                Ok(Step::LookAgain) => {}
                Err(error @ TokenError::Unavailable(_)) => {
                    return self.make_do(&token, &credentials, usable, now, error);
                }
                Err(error) => return Err(error),
            }
            if self.clock.now() > patience {
                let busy = TokenError::Unavailable("another worker is renewing it".into());
                return self.make_do(&token, &credentials, usable, now, busy);
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

    fn granted(&self, token: &Token, credentials: &Credentials) -> Result<Granted, TokenError> {
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

    /// Renews a token that is due, for care.
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

    async fn renew(
        &self,
        token: &Token,
        credentials: &Credentials,
        deadline: Deadline,
    ) -> Result<Step, TokenError> {
        let now = self.clock.now();
        let owner = self.ids.uuid().to_string();
        let lease = Lease {
            owner: owner.clone(),
            until: now + LEASE,
        };
        match self.tokens.lease_token(token, &lease, now).await {
            Ok(()) => {}
            Err(ChangeError::Lost) => return Ok(Step::LookAgain),
            Err(ChangeError::Store(error)) => return Err(error.into()),
        }
        let result = self.renew_leased(token, credentials, deadline).await;
        if !matches!(result, Ok(Step::Have(_))) {
            self.tokens.release_token(&token.org_id, &owner).await?;
        }
        result
    }

    async fn renew_leased(
        &self,
        token: &Token,
        credentials: &Credentials,
        deadline: Deadline,
    ) -> Result<Step, TokenError> {
        let current = self.tokens.token(&token.org_id).await?;
        let moved = current.is_none_or(|current| {
            (current.generation, current.version) != (token.generation, token.version)
        });
        if moved {
            return Ok(Step::LookAgain);
        }
        if let Some(stored) = self.stored_next(token).await? {
            return self.advance(token, stored).await;
        }
        // Before the exchange: a rotated token that cannot be sealed would be lost.
        let seal = self.keys.unlock().await?;
        if deadline.left(self.clock.now()) < TIME_TO_EXCHANGE {
            return Err(TokenError::OutOfTime);
        }
        match self.oauth.refresh(&credentials.refresh_token).await {
            Ok(grant) => self.store(&*seal, token, credentials, grant).await,
            Err(OAuthError::InvalidGrant) => self.refused(token).await,
            Err(OAuthError::InvalidClient) => {
                tracing::error!("{APP_REFUSED}");
                Err(TokenError::Operator)
            }
            Err(error @ OAuthError::NotSent(_)) => {
                tracing::error!(%error, "a token could not be renewed");
                Err(TokenError::Unavailable(error.to_string()))
            }
            Err(error @ OAuthError::UnknownOutcome(_)) => {
                Err(TokenError::Unavailable(error.to_string()))
            }
        }
    }

    /// The next version, when an earlier worker stored it and did not live to say so.
    async fn stored_next(&self, token: &Token) -> Result<Option<Credentials>, TokenError> {
        let version = next_version(token);
        match self.secrets.version(&token.secret_name, version).await {
            Ok(bytes) => {
                let seal = self.keys.unlock().await?;
                Ok(Some(Credentials::open(&*seal, &bytes, &token.org_id)?))
            }
            Err(SecretError::NotFound) => Ok(None),
            Err(error) => Err(TokenError::Unavailable(error.to_string())),
        }
    }

    async fn refused(&self, token: &Token) -> Result<Step, TokenError> {
        if let Some(stored) = self.stored_next(token).await? {
            return self.advance(token, stored).await;
        }
        let (org, generation) = (&token.org_id, token.generation);
        match self
            .tokens
            .revoke_token(org, generation, token.version)
            .await
        {
            Ok(()) => {}
            Err(ChangeError::Lost) => return Ok(Step::LookAgain),
            Err(ChangeError::Store(error)) => return Err(error.into()),
        }
        let words = "Gong no longer accepts the stored authorization: it was revoked, or unused for too long. Choose Reconnect; nothing that was queued is lost.";
        self.connections
            .require_reconnect(org, generation, words)
            .await?;
        tracing::warn!(%org, "{NEEDS_RECONNECT}");
        Err(TokenError::ReconnectRequired)
    }

    async fn store(
        &self,
        seal: &dyn Seal,
        token: &Token,
        old: &Credentials,
        grant: Grant,
    ) -> Result<Step, TokenError> {
        let api_base_url = match self.base_urls.check(&grant.api_base_url) {
            Ok(url) => url.as_str().to_owned(),
            Err(error) => {
                tracing::error!(org = %token.org_id, %error, "a refresh named a foreign address; the known one stays");
                old.api_base_url.clone()
            }
        };
        let fresh = Credentials {
            api_base_url,
            expires_at: self.clock.now() + grant.expires_in,
            access_token: grant.access_token,
            refresh_token: grant.refresh_token,
            scope: grant.scope.unwrap_or_else(|| old.scope.clone()),
            ..old.clone()
        };
        let bytes = fresh.seal(seal);
        let version = next_version(token);
        let mut tries = 0;
        loop {
            tries += 1;
            match self.secrets.put(&token.secret_name, version, &bytes).await {
                Ok(()) => return self.advance(token, fresh).await,
                Err(SecretError::OtherContent) => {
                    let stored = self.stored_next(token).await?;
                    let stored = stored.ok_or(BadCredentials::Missing)?;
                    return self.advance(token, stored).await;
                }
                Err(error) if tries >= STORE_TRIES => {
                    tracing::error!(org = %token.org_id, %error, "renewed credentials could not be stored");
                    return Err(TokenError::Unavailable(error.to_string()));
                }
                Err(_) => {
                    let pause = Span::millis(200 << tries) + self.ids.jitter(Span::millis(200));
                    self.clock.sleep_until(self.clock.now() + pause).await;
                }
            }
        }
    }

    async fn advance(&self, token: &Token, fresh: Credentials) -> Result<Step, TokenError> {
        if !self.is_current(token).await? {
            // Its secret was deleted with the connection; what was stored since is nobody's.
            if let Err(error) = self.secrets.delete(&token.secret_name).await {
                tracing::error!(org = %token.org_id, %error, "credentials of a closed connection are still there");
            }
            return Ok(Step::LookAgain);
        }
        let next = Token {
            version: token.version + 1,
            expires_at: fresh.expires_at,
            due: Some(fresh.expires_at - RENEW_AHEAD),
            lease: None,
            revoked: false,
            ..token.clone()
        };
        match self.tokens.advance_token(&next, token.version).await {
            Ok(()) => {}
            Err(ChangeError::Lost) => return Ok(Step::LookAgain),
            Err(ChangeError::Store(error)) => return Err(error.into()),
        }
        self.connections
            .clear_reconnect(&token.org_id, token.generation)
            .await?;
        self.remember(&next, &fresh);
        self.granted(&next, &fresh).map(Step::Have)
    }

    /// Whether the connection is still the one that the token belongs to.
    async fn is_current(&self, token: &Token) -> Result<bool, StoreError> {
        let connection = self.connections.connection(&token.org_id).await?;
        Ok(connection.is_some_and(|c| {
            c.generation == token.generation && c.status != ConnectionStatus::Disconnected
        }))
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

    fn remember(&self, token: &Token, credentials: &Credentials) {
        let mut cache = self.cache.lock().unwrap_or_else(PoisonError::into_inner);
        if cache.len() > 1_000 {
            cache.clear();
        }
        let entry = (token.generation, token.version, credentials.clone());
        cache.insert(token.org_id.clone(), entry);
    }
}

fn next_version(token: &Token) -> Uuid {
    secret_version(&token.org_id, token.generation, token.version + 1)
}
