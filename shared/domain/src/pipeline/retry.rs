//! An admin asks for a failed call again.

use std::sync::Arc;

use crate::{
    call::{Call, CallMessage, CallState},
    connection::ConnectionStatus,
    ids::CallId,
    moment::Span,
    ports::{
        StoreError,
        connections::{ChangeError, ConnectionStore},
        ledger::Ledger,
        queues::CallQueue,
        system::Clock,
    },
    principal::{NotAllowed, Principal, Role},
};

/// Why a call was not queued again.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RetryError {
    /// The role.
    #[error(transparent)]
    NotAllowed(#[from] NotAllowed),
    /// Not in the ledger.
    #[error("There is no call {0} in the ledger. Copy the id from the Calls page.")]
    Unknown(CallId),
    /// Not failed.
    #[error("Call {id} is {state}; only failed calls can be retried.")]
    NotFailed {
        /// The call.
        id: CallId,
        /// Its state.
        state: CallState,
    },
    /// No connection to read it with.
    #[error("Gong is not connected, so the call cannot be read again. Connect Gong first.")]
    NotConnected,
    /// Someone else changed it.
    #[error("Someone else changed this call at the same time. Look at it again.")]
    Changed,
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Queues failed calls again.
#[derive(Clone)]
pub struct RetryCall {
    /// Connections.
    pub connections: Arc<dyn ConnectionStore>,
    /// The ledger.
    pub ledger: Arc<dyn Ledger>,
    /// The pipeline's queue.
    pub calls: Arc<dyn CallQueue>,
    /// Time.
    pub clock: Arc<dyn Clock>,
}

impl RetryCall {
    /// Queues a failed call with its attempts at zero. Its private flag is read anew before its
    /// transcript is asked for.
    ///
    /// # Errors
    /// [`RetryError`]; the call is as it was.
    pub async fn retry(&self, principal: &Principal, id: &CallId) -> Result<(), RetryError> {
        principal.require(Role::Admin)?;
        let org = &principal.org_id;
        let connection = self
            .connections
            .connection(org)
            .await?
            .filter(|c| c.status == ConnectionStatus::Connected)
            .ok_or(RetryError::NotConnected)?;
        let known = self.ledger.call(org, id).await?;
        let call = known.ok_or_else(|| RetryError::Unknown(id.clone()))?;
        if call.state != CallState::Failed {
            return Err(RetryError::NotFailed {
                id: id.clone(),
                state: call.state,
            });
        }
        let now = self.clock.now();
        let next = Call {
            state: CallState::Queued,
            reason: format!("retried by {}", principal.user_id),
            generation: connection.generation,
            attempts: 0,
            overruns: 0,
            read_at: None,
            due: Some(now + Span::minutes(15)),
            updated: now,
            ..call.clone()
        };
        match self.ledger.replace(&call, &next).await {
            Ok(()) => {}
            Err(ChangeError::Lost) => return Err(RetryError::Changed),
            Err(ChangeError::Store(error)) => return Err(error.into()),
        }
        let message = CallMessage {
            org_id: org.clone(),
            call_id: id.clone(),
            generation: connection.generation,
        };
        if let Err(error) = self.calls.send(&[message]).await {
            tracing::warn!(%org, call = %id, %error, "a retried call waits for care");
        }
        Ok(())
    }
}
