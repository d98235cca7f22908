//! One claim more for a standing connection, without a transaction on CONNECTION: first CONNECTION
//! notes what is about to be claimed, then the claim is made, then CONNECTION lists it. A crash in
//! between leaves at most a note, and disconnect frees what is noted like what is listed.

use std::collections::BTreeSet;

use aws_sdk_dynamodb::types::AttributeValue;
use domain::{
    connection::{ConnectionStatus, MAX_WITNESSES, Witness},
    ids::OrgId,
    ports::{StoreError, connections::ConnectError},
};

use super::{
    Dynamo, connect,
    connections::{self, WITNESSES},
    expr::Expr,
    keys::Key,
    ops::{Refusal, if_it_holds},
    value::{Item, n, number, s, text},
};

impl Dynamo {
    pub(super) async fn claim_witness(
        &self,
        org: &OrgId,
        witness: &Witness,
    ) -> Result<(), ConnectError> {
        let table = &self.tables.connections;
        let noted = match self.note_claim(org, witness).await {
            Ok(item) => item,
            Err(Refusal::Condition(item)) => return self.not_noted(item, org, witness).await,
            Err(Refusal::Store(error)) => return Err(error.into()),
        };
        let claim = connect::claim_item(org, witness);
        match self.put_if(table, claim, connect::free_or_ours(org)).await {
            Ok(()) => {}
            Err(Refusal::Condition(_)) => {
                self.drop_note(org, witness).await?;
                return Err(ConnectError::HeldByOther);
            }
            Err(Refusal::Store(error)) => return Err(error.into()),
        }
        match self.list_claim(org, witness, &noted).await {
            Ok(_) => Ok(()),
            Err(Refusal::Condition(item)) => {
                let listed = match item {
                    Some(item) => {
                        connections::witnesses_in(&item, WITNESSES)?.contains(witness)
                            && item.get("status") != Some(&disconnected()?)
                    }
                    None => false,
                };
                if !listed {
                    self.free_claim(org, witness).await?;
                }
                Err(ConnectError::Superseded)
            }
            Err(Refusal::Store(error)) => Err(error.into()),
        }
    }

    async fn note_claim(&self, org: &OrgId, witness: &Witness) -> Result<Item, Refusal> {
        let room = "attribute_not_exists(#witnesses) OR contains(#witnesses, :text) OR size(#witnesses) < :max";
        let expr = Expr::none()
            .add("#claiming :set")
            .when(format!(
                "attribute_exists(#pk) AND #status <> :disconnected AND ({room})"
            ))
            .value(":set", set_of(witness))
            .value(":text", s(witness.as_str()))
            .value(":max", n(MAX_WITNESSES))
            .value(":disconnected", disconnected().map_err(Refusal::Store)?);
        let key = Key::connection(org);
        self.update_if(&self.tables.connections, &key, expr).await
    }

    /// No connection, a closed one, or one that holds as many claims as it may: then the witness
    /// is only looked at.
    async fn not_noted(
        &self,
        connection: Option<Item>,
        org: &OrgId,
        witness: &Witness,
    ) -> Result<(), ConnectError> {
        let Some(connection) = connection else {
            return Err(ConnectError::Superseded);
        };
        if connection.get("status") == Some(&disconnected()?) {
            return Err(ConnectError::Superseded);
        }
        let key = Key::claim(witness);
        match self.get(&self.tables.connections, &key).await? {
            Some(claim) if text(&claim, "org_id") != Some(org.as_str()) => {
                Err(ConnectError::HeldByOther)
            }
            _ => Ok(()),
        }
    }

    async fn list_claim(
        &self,
        org: &OrgId,
        witness: &Witness,
        noted: &Item,
    ) -> Result<Item, Refusal> {
        let generation: u64 = number(noted, "generation").unwrap_or_default();
        let expr = Expr::none()
            .add("#witnesses :set")
            .take("#claiming :set")
            .when("#generation = :generation AND #status <> :disconnected")
            .value(":set", set_of(witness))
            .value(":generation", n(generation))
            .value(":disconnected", disconnected().map_err(Refusal::Store)?);
        let key = Key::connection(org);
        self.update_if(&self.tables.connections, &key, expr).await
    }

    async fn drop_note(&self, org: &OrgId, witness: &Witness) -> Result<(), StoreError> {
        let expr = Expr::none()
            .take("#claiming :set")
            .when("attribute_exists(#pk)")
            .value(":set", set_of(witness));
        let key = Key::connection(org);
        if_it_holds(self.update_if(&self.tables.connections, &key, expr).await)
    }

    /// Frees a claim that the organization holds.
    pub(super) async fn free_claim(
        &self,
        org: &OrgId,
        witness: &Witness,
    ) -> Result<(), StoreError> {
        let key = Key::claim(witness);
        let table = &self.tables.connections;
        if_it_holds(self.delete_if(table, &key, connect::ours(org)).await)
    }

    /// Those of the witnesses that the organization holds.
    pub(super) async fn held(
        &self,
        org: &OrgId,
        witnesses: BTreeSet<Witness>,
    ) -> Result<Vec<Witness>, StoreError> {
        let keys: Vec<_> = witnesses.iter().map(Key::claim).collect();
        let items = self.batch_get(&self.tables.connections, &keys).await?;
        let ours: Vec<_> = items
            .iter()
            .filter(|item| text(item, "org_id") == Some(org.as_str()))
            .filter_map(Key::in_item)
            .collect();
        let held = witnesses.into_iter();
        Ok(held.filter(|w| ours.contains(&Key::claim(w))).collect())
    }
}

fn set_of(witness: &Witness) -> AttributeValue {
    AttributeValue::Ss(vec![witness.as_str().to_owned()])
}

fn disconnected() -> Result<AttributeValue, StoreError> {
    connections::status(ConnectionStatus::Disconnected)
}
