//! DynamoDB's write units of a posted call, as the organization's posts grow.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use aws_sdk_dynamodb::{
    Client,
    config::{HttpClient, RuntimeComponents, SharedHttpClient},
    types::{AttributeValue, PutRequest, WriteRequest},
};
use aws_smithy_runtime_api::client::{
    http::{HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector},
    orchestrator::{HttpRequest, HttpResponse},
    result::ConnectorError,
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use domain::{call::CallMessage, ids::CallId, ports::queues::CallQueue};
use kit::{
    TestApp, TestOptions,
    calls::call,
    test_app::{admin, member},
};
use local::exact_index::ExactIndex;
use serde_json::{Value, json};

use crate::engine::{self, Scattered};

const DIMENSION: usize = 1_024;
const TABLE: &str = "productbridge-feedback";

/// Whether the posts that are there make no difference.
pub async fn measure() -> bool {
    println!(
        "Write units of a call that gives a new post ({DIMENSION} numbers a vector; writes of indexes not counted)"
    );
    let mut seen = BTreeSet::new();
    for posts in [10, 1_000, 100_000] {
        let (units, writes) = run(posts).await;
        seen.insert(units);
        println!("  at {posts:>7} posts   {units:>4} units in {writes} requests");
    }
    println!();
    seen.len() == 1
}

async fn run(posts: usize) -> (u64, usize) {
    let analyst = engine::analyst(std::time::Duration::ZERO).await;
    let test = TestApp::start(TestOptions {
        calls: vec![
            call("1")
                .internal("How is it going?")
                .customer("We need the benchmark's one request to be built.")
                .build(),
        ],
        analyst: Some(analyst),
        embedder: Some((Arc::new(Scattered(DIMENSION)), DIMENSION)),
        index: Some(Arc::new(ExactIndex::new(DIMENSION))),
        ..TestOptions::default()
    })
    .await;
    fill(&test, posts).await;
    test.browser(&admin()).await;
    let history = domain::connection::History::Days(30);
    local_runner::try_run::connect(&test.app, &test.sandbox, &admin(), history)
        .await
        .expect("connected");
    while test.app.deliver_windows().await > 0 {}
    let meter = Meter::before(&test.database.client());
    let metered = meter.metered(&test.database.client());
    let app = test.another_process(|parts| parts.database = metered).await;
    meter.forget();
    let message = CallMessage {
        org_id: admin().org_id,
        call_id: CallId::parse("1").expect("a digit"),
        generation: 1,
    };
    app.calls.send(&[message]).await.expect("in memory");
    app.drain().await;
    let state = test.call("1").await.state;
    assert_eq!(state.as_str(), "posted");
    meter.sum()
}

/// Copies one post by hand until there are so many.
async fn fill(test: &TestApp, posts: usize) {
    let mut max = test.browser(&member()).await;
    let form = [
        ("title", "A post by hand"),
        ("details", "Written"),
        ("board", ""),
    ];
    max.post("/feedback", &form).await;
    let first = test.only_post().await;
    let client = test.database.client();
    let key = |sk: String| {
        [
            ("pk".to_owned(), AttributeValue::S("ORG#demo".into())),
            ("sk".to_owned(), AttributeValue::S(sk)),
        ]
    };
    let item = client
        .get_item()
        .table_name(TABLE)
        .set_key(Some(key(format!("POST#{}", first.id)).into()))
        .send()
        .await
        .expect("the database answers");
    let item = item.item.expect("the post is stored");
    let copies: Vec<_> = (1..posts)
        .map(|n| {
            let mut copy = item.clone();
            copy.extend(key(format!("POST#copy-{n}")));
            copy.insert("id".into(), AttributeValue::S(format!("copy-{n}")));
            copy
        })
        .collect();
    for chunk in copies.chunks(25) {
        let requests = chunk.iter().map(|copy| {
            let put = PutRequest::builder().set_item(Some(copy.clone())).build();
            WriteRequest::builder()
                .put_request(put.expect("an item"))
                .build()
        });
        write(&client, requests.collect()).await;
    }
}

async fn write(client: &Client, requests: Vec<WriteRequest>) {
    let request = client.batch_write_item().request_items(TABLE, requests);
    request.send().await.expect("the database answers");
}

/// Stands before the database and keeps what is written.
#[derive(Debug, Clone)]
struct Meter {
    database: SharedHttpClient,
    writes: Arc<Mutex<Vec<u64>>>,
}

/// The meter and the way to the database.
#[derive(Debug, Clone)]
struct MeteredConnector(Meter, SharedHttpConnector);

impl Meter {
    fn before(client: &Client) -> Self {
        let database = client.config().http_client().expect("a way to it");
        Self {
            database,
            writes: Arc::default(),
        }
    }

    /// The client with this meter in its way.
    fn metered(&self, client: &Client) -> Client {
        let config = client.config().to_builder().http_client(self.clone());
        Client::from_conf(config.build())
    }

    fn writes(&self) -> MutexGuard<'_, Vec<u64>> {
        self.writes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn forget(&self) {
        self.writes().clear();
    }

    fn sum(&self) -> (u64, usize) {
        let writes = self.writes();
        (writes.iter().sum(), writes.len())
    }
}

impl HttpClient for Meter {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        let database = self.database.http_connector(settings, components);
        SharedHttpConnector::new(MeteredConnector(self.clone(), database))
    }
}

impl HttpConnector for MeteredConnector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let connector = self.clone();
        HttpConnectorFuture::new(async move { connector.pass_on(request).await })
    }
}

impl MeteredConnector {
    async fn pass_on(&self, request: HttpRequest) -> Result<HttpResponse, ConnectorError> {
        let Self(meter, database) = self;
        let target = request.headers().get("x-amz-target").unwrap_or_default();
        let operation = target.rsplit('.').next().unwrap_or_default().to_owned();
        let body = request.body().bytes().unwrap_or_default();
        let asked: Value = serde_json::from_slice(body).unwrap_or_default();
        let before = self.sizes(&operation, &asked).await;
        let answer = database.call(request).await?;
        let after = self.sizes(&operation, &asked).await;
        if answer.status().is_success() && !after.is_empty() {
            let factor = if operation == "TransactWriteItems" {
                2
            } else {
                1
            };
            // DynamoDB charges the larger of an item before and after, by the started kilobyte.
            let sizes = before.iter().zip(&after).map(|(b, a)| (*b).max(*a));
            let units = sizes.map(|size| size.div_ceil(1_024).max(1) * factor).sum();
            meter.writes().push(units);
        }
        Ok(answer)
    }

    /// The sizes of the items that a write touches, as they are stored now; none for a read.
    async fn sizes(&self, operation: &str, asked: &Value) -> Vec<u64> {
        let mut keys = Vec::new();
        match operation {
            "PutItem" | "UpdateItem" | "DeleteItem" => keys.extend(key(asked)),
            "TransactWriteItems" => {
                for action in asked["TransactItems"].as_array().into_iter().flatten() {
                    let parts = action.as_object().into_iter().flatten();
                    keys.extend(parts.filter_map(|(_, part)| key(part)));
                }
            }
            _ => {}
        }
        let mut sizes = Vec::new();
        for (table, key) in keys {
            let body = json!({"TableName": table, "Key": key, "ConsistentRead": true});
            let mut request = HttpRequest::new(body.to_string().into());
            let headers = request.headers_mut();
            headers.insert("x-amz-target", "DynamoDB_20120810.GetItem");
            let answer = self.1.call(request).await.expect("the database answers");
            let body = answer.body().bytes().unwrap_or_default();
            let answer: Value = serde_json::from_slice(body).unwrap_or_default();
            let fields = answer["Item"].as_object().into_iter().flatten();
            sizes.push(
                fields
                    .map(|(name, value)| name.len() as u64 + size(value))
                    .sum(),
            );
        }
        sizes
    }
}

/// The table and the key of what is written.
fn key(part: &Value) -> Option<(Value, Value)> {
    let of = |from: &Value| {
        let (pk, sk) = (from.get("pk")?, from.get("sk")?);
        Some(json!({"pk": pk, "sk": sk}))
    };
    let key = part.get("Key").or_else(|| part.get("Item")).and_then(of)?;
    Some((part.get("TableName")?.clone(), key))
}

/// The size of an attribute's value, by DynamoDB's rules.
fn size(value: &Value) -> u64 {
    let Some((kind, value)) = value.as_object().and_then(|map| map.iter().next()) else {
        return 0;
    };
    let text = value.as_str().unwrap_or_default();
    match kind.as_str() {
        "N" => text.len() as u64 / 2 + 1,
        "B" => STANDARD.decode(text).map_or(0, |bytes| bytes.len() as u64),
        "BOOL" | "NULL" => 1,
        "L" => {
            3 + value
                .as_array()
                .into_iter()
                .flatten()
                .map(|v| 1 + size(v))
                .sum::<u64>()
        }
        "M" => {
            let fields = value.as_object().into_iter().flatten();
            3 + fields
                .map(|(name, v)| 1 + name.len() as u64 + size(v))
                .sum::<u64>()
        }
        _ => text.len() as u64,
    }
}
