//! The admin closes the connection.

use std::sync::Arc;

use domain::{
    connection::{ConnectionStatus, Window, WindowKind, WindowMessage},
    ports::{
        StoreError,
        connections::{ChangeError, ConnectionStore, TokenStore},
        queues::WindowQueue,
        secrets::SecretStore,
        system::{Clock, Ids},
    },
    principal::{Action, NotAllowed, Principal},
};

use crate::sync::windows::reconcile_window;

/// Why the connection was not closed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DisconnectError {
    #[error(transparent)]
    NotAllowed(#[from] NotAllowed),
    #[error("Gong is not connected, so there is nothing to disconnect.")]
    NotConnected,
    /// Someone else changed it.
    #[error(
        "Someone else changed this connection at the same time. Check its status before you try again."
    )]
    Changed,
    #[error(transparent)]
    Store(#[from] StoreError),
}

#[derive(Clone)]
pub struct Disconnect {
    pub connections: Arc<dyn ConnectionStore>,
    pub tokens: Arc<dyn TokenStore>,
    pub secrets: Arc<dyn SecretStore>,
    /// Where the reconciling of open calls is queued.
    pub windows: Arc<dyn WindowQueue>,
    pub clock: Arc<dyn Clock>,
    pub ids: Arc<dyn Ids>,
}

impl Disconnect {
    /// Marks the connection disconnected, frees its reservations, stops polling and deletes the
    /// credentials at once. Open calls become "skipped: disconnected" by the window that this
    /// queues; posts stay. What a crash leaves is finished by maintenance.
    ///
    /// # Errors
    /// [`DisconnectError`]; when it is `Store`, the status tells what took place.
    pub async fn disconnect(&self, principal: &Principal) -> Result<(), DisconnectError> {
        principal.require(Action::Disconnect)?;
        let org = &principal.org_id;
        let connection = self
            .connections
            .connection(org)
            .await?
            .filter(|c| c.status != ConnectionStatus::Disconnected)
            .ok_or(DisconnectError::NotConnected)?;
        let now = self.clock.now();
        let window: Window = reconcile_window(org, &*self.ids, connection.generation, now);
        debug_assert_eq!(window.kind, WindowKind::Reconcile);
        match self.connections.disconnect(&connection, now, &window).await {
            Ok(()) => {}
            Err(ChangeError::Lost) => return Err(DisconnectError::Changed),
            Err(ChangeError::Store(error)) => return Err(error.into()),
        }
        if let Err(error) = self.secrets.delete(&connection.secret_name).await {
            tracing::warn!(%org, %error, "the credentials are still to be deleted; maintenance does it");
        } else {
            self.tokens.forget_token(org, connection.generation).await?;
        }
        let message = WindowMessage {
            org_id: org.clone(),
            window_id: window.id,
            generation: connection.generation,
        };
        if let Err(error) = self.windows.send(&message).await {
            tracing::warn!(%org, %error, "reconciling the open calls waits for maintenance");
        }
        Ok(())
    }
}
