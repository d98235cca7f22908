//! The ledger: writes by lease and generation.

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use domain::{
    call::{Call, CallState},
    ids::{CallId, OrgId},
    lease::Lease,
    moment::Timestamp,
    ports::{
        StoreError,
        connections::ChangeError,
        ledger::{ClaimError, Ledger, LedgerPage},
    },
};

use super::{
    Dynamo, due,
    expr::Expr,
    item::{Item, attribute, decode, decode_all, encode, n, s},
    keys::{self, BY_STARTED, Key, OPEN_ORG},
    ops::Refusal,
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

    async fn claim(
        &self,
        org: &OrgId,
        id: &CallId,
        generation: u64,
        lease: &Lease,
        now: Timestamp,
    ) -> Result<Call, ClaimError> {
        let key = Key::call(org, id);
        let open: Vec<_> = CallState::ALL.iter().filter(|s| s.is_open()).collect();
        let words: Vec<_> = open.iter().map(|state| format!(":{state}")).collect();
        let mut expr = Expr::none()
            .set("#state = :processing")
            .set("#attempts = if_not_exists(#attempts, :zero) + :one")
            .set("#lease = :lease")
            .set("#due = :until")
            .set("#due_shard = :shard")
            .set("#updated = :now")
            .when(format!(
                "#generation = :generation AND #state IN ({}) AND (attribute_not_exists(#lease) OR #lease.#until <= :now)",
                words.join(", ")
            ))
            .value(":zero", n(0))
            .value(":one", n(1))
            .value(":lease", attribute(lease)?)
            .value(":until", n(lease.until.0))
            .value(":shard", key.due_shard())
            .value(":now", n(now.0))
            .value(":generation", n(generation));
        for state in open {
            expr = expr.value(format!(":{state}"), s(state.as_str()));
        }
        match self.update_if(&self.tables.calls, &key, expr).await {
            Ok(item) => Ok(decode(item)?),
            Err(Refusal::Condition(item)) => Err(why_not(item, generation, now)),
            Err(Refusal::Store(error)) => Err(error.into()),
        }
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

/// Why the claim's condition did not hold.
fn why_not(item: Option<Item>, generation: u64, now: Timestamp) -> ClaimError {
    let call = match item.map(decode::<Call>) {
        None => return ClaimError::Missing,
        Some(Err(error)) => return error.into(),
        Some(Ok(call)) => call,
    };
    if !call.state.is_open() {
        return ClaimError::Final(call.state);
    }
    if call.generation != generation {
        return ClaimError::OtherGeneration;
    }
    match call.lease.filter(|lease| lease.live(now)) {
        Some(lease) => ClaimError::Leased { until: lease.until },
        None => StoreError::Corrupt(format!(
            "{} / {}{}: open and free, yet it could not be claimed",
            keys::partition(&call.org_id),
            keys::CALL,
            call.id
        ))
        .into(),
    }
}
