//! Starting polls: when they are due, and when an admin asks.

use std::sync::Arc;

use domain::{
    connection::{
        ConnectionStatus, LOOKBACK, LOOKBACK_EVERY, POLL_OVERLAP, Poll, SYNC_NOW_EVERY, Window,
        WindowKind, WindowMessage,
    },
    ids::OrgId,
    moment::{Span, Timestamp},
    ports::{
        StoreError,
        connections::{ChangeError, ConnectionStore, SyncStore},
        queues::WindowQueue,
        system::{Clock, Ids},
    },
    principal::{Action, NotAllowed, Principal},
};

use super::windows::listing_window;

/// A poll that is due while a listing runs waits this long and looks again.
const AFTER_LISTING: Span = Span::minutes(5);

/// Why "Sync now" did nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SyncNowError {
    #[error(transparent)]
    NotAllowed(#[from] NotAllowed),
    #[error("Gong is not connected, so there is nothing to sync. Connect Gong first.")]
    NotConnected,
    /// Asked too soon.
    #[error(
        "A sync ran a moment ago. To spare your company's Gong quota, the next one is possible at {again}."
    )]
    TooSoon {
        /// When it is possible again.
        again: Timestamp,
    },
    #[error("A sync is already running; its progress is shown on this page.")]
    Running,
    #[error(transparent)]
    Store(#[from] StoreError),
}

#[derive(Clone)]
pub struct Polls {
    pub connections: Arc<dyn ConnectionStore>,
    /// Polls and windows.
    pub sync: Arc<dyn SyncStore>,
    pub windows: Arc<dyn WindowQueue>,
    pub clock: Arc<dyn Clock>,
    pub ids: Arc<dyn Ids>,
    /// The time from one poll to the next.
    pub every: Span,
}

impl Polls {
    /// An admin asks for a poll now.
    ///
    /// # Errors
    /// [`SyncNowError`]; nothing was started.
    pub async fn sync_now(&self, principal: &Principal) -> Result<(), SyncNowError> {
        principal.require(Action::SyncNow)?;
        let org = &principal.org_id;
        let connection = self.connections.connection(org).await?;
        let connected = connection.is_some_and(|c| c.status == ConnectionStatus::Connected);
        let poll = self.sync.poll(org).await?.filter(|_| connected);
        let poll = poll.ok_or(SyncNowError::NotConnected)?;
        let now = self.clock.now();
        if let Some(again) = too_soon(poll.last_manual, now) {
            return Err(SyncNowError::TooSoon { again });
        }
        if self.listing_runs(&poll).await? {
            return Err(SyncNowError::Running);
        }
        let mut next = poll.clone();
        next.last_manual = Some(now);
        // It counts as the poll of this slot; and of two clicks at once only one finds the old `due`.
        next.due = Some(now + self.every);
        match self.start(&poll, next, now).await {
            Ok(()) => Ok(()),
            Err(ChangeError::Lost) => Err(SyncNowError::Running),
            Err(ChangeError::Store(error)) => Err(error.into()),
        }
    }

    /// The organization's poll is due: starts it, unless a listing still runs, and moves `due`
    /// to the next slot. Two ticks at once start one poll.
    ///
    /// # Errors
    /// [`StoreError`]; the poll stays due.
    pub async fn start_due(&self, org: &OrgId) -> Result<(), StoreError> {
        let now = self.clock.now();
        let Some(poll) = self.sync.poll(org).await? else {
            return Ok(());
        };
        let Some(due) = poll.due.filter(|due| *due <= now) else {
            return Ok(());
        };
        let slot = next_slot(due, self.every, now);
        let connection = self.connections.connection(org).await?;
        let started = if connection.is_none_or(|c| c.status != ConnectionStatus::Connected) {
            self.sync.move_poll_due(&poll, slot).await
        } else if self.listing_runs(&poll).await? {
            self.sync.move_poll_due(&poll, now + AFTER_LISTING).await
        } else {
            let mut next = poll.clone();
            next.due = Some(slot);
            self.start(&poll, next, now).await
        };
        match started {
            Ok(()) | Err(ChangeError::Lost) => Ok(()),
            Err(ChangeError::Store(error)) => Err(error),
        }
    }

    async fn listing_runs(&self, poll: &Poll) -> Result<bool, StoreError> {
        let windows = self.sync.windows(&poll.org_id).await?;
        Ok(windows.iter().any(|window| lists(window, poll.generation)))
    }

    async fn start(&self, read: &Poll, mut next: Poll, now: Timestamp) -> Result<(), ChangeError> {
        let window = poll_window(read, &*self.ids, now);
        if window.kind == WindowKind::Lookback {
            next.last_lookback = Some(now);
        }
        self.sync.start_poll(read, &next, &window).await?;
        let message = WindowMessage {
            org_id: window.org_id,
            window_id: window.id,
            generation: window.generation,
        };
        if let Err(error) = self.windows.send(&message).await {
            tracing::warn!(org = %message.org_id, %error, "a poll waits for maintenance");
        }
        Ok(())
    }
}

/// When a sync may be asked for again; `None` when it may be now.
fn too_soon(last: Option<Timestamp>, now: Timestamp) -> Option<Timestamp> {
    last.map(|last| last + SYNC_NOW_EVERY)
        .filter(|again| *again > now)
}

/// Whether a window of this generation still lists calls.
fn lists(window: &Window, generation: u64) -> bool {
    window.finished.is_none()
        && window.generation == generation
        && window.kind != WindowKind::Reconcile
}

/// The window of a poll at `now`: what is new, overlapping, or once a day the last seven days.
/// Both stop at the import start, except that after an earlier connection the lookback goes below it:
/// what that one has read may have been made private since.
#[must_use]
pub fn poll_window(poll: &Poll, ids: &dyn Ids, now: Timestamp) -> Window {
    let lookback_due = poll
        .last_lookback
        .is_none_or(|last| last + LOOKBACK_EVERY <= now);
    let overlap = (poll.high_water - POLL_OVERLAP).later(poll.import_from);
    let week = now - LOOKBACK;
    let (kind, from) = match lookback_due {
        true if poll.generation > 1 => (WindowKind::Lookback, overlap.min(week)),
        true => (
            WindowKind::Lookback,
            overlap.min(week).later(poll.import_from),
        ),
        false => (WindowKind::Poll, overlap),
    };
    listing_window(&poll.org_id, ids, poll.generation, kind, from, now, now)
}

/// The next time of the grid `due + n × every` that lies after `now`.
#[must_use]
pub fn next_slot(due: Timestamp, every: Span, now: Timestamp) -> Timestamp {
    let every = every.0.max(1);
    let missed = (now - due).0.max(0) / every + 1;
    due + Span(missed.saturating_mul(every))
}

#[cfg(test)]
mod tests;
