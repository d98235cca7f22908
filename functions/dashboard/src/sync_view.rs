//! What the integration's page and API read about the connection, all at once.

use std::collections::BTreeMap;

use domain::{
    call::CallState,
    connection::{Connection, ConnectionStatus, Poll, Window, WindowKind},
    ids::OrgId,
    moment::Timestamp,
    ports::StoreError,
};

use crate::{Dashboard, ledger_counts::LedgerCounts};

/// The connection and everything that hangs on it, at one moment.
#[derive(Debug, Clone)]
pub struct SyncView {
    /// The connection; none before the first connect.
    pub connection: Option<Connection>,
    /// Its polling; none when it is closed.
    pub poll: Option<Poll>,
    /// The connection's own windows, oldest first.
    pub windows: Vec<Window>,
    /// Until when Gong asked us to wait, when that lies ahead.
    pub blocked_until: Option<Timestamp>,
    pub counts: LedgerCounts,
    /// Why calls are put off, each reason with how many calls and when the first is tried again.
    pub deferred: BTreeMap<String, (u64, Option<Timestamp>)>,
}

/// At most this many deferred calls are looked at for their reasons.
const DEFERRED: usize = 200;

impl SyncView {
    /// Reads it.
    ///
    /// # Errors
    /// [`StoreError`] of the first read that failed.
    pub async fn load(app: &Dashboard, org: &OrgId) -> Result<Self, StoreError> {
        let state = Some(CallState::Deferred);
        let (connection, poll, mut windows, blocked_until, counts, calls) = futures::try_join!(
            app.connections.connection(org),
            app.sync.poll(org),
            app.sync.windows(org),
            app.budget.blocked_until(org),
            app.ledger.counts(org),
            app.ledger.open_calls(org, state, None, DEFERRED),
        )?;
        let generation = connection.as_ref().map(|c| c.generation);
        windows.retain(|window| Some(window.generation) == generation);
        windows.sort_by(|a, b| (a.created, &a.id).cmp(&(b.created, &b.id)));
        let now = app.clock.now();
        let mut deferred = BTreeMap::<String, (u64, Option<Timestamp>)>::new();
        for call in calls {
            let (n, first) = deferred.entry(call.reason).or_default();
            *n += 1;
            *first = [*first, call.due].into_iter().flatten().min();
        }
        Ok(Self {
            connection,
            poll,
            windows,
            blocked_until: blocked_until.filter(|until| *until > now),
            counts: LedgerCounts::new(counts),
            deferred,
        })
    }

    pub fn status(&self) -> Option<ConnectionStatus> {
        self.connection.as_ref().map(|c| c.status)
    }

    /// Whether calls are read.
    pub fn connected(&self) -> bool {
        self.status() == Some(ConnectionStatus::Connected)
    }

    /// Whether there is a connection that can be closed or renewed.
    pub fn live(&self) -> bool {
        matches!(
            self.status(),
            Some(ConnectionStatus::Connected | ConnectionStatus::ReconnectRequired)
        )
    }

    /// Windows that list Gong and are not finished.
    pub fn listing(&self) -> impl Iterator<Item = &Window> {
        self.windows
            .iter()
            .filter(|window| window.kind != WindowKind::Reconcile && window.finished.is_none())
    }

    /// The historical sync, running or done.
    pub fn backfill(&self) -> Option<&Window> {
        self.windows
            .iter()
            .rev()
            .find(|window| window.kind == WindowKind::Backfill)
    }

    /// Connected, listed to the end, and not one call was ever seen.
    pub fn sees_nothing(&self) -> bool {
        let unseen = |poll: &Poll| poll.last_success.is_some() && !poll.seen_calls;
        self.connected()
            && self.listing().next().is_none()
            && self.poll.as_ref().is_some_and(unseen)
    }
}
