//! An admin asks for failed calls again.

use std::sync::Arc;

use domain::{
    call::{CallState, NotPossible},
    connection::{Connection, ConnectionStatus},
    feedback::Activity,
    ids::CallId,
    moment::Timestamp,
    ports::{
        StoreError,
        connections::{ChangeError, ConnectionStore},
        feedback::{CallChange, DedupeStore, FeedbackChange},
        ledger::Ledger,
        queues::CallQueue,
        system::{Clock, Ids},
    },
    principal::{Action, NotAllowed, Principal},
};
use futures::{StreamExt, stream};

/// So many calls are queued again by one request, which a page has to wait for.
pub const CALLS_A_REQUEST: usize = 500;
/// How many of them are written at once.
const AT_ONCE: usize = 8;

/// Why a call was not queued again.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RetryError {
    #[error(transparent)]
    NotAllowed(#[from] NotAllowed),
    /// Not in the ledger.
    #[error("There is no call {0} in the ledger. Copy the id from the Calls page.")]
    Unknown(CallId),
    /// Not failed.
    #[error("Call {id} is {state}; only failed calls can be retried.")]
    NotFailed { id: CallId, state: CallState },
    /// No connection to read it with.
    #[error("Gong is not connected, so the call cannot be read again. Connect Gong first.")]
    NotConnected,
    /// Someone else changed it.
    #[error(
        "Someone else changed this call at the same time. Check its state before you try again."
    )]
    Changed,
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Queues failed calls again.
#[derive(Clone)]
pub struct RetryCall {
    pub connections: Arc<dyn ConnectionStore>,
    pub ledger: Arc<dyn Ledger>,
    pub calls: Arc<dyn CallQueue>,
    pub dedupe: Arc<dyn DedupeStore>,
    pub clock: Arc<dyn Clock>,
    pub ids: Arc<dyn Ids>,
}

/// What became of calls that were to be queued again.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Requeued {
    /// Calls that are queued again.
    pub queued: usize,
    /// Calls that someone else changed at the same time; they are as those left them.
    pub changed: usize,
    /// Calls beyond these that failed since then: one request takes [`CALLS_A_REQUEST`].
    pub left: usize,
    /// The call to go on after, when there are more.
    pub next: Option<CallId>,
}

impl RetryCall {
    /// Queues a failed call with its attempts at zero. Its private flag is read anew before its
    /// transcript is asked for.
    ///
    /// # Errors
    /// [`RetryError`]; the call is as it was.
    pub async fn retry(&self, principal: &Principal, id: &CallId) -> Result<(), RetryError> {
        let generation = self.allowed(principal).await?;
        let org = &principal.org_id;
        let known = self.ledger.call(org, id).await?;
        let call = known.ok_or_else(|| RetryError::Unknown(id.clone()))?;
        let not_failed = |error: NotPossible| RetryError::NotFailed {
            id: id.clone(),
            state: error.state,
        };
        let (by, now) = (&principal.user_id, self.clock.now());
        let next = call.retry(by, generation, now).map_err(not_failed)?;
        let did = format!("queued the failed call {id} again");
        let mut change = self.activity(principal, did);
        change.calls.push(CallChange {
            read: call,
            next: next.clone(),
        });
        match self.dedupe.change(&change).await {
            Ok(()) => {}
            Err(ChangeError::Lost) => return Err(RetryError::Changed),
            Err(ChangeError::Store(error)) => return Err(error.into()),
        }
        self.calls.offer(&[next]).await;
        Ok(())
    }

    /// Queues the calls that failed at `since` or later, at most [`CALLS_A_REQUEST`] of them in the
    /// order of ids after `after`. Repeating it changes nothing that is queued already.
    ///
    /// # Errors
    /// [`RetryError`]; some calls may be queued.
    pub async fn retry_failed_since(
        &self,
        principal: &Principal,
        since: Timestamp,
        after: Option<&CallId>,
    ) -> Result<Requeued, RetryError> {
        let generation = self.allowed(principal).await?;
        let org = &principal.org_id;
        let failed = self
            .ledger
            .failed_since(org, since, after, CALLS_A_REQUEST)
            .await?;
        let last = failed.last().map(|call| call.id.clone());
        let full = failed.len() == CALLS_A_REQUEST;
        let (by, now) = (&principal.user_id, self.clock.now());
        let retried = failed.into_iter().filter_map(|call| {
            let next = call.retry(by, generation, now).ok()?;
            Some((call, next))
        });
        let writes = retried.map(|(call, next)| async move {
            self.ledger.replace(&call, &next).await.map(|()| next)
        });
        let written: Vec<_> = stream::iter(writes)
            .buffer_unordered(AT_ONCE)
            .collect()
            .await;
        let (mut queued, mut changed, mut broken) = (Vec::new(), 0, None);
        for result in written {
            match result {
                Ok(call) => queued.push(call),
                Err(ChangeError::Lost) => changed += 1,
                Err(ChangeError::Store(error)) => broken = Some(error),
            }
        }
        self.calls.offer(&queued).await;
        if !queued.is_empty() {
            let did = format!(
                "queued {} failed calls again, of those that failed since {since}",
                queued.len()
            );
            match self.dedupe.change(&self.activity(principal, did)).await {
                Ok(()) | Err(ChangeError::Lost) => {}
                Err(ChangeError::Store(error)) => broken = Some(error),
            }
        }
        if let Some(error) = broken {
            return Err(error.into());
        }
        let left = match last.as_ref().filter(|_| full) {
            Some(last) => {
                let count = self.ledger.count_failed_since(org, since, Some(last));
                count.await?
            }
            None => 0,
        };
        Ok(Requeued {
            queued: queued.len(),
            changed,
            left,
            next: last.filter(|_| left > 0),
        })
    }

    /// Queues all calls that failed at `since` or later, some at a time; `told` hears of each part.
    ///
    /// # Errors
    /// [`RetryError`]; some calls may be queued.
    pub async fn retry_all_failed_since(
        &self,
        principal: &Principal,
        since: Timestamp,
        mut told: impl FnMut(&Requeued),
    ) -> Result<(), RetryError> {
        let mut after = None;
        loop {
            let part = self.retry_failed_since(principal, since, after.as_ref());
            let part = part.await?;
            told(&part);
            after = part.next;
            if after.is_none() {
                return Ok(());
            }
        }
    }

    /// The generation of the connection that an admin's calls are read with.
    async fn allowed(&self, principal: &Principal) -> Result<u64, RetryError> {
        principal.require(Action::RetryCalls)?;
        let connection = self.connections.connection(&principal.org_id).await?;
        readable(connection.as_ref()).ok_or(RetryError::NotConnected)
    }

    fn activity(&self, principal: &Principal, did: String) -> FeedbackChange {
        let at = self.clock.now();
        let mut change = FeedbackChange::new(principal.org_id.clone(), at);
        let entry = Activity::new(principal, self.ids.uuid(), at, Vec::new(), did);
        change.activity.push(entry);
        change
    }
}

/// The generation that calls can be read with; `None` while they cannot.
fn readable(connection: Option<&Connection>) -> Option<u64> {
    connection
        .filter(|c| c.status == ConnectionStatus::Connected)
        .map(|c| c.generation)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::examples::{call_id, connection};

    #[test]
    fn calls_are_queued_again_only_while_they_can_be_read() {
        for (status, generation) in [
            (None, None),
            (Some(ConnectionStatus::Connecting), None),
            (Some(ConnectionStatus::Connected), Some(3)),
            (Some(ConnectionStatus::ReconnectRequired), None),
            (Some(ConnectionStatus::Disconnected), None),
        ] {
            let connection = status.map(|status| Connection {
                status,
                ..connection()
            });
            assert_eq!(readable(connection.as_ref()), generation, "{status:?}");
        }
    }

    #[test]
    fn a_call_that_is_not_queued_again_says_why_and_what_to_do() {
        let not_failed = |state| RetryError::NotFailed {
            id: call_id("7"),
            state,
        };
        for (error, words) in [
            (
                RetryError::Unknown(call_id("98765432109876543210")),
                "There is no call 98765432109876543210 in the ledger. Copy the id from the Calls page.",
            ),
            (
                not_failed(CallState::Posted),
                "Call 7 is posted; only failed calls can be retried.",
            ),
            (
                not_failed(CallState::Skipped),
                "Call 7 is skipped; only failed calls can be retried.",
            ),
            (
                RetryError::NotConnected,
                "Gong is not connected, so the call cannot be read again. Connect Gong first.",
            ),
        ] {
            assert_eq!(error.to_string(), words, "{error:?}");
        }
    }
}
