//! Transactions: all actions or none.

use aws_sdk_dynamodb::{
    error::BuildError,
    operation::transact_write_items::TransactWriteItemsError,
    types::{CancellationReason, ConditionCheck, Delete, Put, TransactWriteItem, Update},
};
use domain::ports::{StoreError, connections::ChangeError};
use uuid::Uuid;

use super::{Dynamo, errors, expr::Expr, keys::Key, value::Item};

/// A transaction takes no more actions than this.
pub(super) const MAX_ACTIONS: usize = 100;
/// Attempts of a transaction that met another one on the same items.
const ATTEMPTS: usize = 4;

/// Actions, each with the part that it plays.
#[derive(Debug)]
pub(super) struct Transaction<P> {
    parts: Vec<P>,
    actions: Vec<TransactWriteItem>,
}

/// A transaction that wrote nothing (or, by `Store`, perhaps).
#[derive(Debug, PartialEq)]
pub(super) enum Cancelled<P> {
    /// The conditions of these parts did not hold.
    Conditions(Vec<P>),
    /// Others were writing the same items.
    Conflict,
    Store(StoreError),
}

impl<P> Cancelled<P> {
    /// What it means to someone who changes what was read before.
    pub fn into_change_error(self, operation: &str) -> ChangeError {
        match self {
            Self::Conditions(_) => ChangeError::Lost,
            Self::Conflict => errors::busy(operation).into(),
            Self::Store(error) => error.into(),
        }
    }
}

impl<P: Copy> Transaction<P> {
    pub const fn new() -> Self {
        Self {
            parts: Vec::new(),
            actions: Vec::new(),
        }
    }

    /// Writes a whole item.
    pub fn put(&mut self, part: P, table: &str, item: Item, expr: Expr) -> Result<(), StoreError> {
        let (condition, names, values) = expr.parts();
        let put = Put::builder()
            .table_name(table)
            .set_item(Some(item))
            .set_condition_expression(condition)
            .set_expression_attribute_names(names)
            .set_expression_attribute_values(values)
            .build()
            .map_err(not_built)?;
        self.push(part, TransactWriteItem::builder().put(put).build());
        Ok(())
    }

    pub fn update(
        &mut self,
        part: P,
        table: &str,
        key: &Key,
        expr: Expr,
    ) -> Result<(), StoreError> {
        let text = expr.update_text();
        let (condition, names, values) = expr.parts();
        let update = Update::builder()
            .table_name(table)
            .set_key(Some(key.attributes()))
            .update_expression(text)
            .set_condition_expression(condition)
            .set_expression_attribute_names(names)
            .set_expression_attribute_values(values)
            .build()
            .map_err(not_built)?;
        self.push(part, TransactWriteItem::builder().update(update).build());
        Ok(())
    }

    pub fn delete(
        &mut self,
        part: P,
        table: &str,
        key: &Key,
        expr: Expr,
    ) -> Result<(), StoreError> {
        let (condition, names, values) = expr.parts();
        let delete = Delete::builder()
            .table_name(table)
            .set_key(Some(key.attributes()))
            .set_condition_expression(condition)
            .set_expression_attribute_names(names)
            .set_expression_attribute_values(values)
            .build()
            .map_err(not_built)?;
        self.push(part, TransactWriteItem::builder().delete(delete).build());
        Ok(())
    }

    /// Only when a condition on an item holds, which stays as it is.
    pub fn check(&mut self, part: P, table: &str, key: &Key, expr: Expr) -> Result<(), StoreError> {
        let (condition, names, values) = expr.parts();
        let check = ConditionCheck::builder()
            .table_name(table)
            .set_key(Some(key.attributes()))
            .set_condition_expression(condition)
            .set_expression_attribute_names(names)
            .set_expression_attribute_values(values)
            .build()
            .map_err(not_built)?;
        let check = TransactWriteItem::builder().condition_check(check);
        self.push(part, check.build());
        Ok(())
    }

    /// How many actions there are.
    pub const fn len(&self) -> usize {
        self.actions.len()
    }

    fn push(&mut self, part: P, action: TransactWriteItem) {
        self.parts.push(part);
        self.actions.push(action);
    }
}

fn not_built(error: BuildError) -> StoreError {
    StoreError::Refused(format!("TransactWriteItems: {error}"))
}

impl Dynamo {
    /// Does all of it or nothing, once for a token.
    pub(super) async fn transact<P: Copy>(
        &self,
        transaction: &Transaction<P>,
        token: Uuid,
    ) -> Result<(), Cancelled<P>> {
        let request = self.client.transact_write_items();
        let answer = request
            .set_transact_items(Some(transaction.actions.clone()))
            .client_request_token(token.to_string())
            .send()
            .await;
        let Err(error) = answer else {
            return Ok(());
        };
        match error.as_service_error() {
            Some(TransactWriteItemsError::TransactionCanceledException(canceled)) => Err(
                cancelled(canceled.cancellation_reasons(), &transaction.parts),
            ),
            _ => Err(Cancelled::Store(errors::store(
                "TransactWriteItems",
                &error,
            ))),
        }
    }

    /// Does all of it or nothing; where it meets another transaction it is tried again at once,
    /// as the other takes milliseconds.
    pub(super) async fn transact_patiently<P: Copy>(
        &self,
        transaction: &Transaction<P>,
    ) -> Result<(), Cancelled<P>> {
        for _ in 1..ATTEMPTS {
            match self.transact(transaction, Uuid::new_v4()).await {
                Err(Cancelled::Conflict) => {}
                done => return done,
            }
        }
        self.transact(transaction, Uuid::new_v4()).await
    }
}

/// What the reasons, one for each action, come to.
fn cancelled<P: Copy>(reasons: &[CancellationReason], parts: &[P]) -> Cancelled<P> {
    let unmet: Vec<P> = reasons
        .iter()
        .zip(parts)
        .filter(|(reason, _)| reason.code() == Some("ConditionalCheckFailed"))
        .map(|(_, part)| *part)
        .collect();
    if !unmet.is_empty() {
        return Cancelled::Conditions(unmet);
    }
    let passing = |code: &str| {
        matches!(
            code,
            "None" | "TransactionConflict" | "ThrottlingError" | "ProvisionedThroughputExceeded"
        )
    };
    let wrong = reasons
        .iter()
        .find(|reason| reason.code().is_some_and(|code| !passing(code)));
    match wrong {
        Some(reason) => Cancelled::Store(StoreError::Refused(format!(
            "TransactWriteItems: {}. {}",
            reason.code().unwrap_or_default(),
            reason.message().unwrap_or_default()
        ))),
        None => Cancelled::Conflict,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reasons(codes: &[&str]) -> Vec<CancellationReason> {
        let reason = |code: &&str| CancellationReason::builder().code(*code).build();
        codes.iter().map(reason).collect()
    }

    #[test]
    fn reasons_are_read_by_position() {
        let parts = ['a', 'b', 'c'];
        let of = |codes| cancelled(&reasons(codes), &parts);
        assert_eq!(
            of(&["None", "ConditionalCheckFailed", "TransactionConflict"]),
            Cancelled::Conditions(vec!['b'])
        );
        assert_eq!(
            of(&["ConditionalCheckFailed", "None", "ConditionalCheckFailed"]),
            Cancelled::Conditions(vec!['a', 'c'])
        );
        assert_eq!(
            of(&["None", "TransactionConflict", "ThrottlingError"]),
            Cancelled::Conflict
        );
        assert!(matches!(
            of(&["None", "ValidationError", "TransactionConflict"]),
            Cancelled::Store(StoreError::Refused(_))
        ));
    }
}
