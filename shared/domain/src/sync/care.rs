//! Care: the five-minute tick. It starts due polls, renews tokens ahead of expiry, and goes on
//! with whatever was left by a crash or a wait. Idempotent, bounded, without a scan.

use std::sync::Arc;

use futures::{StreamExt, stream};

use super::{
    poll::Polls,
    settle::{requeued, settled, skipped},
    windows::WINDOW_GRACE,
};
use crate::{
    call::{Call, CallMessage, CallState, MAX_ATTEMPTS, SkipCause, TRANSCRIPT_PATIENCE},
    connection::{ConnectionStatus, WindowMessage},
    gong::tokens::{TokenError, TokenKeeper},
    ids::{CallId, OrgId, PostId, WindowId},
    moment::Timestamp,
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

/// How many due items of each kind one tick takes on.
const PER_TICK: usize = 1_000;
/// How many of them at once.
const AT_ONCE: usize = 8;

/// What a tick did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CareReport {
    /// Items of the connections table (polls, tokens, windows).
    pub connection_work: usize,
    /// Calls that were sent again or decided.
    pub calls: usize,
    /// Vectors that reached the index.
    pub vectors: usize,
    /// Items that could not be handled now; they stay due.
    pub errors: usize,
}

/// The scheduled care.
#[derive(Clone)]
pub struct Care {
    /// The `due` index of the connections table.
    pub due: Arc<dyn ConnectionDue>,
    /// Connections.
    pub connections: Arc<dyn ConnectionStore>,
    /// Polls and windows.
    pub sync: Arc<dyn SyncStore>,
    /// Starts polls.
    pub polls: Polls,
    /// Renews tokens.
    pub keeper: TokenKeeper,
    /// Deletes what a disconnect left.
    pub secrets: Arc<dyn SecretStore>,
    /// The ledger.
    pub ledger: Arc<dyn Ledger>,
    /// Pending vectors.
    pub dedupe: Arc<dyn DedupeStore>,
    /// The index.
    pub index: Arc<dyn VectorIndex>,
    /// The embedder's name, kept beside vectors.
    pub embedder: String,
    /// The pipeline's queue.
    pub calls: Arc<dyn CallQueue>,
    /// The poller's queue.
    pub windows: Arc<dyn WindowQueue>,
    /// Time.
    pub clock: Arc<dyn Clock>,
}

impl Care {
    /// One tick: everything that is due now.
    ///
    /// # Errors
    /// [`StoreError`] when the due work could not be read at all.
    pub async fn tick(&self, deadline: Deadline) -> Result<CareReport, StoreError> {
        self.look_after(self.clock.now(), false, deadline).await
    }

    /// At the start of a process that is alone on its machine: whatever is open is taken up at
    /// once, and leases of an earlier start are void.
    ///
    /// # Errors
    /// [`StoreError`] when the due work could not be read at all.
    pub async fn resume(&self, deadline: Deadline) -> Result<CareReport, StoreError> {
        self.look_after(Timestamp(i64::MAX / 2), true, deadline)
            .await
    }

    async fn look_after(
        &self,
        horizon: Timestamp,
        alone: bool,
        deadline: Deadline,
    ) -> Result<CareReport, StoreError> {
        let mut report = CareReport::default();
        let work = self.due.due_connection_work(horizon, PER_TICK).await?;
        let calls = self.ledger.due_calls(horizon, PER_TICK).await?;
        let pending = self.dedupe.due_pending(horizon, PER_TICK).await?;
        let work: Vec<_> = work
            .into_iter()
            .map(|item| self.connection_work(item, alone, deadline))
            .collect();
        count(&mut report.connection_work, &mut report.errors, work).await;
        let calls: Vec<_> = calls
            .into_iter()
            .map(|(org, id)| self.call(org, id, alone))
            .collect();
        count(&mut report.calls, &mut report.errors, calls).await;
        let pending: Vec<_> = pending
            .into_iter()
            .map(|(org, post)| self.vector(org, post))
            .collect();
        count(&mut report.vectors, &mut report.errors, pending).await;
        Ok(report)
    }

    async fn connection_work(
        &self,
        item: DueConnectionWork,
        alone: bool,
        deadline: Deadline,
    ) -> Result<(), StoreError> {
        match item {
            DueConnectionWork::Poll(org) => self.polls.start_due(&org).await,
            DueConnectionWork::Token(org) => self.token(&org, alone, deadline).await,
            DueConnectionWork::Window(org, id) => self.window(&org, &id, alone).await,
        }
    }

    async fn token(&self, org: &OrgId, alone: bool, deadline: Deadline) -> Result<(), StoreError> {
        let now = self.clock.now();
        let Some(token) = self.keeper.tokens.token(org).await? else {
            return Ok(());
        };
        if alone && let Some(lease) = &token.lease {
            self.keeper.tokens.release_token(org, &lease.owner).await?;
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

    async fn call(&self, org: OrgId, id: CallId, alone: bool) -> Result<(), StoreError> {
        let found = self.ledger.calls(&org, std::slice::from_ref(&id)).await?;
        let Some(call) = found.into_iter().next().filter(|c| c.state.is_open()) else {
            return Ok(());
        };
        let now = self.clock.now();
        let live = call.lease.as_ref().is_some_and(|lease| lease.live(now));
        if live && !alone {
            return Ok(());
        }
        // A listing or a worker that was still on its way may have left it behind.
        let connection = self.connections.connection(&org).await?;
        let next = settled(&call, connection.as_ref(), now);
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
        let message = CallMessage {
            org_id: org,
            call_id: id,
            generation: next.generation,
        };
        if let Err(error) = self.calls.send(&[message]).await {
            tracing::warn!(%error, "a call waits for the next tick");
        }
        Ok(())
    }

    async fn vector(&self, org: OrgId, post: PostId) -> Result<(), StoreError> {
        let pending = self.dedupe.pending(&org).await?;
        let Some(pending) = pending.into_iter().find(|p| p.post_id == post) else {
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
            None => self.index.remove(&org, &post).await,
        };
        if let Err(error) = done {
            tracing::warn!(%org, %post, %error, "a vector stays pending");
            return Ok(());
        }
        self.dedupe
            .clear_pending(&org, &post, pending.revision)
            .await
    }
}

/// What care does with an open call that nobody works on.
fn next_step(call: &Call, alone: bool, now: Timestamp) -> Option<Call> {
    if call.state == CallState::AwaitingTranscript {
        let over = call.first_seen + TRANSCRIPT_PATIENCE <= now;
        return over.then(|| skipped(call, SkipCause::NoTranscript, now));
    }
    if alone && call.state == CallState::Processing {
        // The process was stopped: that is not counted against the call.
        return Some(Call {
            attempts: call.attempts.saturating_sub(1),
            ..requeued(call, "queued again after a restart", now)
        });
    }
    if call.state == CallState::Processing && call.attempts >= MAX_ATTEMPTS {
        return Some(given_up(call, now));
    }
    let reason = match call.state {
        CallState::Processing => "its worker stopped; queued again",
        CallState::Deferred => "tried again after a wait",
        _ => "waits for the pipeline",
    };
    Some(requeued(call, reason, now))
}

/// The call after too many unfinished attempts.
#[must_use]
pub fn given_up(call: &Call, now: Timestamp) -> Call {
    Call {
        state: CallState::Failed,
        reason: format!(
            "{MAX_ATTEMPTS} attempts ended without a result (the worker stopped or ran out of time); an admin may retry it"
        ),
        lease: None,
        due: None,
        updated: now,
        ..call.clone()
    }
}

/// Runs the work, a few at once, and counts how it ended.
async fn count(
    done: &mut usize,
    errors: &mut usize,
    work: Vec<impl Future<Output = Result<(), StoreError>>>,
) {
    let mut results = stream::iter(work).buffer_unordered(AT_ONCE);
    while let Some(result) = results.next().await {
        match result {
            Ok(()) => *done += 1,
            Err(error) => {
                tracing::warn!(%error, "a due item was not handled; it stays due");
                *errors += 1;
            }
        }
    }
}
