//! CONNECTION and what the port [`ConnectionStore`] promises about it.

use std::collections::BTreeSet;

use async_trait::async_trait;
use aws_sdk_dynamodb::types::AttributeValue;
use domain::{
    connection::{Connection, ConnectionStatus, OAuthState, Window, WorkspaceFingerprint},
    gong::shapes::DirectoryUser,
    ids::OrgId,
    moment::Timestamp,
    ports::{
        StoreError,
        connections::{ChangeError, ConnectError, ConnectionStore, NewConnection, TakeStateError},
    },
};

use super::{
    Dynamo,
    expr::Expr,
    item,
    keys::Key,
    ops::if_it_holds,
    value::{Item, attribute, n, s},
};

/// The reserved fingerprints: a set, so that one more can be added without reading the others.
pub(super) const FINGERPRINTS: &str = "witnesses";
/// Fingerprints that are about to be reserved; see `reservations`.
pub(super) const RESERVING: &str = "claiming";

pub(super) fn encode(connection: &Connection) -> Result<Item, StoreError> {
    let mut item = item::encode(&Key::connection(&connection.org_id), connection)?;
    let texts = connection
        .fingerprints
        .iter()
        .map(|w| w.as_str().to_owned());
    let texts: Vec<_> = texts.collect();
    if texts.is_empty() {
        item.remove(FINGERPRINTS);
    } else {
        item.insert(FINGERPRINTS.to_owned(), AttributeValue::Ss(texts));
    }
    Ok(item)
}

pub(super) fn decode(mut item: Item) -> Result<Connection, StoreError> {
    let none = || AttributeValue::L(Vec::new());
    item.entry(FINGERPRINTS.to_owned()).or_insert_with(none);
    item::decode(item)
}

/// The fingerprints that an attribute of CONNECTION holds.
pub(super) fn fingerprints_in(
    item: &Item,
    name: &str,
) -> Result<BTreeSet<WorkspaceFingerprint>, StoreError> {
    let texts = item.get(name).and_then(|set| set.as_ss().ok());
    let texts = texts.into_iter().flatten().cloned();
    texts
        .map(|text| {
            let key = Key::in_item(item);
            WorkspaceFingerprint::try_from(text).map_err(|e| item::corrupt(key.as_ref(), e))
        })
        .collect()
}

/// A status as it is stored.
pub(super) fn status(status: ConnectionStatus) -> Result<AttributeValue, StoreError> {
    attribute(&status)
}

#[async_trait]
impl ConnectionStore for Dynamo {
    async fn connection(&self, org: &OrgId) -> Result<Option<Connection>, StoreError> {
        let key = Key::connection(org);
        let item = self.get(&self.tables.connections, &key).await?;
        item.map(decode).transpose()
    }

    async fn put_state(&self, hash: &str, state: &OAuthState) -> Result<(), StoreError> {
        self.store_state(hash, state).await
    }

    async fn take_state(
        &self,
        hash: &str,
        browser_hash: &str,
        now: Timestamp,
    ) -> Result<OAuthState, TakeStateError> {
        self.redeem_state(hash, browser_hash, now).await
    }

    async fn connect(&self, new: &NewConnection) -> Result<(), ConnectError> {
        self.make_connection(new).await
    }

    async fn disconnect(
        &self,
        connection: &Connection,
        at: Timestamp,
        window: &Window,
    ) -> Result<(), ChangeError> {
        self.close_connection(connection, at, window).await
    }

    async fn reserve(
        &self,
        org: &OrgId,
        fingerprint: &WorkspaceFingerprint,
    ) -> Result<(), ConnectError> {
        self.reserve_fingerprint(org, fingerprint).await
    }

    async fn require_reconnect(
        &self,
        org: &OrgId,
        generation: u64,
        error: &str,
    ) -> Result<(), StoreError> {
        let expr = Expr::none()
            .set("#status = :to")
            .set("#last_error = :error")
            .when("#generation = :generation AND #status = :from")
            .value(":to", status(ConnectionStatus::ReconnectRequired)?)
            .value(":from", status(ConnectionStatus::Connected)?)
            .value(":error", s(error))
            .value(":generation", n(generation));
        let key = Key::connection(org);
        if_it_holds(self.update_if(&self.tables.connections, &key, expr).await)
    }

    async fn clear_reconnect(&self, org: &OrgId, generation: u64) -> Result<(), StoreError> {
        let expr = Expr::none()
            .set("#status = :connected")
            .remove("#last_error")
            .when("#generation = :generation AND #status IN (:connected, :required)")
            .value(":connected", status(ConnectionStatus::Connected)?)
            .value(":required", status(ConnectionStatus::ReconnectRequired)?)
            .value(":generation", n(generation));
        let key = Key::connection(org);
        if_it_holds(self.update_if(&self.tables.connections, &key, expr).await)
    }

    async fn directory(
        &self,
        org: &OrgId,
    ) -> Result<Option<(Timestamp, Vec<DirectoryUser>)>, StoreError> {
        self.read_directory(org).await
    }

    async fn put_directory(
        &self,
        org: &OrgId,
        at: Timestamp,
        users: &[DirectoryUser],
    ) -> Result<(), StoreError> {
        self.write_directory(org, at, users).await
    }
}
