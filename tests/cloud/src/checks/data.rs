//! What holds data.

use adapters::dynamodb::{
    IndexDefinition, KeyType, Projection, TableDefinition, Tables, table_definitions,
};
use serde_json::{Value, json};

use crate::template::{Resource, is_true, of_type, resource, resources};

/// Whose deletion would lose something.
const HOLDING: [&str; 3] = [
    "AWS::DynamoDB::Table",
    "AWS::SecretsManager::Secret",
    "AWS::KMS::Key",
];

/// The tables are the ones that the code knows, on demand, with point-in-time recovery and
/// protected from deletion.
#[must_use]
pub fn tables(template: &Value) -> Vec<String> {
    let mut problems = Vec::new();
    let known = table_definitions(&Tables {
        connections: "ConnectionsTable".to_owned(),
        calls: "CallsTable".to_owned(),
        feedback: "FeedbackTable".to_owned(),
    });
    for definition in &known {
        match resource(template, &definition.name) {
            None => problems.push(format!("{} is missing", definition.name)),
            Some(table) => problems.extend(differences(&table, definition)),
        }
    }
    for table in of_type(template, "AWS::DynamoDB::Table") {
        if !known.iter().any(|definition| definition.name == table.id) {
            problems.push(format!("{} is not known to the code", table.id));
        }
        if *table.property("/BillingMode") != "PAY_PER_REQUEST" {
            problems.push(format!("{} is not on demand", table.id));
        }
        let recovery = "/PointInTimeRecoverySpecification/PointInTimeRecoveryEnabled";
        if !is_true(table.property(recovery)) {
            problems.push(format!("{} has no point-in-time recovery", table.id));
        }
        if !is_true(table.property("/DeletionProtectionEnabled")) {
            problems.push(format!("{} may be deleted", table.id));
        }
    }
    problems
}

fn differences(table: &Resource, known: &TableDefinition) -> Vec<String> {
    let attributes = known.keys.iter().map(|(name, kind)| {
        let kind = match kind {
            KeyType::Text => "S",
            KeyType::Number => "N",
        };
        json!({"AttributeName": name, "AttributeType": kind})
    });
    let ttl = known.ttl.map_or(
        Value::Null,
        |name| json!({"AttributeName": name, "Enabled": true}),
    );
    let wanted = [
        ("AttributeDefinitions", attributes.collect()),
        ("KeySchema", key_schema("pk", "sk")),
        (
            "GlobalSecondaryIndexes",
            known.indexes.iter().map(index).collect(),
        ),
        ("TimeToLiveSpecification", ttl),
        ("LocalSecondaryIndexes", Value::Null),
    ];
    let other = wanted
        .iter()
        .filter(|(name, wanted)| table.property(&format!("/{name}")) != wanted);
    other
        .map(|(name, wanted)| format!("{}: {name} is not {wanted}", table.id))
        .collect()
}

fn key_schema(partition: &str, sort: &str) -> Value {
    json!([
        {"AttributeName": partition, "KeyType": "HASH"},
        {"AttributeName": sort, "KeyType": "RANGE"},
    ])
}

fn index(index: &IndexDefinition) -> Value {
    let projection = match index.projection {
        Projection::KeysOnly => "KEYS_ONLY",
        Projection::All => "ALL",
    };
    json!({
        "IndexName": index.name,
        "KeySchema": key_schema(index.partition, index.sort),
        "Projection": {"ProjectionType": projection},
    })
}

/// What holds data outlives the stack and its own replacement.
#[must_use]
pub fn kept(template: &Value) -> Vec<String> {
    let mut problems = Vec::new();
    for resource in resources(template).filter(|r| HOLDING.contains(&r.kind())) {
        for policy in ["DeletionPolicy", "UpdateReplacePolicy"] {
            if *resource.attribute(policy) != "Retain" {
                problems.push(format!("{} has no {policy} Retain", resource.id));
            }
        }
    }
    problems
}

/// Keys are rotated, and secrets are encrypted with one of them.
#[must_use]
pub fn rotation(template: &Value) -> Vec<String> {
    let unrotated = of_type(template, "AWS::KMS::Key")
        .filter(|key| !is_true(key.property("/EnableKeyRotation")))
        .map(|key| format!("{} is never rotated", key.id));
    let foreign = of_type(template, "AWS::SecretsManager::Secret")
        .filter(|secret| {
            let key = crate::template::target(secret.property("/KmsKeyId"));
            key.and_then(|id| resource(template, id))
                .is_none_or(|key| key.kind() != "AWS::KMS::Key")
        })
        .map(|secret| format!("{} is not encrypted with the stack's key", secret.id));
    unrotated.chain(foreign).collect()
}
