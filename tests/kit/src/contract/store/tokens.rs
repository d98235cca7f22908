use domain::{
    connection::Token,
    ports::connections::{
        ChangeError, ConnectionDue, ConnectionStore, DueConnectionWork, SyncStore, TokenStore,
    },
};
use futures::future::join_all;
use uuid::Uuid;

use super::{Store, make::*};

async fn connected(store: &Store) -> Token {
    let new = new_connection(&org("a"), 1, &[]);
    store.connect(&new).await.unwrap();
    new.token
}

pub async fn one_lease_at_a_time(store: &Store) {
    let a = org("a");
    let token = connected(store).await;
    let takers = (0..20).map(|n| {
        let (dynamo, token) = (store.dynamo.clone(), token.clone());
        tokio::spawn(async move {
            let lease = lease(&format!("w{n}"), later(60));
            dynamo.lease_token(&token, &lease, NOW).await
        })
    });
    let taken = join_all(takers).await;
    let won = taken.iter().filter(|t| matches!(t, Ok(Ok(()))));
    assert_eq!(won.count(), 1);
    let held = store.token(&a).await.unwrap().unwrap();
    assert_eq!((held.version, held.due), (token.version, token.due));
    let owner = held.lease.unwrap().owner;

    // A lease that has ended does not stand in the way.
    let late = lease("late", later(200));
    assert_eq!(
        store.lease_token(&token, &late, later(59)).await,
        Err(ChangeError::Lost)
    );
    store.lease_token(&token, &late, later(60)).await.unwrap();
    // The earlier owner gives back what is no longer its own.
    store.release_token(&a, &owner, None).await.unwrap();
    assert_eq!(store.token(&a).await.unwrap().unwrap().lease, Some(late));
    store.release_token(&a, "late", None).await.unwrap();
    assert_eq!(store.token(&a).await.unwrap().unwrap().lease, None);

    // Another version, another generation, no token at all.
    for other in [
        Token {
            version: 2,
            ..token.clone()
        },
        Token {
            generation: 2,
            ..token.clone()
        },
        Token {
            org_id: org("b"),
            ..token.clone()
        },
    ] {
        let lost = store.lease_token(&other, &lease("w", later(60)), NOW).await;
        assert_eq!(lost, Err(ChangeError::Lost));
    }
    store.release_token(&org("b"), "w", None).await.unwrap();
    assert_eq!(store.token(&org("b")).await, Ok(None));
}

pub async fn a_token_moves_on_from_its_version(store: &Store) {
    let a = org("a");
    let token = connected(store).await;
    store
        .lease_token(&token, &lease("w", later(60)), NOW)
        .await
        .unwrap();
    let next = Token {
        version: 2,
        expires_at: later(7_200),
        due: Some(later(6_900)),
        ..token.clone()
    };
    assert_eq!(store.advance_token(&next, 2).await, Err(ChangeError::Lost));
    let foreign = Token {
        generation: 2,
        ..next.clone()
    };
    assert_eq!(
        store.advance_token(&foreign, 1).await,
        Err(ChangeError::Lost)
    );
    store.advance_token(&next, 1).await.unwrap();
    assert_eq!(store.token(&a).await, Ok(Some(next.clone())));
    assert_eq!(store.advance_token(&next, 1).await, Err(ChangeError::Lost));
    assert_eq!(
        store.due_connection_work(later(6_899), 9).await.unwrap(),
        [DueConnectionWork::Window(a, window_id("first-1"))]
    );
}

pub async fn a_refused_version_is_no_longer_due(store: &Store) {
    let a = org("a");
    let token = connected(store).await;
    for (generation, version) in [(1, 2), (2, 1)] {
        let lost = store.revoke_token(&a, generation, version).await;
        assert_eq!(lost, Err(ChangeError::Lost));
    }
    store.revoke_token(&a, 1, 1).await.unwrap();
    let revoked = store.token(&a).await.unwrap().unwrap();
    assert_eq!(
        revoked,
        Token {
            revoked: true,
            due: None,
            ..token.clone()
        }
    );
    let due = store.due_connection_work(later(9_000), 9).await.unwrap();
    assert!(!due.contains(&DueConnectionWork::Token(a.clone())));
    // A later successful store clears it.
    let next = Token {
        version: 2,
        ..token
    };
    store.advance_token(&next, 1).await.unwrap();
    assert_eq!(store.token(&a).await, Ok(Some(next)));
}

pub async fn a_token_is_forgotten_by_generation(store: &Store) {
    let a = org("a");
    let token = connected(store).await;
    store.forget_token(&a, 2).await.unwrap();
    assert_eq!(store.token(&a).await, Ok(Some(token)));
    store.forget_token(&a, 1).await.unwrap();
    store.forget_token(&a, 1).await.unwrap();
    assert_eq!(store.token(&a).await, Ok(None));
}

pub async fn a_lease_can_be_held_for_a_while(store: &Store) {
    let a = org("a");
    let token = connected(store).await;
    let held = lease("w", later(600));
    store.lease_token(&token, &held, NOW).await.unwrap();
    let from = Some(later(30));
    store.release_token(&a, "somebody", from).await.unwrap();
    store.release_token(&a, "w", from).await.unwrap();
    let next = lease("next", later(900));
    let early = store.lease_token(&token, &next, later(29)).await;
    assert_eq!(early, Err(ChangeError::Lost));
    store.lease_token(&token, &next, later(30)).await.unwrap();
}

pub async fn a_noted_secret_is_due_until_it_is_forgotten(store: &Store) {
    let (a, one, two) = (org("a"), Uuid::from_u128(1), Uuid::from_u128(2));
    store.note_secret(&a, one, later(60)).await.unwrap();
    let due = |at| store.due_connection_work(at, 9);
    assert_eq!(due(later(59)).await.unwrap(), []);
    let noted = DueConnectionWork::Secret(a.clone(), one);
    assert_eq!(due(later(60)).await.unwrap(), [noted]);
    store.forget_secret(&a, two).await.unwrap();
    store.forget_secret(&a, one).await.unwrap();
    store.forget_secret(&a, one).await.unwrap();
    assert_eq!(due(later(9_999)).await.unwrap(), []);

    // A connect notes the secret that it replaces.
    let mut new = new_connection(&a, 1, &[]);
    new.outdated_secret = Some(two);
    store.connect(&new).await.unwrap();
    let noted = DueConnectionWork::Secret(a, two);
    assert!(due(later(0)).await.unwrap().contains(&noted));
}

pub async fn what_cannot_be_handled_waits(store: &Store) {
    let a = org("a");
    connected(store).await;
    let token = DueConnectionWork::Token(a.clone());
    store.postpone(&token, later(9_000)).await.unwrap();
    let due = store.due_connection_work(later(8_999), 9).await.unwrap();
    assert!(!due.contains(&token), "{due:?}");
    let due = store.due_connection_work(later(9_000), 9).await.unwrap();
    assert!(due.contains(&token), "{due:?}");
    // What is no longer due stays so.
    store.revoke_token(&a, 1, 1).await.unwrap();
    store.postpone(&token, later(1)).await.unwrap();
    let due = store.due_connection_work(later(9_999), 9).await.unwrap();
    assert!(!due.contains(&token), "{due:?}");
    let nobody = DueConnectionWork::Poll(org("b"));
    store.postpone(&nobody, later(1)).await.unwrap();
    assert_eq!(store.poll(&org("b")).await, Ok(None));
}
