//! Open calls when a connection changes, and calls that wait for a transcript.

use domain::{
    call::{Call, CallState, SkipCause},
    connection::{Connection, ConnectionStatus, Window},
    ids::{CallId, GONG},
    lease::Lease,
    moment::Timestamp,
    ports::{
        StoreError,
        connections::{ChangeError, SyncStore},
        ledger::Ledger,
        queues::CallQueue,
        system::Clock,
    },
    verdict::{Deadline, LEASE},
};

use super::pause::{Pause, TIME_FOR_A_PAGE};

const PAGE: usize = 100;

/// Takes open calls over, skips them, or asks for them again.
pub(super) struct Reconciler<'a> {
    pub ledger: &'a dyn Ledger,
    pub sync: &'a dyn SyncStore,
    pub calls: &'a dyn CallQueue,
    pub clock: &'a dyn Clock,
}

impl Reconciler<'_> {
    /// After a reconnect: every open call of an earlier generation is taken over and queued
    /// again. After a disconnect: every open call becomes "skipped: disconnected".
    pub(super) async fn reconcile(
        &self,
        connection: &Connection,
        window: &mut Window,
        owner: &str,
        deadline: Deadline,
    ) -> Result<(), Pause> {
        let mut after = window
            .after
            .as_deref()
            .and_then(|id| CallId::parse(id).ok());
        loop {
            let now = self.clock.now();
            if deadline.left(now) < TIME_FOR_A_PAGE {
                return Err(Pause::OutOfTime);
            }
            let org = &connection.org_id;
            let calls = self
                .ledger
                .open_calls(org, None, after.as_ref(), PAGE)
                .await?;
            let Some(last) = calls.last() else {
                return Ok(());
            };
            after = Some(last.id.clone());
            let mut queued = Vec::new();
            for call in calls {
                if let Some(next) = reconciled(&call, Some(connection), now) {
                    queued.extend(self.replace(&call, next).await?);
                }
            }
            queued.retain(|call| call.state == CallState::Queued);
            self.calls.offer(&queued).await;
            window.after = after.as_ref().map(ToString::to_string);
            window.lease = Some(Lease {
                owner: owner.to_owned(),
                until: now + LEASE,
            });
            window.due = Some(now + LEASE);
            self.sync.save_window(window, owner).await?;
        }
    }

    /// At a poll: calls that wait for a transcript are asked for again, for 14 days.
    pub(super) async fn wake_awaiting(&self, connection: &Connection) -> Result<(), Pause> {
        let mut after = None;
        loop {
            let org = &connection.org_id;
            let calls = self
                .ledger
                .open_calls(
                    org,
                    Some(CallState::AwaitingTranscript),
                    after.as_ref(),
                    PAGE,
                )
                .await?;
            let Some(last) = calls.last() else {
                return Ok(());
            };
            after = Some(last.id.clone());
            let now = self.clock.now();
            let mut queued = Vec::new();
            let ours =
                |call: &&Call| call.id.source() == GONG && call.generation == connection.generation;
            for call in calls.iter().filter(ours) {
                if call.patience_ends() <= now {
                    self.replace(call, call.skip(SkipCause::NoTranscript, now))
                        .await?;
                } else if let Ok(next) = call.requeue("asked for its transcript again", now) {
                    queued.extend(self.replace(call, next).await?);
                }
            }
            self.calls.offer(&queued).await;
        }
    }

    /// `None` when someone else changed the call first.
    async fn replace(&self, read: &Call, next: Call) -> Result<Option<Call>, StoreError> {
        match self.ledger.replace(read, &next).await {
            Ok(()) => Ok(Some(next)),
            Err(ChangeError::Lost) => Ok(None),
            Err(ChangeError::Store(error)) => Err(error),
        }
    }
}

/// What becomes of an open call whose connection has changed: taken over when it was made anew
/// and reaches back to the call, skipped when it is closed or of another workspace now; `None`
/// when it has not changed, or is another source's.
#[must_use]
pub fn reconciled(call: &Call, connection: Option<&Connection>, now: Timestamp) -> Option<Call> {
    if call.id.source() != GONG {
        return None;
    }
    let live = connection.filter(|c| c.status != ConnectionStatus::Disconnected);
    match live {
        Some(c) if call.generation == c.generation => None,
        Some(c) if call.generation >= c.same_since && c.reaches(call.started) => {
            call.take_over(c.generation, now).ok()
        }
        _ => Some(call.skip(SkipCause::Disconnected, now)),
    }
}

#[cfg(test)]
mod tests;
