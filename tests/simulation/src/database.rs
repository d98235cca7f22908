//! DynamoDB in this process, answered in the thread that asks, so that a run needs no other time
//! than the simulated one.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError},
    time::Duration,
};

use aws_credential_types::provider::SharedCredentialsProvider;
use aws_sdk_dynamodb::config::{
    BehaviorVersion, Credentials, HttpClient, Region, RuntimeComponents, SharedHttpClient,
    retry::RetryConfig,
};
use aws_smithy_runtime_api::{
    client::{
        http::{HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector},
        orchestrator::{HttpRequest, HttpResponse},
        result::ConnectorError,
    },
    http::StatusCode,
};
use aws_types::SdkConfig;
use domain::moment::Timestamp;
use local::database::{Answer, Api};
use serde_json::{Value, json};

use crate::faults::{Chaos, Lost, Seam};

/// The database and what may go wrong on the way to it.
#[derive(Clone)]
pub struct Connector {
    database: Api,
    chaos: Arc<Chaos>,
    operations: Arc<Mutex<BTreeMap<String, u64>>>,
}

impl std::fmt::Debug for Connector {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Connector")
    }
}

/// A look into the database past the adapter, the faults and the time that both take.
#[derive(Clone)]
pub struct Peek(Api, Arc<Mutex<BTreeMap<String, u64>>>);

/// An empty database: a client of it, and a look into it.
///
/// # Panics
/// When SQLite cannot be opened.
#[must_use]
pub fn start(chaos: Arc<Chaos>) -> (aws_sdk_dynamodb::Client, Peek) {
    let database = Api::in_memory().expect("an empty database");
    let operations = Arc::<Mutex<BTreeMap<String, u64>>>::default();
    let peek = Peek(database.clone(), Arc::clone(&operations));
    let connector = Connector {
        database,
        chaos,
        operations,
    };
    let credentials = Credentials::new("simulated", "simulated", None, None, "simulation");
    let config = SdkConfig::builder()
        .behavior_version(BehaviorVersion::v2026_01_12())
        .region(Region::from_static("local"))
        .endpoint_url("http://127.0.0.1:1")
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .http_client(SharedHttpClient::new(connector))
        .build();
    let client = adapters::dynamodb::client_of(&config);
    let retries = client.config().retry_config().cloned();
    let retries = retries.unwrap_or_else(RetryConfig::standard);
    let config = client.config().to_builder();
    // The SDK's own pauses are by chance: none, then.
    let retries = retries
        .with_initial_backoff(Duration::ZERO)
        .with_max_backoff(Duration::ZERO);
    let config = config.retry_config(retries);
    (aws_sdk_dynamodb::Client::from_conf(config.build()), peek)
}

fn lock<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Peek {
    /// How often each operation was asked for.
    #[must_use]
    pub fn operations(&self) -> BTreeMap<String, u64> {
        lock(&self.1).clone()
    }

    /// Whether anything of the table is due by then.
    #[must_use]
    pub fn is_due(&self, table: &str, by: Timestamp) -> bool {
        let request = json!({
            "TableName": table, "IndexName": "due", "Select": "COUNT",
            "FilterExpression": "#due <= :by", "ExpressionAttributeNames": {"#due": "due"},
            "ExpressionAttributeValues": {":by": {"N": by.0.to_string()}},
        });
        self.ask("Scan", &request)["Count"] != 0
    }

    /// One item, in DynamoDB's own JSON; null when there is none.
    #[must_use]
    pub fn item(&self, table: &str, pk: &str, sk: &str) -> Value {
        let key = json!({"pk": {"S": pk}, "sk": {"S": sk}});
        let request = json!({"TableName": table, "Key": key, "ConsistentRead": true});
        self.ask("GetItem", &request)["Item"].take()
    }

    fn ask(&self, operation: &str, request: &Value) -> Value {
        let answer = self.0.answer(operation, request.to_string().as_bytes());
        assert_eq!(answer.status, 200, "the embedded database answers");
        serde_json::from_str(&answer.body).expect("an answer is JSON")
    }
}

impl HttpClient for Connector {
    fn http_connector(
        &self,
        _: &HttpConnectorSettings,
        _: &RuntimeComponents,
    ) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

impl HttpConnector for Connector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let Self {
            database,
            chaos,
            operations,
        } = self.clone();
        HttpConnectorFuture::new(async move {
            let target = request.headers().get("x-amz-target").unwrap_or_default();
            let operation = target.rsplit('.').next().unwrap_or_default().to_owned();
            *lock(&operations).entry(operation.clone()).or_default() += 1;
            let done = chaos
                .step(Seam::Database, async {
                    answer(&database, &operation, request.body().bytes())
                })
                .await;
            match done {
                Ok(response) => Ok(response),
                Err(Lost::NotDone) => Ok(unavailable()),
                Err(Lost::Unknown) => Err(ConnectorError::io("the answer was lost".into())),
            }
        })
    }
}

/// What DynamoDB says when it is not well: nothing was done.
fn unavailable() -> HttpResponse {
    let body =
        r#"{"__type":"com.amazonaws.dynamodb.v20120810#InternalServerError","message":"injected"}"#;
    response(500, body.to_owned())
}

fn response(status: u16, body: String) -> HttpResponse {
    let status = StatusCode::try_from(status).expect("a status");
    HttpResponse::new(status, body.into())
}

fn answer(database: &Api, operation: &str, body: Option<&[u8]>) -> HttpResponse {
    let body = body.unwrap_or_default();
    let answer = database.answer(operation, body);
    trace(operation, body, &answer);
    response(answer.status, answer.body)
}

/// What is told of the database's work: requests that hold this text.
pub static TRACE: OnceLock<String> = OnceLock::new();

fn trace(operation: &str, body: &[u8], answer: &Answer) {
    let body = String::from_utf8_lossy(body);
    if TRACE.get().is_some_and(|text| body.contains(text)) {
        println!("{operation} {body}\n  → {} {}", answer.status, answer.body);
    }
}
