use domain::{
    call::{Call, CallState},
    ports::{connections::ChangeError, ledger::Ledger},
};
use futures::future::join_all;

use super::{Store, make::*};

async fn stored(store: &Store, n: u64) -> Option<Call> {
    let calls = store.calls(&org("a"), &[call_id(n)]).await.unwrap();
    calls.into_iter().next()
}

pub async fn a_call_is_inserted_once(store: &Store) {
    let a = org("a");
    let inserts = (0..10).map(|n| {
        let (dynamo, mut call) = (store.dynamo.clone(), call(&a, 1));
        call.reason = format!("insert {n}");
        tokio::spawn(async move { (dynamo.insert(&call).await.unwrap(), call) })
    });
    let inserts = join_all(inserts).await.into_iter().map(Result::unwrap);
    let won: Vec<_> = inserts
        .filter(|(won, _)| *won)
        .map(|(_, call)| call)
        .collect();
    let [won] = won.try_into().unwrap();
    assert_eq!(stored(store, 1).await, Some(won.clone()));
    assert_eq!(store.insert(&won).await, Ok(false));
}

pub async fn a_call_is_replaced_as_it_was_read(store: &Store) {
    let a = org("a");
    let read = call(&a, 1);
    let next = Call {
        state: CallState::Skipped,
        reason: "private".to_owned(),
        due: None,
        updated: later(5),
        ..read.clone()
    };
    assert_eq!(store.replace(&read, &next).await, Err(ChangeError::Lost));
    assert_eq!(stored(store, 1).await, None);
    store.insert(&read).await.unwrap();
    for other in [
        Call {
            updated: later(1),
            ..read.clone()
        },
        Call {
            state: CallState::Deferred,
            ..read.clone()
        },
        Call {
            generation: 2,
            ..read.clone()
        },
    ] {
        assert_eq!(store.replace(&other, &next).await, Err(ChangeError::Lost));
    }
    assert_eq!(stored(store, 1).await, Some(read.clone()));
    store.replace(&read, &next).await.unwrap();
    assert_eq!(stored(store, 1).await, Some(next.clone()));
    assert_eq!(store.replace(&read, &next).await, Err(ChangeError::Lost));
}

pub async fn one_claim_at_a_time(store: &Store) {
    let read = call(&org("a"), 1);
    store.insert(&read).await.unwrap();
    let claims = (0..20).map(|n| {
        let (dynamo, read) = (store.dynamo.clone(), read.clone());
        tokio::spawn(async move {
            let lease = lease(&format!("w{n}"), later(60));
            let next = read.claim(1, &lease, NOW).unwrap();
            dynamo.replace(&read, &next).await.map(|()| next)
        })
    });
    let claims = join_all(claims).await.into_iter().map(Result::unwrap);
    let (won, lost): (Vec<_>, Vec<_>) = claims.partition(Result::is_ok);
    assert_eq!(lost, vec![Err(ChangeError::Lost); 19]);
    let won: Vec<Call> = won.into_iter().map(Result::unwrap).collect();
    let [won] = won.try_into().unwrap();
    assert_eq!(stored(store, 1).await.as_ref(), Some(&won));

    // Its owner left it: another takes over when the lease has ended.
    let second = won.claim(1, &lease("second", later(120)), later(60));
    let second = second.unwrap();
    store.replace(&won, &second).await.unwrap();
    assert_eq!(stored(store, 1).await, Some(second));
    assert_eq!(
        store.finish(&won, &owner_of(&won)).await,
        Err(ChangeError::Lost)
    );
}

fn owner_of(call: &Call) -> String {
    call.lease.as_ref().unwrap().owner.clone()
}

pub async fn only_the_owner_finishes(store: &Store) {
    let a = org("a");
    let claimed = claimed(store, &a, 1, "w").await;
    let done = Call {
        state: CallState::Discarded,
        reason: "no feedback".to_owned(),
        lease: None,
        due: None,
        updated: later(9),
        ..claimed.clone()
    };
    assert_eq!(
        store.finish(&done, "stranger").await,
        Err(ChangeError::Lost)
    );
    let other = Call {
        generation: 2,
        ..done.clone()
    };
    assert_eq!(store.finish(&other, "w").await, Err(ChangeError::Lost));
    assert_eq!(stored(store, 1).await, Some(claimed));
    store.finish(&done, "w").await.unwrap();
    assert_eq!(stored(store, 1).await, Some(done.clone()));
    assert_eq!(store.finish(&done, "w").await, Err(ChangeError::Lost));
    let missing = Call {
        id: call_id(2),
        ..done
    };
    assert_eq!(store.finish(&missing, "w").await, Err(ChangeError::Lost));
    assert_eq!(stored(store, 2).await, None);
}

pub async fn known_calls_of_many_ids(store: &Store) {
    let a = org("a");
    for n in (0..250).step_by(2) {
        store.insert(&call(&a, n)).await.unwrap();
    }
    let ids: Vec<_> = (0..100).chain(0..10).map(call_id).collect();
    let known = store.calls(&a, &ids).await.unwrap();
    assert_eq!(known.len(), 50);
    assert!(known.iter().all(|call| ids.contains(&call.id)));
    let all: Vec<_> = (0..250).map(call_id).collect();
    assert_eq!(store.calls(&a, &all).await.unwrap().len(), 125);
    assert_eq!(store.calls(&a, &[]).await, Ok(Vec::new()));
    assert_eq!(store.calls(&org("b"), &ids).await, Ok(Vec::new()));
}

pub async fn finished_calls_are_no_longer_due(store: &Store) {
    let a = org("a");
    store
        .insert(&Call {
            due: None,
            ..call(&a, 1)
        })
        .await
        .unwrap();
    let claimed = claimed(store, &a, 2, "w").await;
    assert_eq!(store.due_calls(later(899), 10).await.unwrap(), []);
    let due = store.due_calls(later(900), 10).await.unwrap();
    assert_eq!(due, [(a.clone(), call_id(2))]);
    let deferred = Call {
        state: CallState::Deferred,
        lease: None,
        due: Some(later(1_000)),
        ..claimed
    };
    store.finish(&deferred, "w").await.unwrap();
    assert_eq!(store.due_calls(later(999), 10).await.unwrap(), []);
    assert_eq!(store.due_calls(later(1_000), 10).await.unwrap(), due);
    let failed = Call {
        state: CallState::Failed,
        due: None,
        ..deferred.clone()
    };
    store.replace(&deferred, &failed).await.unwrap();
    assert_eq!(store.due_calls(later(9_999), 10).await.unwrap(), []);
}
