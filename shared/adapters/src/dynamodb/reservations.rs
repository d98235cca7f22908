//! One reservation more for a standing connection, without a transaction on CONNECTION: first CONNECTION
//! notes what is about to be reserved, then the reservation is made, then CONNECTION lists it. A crash in
//! between leaves at most a note, and disconnect frees what is noted like what is listed.

use std::collections::BTreeSet;

use aws_sdk_dynamodb::types::AttributeValue;
use domain::{
    connection::{ConnectionStatus, MAX_FINGERPRINTS, WorkspaceFingerprint},
    ids::OrgId,
    ports::{StoreError, connections::ConnectError},
};

use super::{
    Dynamo, connect,
    connections::{self, FINGERPRINTS},
    expr::Expr,
    keys::Key,
    ops::{Refusal, if_it_holds},
    value::{Item, n, number, s, text},
};

impl Dynamo {
    pub(super) async fn reserve_fingerprint(
        &self,
        org: &OrgId,
        fingerprint: &WorkspaceFingerprint,
    ) -> Result<(), ConnectError> {
        let table = &self.tables.connections;
        let noted = match self.note_reservation(org, fingerprint).await {
            Ok(item) => item,
            Err(Refusal::Condition(item)) => return self.not_noted(item, org, fingerprint).await,
            Err(Refusal::Store(error)) => return Err(error.into()),
        };
        let reservation = connect::reservation_item(org, fingerprint);
        match self
            .put_if(table, reservation, connect::free_or_ours(org))
            .await
        {
            Ok(()) => {}
            Err(Refusal::Condition(_)) => {
                self.drop_note(org, fingerprint).await?;
                return Err(ConnectError::HeldByOther);
            }
            Err(Refusal::Store(error)) => return Err(error.into()),
        }
        match self.list_reservation(org, fingerprint, &noted).await {
            Ok(_) => Ok(()),
            Err(Refusal::Condition(item)) => {
                let listed = match item {
                    Some(item) => {
                        connections::fingerprints_in(&item, FINGERPRINTS)?.contains(fingerprint)
                            && item.get("status") != Some(&disconnected()?)
                    }
                    None => false,
                };
                if !listed {
                    self.free_reservation(org, fingerprint).await?;
                }
                Err(ConnectError::Superseded)
            }
            Err(Refusal::Store(error)) => Err(error.into()),
        }
    }

    async fn note_reservation(
        &self,
        org: &OrgId,
        fingerprint: &WorkspaceFingerprint,
    ) -> Result<Item, Refusal> {
        let room = "attribute_not_exists(#witnesses) OR contains(#witnesses, :text) OR size(#witnesses) < :max";
        let expr = Expr::none()
            .add("#claiming :set")
            .when(format!(
                "attribute_exists(#pk) AND #status <> :disconnected AND ({room})"
            ))
            .value(":set", set_of(fingerprint))
            .value(":text", s(fingerprint.as_str()))
            .value(":max", n(MAX_FINGERPRINTS))
            .value(":disconnected", disconnected().map_err(Refusal::Store)?);
        let key = Key::connection(org);
        self.update_if(&self.tables.connections, &key, expr).await
    }

    /// No connection, a closed one, or one that holds as many reservations as it may: then the fingerprint
    /// is only looked at.
    async fn not_noted(
        &self,
        connection: Option<Item>,
        org: &OrgId,
        fingerprint: &WorkspaceFingerprint,
    ) -> Result<(), ConnectError> {
        let Some(connection) = connection else {
            return Err(ConnectError::Superseded);
        };
        if connection.get("status") == Some(&disconnected()?) {
            return Err(ConnectError::Superseded);
        }
        let key = Key::reservation(fingerprint);
        match self.get(&self.tables.connections, &key).await? {
            Some(held) if text(&held, "org_id") != Some(org.as_str()) => {
                Err(ConnectError::HeldByOther)
            }
            _ => Ok(()),
        }
    }

    async fn list_reservation(
        &self,
        org: &OrgId,
        fingerprint: &WorkspaceFingerprint,
        noted: &Item,
    ) -> Result<Item, Refusal> {
        let generation: u64 = number(noted, "generation").unwrap_or_default();
        let expr = Expr::none()
            .add("#witnesses :set")
            .take("#claiming :set")
            .when("#generation = :generation AND #status <> :disconnected")
            .value(":set", set_of(fingerprint))
            .value(":generation", n(generation))
            .value(":disconnected", disconnected().map_err(Refusal::Store)?);
        let key = Key::connection(org);
        self.update_if(&self.tables.connections, &key, expr).await
    }

    async fn drop_note(
        &self,
        org: &OrgId,
        fingerprint: &WorkspaceFingerprint,
    ) -> Result<(), StoreError> {
        let expr = Expr::none()
            .take("#claiming :set")
            .when("attribute_exists(#pk)")
            .value(":set", set_of(fingerprint));
        let key = Key::connection(org);
        if_it_holds(self.update_if(&self.tables.connections, &key, expr).await)
    }

    /// Frees a reservation that the organization holds.
    pub(super) async fn free_reservation(
        &self,
        org: &OrgId,
        fingerprint: &WorkspaceFingerprint,
    ) -> Result<(), StoreError> {
        let key = Key::reservation(fingerprint);
        let table = &self.tables.connections;
        if_it_holds(self.delete_if(table, &key, connect::ours(org)).await)
    }

    /// Those of the fingerprints that the organization holds.
    pub(super) async fn held(
        &self,
        org: &OrgId,
        fingerprints: BTreeSet<WorkspaceFingerprint>,
    ) -> Result<Vec<WorkspaceFingerprint>, StoreError> {
        let keys: Vec<_> = fingerprints.iter().map(Key::reservation).collect();
        let items = self.batch_get(&self.tables.connections, &keys).await?;
        let ours: Vec<_> = items
            .iter()
            .filter(|item| text(item, "org_id") == Some(org.as_str()))
            .filter_map(Key::in_item)
            .collect();
        let held = fingerprints.into_iter();
        Ok(held
            .filter(|w| ours.contains(&Key::reservation(w)))
            .collect())
    }
}

fn set_of(fingerprint: &WorkspaceFingerprint) -> AttributeValue {
    AttributeValue::Ss(vec![fingerprint.as_str().to_owned()])
}

fn disconnected() -> Result<AttributeValue, StoreError> {
    connections::status(ConnectionStatus::Disconnected)
}
