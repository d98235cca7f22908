//! Connect and disconnect: the two transactions that touch CONNECTION.

use std::collections::BTreeSet;

use domain::{
    connection::{Connection, ConnectionStatus, MAX_FINGERPRINTS, Window, WorkspaceFingerprint},
    ids::OrgId,
    moment::Timestamp,
    ports::{
        StoreError,
        connections::{ChangeError, ConnectError, NewConnection},
    },
};
use uuid::Uuid;

use super::{
    Dynamo,
    connections::{self, FINGERPRINTS, RESERVING},
    errors,
    expr::Expr,
    item,
    keys::Key,
    tokens::secret_note,
    transact::{Cancelled, MAX_ACTIONS, Transaction},
    value::{Item, attribute, n, number, s},
};

/// CONNECTION, TOKEN and POLL.
const FIXED_ACTIONS: usize = 3;
/// The note about the earlier connection's secret.
const NOTE_ACTIONS: usize = 1;
/// And the window that reconciles the open calls.
const CLOSING_ACTIONS: usize = FIXED_ACTIONS + 1;
/// A disconnect that meets a reservation being made looks again this often.
const LOOKS: usize = 3;

#[derive(Debug, Clone, Copy, PartialEq)]
enum Part {
    Connection,
    Reservation,
    Freed,
    Other,
}

impl Dynamo {
    pub(super) async fn make_connection(&self, new: &NewConnection) -> Result<(), ConnectError> {
        let org = &new.connection.org_id;
        let reserved = &new.connection.fingerprints;
        let table = &self.tables.connections;
        if reserved.len() > MAX_FINGERPRINTS {
            let text = format!("more than {MAX_FINGERPRINTS} fingerprints");
            return Err(StoreError::Refused(text).into());
        }
        let freed = self.to_be_freed(new).await?;
        let taken = FIXED_ACTIONS + NOTE_ACTIONS + reserved.len() + new.windows.len();
        let room = MAX_ACTIONS.saturating_sub(taken);
        let (freed, later) = freed.split_at(room.min(freed.len()));

        let mut transaction = Transaction::new();
        for fingerprint in reserved {
            let item = reservation_item(org, fingerprint);
            transaction.put(Part::Reservation, table, item, free_or_ours(org))?;
        }
        for fingerprint in freed {
            transaction.delete(
                Part::Freed,
                table,
                &Key::reservation(fingerprint),
                ours(org),
            )?;
        }
        let condition = match new.previous_generation {
            0 => Expr::none().when("attribute_not_exists(#pk)"),
            previous => Expr::none()
                .when("#generation = :previous")
                .value(":previous", n(previous)),
        };
        let connection = connections::encode(&new.connection)?;
        transaction.put(Part::Connection, table, connection, condition)?;
        let token = item::encode(&Key::token(org), &new.token)?;
        transaction.put(Part::Other, table, token, Expr::none())?;
        let poll = item::encode(&Key::poll(org), &new.poll)?;
        transaction.put(Part::Other, table, poll, Expr::none())?;
        for window in &new.windows {
            let window = item::encode(&Key::window(org, &window.id), window)?;
            transaction.put(Part::Other, table, window, Expr::none())?;
        }

        if let Some(secret) = new.outdated_secret {
            let note = secret_note(org, secret, new.connection.connected_at)?;
            transaction.put(Part::Other, table, note, Expr::none())?;
        }

        match self.transact_patiently(&transaction).await {
            Ok(()) => {
                self.free_surplus(org, later).await;
                Ok(())
            }
            Err(Cancelled::Conditions(parts)) if parts.contains(&Part::Reservation) => {
                Err(ConnectError::HeldByOther)
            }
            Err(Cancelled::Conditions(_)) => Err(ConnectError::Superseded),
            Err(Cancelled::Conflict) => Err(errors::busy("connect").into()),
            Err(Cancelled::Store(error)) => Err(error.into()),
        }
    }

    /// What the organization holds of an earlier connection and does not reserve again. After a
    /// disconnect another organization may hold it, and then nothing is to be freed.
    async fn to_be_freed(
        &self,
        new: &NewConnection,
    ) -> Result<Vec<WorkspaceFingerprint>, StoreError> {
        let org = &new.connection.org_id;
        let key = Key::connection(org);
        let stored = self.get(&self.tables.connections, &key).await?;
        let mut freed: BTreeSet<WorkspaceFingerprint> = new.freed.iter().cloned().collect();
        if let Some(item) = &stored {
            freed.extend(connections::fingerprints_in(item, RESERVING)?);
        }
        freed.retain(|fingerprint| !new.connection.fingerprints.contains(fingerprint));
        self.held(org, freed).await
    }

    pub(super) async fn close_connection(
        &self,
        connection: &Connection,
        at: Timestamp,
        window: &Window,
    ) -> Result<(), ChangeError> {
        let org = &connection.org_id;
        let key = Key::connection(org);
        for _ in 0..LOOKS {
            let Some(item) = self.get(&self.tables.connections, &key).await? else {
                return Err(ChangeError::Lost);
            };
            let disconnected = connections::status(ConnectionStatus::Disconnected)?;
            if number(&item, "generation") != Some(connection.generation)
                || item.get("status") == Some(&disconnected)
            {
                return Err(ChangeError::Lost);
            }
            let mut fingerprints = connections::fingerprints_in(&item, FINGERPRINTS)?;
            fingerprints.extend(connections::fingerprints_in(&item, RESERVING)?);
            let held = self.held(org, fingerprints).await?;
            let (freed, later) = held.split_at((MAX_ACTIONS - CLOSING_ACTIONS).min(held.len()));
            let mut transaction = self.closing(connection, &item, freed, at)?;
            self.give_up_token(&mut transaction, connection, at).await?;
            let settle = item::encode(&Key::window(org, &window.id), window)?;
            transaction.put(Part::Other, &self.tables.connections, settle, Expr::none())?;
            match self.transact(&transaction, Uuid::new_v4()).await {
                Ok(()) => {
                    self.free_surplus(org, later).await;
                    return Ok(());
                }
                Err(Cancelled::Conditions(_) | Cancelled::Conflict) => {}
                Err(Cancelled::Store(error)) => return Err(error.into()),
            }
        }
        Err(ChangeError::Lost)
    }

    fn closing(
        &self,
        connection: &Connection,
        read: &Item,
        freed: &[WorkspaceFingerprint],
        at: Timestamp,
    ) -> Result<Transaction<Part>, StoreError> {
        let org = &connection.org_id;
        let table = &self.tables.connections;
        let mut transaction = Transaction::new();
        for fingerprint in freed {
            transaction.delete(
                Part::Freed,
                table,
                &Key::reservation(fingerprint),
                ours(org),
            )?;
        }
        let mut condition = "#generation = :generation AND #status <> :disconnected".to_owned();
        let mut expr = Expr::none()
            .set("#status = :disconnected")
            .set("#disconnected_at = :at")
            .remove("#last_error")
            .remove("#claiming")
            .value(":generation", n(connection.generation))
            .value(
                ":disconnected",
                connections::status(ConnectionStatus::Disconnected)?,
            )
            .value(":at", n(at.0));
        for name in [FINGERPRINTS, RESERVING] {
            if let Some(set) = read.get(name) {
                condition.push_str(&format!(" AND #{name} = :{name}"));
                expr = expr.value(format!(":{name}"), set.clone());
            } else {
                condition.push_str(&format!(" AND attribute_not_exists(#{name})"));
            }
        }
        let key = Key::connection(org);
        transaction.update(Part::Connection, table, &key, expr.when(condition))?;
        transaction.delete(Part::Other, table, &Key::poll(org), Expr::none())?;
        Ok(transaction)
    }

    /// TOKEN stays until its secret is gone, so that maintenance finds what a crash left.
    async fn give_up_token(
        &self,
        transaction: &mut Transaction<Part>,
        connection: &Connection,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let key = Key::token(&connection.org_id);
        let table = &self.tables.connections;
        let stored = self.get(table, &key).await?;
        let generation = stored.and_then(|item| number(&item, "generation"));
        if generation != Some(connection.generation) {
            return Ok(());
        }
        let expr = Expr::none()
            .set("#revoked = :yes")
            .set("#due = :at")
            .set("#due_shard = :shard")
            .when("#generation = :generation")
            .value(":yes", attribute(&true)?)
            .value(":at", n(at.0))
            .value(":shard", key.due_shard())
            .value(":generation", n(connection.generation));
        transaction.update(Part::Other, table, &key, expr)
    }

    /// Frees what did not fit into the transaction, which already stands: more than about a
    /// hundred reservations come and go in no real company.
    async fn free_surplus(&self, org: &OrgId, fingerprints: &[WorkspaceFingerprint]) {
        for fingerprint in fingerprints {
            if let Err(error) = self.free_reservation(org, fingerprint).await {
                tracing::warn!(%org, %error, "a surplus reservation was not freed and stays with the organization");
            }
        }
    }
}

/// The reservation of an organization on a fingerprint.
pub(super) fn reservation_item(org: &OrgId, fingerprint: &WorkspaceFingerprint) -> Item {
    let mut item = Key::reservation(fingerprint).attributes();
    item.insert("org_id".to_owned(), s(org.as_str()));
    item
}

/// Nobody holds the reservation, or the organization itself does.
pub(super) fn free_or_ours(org: &OrgId) -> Expr {
    Expr::none()
        .when("attribute_not_exists(#pk) OR #org_id = :org")
        .value(":org", s(org.as_str()))
}

/// The organization holds the reservation.
pub(super) fn ours(org: &OrgId) -> Expr {
    Expr::none()
        .when("#org_id = :org")
        .value(":org", s(org.as_str()))
}
