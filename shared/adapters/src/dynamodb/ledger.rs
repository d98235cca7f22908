//! The ledger: writes by lease and generation.

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use domain::{
    call::{Call, CallState},
    ids::{CallId, OrgId},
    moment::Timestamp,
    ports::{
        StoreError,
        connections::ChangeError,
        ledger::{Ledger, LedgerPage},
    },
};

use super::{
    Dynamo, due,
    expr::Expr,
    item::{decode_all, encode},
    keys::{self, BY_STARTED, Key, OPEN_ORG},
    ops::Refusal,
    value::{Item, n, s},
};

/// A call's item: an open call is in the index of open calls, every call in the one by start.
pub(super) fn encode_call(call: &Call) -> Result<Item, StoreError> {
    let mut item = encode(&Key::call(&call.org_id, &call.id), call)?;
    if call.state.is_open() {
        item.insert(OPEN_ORG.to_owned(), s(keys::partition(&call.org_id)));
    }
    // A call without a start stands where it was first seen.
    let at = call.started.unwrap_or(call.first_seen).0.max(0);
    item.insert(BY_STARTED.to_owned(), s(format!("{at:019}#{}", call.id)));
    Ok(item)
}

/// The call is `owner`'s and of this generation.
pub(super) fn leased(owner: &str, generation: u64) -> Expr {
    Expr::none()
        .when("#lease.#owner = :owner AND #generation = :generation")
        .value(":owner", s(owner))
        .value(":generation", n(generation))
}

/// The call is as it was read.
pub(super) fn unchanged(read: &Call) -> Expr {
    Expr::none()
        .when("#updated = :updated AND #state = :state AND #generation = :generation")
        .value(":updated", n(read.updated.0))
        .value(":state", s(read.state.as_str()))
        .value(":generation", n(read.generation))
}

#[async_trait]
impl Ledger for Dynamo {
    async fn calls(&self, org: &OrgId, ids: &[CallId]) -> Result<Vec<Call>, StoreError> {
        let ids: BTreeSet<&CallId> = ids.iter().collect();
        let keys: Vec<_> = ids.into_iter().map(|id| Key::call(org, id)).collect();
        let mut calls: Vec<Call> = decode_all(self.batch_get(&self.tables.calls, &keys).await?)?;
        calls.sort_by(|a, b| a.id.cmp(&b.id));
        Ok(calls)
    }

    async fn insert(&self, call: &Call) -> Result<bool, StoreError> {
        let new = Expr::none().when("attribute_not_exists(#pk)");
        let item = encode_call(call)?;
        match self.put_if(&self.tables.calls, item, new).await {
            Ok(()) => Ok(true),
            Err(Refusal::Condition(_)) => Ok(false),
            Err(Refusal::Store(error)) => Err(error),
        }
    }

    async fn replace(&self, read: &Call, next: &Call) -> Result<(), ChangeError> {
        let item = encode_call(next)?;
        let put = self.put_if(&self.tables.calls, item, unchanged(read));
        Ok(put.await?)
    }

    async fn finish(&self, call: &Call, owner: &str) -> Result<(), ChangeError> {
        let expr = leased(owner, call.generation);
        let item = encode_call(call)?;
        Ok(self.put_if(&self.tables.calls, item, expr).await?)
    }

    async fn open_calls(
        &self,
        org: &OrgId,
        state: Option<CallState>,
        after: Option<&CallId>,
        limit: usize,
    ) -> Result<Vec<Call>, StoreError> {
        self.list_open(org, state, after, limit).await
    }

    async fn count_in_work(&self, org: &OrgId, limit: usize) -> Result<usize, StoreError> {
        self.how_many_in_work(org, limit).await
    }

    async fn counts(&self, org: &OrgId) -> Result<BTreeMap<String, u64>, StoreError> {
        self.count_by_state(org).await
    }

    async fn page(
        &self,
        org: &OrgId,
        state: Option<CallState>,
        after: Option<&str>,
        limit: usize,
    ) -> Result<LedgerPage, StoreError> {
        self.ledger_page(org, state, after, limit).await
    }

    async fn failed_since(
        &self,
        org: &OrgId,
        since: Timestamp,
        after: Option<&CallId>,
        limit: usize,
    ) -> Result<Vec<Call>, StoreError> {
        self.list_failed(org, since, after, limit).await
    }

    async fn count_failed_since(
        &self,
        org: &OrgId,
        since: Timestamp,
        after: Option<&CallId>,
    ) -> Result<usize, StoreError> {
        self.count_failed(org, since, after).await
    }

    async fn due_calls(
        &self,
        now: Timestamp,
        limit: usize,
    ) -> Result<Vec<(OrgId, CallId)>, StoreError> {
        let call = |key: &Key| {
            let id = key.sk.strip_prefix(keys::CALL)?;
            Some((key.org()?, CallId::parse(id).ok()?))
        };
        let keys = self.due_keys(&self.tables.calls, now, limit).await?;
        let calls = keys.iter().filter_map(|key| due::known(key, call(key)));
        Ok(calls.collect())
    }
}
