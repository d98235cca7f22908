//! Maintenance: the five-minute tick. It starts due polls, renews tokens ahead of expiry, and goes on
//! with whatever was left by a crash or a wait. Idempotent, bounded, without a scan.

use std::{collections::HashSet, sync::Arc};

use domain::{
    call::{Call, CallState, SkipCause},
    connection::{ConnectionStatus, WindowMessage},
    ids::{CallId, OrgId, PostId, WindowId},
    moment::{Span, Timestamp},
    ports::{
        StoreError,
        connections::{ChangeError, ConnectionDue, ConnectionStore, DueConnectionWork, SyncStore},
        feedback::{DedupeStore, PostVector, VectorIndex},
        ledger::Ledger,
        queues::{CallQueue, WindowQueue},
        secrets::SecretStore,
        system::Clock,
    },
    verdict::Deadline,
};
use futures::{StreamExt, stream};
use uuid::Uuid;

use crate::{
    gong::{
        credentials::secret_name,
        tokens::{TokenError, TokenKeeper},
    },
    sync::{poll::Polls, reconcile::reconciled, windows::WINDOW_GRACE},
};

/// How many due items of each table are read at once; a tick reads on until nothing new is due.
const A_ROUND: usize = 500;
/// How many of them are handled at once.
const AT_ONCE: usize = 8;
/// An item is begun only with this much time left.
const TIME_FOR_AN_ITEM: Span = Span::seconds(45);
/// A token that could not be renewed, or an item that cannot be read, is looked at again then.
const AFTER_FAILURE: Span = Span::minutes(5);
const UNREADABLE: Span = Span::hours(1);

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Due {
    Connection(DueConnectionWork),
    Call(OrgId, CallId),
    Vector(OrgId, PostId),
}

impl Due {
    /// Tokens, which take long, come after what is quick.
    const fn rank(&self) -> u8 {
        match self {
            Self::Connection(DueConnectionWork::Window(..)) => 0,
            Self::Connection(DueConnectionWork::Poll(_)) => 1,
            Self::Call(..) => 2,
            Self::Vector(..) => 3,
            Self::Connection(DueConnectionWork::Secret(..)) => 4,
            Self::Connection(DueConnectionWork::Token(_)) => 5,
        }
    }
}

/// What a tick did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct MaintenanceReport {
    /// Items of the connections table (polls, tokens, windows, secrets).
    pub connection_work: usize,
    /// Calls that were sent again or decided.
    pub calls: usize,
    /// Vectors that reached the index.
    pub vectors: usize,
    /// Items that could not be handled now; they stay due.
    pub errors: usize,
    /// Items that were left for the next tick, because the time was over.
    pub left: usize,
}

#[derive(Clone)]
pub struct Maintenance {
    /// The `due` index of the connections table.
    pub due: Arc<dyn ConnectionDue>,
    pub connections: Arc<dyn ConnectionStore>,
    /// Polls and windows.
    pub sync: Arc<dyn SyncStore>,
    pub polls: Polls,
    pub keeper: TokenKeeper,
    /// Deletes what a disconnect left.
    pub secrets: Arc<dyn SecretStore>,
    pub ledger: Arc<dyn Ledger>,
    pub dedupe: Arc<dyn DedupeStore>,
    pub index: Arc<dyn VectorIndex>,
    /// The embedder's name, kept beside vectors.
    pub embedder: String,
    pub calls: Arc<dyn CallQueue>,
    pub windows: Arc<dyn WindowQueue>,
    pub clock: Arc<dyn Clock>,
}

impl Maintenance {
    /// One tick: everything that is due now.
    ///
    /// # Errors
    /// [`StoreError`] when the due work could not be read at all.
    pub async fn tick(&self, deadline: Deadline) -> Result<MaintenanceReport, StoreError> {
        self.sweep(self.clock.now(), false, deadline).await
    }

    /// At the start of a process that is alone on its machine: whatever is open is taken up at
    /// once, and leases of an earlier start are void.
    ///
    /// # Errors
    /// [`StoreError`] when the due work could not be read at all.
    pub async fn resume(&self, deadline: Deadline) -> Result<MaintenanceReport, StoreError> {
        self.sweep(Timestamp(i64::MAX / 2), true, deadline).await
    }

    /// Reads what is due and handles it, round after round, until nothing new is due or the time
    /// is over. What stays due does not keep the rest from its turn.
    async fn sweep(
        &self,
        horizon: Timestamp,
        alone: bool,
        deadline: Deadline,
    ) -> Result<MaintenanceReport, StoreError> {
        let mut report = MaintenanceReport::default();
        let mut seen = HashSet::new();
        loop {
            let limit = seen.len() + A_ROUND;
            let (mut round, all) = self.due(horizon, limit).await?;
            round.retain(|item| seen.insert(item.clone()));
            round.sort_by_key(Due::rank);
            let work: Vec<_> = round
                .iter()
                .map(|item| self.handle(item, alone, deadline))
                .collect();
            let done: Vec<_> = stream::iter(work).buffer_unordered(AT_ONCE).collect().await;
            for one in done {
                one.add_to(&mut report);
            }
            if report.left > 0 {
                tracing::warn!(
                    left = report.left,
                    "a tick ran out of time; the next one goes on"
                );
                return Ok(report);
            }
            if all || round.is_empty() {
                return Ok(report);
            }
        }
    }

    /// Up to `limit` due items of each table, and whether that is all of them.
    async fn due(&self, horizon: Timestamp, limit: usize) -> Result<(Vec<Due>, bool), StoreError> {
        let work = self.due.due_connection_work(horizon, limit).await?;
        let calls = self.ledger.due_calls(horizon, limit).await?;
        let pending = self.dedupe.due_pending(horizon, limit).await?;
        let most = work.len().max(calls.len()).max(pending.len());
        let work = work.into_iter().map(Due::Connection);
        let calls = calls.into_iter().map(|(org, id)| Due::Call(org, id));
        let pending = pending.into_iter().map(|(org, id)| Due::Vector(org, id));
        Ok((work.chain(calls).chain(pending).collect(), most < limit))
    }

    async fn handle(&self, item: &Due, alone: bool, deadline: Deadline) -> Handled {
        if deadline.left(self.clock.now()) < TIME_FOR_AN_ITEM {
            return Handled::Left;
        }
        let done = match item {
            Due::Connection(work) => self.connection_work(work, alone, deadline).await,
            Due::Call(org, id) => self.call(org, id, alone).await,
            Due::Vector(org, post) => self.vector(org, post).await,
        };
        let Err(error) = done else {
            return Handled::Done(item.clone());
        };
        tracing::warn!(%error, "a due item was not handled; it stays due");
        if let (StoreError::Corrupt(_), Due::Connection(work)) = (&error, item) {
            self.postpone(work, UNREADABLE).await;
        }
        Handled::Error
    }

    async fn postpone(&self, work: &DueConnectionWork, by: Span) {
        let until = self.clock.now() + by;
        if let Err(error) = self.due.postpone(work, until).await {
            tracing::warn!(%error, "a due item could not be put off");
        }
    }

    async fn connection_work(
        &self,
        item: &DueConnectionWork,
        alone: bool,
        deadline: Deadline,
    ) -> Result<(), StoreError> {
        match item {
            DueConnectionWork::Poll(org) => self.polls.start_due(org).await,
            DueConnectionWork::Token(org) => self.token(org, alone, deadline).await,
            DueConnectionWork::Window(org, id) => self.window(org, id, alone).await,
            DueConnectionWork::Secret(org, secret) => self.secret(org, *secret).await,
        }
    }

    /// A connect was begun and may not have come to its end: its secret is deleted, unless it is
    /// the one in use.
    async fn secret(&self, org: &OrgId, secret: Uuid) -> Result<(), StoreError> {
        let name = secret_name(org, secret);
        let token = self.keeper.tokens.token(org).await?;
        let in_use = token.is_some_and(|token| token.secret_name == name);
        if !in_use && let Err(error) = self.secrets.delete(&name).await {
            tracing::warn!(%org, %error, "a secret out of use waits for the next tick");
            return Ok(());
        }
        self.keeper.tokens.forget_secret(org, secret).await
    }

    async fn token(&self, org: &OrgId, alone: bool, deadline: Deadline) -> Result<(), StoreError> {
        let now = self.clock.now();
        let Some(token) = self.keeper.tokens.token(org).await? else {
            return Ok(());
        };
        if alone && let Some(lease) = &token.lease {
            let tokens = &self.keeper.tokens;
            tokens.release_token(org, &lease.owner, None).await?;
        }
        let connection = self.connections.connection(org).await?;
        let closed = connection.is_none_or(|c| c.status == ConnectionStatus::Disconnected);
        if closed {
            if let Err(error) = self.secrets.delete(&token.secret_name).await {
                tracing::error!(%org, %error, "credentials of a closed connection are still there");
                return Ok(());
            }
            return self.keeper.tokens.forget_token(org, token.generation).await;
        }
        if token.due.is_none_or(|due| due > now) {
            return Ok(());
        }
        match self.keeper.renew_due(org, deadline).await {
            Ok(()) | Err(TokenError::ReconnectRequired | TokenError::NotConnected) => Ok(()),
            Err(TokenError::Store(error)) => Err(error),
            Err(error) => {
                tracing::warn!(%org, %error, "a token was not renewed ahead of its expiry");
                self.postpone(&DueConnectionWork::Token(org.clone()), AFTER_FAILURE)
                    .await;
                Ok(())
            }
        }
    }

    async fn window(&self, org: &OrgId, id: &WindowId, alone: bool) -> Result<(), StoreError> {
        let Some(mut window) = self.sync.window(org, id).await? else {
            return Ok(());
        };
        if window.finished.is_some() {
            return Ok(());
        }
        let now = self.clock.now();
        let live = window.lease.as_ref().is_some_and(|lease| lease.live(now));
        if live && !alone {
            return Ok(());
        }
        if let Some(lease) = window.lease.take() {
            match self.sync.save_window(&window, &lease.owner).await {
                Ok(()) => {}
                Err(ChangeError::Lost) => return Ok(()),
                Err(ChangeError::Store(error)) => return Err(error),
            }
        }
        match self.sync.move_window_due(&window, now + WINDOW_GRACE).await {
            Ok(()) => {}
            Err(ChangeError::Lost) => return Ok(()),
            Err(ChangeError::Store(error)) => return Err(error),
        }
        let message = WindowMessage {
            org_id: org.clone(),
            window_id: id.clone(),
            generation: window.generation,
        };
        if let Err(error) = self.windows.send(&message).await {
            tracing::warn!(%org, %error, "a window waits for the next tick");
        }
        Ok(())
    }

    async fn call(&self, org: &OrgId, id: &CallId, alone: bool) -> Result<(), StoreError> {
        let found = self.ledger.call(org, id).await?;
        let Some(call) = found.filter(|call| call.state.is_open()) else {
            return Ok(());
        };
        let now = self.clock.now();
        let live = call.lease.as_ref().is_some_and(|lease| lease.live(now));
        if live && !alone {
            return Ok(());
        }
        // A listing or a worker that was still on its way may have left it behind.
        let connection = self.connections.connection(org).await?;
        let next = reconciled(&call, connection.as_ref(), now);
        let Some(next) = next.or_else(|| next_step(&call, alone, now)) else {
            return Ok(());
        };
        match self.ledger.replace(&call, &next).await {
            Ok(()) => {}
            Err(ChangeError::Lost) => return Ok(()),
            Err(ChangeError::Store(error)) => return Err(error),
        }
        if next.state != CallState::Queued {
            return Ok(());
        }
        self.calls.offer(&[next]).await;
        Ok(())
    }

    async fn vector(&self, org: &OrgId, post: &PostId) -> Result<(), StoreError> {
        let pending = self.dedupe.pending(org).await?;
        let Some(pending) = pending.into_iter().find(|p| p.post_id == *post) else {
            return Ok(());
        };
        let done = match pending.vector {
            Some(vector) => {
                self.index
                    .upsert(&PostVector {
                        org_id: org.clone(),
                        post_id: post.clone(),
                        revision: pending.revision,
                        embedder: self.embedder.clone(),
                        vector,
                    })
                    .await
            }
            None => self.index.remove(org, post, pending.revision).await,
        };
        if let Err(error) = done {
            tracing::warn!(%org, %post, %error, "a vector stays pending");
            return Ok(());
        }
        self.dedupe.clear_pending(org, post, pending.revision).await
    }
}

/// What maintenance does with an open call that nobody works on.
fn next_step(call: &Call, alone: bool, now: Timestamp) -> Option<Call> {
    match call.state {
        CallState::AwaitingTranscript => {
            let over = call.patience_ends() <= now;
            over.then(|| call.skip(SkipCause::NoTranscript, now))
        }
        // The process was stopped: that is not counted against the call.
        CallState::Processing if alone => call.give_back("queued again after a restart", now).ok(),
        CallState::Processing => call.abandon("its worker stopped; queued again", now).ok(),
        CallState::Deferred => call.requeue("tried again after a wait", now).ok(),
        _ => call.requeue("waits for the pipeline", now).ok(),
    }
}

/// What became of a due item.
enum Handled {
    Done(Due),
    Error,
    Left,
}

impl Handled {
    const fn add_to(&self, report: &mut MaintenanceReport) {
        let count = match self {
            Self::Done(Due::Connection(_)) => &mut report.connection_work,
            Self::Done(Due::Call(..)) => &mut report.calls,
            Self::Done(Due::Vector(..)) => &mut report.vectors,
            Self::Error => &mut report.errors,
            Self::Left => &mut report.left,
        };
        *count += 1;
    }
}

#[cfg(test)]
mod tests;
