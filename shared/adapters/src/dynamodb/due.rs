//! The `due` index: what has to happen now, without a scan.

use async_trait::async_trait;
use domain::{
    ids::{OrgId, WindowId},
    moment::Timestamp,
    ports::{
        StoreError,
        connections::{ConnectionDue, DueConnectionWork},
    },
};
use futures::{StreamExt, TryStreamExt, stream};
use uuid::Uuid;

use super::{
    Dynamo,
    expr::Expr,
    keys::{self, Key},
    ops::if_it_holds,
    query::Query,
    value::{n, number},
};

/// How many shards are asked at the same time.
const SHARDS_AT_ONCE: usize = 8;

impl Dynamo {
    /// The keys of up to `limit` items due at `now`, oldest first.
    pub(super) async fn due_keys(
        &self,
        table: &str,
        now: Timestamp,
        limit: usize,
    ) -> Result<Vec<Key>, StoreError> {
        if limit == 0 {
            return Ok(Vec::new());
        }
        let shards: Vec<_> = stream::iter(0..keys::DUE_SHARDS)
            .map(|shard| self.due_in_shard(table, shard, now, limit))
            .buffered(SHARDS_AT_ONCE)
            .try_collect()
            .await?;
        let mut due: Vec<_> = shards.into_iter().flatten().collect();
        due.sort_by_key(|(at, _)| *at);
        due.truncate(limit);
        Ok(due.into_iter().map(|(_, key)| key).collect())
    }

    async fn due_in_shard(
        &self,
        table: &str,
        shard: u8,
        now: Timestamp,
        limit: usize,
    ) -> Result<Vec<(i64, Key)>, StoreError> {
        let query = Query::index(table, keys::DUE, "#due_shard = :shard AND #due <= :now")
            .value(":shard", n(shard))
            .value(":now", n(now.0))
            .page(limit);
        let items = self.query(&query, limit).await?;
        let due = items
            .iter()
            .filter_map(|item| Some((number(item, keys::DUE)?, Key::in_item(item)?)));
        Ok(due.collect())
    }
}

#[async_trait]
impl ConnectionDue for Dynamo {
    async fn due_connection_work(
        &self,
        now: Timestamp,
        limit: usize,
    ) -> Result<Vec<DueConnectionWork>, StoreError> {
        let keys = self.due_keys(&self.tables.connections, now, limit).await?;
        Ok(keys
            .iter()
            .filter_map(|key| known(key, work(key)))
            .collect())
    }

    async fn postpone(&self, item: &DueConnectionWork, until: Timestamp) -> Result<(), StoreError> {
        let expr = Expr::none()
            .set("#due = :until")
            .when("attribute_exists(#due)")
            .value(":until", n(until.0));
        let table = &self.tables.connections;
        if_it_holds(self.update_if(table, &key(item), expr).await)
    }
}

fn work(key: &Key) -> Option<DueConnectionWork> {
    let org: OrgId = key.org()?;
    match key.sk.as_str() {
        keys::POLL => Some(DueConnectionWork::Poll(org)),
        keys::TOKEN => Some(DueConnectionWork::Token(org)),
        sk => {
            if let Some(secret) = sk.strip_prefix(keys::SECRET) {
                return Some(DueConnectionWork::Secret(
                    org,
                    Uuid::parse_str(secret).ok()?,
                ));
            }
            let id = WindowId::parse(sk.strip_prefix(keys::WINDOW)?).ok()?;
            Some(DueConnectionWork::Window(org, id))
        }
    }
}

fn key(work: &DueConnectionWork) -> Key {
    match work {
        DueConnectionWork::Poll(org) => Key::poll(org),
        DueConnectionWork::Token(org) => Key::token(org),
        DueConnectionWork::Window(org, id) => Key::window(org, id),
        DueConnectionWork::Secret(org, secret) => Key::secret(org, *secret),
    }
}

/// One unreadable key must not keep the others from their turn.
pub(super) fn known<T>(key: &Key, work: Option<T>) -> Option<T> {
    if work.is_none() {
        tracing::warn!(
            pk = key.pk,
            sk = key.sk,
            "an unknown item is due; it is passed over"
        );
    }
    work
}
