//! Queries, page after page.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::{AttributeValue, Select};
use domain::{ids::OrgId, ports::StoreError};

use super::{
    Dynamo, errors,
    expr::names_in,
    keys,
    value::{Item, s},
};

/// A query of a table or of one of its indexes.
#[derive(Debug, Default)]
pub(super) struct Query<'a> {
    table: &'a str,
    index: Option<&'a str>,
    keys: &'a str,
    filter: Option<&'a str>,
    projection: Option<&'a str>,
    values: HashMap<String, AttributeValue>,
    descending: bool,
    /// How many items DynamoDB looks at for one page.
    page: Option<usize>,
}

impl<'a> Query<'a> {
    /// All items of an organization whose sort key begins with `prefix`.
    pub fn prefix(table: &'a str, org: &OrgId, prefix: &str) -> Self {
        Self {
            table,
            keys: "#pk = :pk AND begins_with(#sk, :prefix)",
            ..Self::default()
        }
        .value(":pk", s(keys::partition(org)))
        .value(":prefix", s(prefix))
    }

    /// All items of an organization from `from` to `to`, both included.
    pub fn between(table: &'a str, org: &OrgId, from: &str, to: &str) -> Self {
        Self {
            table,
            keys: "#pk = :pk AND #sk BETWEEN :from AND :to",
            ..Self::default()
        }
        .value(":pk", s(keys::partition(org)))
        .value(":from", s(from))
        .value(":to", s(to))
    }

    /// Items of an index; never consistent.
    pub fn index(table: &'a str, index: &'a str, keys: &'a str) -> Self {
        Self {
            table,
            index: Some(index),
            keys,
            ..Self::default()
        }
    }

    pub fn value(mut self, name: &str, value: AttributeValue) -> Self {
        self.values.insert(name.to_owned(), value);
        self
    }
    pub const fn filter(mut self, filter: &'a str) -> Self {
        self.filter = Some(filter);
        self
    }
    pub const fn projection(mut self, projection: &'a str) -> Self {
        self.projection = Some(projection);
        self
    }
    pub const fn descending(mut self) -> Self {
        self.descending = true;
        self
    }
    pub const fn page(mut self, items: usize) -> Self {
        self.page = Some(items);
        self
    }
}

struct Page {
    items: Vec<Item>,
    count: usize,
    last: Option<HashMap<String, AttributeValue>>,
}

impl Dynamo {
    /// Up to `max` items, in order.
    pub(super) async fn query(
        &self,
        query: &Query<'_>,
        max: usize,
    ) -> Result<Vec<Item>, StoreError> {
        let mut items = Vec::new();
        let mut start = None;
        while items.len() < max {
            let page = self.query_page(query, start, None).await?;
            items.extend(page.items);
            start = page.last;
            if start.is_none() {
                break;
            }
        }
        items.truncate(max);
        Ok(items)
    }

    /// How many items there are, counted up to `max`.
    pub(super) async fn count(&self, query: &Query<'_>, max: usize) -> Result<usize, StoreError> {
        let mut count = 0;
        let mut start = None;
        while count < max {
            let page = self.query_page(query, start, Some(Select::Count)).await?;
            count += page.count;
            start = page.last;
            if start.is_none() {
                break;
            }
        }
        Ok(count.min(max))
    }

    async fn query_page(
        &self,
        query: &Query<'_>,
        start: Option<HashMap<String, AttributeValue>>,
        select: Option<Select>,
    ) -> Result<Page, StoreError> {
        let filter = query.filter.unwrap_or_default();
        let projection = query.projection.unwrap_or_default();
        let request = self.client.query().table_name(query.table);
        let answer = request
            .set_index_name(query.index.map(str::to_owned))
            .key_condition_expression(query.keys)
            .set_filter_expression(query.filter.map(str::to_owned))
            .set_projection_expression(query.projection.map(str::to_owned))
            .set_expression_attribute_names(names_in(&[query.keys, filter, projection]))
            .set_expression_attribute_values(Some(query.values.clone()))
            .scan_index_forward(!query.descending)
            .set_limit(query.page.map(page_limit))
            .set_select(select)
            .set_exclusive_start_key(start)
            .consistent_read(query.index.is_none())
            .send()
            .await
            .map_err(|e| errors::store("Query", &e))?;
        Ok(Page {
            count: usize::try_from(answer.count).unwrap_or_default(),
            items: answer.items.unwrap_or_default(),
            last: answer.last_evaluated_key,
        })
    }
}

/// DynamoDB wants at least 1; beyond some thousands its own page of 1 MB ends sooner anyway.
fn page_limit(items: usize) -> i32 {
    i32::try_from(items.clamp(1, 10_000)).unwrap_or(10_000)
}
