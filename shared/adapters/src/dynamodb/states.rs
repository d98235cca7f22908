//! OAuth states: each good for one use, in one browser.

use domain::{
    connection::OAuthState,
    moment::Timestamp,
    ports::{StoreError, connections::TakeStateError},
};

use super::{
    Dynamo,
    expr::Expr,
    item,
    keys::{Key, TTL},
    ops::Refusal,
    value::{n, s},
};

impl Dynamo {
    /// Stores a state; DynamoDB deletes it some time after its end when nobody takes it.
    pub(super) async fn store_state(
        &self,
        hash: &str,
        state: &OAuthState,
    ) -> Result<(), StoreError> {
        let mut item = item::encode(&Key::state(hash), state)?;
        let end = state.expires_at.0.div_euclid(1_000) + 1;
        item.insert(TTL.to_owned(), n(end));
        self.put(&self.tables.connections, item).await
    }

    /// Deletes and returns a state of this browser; an expired one is used up too.
    pub(super) async fn redeem_state(
        &self,
        hash: &str,
        browser_hash: &str,
        now: Timestamp,
    ) -> Result<OAuthState, TakeStateError> {
        let expr = Expr::none()
            .when("#browser_hash = :browser")
            .value(":browser", s(browser_hash));
        let key = Key::state(hash);
        let deleted = self.delete_if(&self.tables.connections, &key, expr).await;
        let item = match deleted {
            Ok(Some(item)) => item,
            Ok(None) | Err(Refusal::Condition(_)) => return Err(TakeStateError::Unknown),
            Err(Refusal::Store(error)) => return Err(error.into()),
        };
        let state: OAuthState = item::decode(item)?;
        if state.expires_at <= now {
            return Err(TakeStateError::Expired);
        }
        Ok(state)
    }
}
