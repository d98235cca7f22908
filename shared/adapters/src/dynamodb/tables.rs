//! The three tables: what they are called and how they are made. `template.yaml` says the same.

use std::time::Duration;

use aws_sdk_dynamodb::{
    Client,
    error::DisplayErrorContext,
    operation::create_table::CreateTableError,
    types::{
        AttributeDefinition, BillingMode, GlobalSecondaryIndex, KeySchemaElement,
        Projection as AwsProjection, ProjectionType, ScalarAttributeType, TimeToLiveSpecification,
        TimeToLiveStatus,
    },
};

use super::keys::{BY_STARTED, DUE, DUE_SHARD, OPEN, OPEN_ORG, PK, SK, TTL};

/// How long a new table may take until it can be used.
const UNTIL_ACTIVE: Duration = Duration::from_secs(60);

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tables {
    /// Connections, reservations, states, polls, tokens, budgets, windows.
    pub connections: String,
    pub calls: String,
    /// Posts and what belongs to them.
    pub feedback: String,
}

impl Tables {
    /// `<prefix>connections`, `<prefix>calls` and `<prefix>feedback`.
    #[must_use]
    pub fn with_prefix(prefix: &str) -> Self {
        Self {
            connections: format!("{prefix}connections"),
            calls: format!("{prefix}calls"),
            feedback: format!("{prefix}feedback"),
        }
    }
}

/// The type of a key attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyType {
    /// `S`.
    Text,
    /// `N`.
    Number,
}

/// What an index holds of an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Projection {
    KeysOnly,
    All,
}

/// A global secondary index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IndexDefinition {
    pub name: &'static str,
    /// The attribute that it is partitioned by.
    pub partition: &'static str,
    /// The attribute that it is sorted by.
    pub sort: &'static str,
    pub projection: Projection,
}

/// A table, on demand; its own keys are the texts `pk` and `sk`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableDefinition {
    pub name: String,
    /// All attributes that are keys of the table or of an index.
    pub keys: Vec<(&'static str, KeyType)>,
    pub indexes: Vec<IndexDefinition>,
    /// The attribute by which DynamoDB deletes items, in seconds.
    pub ttl: Option<&'static str>,
}

const DUE_INDEX: IndexDefinition = IndexDefinition {
    name: DUE,
    partition: DUE_SHARD,
    sort: DUE,
    projection: Projection::KeysOnly,
};

#[must_use]
pub fn table_definitions(tables: &Tables) -> [TableDefinition; 3] {
    let table = |name: &String| TableDefinition {
        name: name.clone(),
        keys: vec![
            (PK, KeyType::Text),
            (SK, KeyType::Text),
            (DUE_SHARD, KeyType::Number),
            (DUE, KeyType::Number),
        ],
        indexes: vec![DUE_INDEX],
        ttl: None,
    };
    let mut connections = table(&tables.connections);
    connections.ttl = Some(TTL);
    let mut calls = table(&tables.calls);
    calls.keys.push((OPEN_ORG, KeyType::Text));
    calls.keys.push((BY_STARTED, KeyType::Text));
    calls.indexes.push(IndexDefinition {
        name: OPEN,
        partition: OPEN_ORG,
        sort: SK,
        projection: Projection::All,
    });
    calls.indexes.push(IndexDefinition {
        name: BY_STARTED,
        partition: PK,
        sort: BY_STARTED,
        projection: Projection::All,
    });
    [connections, calls, table(&tables.feedback)]
}

/// A table could not be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the table {table} could not be set up ({why}); tables that were made before it stay")]
pub struct CreateTablesError {
    pub table: String,
    /// What the database said.
    pub why: String,
}

/// Makes those of the tables that do not exist, and waits until all can be used. A table that
/// exists stays as it is.
///
/// # Errors
/// [`CreateTablesError`] with the first table that could not be made.
pub async fn create_tables(client: &Client, tables: &Tables) -> Result<(), CreateTablesError> {
    for table in table_definitions(tables) {
        create(client, &table)
            .await
            .map_err(|why| CreateTablesError {
                table: table.name.clone(),
                why,
            })?;
    }
    Ok(())
}

async fn create(client: &Client, table: &TableDefinition) -> Result<(), String> {
    use aws_sdk_dynamodb::client::Waiters;

    let mut request = client
        .create_table()
        .table_name(&table.name)
        .billing_mode(BillingMode::PayPerRequest)
        .set_key_schema(Some(key_schema(PK, SK)?));
    for (name, kind) in &table.keys {
        let kind = match kind {
            KeyType::Text => ScalarAttributeType::S,
            KeyType::Number => ScalarAttributeType::N,
        };
        let attribute = AttributeDefinition::builder().attribute_name(*name);
        let attribute = attribute.attribute_type(kind).build();
        request = request.attribute_definitions(attribute.map_err(in_words)?);
    }
    for index in &table.indexes {
        request = request.global_secondary_indexes(gsi(index)?);
    }
    match request.send().await {
        Ok(_) => {}
        Err(error) => match error.as_service_error() {
            Some(CreateTableError::ResourceInUseException(_)) => {}
            _ => return Err(in_words(error)),
        },
    }
    let wait = client.wait_until_table_exists().table_name(&table.name);
    wait.wait(UNTIL_ACTIVE).await.map_err(in_words)?;
    match table.ttl {
        Some(attribute) => set_ttl(client, &table.name, attribute).await,
        None => Ok(()),
    }
}

fn key_schema(partition: &str, sort: &str) -> Result<Vec<KeySchemaElement>, String> {
    use aws_sdk_dynamodb::types::KeyType::{Hash, Range};

    let element = |name: &str, kind| {
        let element = KeySchemaElement::builder().attribute_name(name);
        element.key_type(kind).build().map_err(in_words)
    };
    Ok(vec![element(partition, Hash)?, element(sort, Range)?])
}

fn gsi(index: &IndexDefinition) -> Result<GlobalSecondaryIndex, String> {
    let projection = match index.projection {
        Projection::KeysOnly => ProjectionType::KeysOnly,
        Projection::All => ProjectionType::All,
    };
    GlobalSecondaryIndex::builder()
        .index_name(index.name)
        .set_key_schema(Some(key_schema(index.partition, index.sort)?))
        .projection(AwsProjection::builder().projection_type(projection).build())
        .build()
        .map_err(in_words)
}

/// Setting it again is an error in DynamoDB, so it is looked at first.
async fn set_ttl(client: &Client, table: &str, attribute: &str) -> Result<(), String> {
    let answer = client
        .describe_time_to_live()
        .table_name(table)
        .send()
        .await;
    let answer = answer.map_err(in_words)?;
    let status = answer
        .time_to_live_description
        .and_then(|description| description.time_to_live_status);
    if matches!(
        status,
        Some(TimeToLiveStatus::Enabled | TimeToLiveStatus::Enabling)
    ) {
        return Ok(());
    }
    let specification = TimeToLiveSpecification::builder()
        .attribute_name(attribute)
        .enabled(true)
        .build()
        .map_err(in_words)?;
    let request = client.update_time_to_live().table_name(table);
    let request = request.time_to_live_specification(specification);
    request.send().await.map_err(in_words)?;
    Ok(())
}

fn in_words(error: impl std::error::Error + 'static) -> String {
    DisplayErrorContext(error).to_string()
}
