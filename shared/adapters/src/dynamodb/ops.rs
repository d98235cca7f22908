//! Single items: read, write, write by condition.

use aws_sdk_dynamodb::{
    config::http::HttpResponse,
    error::SdkError,
    operation::{
        delete_item::DeleteItemError, put_item::PutItemError, update_item::UpdateItemError,
    },
    types::{ReturnValue, ReturnValuesOnConditionCheckFailure},
};
use domain::ports::{StoreError, connections::ChangeError};
use uuid::Uuid;

use super::{
    Dynamo, errors,
    expr::Expr,
    keys::Key,
    value::{Item, s, text},
};

/// The id of the last conditional write to an item.
const WRITTEN: &str = "written";

/// The condition of a write that its own retry by the SDK, whose first attempt took place, must not
/// repeat.
pub(super) const NOT_YET: &str = "attribute_not_exists(#written) OR #written <> :written";

/// A conditional write that did not take place.
#[derive(Debug)]
pub(super) enum Refusal {
    /// The condition did not hold; the item as it is, if there is one.
    Condition(Option<Item>),
    Store(StoreError),
}

impl From<Refusal> for ChangeError {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Condition(_) => Self::Lost,
            Refusal::Store(error) => Self::Store(error),
        }
    }
}

/// A write that may find its condition unmet without anybody having to know.
pub(super) fn if_it_holds<T>(written: Result<T, Refusal>) -> Result<(), StoreError> {
    match written {
        Ok(_) | Err(Refusal::Condition(_)) => Ok(()),
        Err(Refusal::Store(error)) => Err(error),
    }
}

impl Dynamo {
    /// An item, read consistently.
    pub(super) async fn get(&self, table: &str, key: &Key) -> Result<Option<Item>, StoreError> {
        let request = self.client.get_item().table_name(table);
        let request = request.set_key(Some(key.attributes()));
        let answer = request.consistent_read(true).send().await;
        Ok(answer.map_err(|e| errors::store("GetItem", &e))?.item)
    }

    /// Writes an item, whatever was there.
    pub(super) async fn put(&self, table: &str, item: Item) -> Result<(), StoreError> {
        let request = self.client.put_item().table_name(table);
        let answer = request.set_item(Some(item)).send().await;
        answer.map_err(|e| errors::store("PutItem", &e))?;
        Ok(())
    }

    /// Writes an item when the condition holds.
    pub(super) async fn put_if(
        &self,
        table: &str,
        mut item: Item,
        expr: Expr,
    ) -> Result<(), Refusal> {
        let write = Uuid::new_v4().to_string();
        item.insert(WRITTEN.to_owned(), s(&write));
        let (condition, names, values) = expr.parts();
        let request = self.client.put_item().table_name(table);
        let answer = request
            .set_item(Some(item))
            .set_condition_expression(condition)
            .set_expression_attribute_names(names)
            .set_expression_attribute_values(values)
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .send()
            .await;
        match answer {
            Ok(_) => Ok(()),
            Err(error) => own(refused_put(error), &write).map(|_| ()),
        }
    }

    /// Changes an item when the condition holds; returns it as it now is.
    pub(super) async fn update_if(
        &self,
        table: &str,
        key: &Key,
        expr: Expr,
    ) -> Result<Item, Refusal> {
        let write = Uuid::new_v4().to_string();
        let expr = expr.set("#written = :written");
        let expr = expr.value(":written", s(&write));
        let update = expr.update_text();
        let (condition, names, values) = expr.parts();
        let request = self.client.update_item().table_name(table);
        let answer = request
            .set_key(Some(key.attributes()))
            .update_expression(update)
            .set_condition_expression(condition)
            .set_expression_attribute_names(names)
            .set_expression_attribute_values(values)
            .return_values(ReturnValue::AllNew)
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .send()
            .await;
        match answer {
            Ok(answer) => Ok(answer.attributes.unwrap_or_default()),
            Err(error) => own(refused_update(error), &write),
        }
    }

    /// Deletes an item when the condition holds; returns what it was. The answer to a deletion
    /// that was lost on its way cannot be had again: the SDK's retry finds nothing.
    pub(super) async fn delete_if(
        &self,
        table: &str,
        key: &Key,
        expr: Expr,
    ) -> Result<Option<Item>, Refusal> {
        let (condition, names, values) = expr.parts();
        let request = self.client.delete_item().table_name(table);
        let answer = request
            .set_key(Some(key.attributes()))
            .set_condition_expression(condition)
            .set_expression_attribute_names(names)
            .set_expression_attribute_values(values)
            .return_values(ReturnValue::AllOld)
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .send()
            .await;
        match answer {
            Ok(answer) => Ok(answer.attributes),
            Err(error) => Err(refused_delete(error)),
        }
    }
}

/// The condition of a retried write fails on the very item that its first attempt wrote.
fn own(refusal: Refusal, write: &str) -> Result<Item, Refusal> {
    match refusal {
        Refusal::Condition(Some(item)) if text(&item, WRITTEN) == Some(write) => Ok(item),
        other => Err(other),
    }
}

fn refused_put(error: SdkError<PutItemError, HttpResponse>) -> Refusal {
    match error.as_service_error() {
        Some(PutItemError::ConditionalCheckFailedException(failed)) => {
            Refusal::Condition(failed.item.clone())
        }
        _ => Refusal::Store(errors::store("PutItem", &error)),
    }
}

fn refused_update(error: SdkError<UpdateItemError, HttpResponse>) -> Refusal {
    match error.as_service_error() {
        Some(UpdateItemError::ConditionalCheckFailedException(failed)) => {
            Refusal::Condition(failed.item.clone())
        }
        _ => Refusal::Store(errors::store("UpdateItem", &error)),
    }
}

fn refused_delete(error: SdkError<DeleteItemError, HttpResponse>) -> Refusal {
    match error.as_service_error() {
        Some(DeleteItemError::ConditionalCheckFailedException(failed)) => {
            Refusal::Condition(failed.item.clone())
        }
        _ => Refusal::Store(errors::store("DeleteItem", &error)),
    }
}
