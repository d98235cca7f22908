//! The `connections` table.

use async_trait::async_trait;
use uuid::Uuid;

use super::StoreError;
use crate::{
    connection::{Connection, OAuthState, Poll, Token, Window, WorkspaceFingerprint},
    gong::shapes::DirectoryUser,
    ids::{OrgId, WindowId},
    lease::Lease,
    moment::{Span, Timestamp},
};

/// Why a state could not be redeemed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TakeStateError {
    /// Unknown, used before, or begun in another browser.
    #[error("unknown state")]
    Unknown,
    /// Older than ten minutes.
    #[error("expired state")]
    Expired,
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why a connection could not be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConnectError {
    /// Another organization holds a fingerprint.
    #[error("another organization holds this workspace")]
    HeldByOther,
    /// The connection changed since it was read.
    #[error("the connection was changed by someone else at the same time")]
    Superseded,
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A connection to be made in one transaction.
#[derive(Debug, Clone, PartialEq)]
pub struct NewConnection {
    /// The record to write; its generation is the previous one + 1.
    pub connection: Connection,
    /// The generation that was read before; 0 when there was none. The condition.
    pub previous_generation: u64,
    /// Fingerprints of an earlier connection that this one no longer holds.
    pub freed: Vec<WorkspaceFingerprint>,
    /// The earlier connection's secret, noted to be deleted now.
    pub outdated_secret: Option<Uuid>,
    pub token: Token,
    pub poll: Poll,
    /// The first window and, after an earlier connection, the reconciling of its open calls.
    pub windows: Vec<Window>,
}

/// What of the connection something conditional met.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ChangeError {
    /// The item is gone, was changed since it was read, or is leased to another.
    #[error("changed by someone else at the same time")]
    Lost,
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Connections, reservations and OAuth states.
#[async_trait]
pub trait ConnectionStore: Send + Sync {
    /// The connection, read consistently.
    async fn connection(&self, org: &OrgId) -> Result<Option<Connection>, StoreError>;
    /// Stores a state under its hash.
    async fn put_state(&self, hash: &str, state: &OAuthState) -> Result<(), StoreError>;
    /// Removes and returns a state, once: only for the browser that it is bound to.
    async fn take_state(
        &self,
        hash: &str,
        browser_hash: &str,
        now: Timestamp,
    ) -> Result<OAuthState, TakeStateError>;
    /// Reserves every fingerprint and writes CONNECTION, TOKEN, POLL and the windows, all or nothing.
    async fn connect(&self, new: &NewConnection) -> Result<(), ConnectError>;
    /// Marks the connection of this generation disconnected, deletes its reservations and POLL, marks
    /// TOKEN revoked and due at `at` (so that maintenance finishes the deletion of the secret), and adds
    /// the window that reconciles the open calls; all or nothing.
    async fn disconnect(
        &self,
        connection: &Connection,
        at: Timestamp,
        window: &Window,
    ) -> Result<(), ChangeError>;
    /// Reserves one fingerprint more for a connection.
    async fn reserve(
        &self,
        org: &OrgId,
        fingerprint: &WorkspaceFingerprint,
    ) -> Result<(), ConnectError>;
    /// Marks a connected connection of this generation `reconnect_required` with an explanation.
    async fn require_reconnect(
        &self,
        org: &OrgId,
        generation: u64,
        error: &str,
    ) -> Result<(), StoreError>;
    /// Back to `connected`, without an error, after a credential of this generation was stored.
    async fn clear_reconnect(&self, org: &OrgId, generation: u64) -> Result<(), StoreError>;
    /// The cached users directory, with the time it was read; none when it never was.
    async fn directory(
        &self,
        org: &OrgId,
    ) -> Result<Option<(Timestamp, Vec<DirectoryUser>)>, StoreError>;
    /// Replaces the cached users directory.
    async fn put_directory(
        &self,
        org: &OrgId,
        at: Timestamp,
        users: &[DirectoryUser],
    ) -> Result<(), StoreError>;
}

/// TOKEN: one refresh at a time.
#[async_trait]
pub trait TokenStore: Send + Sync {
    /// TOKEN, read consistently.
    async fn token(&self, org: &OrgId) -> Result<Option<Token>, StoreError>;
    /// Takes the lease of this generation and version when no live lease is on it.
    async fn lease_token(
        &self,
        token: &Token,
        lease: &Lease,
        now: Timestamp,
    ) -> Result<(), ChangeError>;
    /// Gives the lease back: from `from` on another worker may take it, at once when none.
    async fn release_token(
        &self,
        org: &OrgId,
        owner: &str,
        from: Option<Timestamp>,
    ) -> Result<(), StoreError>;
    /// Moves on from `from_version` (same generation) to `next`, which carries no lease.
    async fn advance_token(&self, next: &Token, from_version: u64) -> Result<(), ChangeError>;
    /// Notes that a secret exists or is about to, to be looked at by maintenance when due: before that
    /// nothing may be stored in it.
    async fn note_secret(
        &self,
        org: &OrgId,
        secret: Uuid,
        due: Timestamp,
    ) -> Result<(), StoreError>;
    /// Removes the note, after the secret is gone or in use.
    async fn forget_secret(&self, org: &OrgId, secret: Uuid) -> Result<(), StoreError>;
    /// Deletes TOKEN of this generation, after its secret is gone; success when it is not there.
    async fn forget_token(&self, org: &OrgId, generation: u64) -> Result<(), StoreError>;
    /// Marks this version as refused for good; it is no longer due.
    async fn revoke_token(
        &self,
        org: &OrgId,
        generation: u64,
        version: u64,
    ) -> Result<(), ChangeError>;
}

/// Why no request slot was given.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SlotError {
    /// No request before this time: Gong asked to wait, the day is used up or the line is too long.
    #[error("no request to Gong before {until}")]
    Blocked { until: Timestamp },
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A time in which one request may be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slot {
    /// Not before.
    pub from: Timestamp,
    /// Not after, but for [`GRACE`](Self::GRACE).
    pub to: Timestamp,
}

impl Slot {
    /// From the end of a slot to the beginning of the next one.
    pub const GAP: Span = Span::millis(358);
    /// How long after the end of a slot its request may still be sent. Of four requests, the last
    /// one's slot begins three gaps, 1,074 ms, after the first one's has ended. That there is a
    /// second between them lets each be 74 ms late: these, and 24 for what clocks differ by.
    pub const GRACE: Span = Span::millis(50);

    /// The last moment at which its request may be sent.
    #[must_use]
    pub fn last_moment(self) -> Timestamp {
        self.to + Self::GRACE
    }
}

/// What a sender knows of itself when it asks for a slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SlotWish {
    pub now: Timestamp,
    /// How long it takes at most to be ready: the slot does not end before.
    pub ready_in: Span,
    /// How late it may come to a slot that it has to wait for: the slot is at least this long.
    pub late_by: Span,
    /// The slot that it was given before and can no longer use: it is exchanged, and counts once.
    pub instead_of: Option<Slot>,
}

impl SlotWish {
    /// That of a sender which is ready at once and never late.
    #[must_use]
    pub const fn at(now: Timestamp) -> Self {
        Self {
            now,
            ready_in: Span(0),
            late_by: Span(0),
            instead_of: None,
        }
    }

    /// The slot that begins then.
    #[must_use]
    pub fn slot(&self, from: Timestamp) -> Slot {
        let to = (from + self.late_by).later(self.now + self.ready_in);
        Slot { from, to }
    }
}

/// BUDGET: the request slots of a company, shared by all workers.
///
/// Each slot begins 358 ms after the end of the one before, or later. So whenever in their slots
/// requests are sent, there are never four in a second: see [`Slot::GRACE`].
#[async_trait]
pub trait BudgetStore: Send + Sync {
    /// Reserves the next slot: from now on, or from 358 ms after the end of the last one on;
    /// refused beyond 20 s ahead, before `blocked_until`, and beyond 10,000 slots a UTC day.
    async fn reserve_slot(&self, org: &OrgId, wish: &SlotWish) -> Result<Slot, SlotError>;
    /// Until when Gong asked us to wait.
    async fn blocked_until(&self, org: &OrgId) -> Result<Option<Timestamp>, StoreError>;
    /// Stores that Gong asked us to wait; never shortens a longer wait.
    async fn block(&self, org: &OrgId, until: Timestamp) -> Result<(), StoreError>;
}

/// Polls and windows.
#[async_trait]
pub trait SyncStore: Send + Sync {
    /// POLL, read consistently.
    async fn poll(&self, org: &OrgId) -> Result<Option<Poll>, StoreError>;
    /// Writes POLL and, with it in one transaction, a new window, when POLL still has the `due`
    /// and the generation that were read.
    async fn start_poll(
        &self,
        read: &Poll,
        next: &Poll,
        window: &Window,
    ) -> Result<(), ChangeError>;
    /// Moves POLL's `due` alone, when POLL still has the `due` and the generation that were read.
    async fn move_poll_due(&self, read: &Poll, due: Timestamp) -> Result<(), ChangeError>;
    /// Writes POLL's high-water mark and last success after a listing of this generation;
    /// the mark never moves back.
    async fn listing_done(
        &self,
        org: &OrgId,
        generation: u64,
        high_water: Timestamp,
        at: Timestamp,
        seen_calls: bool,
    ) -> Result<(), StoreError>;
    /// Writes what went wrong in the last listing of this generation.
    async fn listing_failed(
        &self,
        org: &OrgId,
        generation: u64,
        error: &str,
    ) -> Result<(), StoreError>;
    /// One window, read consistently.
    async fn window(&self, org: &OrgId, id: &WindowId) -> Result<Option<Window>, StoreError>;
    /// All windows of the organization that are not finished, and the last finished ones.
    async fn windows(&self, org: &OrgId) -> Result<Vec<Window>, StoreError>;
    /// Takes the window's lease when it is unfinished and no live lease is on it; returns the window.
    async fn lease_window(
        &self,
        org: &OrgId,
        id: &WindowId,
        lease: &Lease,
        now: Timestamp,
    ) -> Result<Window, ChangeError>;
    /// Writes progress, `due` and the lease as given, when the lease is still `owner`'s.
    async fn save_window(&self, window: &Window, owner: &str) -> Result<(), ChangeError>;
    /// Moves an unleased, unfinished window's `due`, when it still is what was read (maintenance's claim).
    async fn move_window_due(&self, window: &Window, due: Timestamp) -> Result<(), ChangeError>;
}

/// Something of the `connections` table that has become due.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum DueConnectionWork {
    Poll(OrgId),
    /// The organization's token wants renewing.
    Token(OrgId),
    /// A window that nobody goes on with.
    Window(OrgId, WindowId),
    /// A secret that may be in nobody's use.
    Secret(OrgId, Uuid),
}

/// The `due` index of the `connections` table.
#[async_trait]
pub trait ConnectionDue: Send + Sync {
    /// Up to `limit` items due at `now`, over all organizations, oldest first within a shard.
    async fn due_connection_work(
        &self,
        now: Timestamp,
        limit: usize,
    ) -> Result<Vec<DueConnectionWork>, StoreError>;
    /// Lets an item that could not be handled wait until then, so that it does not take the
    /// others' time at every tick; success when it is no longer due at all.
    async fn postpone(&self, item: &DueConnectionWork, until: Timestamp) -> Result<(), StoreError>;
}
