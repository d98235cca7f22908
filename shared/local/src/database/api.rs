//! DynamoDB's API without a network: a request's body in, an answer's body out.

use dynoxide::{Database, DynoxideError};
use serde::{Serialize, de::DeserializeOwned};

/// What a request was answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The status that HTTP would have.
    pub status: u16,
    pub body: String,
}

/// The operations of DynamoDB's API that this project uses, over dynoxide; clones share the
/// database. Each request runs in the thread that asks.
#[derive(Clone)]
pub struct Api(Database);

impl Api {
    /// Over a database in memory, gone with the last clone.
    ///
    /// # Errors
    /// What the database engine said.
    pub fn in_memory() -> Result<Self, String> {
        Database::memory().map(Self).map_err(|e| e.to_string())
    }

    /// Over a file, made when there is none. What has expired is deleted.
    ///
    /// # Errors
    /// What the database engine said.
    pub(super) fn open(path: &str) -> Result<Self, String> {
        let database = Database::new(path).map_err(|e| e.to_string())?;
        database.sweep_ttl().map_err(|e| e.to_string())?;
        Ok(Self(database))
    }

    /// Answers one request; `operation` is the name at the end of `x-amz-target`.
    #[must_use]
    pub fn answer(&self, operation: &str, body: &[u8]) -> Answer {
        match self.dispatch(operation, body) {
            Ok(body) => Answer { status: 200, body },
            Err(error) => Answer {
                status: error.status_code(),
                body: error.to_json(),
            },
        }
    }

    fn dispatch(&self, operation: &str, body: &[u8]) -> Result<String, DynoxideError> {
        let database = &self.0;
        match operation {
            "BatchGetItem" => run(body, |request| database.batch_get_item(request)),
            "BatchWriteItem" => run(body, |request| database.batch_write_item(request)),
            "CreateTable" => run(body, |request| database.create_table(request)),
            "DeleteItem" => run(body, |request| database.delete_item(request)),
            "DescribeTable" => run(body, |request| database.describe_table(request)),
            "DescribeTimeToLive" => run(body, |request| database.describe_time_to_live(request)),
            "GetItem" => run(body, |request| database.get_item(request)),
            "PutItem" => run(body, |request| database.put_item(request)),
            "Query" => run(body, |request| database.query(request)),
            "Scan" => run(body, |request| database.scan(request)),
            "TransactWriteItems" => run(body, |request| database.transact_write_items(request)),
            "UpdateItem" => run(body, |request| database.update_item(request)),
            "UpdateTimeToLive" => run(body, |request| database.update_time_to_live(request)),
            other => Err(DynoxideError::ValidationException(format!(
                "the local database does not know the operation {other}"
            ))),
        }
    }
}

impl std::fmt::Debug for Api {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Api")
    }
}

fn run<Q: DeserializeOwned, A: Serialize>(
    body: &[u8],
    operation: impl FnOnce(Q) -> Result<A, DynoxideError>,
) -> Result<String, DynoxideError> {
    // serde_json's message may quote what it found, which may be a customer's words: only the
    // position is told.
    let request = serde_json::from_slice(body).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        DynoxideError::SerializationException(format!(
            "the request cannot be read at line {line}, column {column}"
        ))
    })?;
    let answer = operation(request)?;
    serde_json::to_string(&answer)
        .map_err(|error| DynoxideError::InternalServerError(error.to_string()))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn ask(api: &Api, operation: &str, body: &Value) -> (u16, Value) {
        let answer = api.answer(operation, body.to_string().as_bytes());
        (answer.status, serde_json::from_str(&answer.body).unwrap())
    }

    #[test]
    fn answers_have_dynamodbs_statuses_and_shapes() {
        let api = Api::in_memory().unwrap();
        let table = json!({
            "TableName": "posts", "BillingMode": "PAY_PER_REQUEST",
            "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
            "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
        });
        assert_eq!(ask(&api, "CreateTable", &table).0, 200);
        let new = json!({
            "TableName": "posts", "Item": {"pk": {"S": "a"}, "n": {"N": "1"}},
            "ConditionExpression": "attribute_not_exists(pk)",
        });
        assert_eq!(ask(&api, "PutItem", &new).0, 200);
        let kind = |answer: &Value| {
            let name = answer["__type"].as_str().unwrap().rsplit('#').next();
            name.unwrap().to_owned()
        };
        let (status, answer) = ask(&api, "PutItem", &new);
        assert_eq!(
            (status, kind(&answer).as_str()),
            (400, "ConditionalCheckFailedException")
        );
        let twice = json!({"TransactItems": [{"Put": new}]});
        let (status, answer) = ask(&api, "TransactWriteItems", &twice);
        assert_eq!(
            (status, kind(&answer).as_str()),
            (400, "TransactionCanceledException")
        );
        let why = &answer["CancellationReasons"][0]["Code"];
        assert_eq!(why, "ConditionalCheckFailed");
        let key = json!({"TableName": "posts", "Key": {"pk": {"S": "a"}}});
        let (status, answer) = ask(&api, "GetItem", &key);
        assert_eq!((status, &answer["Item"]["n"]), (200, &json!({"N": "1"})));
        let none = json!({"TableName": "none", "Key": {"pk": {"S": "a"}}});
        let (status, answer) = ask(&api, "GetItem", &none);
        assert_eq!(
            (status, kind(&answer).as_str()),
            (400, "ResourceNotFoundException")
        );
        assert_eq!(ask(&api, "DeleteTable", &key).0, 400);
    }

    #[test]
    fn what_cannot_be_read_is_told_without_showing_it() {
        let api = Api::in_memory().unwrap();
        for body in [r#"{"TableName": "posts", "Key": "hush"}"#, "hush", ""] {
            let answer = api.answer("GetItem", body.as_bytes());
            assert_eq!(answer.status, 400, "{body}");
            assert!(!answer.body.contains("hush"), "{}", answer.body);
            assert!(answer.body.contains("line 1"), "{}", answer.body);
        }
    }
}
