use std::net::TcpListener;

use adapters::dynamodb::{Dynamo, Tables, client, create_tables};
use aws_sdk_dynamodb::{Client, config::retry::RetryConfig, types::AttributeValue};
use domain::ports::{
    StoreError,
    connections::{ConnectionDue, ConnectionStore, TokenStore},
    feedback::{CommitError, DedupeStore, FeedbackStore, PostFilter},
    ledger::Ledger,
};

use super::{Store, make::*};

pub async fn a_missing_table_is_refused(store: &Store) {
    let dynamo = Dynamo::new(store.client.clone(), Tables::with_prefix("none-"));
    let a = org("a");
    let refused = |error| matches!(error, StoreError::Refused(_));
    assert!(refused(dynamo.connection(&a).await.unwrap_err()));
    assert!(refused(dynamo.insert(&call(&a, 1)).await.unwrap_err()));
    assert!(refused(dynamo.calls(&a, &[call_id(1)]).await.unwrap_err()));
    assert!(refused(
        dynamo.due_connection_work(NOW, 1).await.unwrap_err()
    ));
    assert!(refused(dynamo.all_vectors(None).await.unwrap_err()));
    assert!(refused(dynamo.forget_token(&a, 1).await.unwrap_err()));
    let commit = commit(&call(&a, 1), "w", 0, "p");
    let error = dynamo.commit(&commit).await.unwrap_err();
    assert!(matches!(error, CommitError::Store(StoreError::Refused(_))));
}

pub async fn a_dead_database_is_unavailable(store: &Store) {
    let port = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let dead = client(Some(&format!("http://{port}"))).unwrap();
    let once = dead.config().to_builder();
    let once = once.retry_config(RetryConfig::standard().with_max_attempts(1));
    let dynamo = Dynamo::new(Client::from_conf(once.build()), store.tables.clone());
    let a = org("a");
    let unavailable = |error| matches!(error, StoreError::Unavailable(_));
    assert!(unavailable(dynamo.epoch(&a).await.unwrap_err()));
    assert!(unavailable(dynamo.insert(&call(&a, 1)).await.unwrap_err()));
    let commit = commit(&call(&a, 1), "w", 0, "p");
    let error = dynamo.commit(&commit).await.unwrap_err();
    assert!(matches!(
        error,
        CommitError::Store(StoreError::Unavailable(_))
    ));
}

pub async fn an_unreadable_item_is_corrupt(store: &Store) {
    let items = [
        (&store.tables.connections, "TOKEN"),
        (&store.tables.calls, "CALL#1"),
        (&store.tables.feedback, "POST#p"),
        (&store.tables.feedback, "PENDING#p"),
    ];
    for (table, sk) in items {
        let request = store.client.put_item().table_name(table);
        request
            .item("pk", AttributeValue::S("ORG#a".to_owned()))
            .item("sk", AttributeValue::S(sk.to_owned()))
            .item("vector", AttributeValue::S("not binary".to_owned()))
            .send()
            .await
            .unwrap();
    }
    let a = org("a");
    let corrupt = |error: StoreError| match error {
        StoreError::Corrupt(text) => assert!(text.contains("ORG#a / "), "{text}"),
        other => panic!("{other}"),
    };
    corrupt(store.token(&a).await.unwrap_err());
    corrupt(store.calls(&a, &[call_id(1)]).await.unwrap_err());
    corrupt(store.post(&a, &post_id("p")).await.unwrap_err());
    corrupt(store.posts(&a, &PostFilter::default()).await.unwrap_err());
    corrupt(store.pending(&a).await.unwrap_err());
}

pub async fn tables_are_made_once(store: &Store) {
    let a = org("a");
    store.insert(&call(&a, 1)).await.unwrap();
    create_tables(&store.client, &store.tables).await.unwrap();
    assert_eq!(store.calls(&a, &[call_id(1)]).await.unwrap().len(), 1);
    let request = store.client.describe_time_to_live();
    let answer = request
        .table_name(&store.tables.connections)
        .send()
        .await
        .unwrap();
    let ttl = answer.time_to_live_description.unwrap();
    assert_eq!(ttl.attribute_name.as_deref(), Some("ttl"));
}
