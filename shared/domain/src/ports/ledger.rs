//! The `calls` table: the ledger.

use std::collections::BTreeMap;

use async_trait::async_trait;

use super::{StoreError, connections::ChangeError};
use crate::{
    call::{Call, CallState},
    ids::{CallId, OrgId},
    moment::Timestamp,
};

#[derive(Debug, Clone, Default, PartialEq)]
pub struct LedgerPage {
    /// The calls, newest start first.
    pub calls: Vec<Call>,
    /// Where the next page starts.
    pub next: Option<String>,
}

/// The ledger. Writes of an open call's worker are conditional on its lease and generation.
#[async_trait]
pub trait Ledger: Send + Sync {
    /// The calls of these ids that are known, at most 100, read consistently.
    async fn calls(&self, org: &OrgId, ids: &[CallId]) -> Result<Vec<Call>, StoreError>;
    /// One call, read consistently.
    async fn call(&self, org: &OrgId, id: &CallId) -> Result<Option<Call>, StoreError> {
        let mut found = self.calls(org, std::slice::from_ref(id)).await?;
        Ok(found.pop())
    }
    /// Adds a call; `false` when one with this id is there (which stays as it is).
    async fn insert(&self, call: &Call) -> Result<bool, StoreError>;
    /// Replaces a call when it is still exactly as `read` (same `updated`, state and generation).
    async fn replace(&self, read: &Call, next: &Call) -> Result<(), ChangeError>;
    /// Writes a call that `owner` has in its lease (generation unchanged). The call as given
    /// carries the new state and, usually, no lease.
    async fn finish(&self, call: &Call, owner: &str) -> Result<(), ChangeError>;
    /// Up to `limit` open calls of the organization after `after`, in the order of ids; of one
    /// state, or all.
    async fn open_calls(
        &self,
        org: &OrgId,
        state: Option<CallState>,
        after: Option<&CallId>,
        limit: usize,
    ) -> Result<Vec<Call>, StoreError>;
    /// How many calls of the organization are open and do not wait for Gong's transcript, counted
    /// up to `limit`.
    async fn count_in_work(&self, org: &OrgId, limit: usize) -> Result<usize, StoreError>;
    /// How many calls there are in each state; with skip causes in words for skipped ones.
    async fn counts(&self, org: &OrgId) -> Result<BTreeMap<String, u64>, StoreError>;
    /// A page of the ledger, newest first, of one state or all.
    async fn page(
        &self,
        org: &OrgId,
        state: Option<CallState>,
        after: Option<&str>,
        limit: usize,
    ) -> Result<LedgerPage, StoreError>;
    /// Up to `limit` calls that failed at `since` or later, after `after` in the order of ids.
    async fn failed_since(
        &self,
        org: &OrgId,
        since: Timestamp,
        after: Option<&CallId>,
        limit: usize,
    ) -> Result<Vec<Call>, StoreError>;
    /// How many such calls there are.
    async fn count_failed_since(
        &self,
        org: &OrgId,
        since: Timestamp,
        after: Option<&CallId>,
    ) -> Result<usize, StoreError>;
    /// Up to `limit` calls due at `now`, over all organizations.
    async fn due_calls(
        &self,
        now: Timestamp,
        limit: usize,
    ) -> Result<Vec<(OrgId, CallId)>, StoreError>;
}
