//! The browser comes back from Gong.

use std::{collections::BTreeSet, sync::Arc};

use domain::{
    connection::{
        Connection, ConnectionStatus, History, OAuthState, Poll, Token, Window, WindowKind,
        WindowMessage, WorkspaceFingerprint,
    },
    gong::{
        base_url::{BaseUrl, BaseUrlRule},
        scopes,
    },
    hash::hash,
    ids::OrgId,
    moment::{Span, Timestamp},
    ports::{
        StoreError,
        connections::{ConnectError, ConnectionStore, NewConnection, SyncStore, TakeStateError},
        gong::{Access, GongError, GongOAuth, Grant, OAuthError},
        queues::WindowQueue,
        secrets::{Keyring, Seal, SecretStore},
        system::{Clock, Ids},
    },
    secret::Secret,
    verdict::Deadline,
};

use super::{
    ConnectRefusal,
    identity::{self, Identity},
};
use crate::{
    gong::{
        credentials::{Credentials, secret_id, secret_name, secret_version},
        error::GateError,
        gate::GongGate,
        tokens::{APP_REFUSED, RENEW_AHEAD},
    },
    sync::{
        poll::{next_slot, poll_window},
        windows::{cut, listing_window, reconcile_window},
    },
};

/// A connect is over by then, well or not: longer than any function runs.
const SECRET_PATIENCE: Span = Span::minutes(20);

/// What the browser brings back.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Callback {
    /// `state`.
    pub state: Option<Secret>,
    /// `code`.
    pub code: Option<Secret>,
    /// `error`.
    pub error: Option<String>,
    /// The binding cookie's value.
    pub cookie: Option<Secret>,
}

/// The second half of a connect.
#[derive(Clone)]
pub struct CompleteConnect {
    /// Connections, reservations, states.
    pub connections: Arc<dyn ConnectionStore>,
    /// The earlier connection's poll.
    pub sync: Arc<dyn SyncStore>,
    /// Where credentials go.
    pub secrets: Arc<dyn SecretStore>,
    /// The keys of the seal over them.
    pub keys: Arc<dyn Keyring>,
    pub oauth: Arc<dyn GongOAuth>,
    pub gate: GongGate,
    pub windows: Arc<dyn WindowQueue>,
    pub clock: Arc<dyn Clock>,
    pub ids: Arc<dyn Ids>,
    /// Which base URLs may be called.
    pub base_urls: BaseUrlRule,
    /// The time from one poll to the next.
    pub poll_every: Span,
}

impl CompleteConnect {
    /// Redeems the state, trades the code, finds out which company it is, reserves it, stores the
    /// credentials, and starts the backfill.
    ///
    /// # Errors
    /// [`ConnectRefusal`]; no connection was stored and no token kept.
    pub async fn complete(
        &self,
        callback: Callback,
        deadline: Deadline,
    ) -> Result<Connection, ConnectRefusal> {
        let state = self.redeem(&callback).await?;
        match callback.error.as_deref() {
            None => {}
            Some("access_denied") => return Err(ConnectRefusal::Denied),
            Some(_) => return Err(ConnectRefusal::ConsentFailed),
        }
        let code = callback.code.ok_or(ConnectRefusal::BadState)?;
        // Before the exchange: a code is good for one use.
        let seal = self.keys.unlock().await.map_err(|error| {
            tracing::error!(%error, "connecting needs the encryption keys");
            ConnectRefusal::StorageUnavailable
        })?;
        let grant = self.oauth.exchange(&code).await.map_err(refuse_oauth)?;
        let (scope, base_url) = self.check(&grant)?;
        let access = Access {
            base_url: base_url.clone(),
            token: grant.access_token.clone(),
        };
        let now = self.clock.now();
        let identity = identity::read(&self.gate, &state.org_id, &access, &scope, now, deadline)
            .await
            .map_err(refuse_gate)?;
        if identity.fingerprints.is_empty() {
            return Err(ConnectRefusal::NoIdentity);
        }
        let before = self.connections.connection(&state.org_id).await;
        let before = before.map_err(|error| storage(&error))?;
        let new = self
            .plan(&state, before.as_ref(), &identity, &grant, now)
            .await?;
        let tokens = &self.gate.keeper.tokens;
        if let Some(secret) = secret_id(&new.connection.secret_name) {
            // What a crash leaves between here and the transaction has a name then.
            let noted = tokens.note_secret(&state.org_id, secret, now + SECRET_PATIENCE);
            noted.await.map_err(|error| storage(&error))?;
        }
        self.store_credentials(&*seal, &new, &grant, base_url, scope, now)
            .await?;
        if let Err(error) = self.connections.connect(&new).await {
            return Err(self.undo(&new, error).await);
        }
        self.after(&new, before.as_ref(), identity, now).await;
        Ok(new.connection)
    }

    async fn redeem(&self, callback: &Callback) -> Result<OAuthState, ConnectRefusal> {
        let (Some(state), Some(cookie)) = (&callback.state, &callback.cookie) else {
            return Err(ConnectRefusal::BadState);
        };
        let now = self.clock.now();
        let taken = self
            .connections
            .take_state(&hash(state), &hash(cookie), now)
            .await;
        taken.map_err(|error| match error {
            TakeStateError::Unknown | TakeStateError::Expired => ConnectRefusal::BadState,
            TakeStateError::Store(error) => storage(&error),
        })
    }

    fn check(&self, grant: &Grant) -> Result<(String, BaseUrl), ConnectRefusal> {
        // RFC 6749 §5.1: a grant that names no scope has the scope that was asked for.
        let scope = grant.scope.clone().unwrap_or_else(|| scopes::asked(false));
        if !scopes::missing(&scope).is_empty() {
            return Err(ConnectRefusal::MissingScope);
        }
        let base_url = self
            .base_urls
            .check(&grant.api_base_url)
            .map_err(|_| ConnectRefusal::ForeignBaseUrl)?;
        Ok((scope, base_url))
    }

    async fn plan(
        &self,
        state: &OAuthState,
        before: Option<&Connection>,
        identity: &Identity,
        grant: &Grant,
        now: Timestamp,
    ) -> Result<NewConnection, ConnectRefusal> {
        let org = &state.org_id;
        let live = before.filter(|c| c.status != ConnectionStatus::Disconnected);
        if live.is_some_and(|c| c.fingerprints.is_disjoint(&identity.fingerprints)) {
            return Err(ConnectRefusal::OtherWorkspace);
        }
        let kept = match live {
            Some(_) => self.sync.poll(org).await.map_err(|error| storage(&error))?,
            None => None,
        };
        let previous_generation = before.map_or(0, |c| c.generation);
        let generation = previous_generation + 1;
        let history = live.map_or(state.history, |c| c.history);
        let import_from = live.map_or_else(|| state.history.import_from(now), |c| c.import_from);
        let secret_name = secret_name(org, self.ids.uuid());
        let poll = Poll {
            org_id: org.clone(),
            generation,
            import_from,
            high_water: kept.as_ref().map_or(import_from, |poll| poll.high_water),
            due: Some(next_slot(now, self.poll_every, now)),
            last_success: kept.as_ref().and_then(|poll| poll.last_success),
            last_lookback: Some(now),
            last_manual: None,
            seen_calls: kept.as_ref().is_some_and(|poll| poll.seen_calls),
            last_error: None,
        };
        let expires_at = now + grant.expires_in;
        Ok(NewConnection {
            previous_generation,
            freed: live.map_or_else(Vec::new, |c| freed(&c.fingerprints, &identity.fingerprints)),
            outdated_secret: before.and_then(|c| secret_id(&c.secret_name)),
            windows: self.windows_for(
                &poll,
                live.is_some(),
                previous_generation,
                history,
                identity.calls,
                now,
            ),
            token: Token {
                org_id: org.clone(),
                generation,
                version: 1,
                secret_name: secret_name.clone(),
                expires_at,
                due: Some(expires_at - RENEW_AHEAD),
                lease: None,
                revoked: false,
            },
            connection: Connection {
                org_id: org.clone(),
                status: ConnectionStatus::Connected,
                generation,
                same_since: before
                    .filter(|c| !c.fingerprints.is_disjoint(&identity.fingerprints))
                    .map_or(generation, |c| c.same_since),
                workspace: identity.name.clone(),
                fingerprints: identity.fingerprints.clone(),
                history,
                import_from,
                connected_by: state.user_id.clone(),
                connected_at: now,
                disconnected_at: None,
                secret_name,
                last_error: None,
            },
            poll,
        })
    }

    fn windows_for(
        &self,
        poll: &Poll,
        reconnect: bool,
        previous_generation: u64,
        history: History,
        calls: Option<u64>,
        now: Timestamp,
    ) -> Vec<Window> {
        let (org, ids, generation) = (&poll.org_id, &*self.ids, poll.generation);
        let mut windows = Vec::new();
        if reconnect {
            let mut since = poll.clone();
            since.last_lookback = None;
            windows.push(poll_window(&since, ids, now));
        } else if history != History::Off {
            let kind = WindowKind::Backfill;
            let mut window = listing_window(org, ids, generation, kind, poll.import_from, now, now);
            // What was announced for the longest history is a hint of how to cut this one.
            let share = |calls: u64| {
                let (span, of) = ((now - poll.import_from).0, identity::LISTED.0);
                let share = i128::from(calls) * i128::from(span.min(of)) / i128::from(of);
                u64::try_from(share).unwrap_or(0)
            };
            if let Some(parts) = calls.and_then(|calls| cut(&window.slices[0], share(calls))) {
                window.announced = calls.map_or(0, share);
                window.slices = parts;
            }
            windows.push(window);
        }
        if previous_generation > 0 {
            windows.push(reconcile_window(org, ids, generation, now));
        }
        windows
    }

    async fn store_credentials(
        &self,
        seal: &dyn Seal,
        new: &NewConnection,
        grant: &Grant,
        base_url: BaseUrl,
        scope: String,
        now: Timestamp,
    ) -> Result<(), ConnectRefusal> {
        let org = &new.connection.org_id;
        let credentials = Credentials {
            org_id: org.clone(),
            access_token: grant.access_token.clone(),
            refresh_token: grant.refresh_token.clone(),
            api_base_url: base_url.as_str().to_owned(),
            expires_at: now + grant.expires_in,
            scope,
        };
        let version = secret_version(org, new.connection.generation, 1);
        let name = &new.connection.secret_name;
        let bytes = credentials.seal(seal);
        let stored = self.secrets.put(name, version, &bytes).await;
        stored.map_err(|error| {
            tracing::error!(%org, %error, "the credentials could not be stored");
            ConnectRefusal::StorageUnavailable
        })
    }

    async fn undo(&self, new: &NewConnection, error: ConnectError) -> ConnectRefusal {
        let org = &new.connection.org_id;
        let refusal = match error {
            ConnectError::HeldByOther => ConnectRefusal::WorkspaceHeld,
            ConnectError::Superseded => ConnectRefusal::Superseded,
            ConnectError::Store(error) => {
                // The outcome may be unknown: keep the secret when the connection did take place.
                let refusal = storage(&error);
                match self.connections.connection(org).await {
                    Ok(Some(c)) if c.secret_name == new.connection.secret_name => return refusal,
                    Ok(_) => refusal,
                    Err(_) => return refusal,
                }
            }
        };
        self.discard(org, &new.connection.secret_name).await;
        refusal
    }

    /// Deletes a secret that nobody uses; what fails here is maintenance's, by its note.
    async fn discard(&self, org: &OrgId, name: &str) {
        if let Err(error) = self.secrets.delete(name).await {
            tracing::warn!(%org, %error, "a secret out of use waits for maintenance");
            return;
        }
        self.forget(org, name).await;
    }

    async fn forget(&self, org: &OrgId, name: &str) {
        let Some(secret) = secret_id(name) else {
            return;
        };
        let forgotten = self.gate.keeper.tokens.forget_secret(org, secret).await;
        if let Err(error) = forgotten {
            tracing::warn!(%org, %error, "a secret's note waits for maintenance");
        }
    }

    /// What follows a connect and may fail: maintenance makes up for each.
    async fn after(
        &self,
        new: &NewConnection,
        before: Option<&Connection>,
        identity: Identity,
        now: Timestamp,
    ) {
        let org = &new.connection.org_id;
        self.forget(org, &new.connection.secret_name).await;
        if let Some(before) = before {
            self.discard(org, &before.secret_name).await;
        }
        if let Some(users) = identity.directory {
            let cached = self.connections.put_directory(org, now, &users).await;
            if let Err(error) = cached {
                tracing::warn!(%org, %error, "the users directory was not cached");
            }
        }
        for window in &new.windows {
            let message = WindowMessage {
                org_id: org.clone(),
                window_id: window.id.clone(),
                generation: window.generation,
            };
            if let Err(error) = self.windows.send(&message).await {
                tracing::warn!(%org, %error, "a window waits for maintenance");
            }
        }
    }
}

fn freed(
    before: &BTreeSet<WorkspaceFingerprint>,
    now: &BTreeSet<WorkspaceFingerprint>,
) -> Vec<WorkspaceFingerprint> {
    // At most what fits the transaction; a reservation that stays with its own organization harms nobody.
    before.difference(now).take(10).cloned().collect()
}

fn storage(error: &StoreError) -> ConnectRefusal {
    tracing::error!(%error, "connecting met the database's refusal");
    ConnectRefusal::StorageUnavailable
}

fn refuse_oauth(error: OAuthError) -> ConnectRefusal {
    match error {
        OAuthError::NotSent(_) => {
            tracing::error!(%error, "a code could not be traded");
            ConnectRefusal::StorageUnavailable
        }
        OAuthError::InvalidGrant => ConnectRefusal::CodeRefused,
        OAuthError::InvalidClient => {
            tracing::error!("{APP_REFUSED}");
            ConnectRefusal::InvalidClient
        }
        OAuthError::UnknownOutcome(_) => ConnectRefusal::GongUnavailable,
    }
}

fn refuse_gate(error: GateError) -> ConnectRefusal {
    tracing::warn!(%error, "connecting could not read the company's identity");
    match error {
        // Gong documents 401 for some endpoints and 403 for others; the token is a moment old.
        GateError::Gong(GongError::Forbidden | GongError::Unauthorized) => {
            ConnectRefusal::MissingScope
        }
        GateError::Blocked { .. } => ConnectRefusal::GongBusy,
        GateError::Store(_) | GateError::SlotsMissed => ConnectRefusal::StorageUnavailable,
        _ => ConnectRefusal::GongUnavailable,
    }
}
