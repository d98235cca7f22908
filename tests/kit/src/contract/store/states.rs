use std::sync::Arc;

use domain::ports::connections::{ConnectionStore, TakeStateError};
use futures::future::join_all;

use super::{Store, make::*};

pub async fn a_state_is_taken_once_by_many_at_once(store: &Store) {
    let state = state(&org("a"));
    store.put_state("hash", &state).await.unwrap();
    let dynamo = Arc::new(store.dynamo.clone());
    let takers = (0..20).map(|_| {
        let dynamo = Arc::clone(&dynamo);
        tokio::spawn(async move { dynamo.take_state("hash", "browser", NOW).await })
    });
    let taken: Vec<_> = join_all(takers)
        .await
        .into_iter()
        .map(Result::unwrap)
        .collect();
    let won: Vec<_> = taken.iter().filter_map(|t| t.as_ref().ok()).collect();
    assert_eq!(won, [&state]);
    let lost = taken.iter().filter(|t| **t == Err(TakeStateError::Unknown));
    assert_eq!(lost.count(), 19);
}

pub async fn a_state_is_for_its_browser_alone(store: &Store) {
    let state = state(&org("a"));
    store.put_state("hash", &state).await.unwrap();
    for (hash, browser) in [("hash", "another"), ("other", "browser")] {
        let taken = store.take_state(hash, browser, NOW).await;
        assert_eq!(taken, Err(TakeStateError::Unknown));
    }
    assert_eq!(store.take_state("hash", "browser", NOW).await, Ok(state));
}

pub async fn an_expired_state_is_used_up(store: &Store) {
    let state = state(&org("a"));
    store.put_state("hash", &state).await.unwrap();
    let taken = store.take_state("hash", "browser", state.expires_at).await;
    assert_eq!(taken, Err(TakeStateError::Expired));
    let again = store.take_state("hash", "browser", NOW).await;
    assert_eq!(again, Err(TakeStateError::Unknown));
}
