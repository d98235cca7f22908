//! What the database answers when it is busy. No local one is ever busy, so a client in between
//! answers in its place; what it answers, the database never saw.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use adapters::dynamodb::Dynamo;
use aws_sdk_dynamodb::{
    Client,
    config::{HttpClient, RuntimeComponents, SharedHttpClient, http::HttpResponse},
};
use aws_smithy_runtime_api::{
    client::{
        http::{HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector},
        orchestrator::HttpRequest,
    },
    http::StatusCode,
};
use domain::{
    connection::{WindowKind, WorkspaceFingerprint},
    ports::{
        StoreError,
        connections::{ConnectError, ConnectionStore, SyncStore, TokenStore},
        feedback::{CommitError, DedupeStore, FeedbackStore},
        ledger::Ledger,
    },
};
use serde_json::{Value, json};

use super::{Store, make::*};

/// Which requests of an operation, counted from 0, are answered so.
#[derive(Debug, Clone, Copy)]
struct Hindrance {
    /// One operation, or every one.
    operation: Option<&'static str>,
    when: fn(usize) -> bool,
    /// Status and body, by the request's body.
    answer: fn(&Value) -> (u16, Value),
}

#[derive(Debug, Clone)]
struct Hindered {
    hindrance: Hindrance,
    seen: Arc<AtomicUsize>,
    database: SharedHttpClient,
}

#[derive(Debug)]
struct HinderedConnector(Hindered, SharedHttpConnector);

impl HttpClient for Hindered {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        let database = self.database.http_connector(settings, components);
        SharedHttpConnector::new(HinderedConnector(self.clone(), database))
    }
}

impl HttpConnector for HinderedConnector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let Self(hindered, database) = self;
        match hindered.answer(&request) {
            Some(answer) => HttpConnectorFuture::ready(Ok(answer)),
            None => database.call(request),
        }
    }
}

impl Hindered {
    fn answer(&self, request: &HttpRequest) -> Option<HttpResponse> {
        let Hindrance {
            operation,
            when,
            answer,
        } = self.hindrance;
        let target = request.headers().get("x-amz-target").unwrap();
        let named = |name: &str| target.ends_with(&format!(".{name}"));
        if operation.is_some_and(|name| !named(name))
            || !when(self.seen.fetch_add(1, Ordering::SeqCst))
        {
            return None;
        }
        let request = serde_json::from_slice(request.body().bytes().unwrap()).unwrap();
        let (status, body) = answer(&request);
        let status = StatusCode::try_from(status).unwrap();
        Some(HttpResponse::new(status, body.to_string().into()))
    }
}

/// The store behind a client that is hindered.
fn hindered(store: &Store, hindrance: Hindrance) -> Dynamo {
    let config = store.client.config();
    let retry = config.retry_config().unwrap().clone();
    let client = Hindered {
        hindrance,
        seen: Arc::default(),
        database: config.http_client().unwrap(),
    };
    let config = config.to_builder().http_client(client);
    let config = config.retry_config(retry.with_initial_backoff(Duration::from_millis(1)));
    Dynamo::new(Client::from_conf(config.build()), store.tables.clone())
}

fn error(name: &str) -> Value {
    json!({"__type": format!("com.amazonaws.dynamodb.v20120810#{name}"), "message": "busy"})
}

const THROTTLED: fn(&Value) -> (u16, Value) = |_| (400, error("ThrottlingException"));
const CONFLICT: fn(&Value) -> (u16, Value) = |request| {
    let actions = request["TransactItems"].as_array().unwrap().len();
    let mut reasons = vec![json!({"Code": "None"}); actions];
    reasons[actions - 1] = json!({"Code": "TransactionConflict", "Message": "busy"});
    let mut body = error("TransactionCanceledException");
    body["CancellationReasons"] = reasons.into();
    (400, body)
};
const ALWAYS: fn(usize) -> bool = |_| true;
const FIRST: fn(usize) -> bool = |seen| seen == 0;
const EVERY_OTHER: fn(usize) -> bool = |seen| seen.is_multiple_of(2);

pub async fn what_is_throttled_once_is_done(store: &Store) {
    let dynamo = hindered(
        store,
        Hindrance {
            operation: None,
            when: EVERY_OTHER,
            answer: |_| (400, error("ProvisionedThroughputExceededException")),
        },
    );
    let a = org("a");
    let new = new_connection(&a, 1, &[WorkspaceFingerprint::workspace("1")]);
    dynamo.connect(&new).await.unwrap();
    assert_eq!(dynamo.insert(&call(&a, 1)).await, Ok(true));
    let claimed = claim(&dynamo, &call(&a, 1), "w").await;
    dynamo.commit(&commit(&claimed, "w", 0, "p")).await.unwrap();
    assert_eq!(dynamo.epoch(&a).await, Ok(1));
    let done = dynamo.calls(&a, &[call_id(1)]).await.unwrap();
    assert_eq!(done[0].lease, None);
    assert_eq!(dynamo.token(&a).await, Ok(Some(new.token)));
}

pub async fn what_is_throttled_on_and_on_is_unavailable(store: &Store) {
    let a = org("a");
    let claimed = claimed(store, &a, 1, "w").await;
    let dynamo = hindered(
        store,
        Hindrance {
            operation: None,
            when: ALWAYS,
            answer: THROTTLED,
        },
    );
    let unavailable = |error: StoreError| match error {
        StoreError::Unavailable(text) => assert!(text.contains("Throttling"), "{text}"),
        other => panic!("{other}"),
    };
    unavailable(dynamo.epoch(&a).await.unwrap_err());
    unavailable(dynamo.insert(&call(&a, 2)).await.unwrap_err());
    unavailable(dynamo.calls(&a, &[call_id(1)]).await.unwrap_err());
    match dynamo.commit(&commit(&claimed, "w", 0, "p")).await {
        Err(CommitError::Store(error)) => unavailable(error),
        other => panic!("{other:?}"),
    }
    let known = store.calls(&a, &[call_id(1), call_id(2)]).await;
    assert_eq!(known, Ok(vec![claimed]), "nothing was written");
    assert_eq!(store.epoch(&a).await, Ok(0));
}

pub async fn keys_left_over_are_asked_for_again(store: &Store) {
    let a = org("a");
    for n in [1, 2] {
        store.insert(&call(&a, n)).await.unwrap();
    }
    let left_over: fn(&Value) -> (u16, Value) = |request| {
        let left = request["RequestItems"].clone();
        (200, json!({"Responses": {}, "UnprocessedKeys": left}))
    };
    let asked = |when| {
        let operation = Some("BatchGetItem");
        let answer = left_over;
        let hindrance = Hindrance {
            operation,
            when,
            answer,
        };
        let dynamo = hindered(store, hindrance);
        let ids = [call_id(1), call_id(2)];
        async move { dynamo.calls(&org("a"), &ids).await }
    };
    assert_eq!(asked(FIRST).await.unwrap().len(), 2);
    let error = asked(ALWAYS).await.unwrap_err();
    assert!(matches!(error, StoreError::Unavailable(_)), "{error}");
}

pub async fn a_conflict_of_transactions_passes(store: &Store) {
    let a = org("a");
    let once = || {
        let hindrance = Hindrance {
            operation: Some("TransactWriteItems"),
            when: FIRST,
            answer: CONFLICT,
        };
        hindered(store, hindrance)
    };
    let new = new_connection(&a, 1, &[WorkspaceFingerprint::workspace("1")]);
    once().connect(&new).await.unwrap();
    let mut next = new.poll.clone();
    next.due = Some(later(99_999));
    let poll = window(&a, "poll", WindowKind::Poll);
    assert_eq!(once().start_poll(&new.poll, &next, &poll).await, Ok(()));
    let first = post(&a, "first");
    let created = once().create_post(&first, &vector(&first)).await;
    assert_eq!(created, Ok(true));
    once().replace_vector(&vector(&first), 1).await.unwrap();
    assert_eq!(store.epoch(&a).await, Ok(2));

    // What a commit was decided on may have changed, so this one is told of it.
    let claimed = claimed(store, &a, 1, "w").await;
    let commit = commit(&claimed, "w", 2, "p");
    let dynamo = once();
    assert_eq!(dynamo.commit(&commit).await, Err(CommitError::Conflict));
    assert_eq!(store.epoch(&a).await, Ok(2), "nothing was written");
    assert_eq!(dynamo.commit(&commit).await, Ok(()));
    assert_eq!(store.epoch(&a).await, Ok(3));
}

pub async fn a_conflict_without_end_is_unavailable(store: &Store) {
    let a = org("a");
    let dynamo = hindered(
        store,
        Hindrance {
            operation: Some("TransactWriteItems"),
            when: ALWAYS,
            answer: CONFLICT,
        },
    );
    let new = new_connection(&a, 1, &[WorkspaceFingerprint::workspace("1")]);
    let error = dynamo.connect(&new).await.unwrap_err();
    let busy = ConnectError::Store(StoreError::Unavailable(
        "connect: others were writing the same items at the same time".to_owned(),
    ));
    assert_eq!(error, busy);
    assert_eq!(store.connection(&a).await, Ok(None), "nothing was written");
    let first = post(&a, "first");
    let error = dynamo.create_post(&first, &vector(&first)).await;
    assert!(matches!(error, Err(StoreError::Unavailable(_))));
    assert_eq!(store.post(&a, &first.id).await, Ok(None));
}
