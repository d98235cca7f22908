//! What the analysis used, by month.

use async_trait::async_trait;
use domain::{
    ids::OrgId,
    ports::{StoreError, feedback::UsageStore},
    usage::{Month, Usage},
};

use super::{
    Dynamo,
    expr::Expr,
    item::{Item, decode, fields, text},
    keys::{self, Key},
    ops::Refusal,
    query::Query,
};

/// A retry by the SDK whose first attempt was written must not add again.
const NOT_YET: &str = "attribute_not_exists(#written) OR #written <> :written";

#[async_trait]
impl UsageStore for Dynamo {
    async fn add_usage(&self, org: &OrgId, month: Month, usage: &Usage) -> Result<(), StoreError> {
        let add =
            fields(usage)?
                .into_iter()
                .fold(Expr::none().when(NOT_YET), |expr, (name, value)| {
                    expr.add(format!("#{name} :{name}"))
                        .value(format!(":{name}"), value)
                });
        let key = Key::usage(org, month);
        match self.update_if(&self.tables.feedback, &key, add).await {
            Ok(_) | Err(Refusal::Condition(_)) => Ok(()),
            Err(Refusal::Store(error)) => Err(error),
        }
    }

    async fn usage(&self, org: &OrgId, month: Month) -> Result<Usage, StoreError> {
        let key = Key::usage(org, month);
        let item = self.get(&self.tables.feedback, &key).await?;
        item.map_or_else(|| Ok(Usage::default()), decode)
    }

    async fn usages(&self, org: &OrgId) -> Result<Vec<(Month, Usage)>, StoreError> {
        let query = Query::prefix(&self.tables.feedback, org, keys::USAGE).descending();
        let items = self.query(&query, usize::MAX).await?;
        let months = items
            .into_iter()
            .filter_map(|item| Some((month(&item)?, item)));
        months
            .map(|(month, item)| Ok((month, decode(item)?)))
            .collect()
    }
}

fn month(item: &Item) -> Option<Month> {
    Month::parse(text(item, keys::SK)?.strip_prefix(keys::USAGE)?)
}
