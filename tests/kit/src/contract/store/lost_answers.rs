//! The database did what it was asked, but the answer was lost, and the SDK asks again.

use std::{
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};

use adapters::dynamodb::Dynamo;
use aws_sdk_dynamodb::{
    Client,
    config::{
        ConfigBag, Intercept, RuntimeComponents,
        interceptors::BeforeDeserializationInterceptorContextMut, retry::RetryConfig,
    },
    error::BoxError,
};
use domain::{
    call::{Call, CallState},
    connection::{Poll, Token, WindowKind, WorkspaceFingerprint},
    feedback::{Activity, Product},
    ports::{
        connections::{ConnectionStore, SyncStore, TokenStore},
        feedback::{DedupeStore, FeedbackStore},
        ledger::Ledger,
    },
};

use super::{Store, make::*};

/// Turns every other answer into an error of the server.
#[derive(Debug, Default)]
struct LoseAnswers(AtomicUsize);

impl Intercept for LoseAnswers {
    fn name(&self) -> &'static str {
        "lose answers"
    }

    fn modify_before_deserialization(
        &self,
        context: &mut BeforeDeserializationInterceptorContextMut<'_>,
        _components: &RuntimeComponents,
        _config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        if self.0.fetch_add(1, Ordering::SeqCst).is_multiple_of(2) {
            *context.response_mut().status_mut() = 500.try_into()?;
        }
        Ok(())
    }
}

fn losing(store: &Store) -> Dynamo {
    let retry = RetryConfig::standard().with_initial_backoff(Duration::from_millis(1));
    let config = store.client.config().to_builder();
    let config = config
        .retry_config(retry)
        .interceptor(LoseAnswers::default());
    Dynamo::new(Client::from_conf(config.build()), store.tables.clone())
}

pub async fn single_writes_survive(store: &Store) {
    let a = org("a");
    let new = new_connection(&a, 1, &[WorkspaceFingerprint::workspace("1")]);
    store.connect(&new).await.unwrap();
    let dynamo = losing(store);

    assert_eq!(dynamo.insert(&call(&a, 1)).await, Ok(true));
    assert_eq!(dynamo.insert(&call(&a, 1)).await, Ok(false));
    let claimed = claim(&dynamo, &call(&a, 1), "w").await;
    let deferred = Call {
        state: CallState::Deferred,
        lease: None,
        ..claimed
    };
    dynamo.finish(&deferred, "w").await.unwrap();
    let queued = Call {
        state: CallState::Queued,
        ..deferred.clone()
    };
    dynamo.replace(&deferred, &queued).await.unwrap();

    dynamo
        .lease_token(&new.token, &lease("w", later(60)), NOW)
        .await
        .unwrap();
    let next = Token {
        version: 2,
        ..new.token.clone()
    };
    dynamo.advance_token(&next, 1).await.unwrap();
    dynamo.revoke_token(&a, 1, 2).await.unwrap();

    let id = window_id("first-1");
    let read = dynamo.window(&a, &id).await.unwrap().unwrap();
    dynamo.move_window_due(&read, later(9)).await.unwrap();
    let window = dynamo
        .lease_window(&a, &id, &lease("w", later(60)), NOW)
        .await
        .unwrap();
    dynamo.save_window(&window, "w").await.unwrap();
    ConnectionStore::reserve(&dynamo, &a, &WorkspaceFingerprint::workspace("2"))
        .await
        .unwrap();
    dynamo.require_reconnect(&a, 1, "why").await.unwrap();
    dynamo.clear_reconnect(&a, 1).await.unwrap();
    dynamo
        .listing_done(&a, 1, later(5), later(6), true)
        .await
        .unwrap();
    let poll = dynamo.poll(&a).await.unwrap().unwrap();
    assert_eq!(
        (poll.high_water, poll.last_success),
        (later(5), Some(later(6)))
    );
}

pub async fn transactions_survive(store: &Store) {
    let a = org("a");
    let dynamo = losing(store);
    let new = new_connection(&a, 1, &[WorkspaceFingerprint::workspace("1")]);
    dynamo.connect(&new).await.unwrap();
    let next = Poll {
        due: Some(later(99_999)),
        ..new.poll.clone()
    };
    let window = |id: &str, kind| window(&a, id, kind);
    dynamo
        .start_poll(&new.poll, &next, &window("poll", WindowKind::Poll))
        .await
        .unwrap();

    let first = post(&a, "first");
    assert_eq!(dynamo.create_post(&first, &vector(&first)).await, Ok(true));
    assert_eq!(dynamo.epoch(&a).await, Ok(1));
    let claimed = claimed(store, &a, 1, "w").await;
    let commit = commit(&claimed, "w", 1, "p");
    dynamo.commit(&commit).await.unwrap();
    assert_eq!(dynamo.epoch(&a).await, Ok(2));
    dynamo.replace_vector(&vector(&first), 1).await.unwrap();
    assert_eq!(
        dynamo.post(&a, &first.id).await.unwrap().unwrap().revision,
        2
    );
    let product = Product {
        version: 1,
        ..Product::default()
    };
    let entry = Activity {
        org_id: a.clone(),
        id: "1".to_owned(),
        at: NOW,
        by: user("ada"),
        posts: Vec::new(),
        did: "did".to_owned(),
    };
    dynamo.put_product(&product, &entry).await.unwrap();
    let settle = window("settle", WindowKind::Reconcile);
    dynamo
        .disconnect(&new.connection, NOW, &settle)
        .await
        .unwrap();
    assert_eq!(dynamo.poll(&a).await, Ok(None));
}
