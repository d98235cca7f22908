//! TOKEN: one refresh at a time.

use async_trait::async_trait;
use domain::{
    connection::Token,
    ids::OrgId,
    lease::Lease,
    moment::Timestamp,
    ports::{
        StoreError,
        connections::{ChangeError, TokenStore},
    },
};
use serde::Serialize;
use uuid::Uuid;

use super::{
    Dynamo,
    expr::Expr,
    item::{decode, encode},
    keys::Key,
    ops::if_it_holds,
    value::{Item, attribute, n, s},
};

/// This generation and version of TOKEN.
const SAME: &str = "#generation = :generation AND #version = :version";

fn same(expr: Expr, generation: u64, version: u64) -> Expr {
    expr.value(":generation", n(generation))
        .value(":version", n(version))
}

/// The note that maintenance looks at when it is due.
#[derive(Serialize)]
struct SecretNote<'a> {
    org_id: &'a OrgId,
    due: Timestamp,
}

pub(super) fn secret_note(org: &OrgId, secret: Uuid, due: Timestamp) -> Result<Item, StoreError> {
    encode(&Key::secret(org, secret), &SecretNote { org_id: org, due })
}

#[async_trait]
impl TokenStore for Dynamo {
    async fn token(&self, org: &OrgId) -> Result<Option<Token>, StoreError> {
        let item = self.get(&self.tables.connections, &Key::token(org)).await?;
        item.map(decode).transpose()
    }

    async fn lease_token(
        &self,
        token: &Token,
        lease: &Lease,
        now: Timestamp,
    ) -> Result<(), ChangeError> {
        let expr = Expr::none()
            .set("#lease = :lease")
            .when(format!(
                "{SAME} AND (attribute_not_exists(#lease) OR #lease.#until <= :now)"
            ))
            .value(":lease", attribute(lease)?)
            .value(":now", n(now.0));
        let expr = same(expr, token.generation, token.version);
        let key = Key::token(&token.org_id);
        self.update_if(&self.tables.connections, &key, expr).await?;
        Ok(())
    }

    async fn release_token(
        &self,
        org: &OrgId,
        owner: &str,
        from: Option<Timestamp>,
    ) -> Result<(), StoreError> {
        let expr = match from {
            None => Expr::none().remove("#lease"),
            Some(from) => Expr::none()
                .set("#lease.#until = :from")
                .value(":from", n(from.0)),
        };
        let expr = expr
            .when("#lease.#owner = :owner")
            .value(":owner", s(owner));
        let key = Key::token(org);
        if_it_holds(self.update_if(&self.tables.connections, &key, expr).await)
    }

    async fn advance_token(&self, next: &Token, from_version: u64) -> Result<(), ChangeError> {
        let expr = same(Expr::none().when(SAME), next.generation, from_version);
        let item = encode(&Key::token(&next.org_id), next)?;
        Ok(self.put_if(&self.tables.connections, item, expr).await?)
    }

    async fn note_secret(
        &self,
        org: &OrgId,
        secret: Uuid,
        due: Timestamp,
    ) -> Result<(), StoreError> {
        let note = secret_note(org, secret, due)?;
        self.put(&self.tables.connections, note).await
    }

    async fn forget_secret(&self, org: &OrgId, secret: Uuid) -> Result<(), StoreError> {
        let key = Key::secret(org, secret);
        let deleted = self.delete_if(&self.tables.connections, &key, Expr::none());
        if_it_holds(deleted.await)
    }

    async fn forget_token(&self, org: &OrgId, generation: u64) -> Result<(), StoreError> {
        let expr = Expr::none()
            .when("#generation = :generation")
            .value(":generation", n(generation));
        let key = Key::token(org);
        if_it_holds(self.delete_if(&self.tables.connections, &key, expr).await)
    }

    async fn revoke_token(
        &self,
        org: &OrgId,
        generation: u64,
        version: u64,
    ) -> Result<(), ChangeError> {
        let expr = Expr::none()
            .set("#revoked = :yes")
            .remove("#due")
            .remove("#due_shard")
            .when(SAME)
            .value(":yes", attribute(&true)?);
        let expr = same(expr, generation, version);
        let key = Key::token(org);
        self.update_if(&self.tables.connections, &key, expr).await?;
        Ok(())
    }
}
