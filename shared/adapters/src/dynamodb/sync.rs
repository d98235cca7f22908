//! POLL and the windows.

use std::collections::BTreeSet;

use async_trait::async_trait;
use aws_sdk_dynamodb::types::AttributeValue;
use domain::{
    connection::{Poll, Window, WindowKind},
    ids::{OrgId, WindowId},
    lease::Lease,
    moment::{Span, Timestamp},
    ports::{
        StoreError,
        connections::{ChangeError, SyncStore},
    },
};

use super::{
    Dynamo,
    expr::Expr,
    item::{decode, decode_all, encode},
    keys::{DUE, DUE_SHARD, Key, TTL, WINDOW},
    ops::{Refusal, if_it_holds},
    query::Query,
    transact::Transaction,
    value::{Item, attribute, fields, n, s},
};

/// How many finished windows are shown beside the open ones.
const FINISHED_SHOWN: usize = 20;
/// Finished polls and lookbacks are kept this long; there are about nine a day.
const FINISHED_KEPT: Span = Span::days(90);

#[async_trait]
impl SyncStore for Dynamo {
    async fn poll(&self, org: &OrgId) -> Result<Option<Poll>, StoreError> {
        let item = self.get(&self.tables.connections, &Key::poll(org)).await?;
        item.map(decode).transpose()
    }

    async fn start_poll(
        &self,
        read: &Poll,
        next: &Poll,
        window: &Window,
    ) -> Result<(), ChangeError> {
        let table = &self.tables.connections;
        let key = Key::poll(&read.org_id);
        let mut transaction = Transaction::new();
        transaction.update((), table, &key, poll_update(&key, read, next)?)?;
        let item = encode(&Key::window(&window.org_id, &window.id), window)?;
        let new = Expr::none().when("attribute_not_exists(#pk)");
        transaction.put((), table, item, new)?;
        let done = self.transact_patiently(&transaction).await;
        done.map_err(|cancelled| cancelled.into_change_error("start a poll"))
    }

    async fn move_poll_due(&self, read: &Poll, due: Timestamp) -> Result<(), ChangeError> {
        let key = Key::poll(&read.org_id);
        let mut next = read.clone();
        next.due = Some(due);
        let expr = poll_update(&key, read, &next)?;
        match self.update_if(&self.tables.connections, &key, expr).await {
            Ok(_) => Ok(()),
            Err(Refusal::Condition(_)) => Err(ChangeError::Lost),
            Err(Refusal::Store(error)) => Err(error.into()),
        }
    }

    async fn listing_done(
        &self,
        org: &OrgId,
        generation: u64,
        high_water: Timestamp,
        at: Timestamp,
        seen_calls: bool,
    ) -> Result<(), StoreError> {
        let success = || -> Result<Expr, StoreError> {
            let expr = Expr::none()
                .set("#last_success = :at")
                .remove("#last_error")
                .value(":at", n(at.0))
                .value(":generation", n(generation));
            if !seen_calls {
                return Ok(expr);
            }
            let expr = expr.set("#seen_calls = :yes");
            Ok(expr.value(":yes", attribute(&true)?))
        };
        let key = Key::poll(org);
        let table = &self.tables.connections;
        let forward = success()?
            .set("#high_water = :high")
            .when("#generation = :generation AND #high_water < :high")
            .value(":high", n(high_water.0));
        match self.update_if(table, &key, forward).await {
            Ok(_) => Ok(()),
            Err(Refusal::Store(error)) => Err(error),
            Err(Refusal::Condition(_)) => {
                let expr = success()?.when("#generation = :generation");
                if_it_holds(self.update_if(table, &key, expr).await)
            }
        }
    }

    async fn listing_failed(
        &self,
        org: &OrgId,
        generation: u64,
        error: &str,
    ) -> Result<(), StoreError> {
        let expr = Expr::none()
            .set("#last_error = :error")
            .when("#generation = :generation")
            .value(":error", s(error))
            .value(":generation", n(generation));
        let key = Key::poll(org);
        if_it_holds(self.update_if(&self.tables.connections, &key, expr).await)
    }

    async fn window(&self, org: &OrgId, id: &WindowId) -> Result<Option<Window>, StoreError> {
        let key = Key::window(org, id);
        let item = self.get(&self.tables.connections, &key).await?;
        item.map(decode).transpose()
    }

    async fn windows(&self, org: &OrgId) -> Result<Vec<Window>, StoreError> {
        let query = Query::prefix(&self.tables.connections, org, WINDOW);
        let windows = decode_all(self.query(&query, usize::MAX).await?)?;
        Ok(shown(windows))
    }

    /// The lease's end becomes `due`, so that maintenance finds a window whose worker is gone.
    async fn lease_window(
        &self,
        org: &OrgId,
        id: &WindowId,
        lease: &Lease,
        now: Timestamp,
    ) -> Result<Window, ChangeError> {
        let key = Key::window(org, id);
        let expr = Expr::none()
            .set("#lease = :lease")
            .set("#due = :until")
            .set("#due_shard = :shard")
            .when("attribute_exists(#pk) AND attribute_not_exists(#finished) AND (attribute_not_exists(#lease) OR #lease.#until <= :now)")
            .value(":lease", attribute(lease)?)
            .value(":until", n(lease.until.0))
            .value(":shard", key.due_shard())
            .value(":now", n(now.0));
        let item = self.update_if(&self.tables.connections, &key, expr).await?;
        Ok(decode(item)?)
    }

    async fn save_window(&self, window: &Window, owner: &str) -> Result<(), ChangeError> {
        let mut item = encode(&Key::window(&window.org_id, &window.id), window)?;
        let passing = matches!(window.kind, WindowKind::Poll | WindowKind::Lookback);
        if let Some(finished) = window.finished.filter(|_| passing) {
            let end = (finished + FINISHED_KEPT).0.div_euclid(1_000);
            item.insert(TTL.to_owned(), n(end));
        }
        let expr = Expr::none()
            .when("#lease.#owner = :owner")
            .value(":owner", s(owner));
        Ok(self.put_if(&self.tables.connections, item, expr).await?)
    }

    /// "Unleased" is judged by the caller, who has the time: the lease must be the one that was
    /// read, none or one that has ended.
    async fn move_window_due(&self, window: &Window, due: Timestamp) -> Result<(), ChangeError> {
        let key = Key::window(&window.org_id, &window.id);
        let mut condition = "attribute_exists(#pk) AND attribute_not_exists(#finished)".to_owned();
        let mut expr = Expr::none()
            .set("#due = :to")
            .set("#due_shard = :shard")
            .value(":to", n(due.0))
            .value(":shard", key.due_shard());
        let read_due = window.due.map(|due| n(due.0));
        let read_lease = window.lease.as_ref().map(attribute).transpose()?;
        for (name, read) in [("due", read_due), ("lease", read_lease)] {
            expr = unchanged(expr, &mut condition, name, read);
        }
        let expr = expr.when(condition);
        self.update_if(&self.tables.connections, &key, expr).await?;
        Ok(())
    }
}

/// Adds to a condition that an attribute is what was read.
fn unchanged(expr: Expr, condition: &mut String, name: &str, read: Option<AttributeValue>) -> Expr {
    match read {
        Some(value) => {
            condition.push_str(&format!(" AND #{name} = :read_{name}"));
            expr.value(format!(":read_{name}"), value)
        }
        None => {
            condition.push_str(&format!(" AND attribute_not_exists(#{name})"));
            expr
        }
    }
}

/// Writes only what differs between the two: a listing that ends in between moves the high-water
/// mark on, and that must not be undone.
fn poll_update(key: &Key, read: &Poll, next: &Poll) -> Result<Expr, StoreError> {
    let mut before: Item = fields(read)?;
    let mut after: Item = fields(next)?;
    for item in [&mut before, &mut after] {
        if item.contains_key(DUE) {
            item.insert(DUE_SHARD.to_owned(), key.due_shard());
        }
    }
    let mut condition = "#generation = :read_generation".to_owned();
    let mut expr = Expr::none().value(":read_generation", n(read.generation));
    expr = unchanged(expr, &mut condition, DUE, read.due.map(|due| n(due.0)));
    let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    for name in names {
        match after.get(name) {
            Some(value) if before.get(name) != Some(value) => {
                expr = expr
                    .set(format!("#{name} = :{name}"))
                    .value(format!(":{name}"), value.clone());
            }
            Some(_) => {}
            None => expr = expr.remove(format!("#{name}")),
        }
    }
    // An update needs a clause even when nothing differs.
    expr = expr
        .set("#org_id = :org")
        .value(":org", s(read.org_id.as_str()));
    Ok(expr.when(condition))
}

/// The open windows, the last finished one of each kind and the last finished ones of all, the
/// newest first.
fn shown(mut windows: Vec<Window>) -> Vec<Window> {
    windows.sort_by(|a, b| {
        let age = |w: &Window| (w.finished.unwrap_or(Timestamp(i64::MAX)), w.created);
        age(b).cmp(&age(a)).then_with(|| a.id.cmp(&b.id))
    });
    let mut finished = 0;
    let mut kinds = Vec::new();
    windows.retain(|window| {
        if window.finished.is_none() {
            return true;
        }
        finished += 1;
        let first = !kinds.contains(&window.kind);
        kinds.push(window.kind);
        first || finished <= FINISHED_SHOWN
    });
    windows
}
