//! The exchange of a refresh token for the next one, by one worker at a time.

use domain::{
    connection::{ConnectionStatus, Token},
    lease::Lease,
    moment::Span,
    ports::{
        StoreError,
        connections::ChangeError,
        gong::{Grant, OAuthError},
        secrets::{Seal, SecretError},
    },
    verdict::{Deadline, LEASE},
};
use uuid::Uuid;

use super::{
    credentials::{BadCredentials, Credentials, secret_version},
    tokens::{
        APP_REFUSED, NEEDS_RECONNECT, RENEW_AHEAD, Step, TIME_TO_EXCHANGE, TokenError, TokenKeeper,
    },
};

/// How often the same bytes are offered to a secret store that does not answer.
const STORE_TRIES: u32 = 5;
/// After an exchange that failed, the next one is tried no earlier than this.
const AFTER_FAILURE: Span = Span::seconds(30);

impl TokenKeeper {
    pub(super) async fn renew(
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
        let from = match &result {
            Ok(Step::Have(_)) => return result,
            Ok(Step::LookAgain) => None,
            Err(_) => {
                let next = self.clock.now() + AFTER_FAILURE;
                // Without a token that lives, everyone has to try, and tell why it is not had.
                Some(next).filter(|next| token.expires_at > *next)
            }
        };
        let org = &token.org_id;
        if let Err(error) = self.tokens.release_token(org, &owner, from).await {
            tracing::warn!(%org, %error, "a lease on a token ends by itself");
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
        self.mark_revoked(token).await?;
        tracing::warn!(%org, "{NEEDS_RECONNECT}");
        Err(TokenError::ReconnectRequired)
    }

    /// Says at the connection, where it still stands as connected, that its credentials are
    /// refused: whoever found that out may not have lived to say it.
    pub(super) async fn mark_revoked(&self, token: &Token) -> Result<(), StoreError> {
        let words = "Gong no longer accepts the stored authorization: it was revoked, or unused for too long. Choose Reconnect; nothing that was queued is lost.";
        self.connections
            .require_reconnect(&token.org_id, token.generation, words)
            .await
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
            match self
                .secrets
                .renew(&token.secret_name, version, &bytes)
                .await
            {
                Ok(()) => return self.advance(token, fresh).await,
                // Deleted with the connection meanwhile.
                Err(SecretError::NotFound) if !self.is_current(token).await? => {
                    return Ok(Step::LookAgain);
                }
                Err(SecretError::NotFound) => return Err(BadCredentials::Missing.into()),
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
}

fn next_version(token: &Token) -> Uuid {
    secret_version(&token.org_id, token.generation, token.version + 1)
}
