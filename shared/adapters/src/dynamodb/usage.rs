//! What the analysis used, by month, and when models answered.

use async_trait::async_trait;
use domain::{
    ids::OrgId,
    moment::Timestamp,
    ports::{StoreError, feedback::UsageStore},
    usage::{Month, Usage},
};
use serde::Deserialize;

use super::{
    Dynamo,
    expr::Expr,
    item::decode,
    keys::{self, Key},
    ops::{NOT_YET, if_it_holds},
    query::Query,
    value::{Item, fields, n, text},
};

#[derive(Debug, Deserialize)]
struct Answered {
    at: Timestamp,
}

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
        if_it_holds(self.update_if(&self.tables.feedback, &key, add).await)
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

    async fn note_answer(&self, org: &OrgId, model: &str, at: Timestamp) -> Result<(), StoreError> {
        let key = Key::answered(org, model);
        // Never back in time, whoever writes last.
        let later = Expr::none()
            .set("#at = :at")
            .when("attribute_not_exists(#at) OR #at < :at")
            .value(":at", n(at.0));
        if_it_holds(self.update_if(&self.tables.feedback, &key, later).await)
    }

    async fn last_answer(&self, org: &OrgId, model: &str) -> Result<Option<Timestamp>, StoreError> {
        let key = Key::answered(org, model);
        let item = self.get(&self.tables.feedback, &key).await?;
        let answered = item.map(decode::<Answered>).transpose()?;
        Ok(answered.map(|answered| answered.at))
    }
}

fn month(item: &Item) -> Option<Month> {
    Month::parse(text(item, keys::SK)?.strip_prefix(keys::USAGE)?)
}
