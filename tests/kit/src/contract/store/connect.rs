use domain::{
    connection::{ConnectionStatus, WindowKind, WorkspaceFingerprint},
    ports::{
        StoreError,
        connections::{
            ChangeError, ConnectError, ConnectionDue, ConnectionStore, DueConnectionWork,
            SyncStore, TokenStore,
        },
    },
};

use super::{Store, make::*};

fn users(from: usize, to: usize) -> Vec<WorkspaceFingerprint> {
    (from..to)
        .map(|n| WorkspaceFingerprint::user(&n.to_string()))
        .collect()
}

pub async fn a_connection_is_written_whole(store: &Store) {
    let a = org("a");
    let new = new_connection(
        &a,
        1,
        &[
            WorkspaceFingerprint::workspace("1"),
            WorkspaceFingerprint::slug("us-1.join.gong.io/acme"),
        ],
    );
    assert_eq!(store.connection(&a).await, Ok(None));
    store.connect(&new).await.unwrap();
    assert_eq!(store.connection(&a).await, Ok(Some(new.connection.clone())));
    assert_eq!(store.token(&a).await, Ok(Some(new.token.clone())));
    assert_eq!(store.poll(&a).await, Ok(Some(new.poll.clone())));
    assert_eq!(store.windows(&a).await, Ok(new.windows.clone()));
}

pub async fn two_organizations_at_once_one_wins(store: &Store) {
    for round in 0..10 {
        let [a, b] = ["a", "b"].map(|name| org(&format!("{name}{round}")));
        let both = WorkspaceFingerprint::workspace(&round.to_string());
        let own = |name: &str| WorkspaceFingerprint::user(&format!("{name}{round}"));
        let of_a = new_connection(&a, 1, &[own("a"), both.clone()]);
        let of_b = new_connection(&b, 1, &[both.clone(), own("b")]);
        let (won_a, won_b) = tokio::join!(store.connect(&of_a), store.connect(&of_b));
        assert_ne!(won_a.is_ok(), won_b.is_ok(), "{won_a:?} {won_b:?}");
        let (loser, outcome, free) = if won_a.is_ok() {
            (&b, won_b, own("b"))
        } else {
            (&a, won_a, own("a"))
        };
        assert_eq!(outcome, Err(ConnectError::HeldByOther));
        assert_eq!(store.connection(loser).await, Ok(None));
        assert_eq!(store.token(loser).await, Ok(None));
        assert_eq!(store.poll(loser).await, Ok(None));
        assert_eq!(store.windows(loser).await, Ok(Vec::new()));
        let third = new_connection(&org(&format!("c{round}")), 1, &[free]);
        store.connect(&third).await.unwrap();
    }
}

pub async fn a_connection_that_changed_is_not_overwritten(store: &Store) {
    let a = org("a");
    let first = new_connection(&a, 1, &[WorkspaceFingerprint::workspace("1")]);
    store.connect(&first).await.unwrap();
    let mut again = new_connection(&a, 1, &[WorkspaceFingerprint::workspace("2")]);
    assert_eq!(store.connect(&again).await, Err(ConnectError::Superseded));
    again = new_connection(&a, 3, &[WorkspaceFingerprint::workspace("2")]);
    assert_eq!(store.connect(&again).await, Err(ConnectError::Superseded));
    assert_eq!(store.connection(&a).await, Ok(Some(first.connection)));
    // Nothing of the refused ones is claimed.
    let other = new_connection(&org("b"), 1, &[WorkspaceFingerprint::workspace("2")]);
    store.connect(&other).await.unwrap();
    // What is still held is claimed again without harm.
    let second = new_connection(&a, 2, &[WorkspaceFingerprint::workspace("1")]);
    store.connect(&second).await.unwrap();
    assert_eq!(store.token(&a).await, Ok(Some(second.token)));
}

pub async fn what_is_no_longer_held_is_freed(store: &Store) {
    let [a, b, c] = ["a", "b", "c"].map(org);
    let [w1, w2, w3] = ["1", "2", "3"].map(WorkspaceFingerprint::workspace);
    store
        .connect(&new_connection(&a, 1, &[w1.clone(), w2.clone()]))
        .await
        .unwrap();
    store
        .connect(&new_connection(&b, 1, std::slice::from_ref(&w3)))
        .await
        .unwrap();
    let mut second = new_connection(&a, 2, std::slice::from_ref(&w2));
    // The third is another's by now, and stays with it.
    second.freed = vec![w1.clone(), w2.clone(), w3.clone()];
    store.connect(&second).await.unwrap();
    store.connect(&new_connection(&c, 1, &[w1])).await.unwrap();
    for held in [w2, w3] {
        let new = new_connection(&org("d"), 1, &[held]);
        assert_eq!(store.connect(&new).await, Err(ConnectError::HeldByOther));
    }
}

pub async fn eighty_fingerprints_can_replace_eighty(store: &Store) {
    let a = org("a");
    store
        .connect(&new_connection(&a, 1, &users(0, 80)))
        .await
        .unwrap();
    let mut second = new_connection(&a, 2, &users(100, 180));
    second.freed = users(0, 80);
    store.connect(&second).await.unwrap();
    store
        .connect(&new_connection(&org("b"), 1, &users(0, 80)))
        .await
        .unwrap();
    let window = window(&a, "settle", WindowKind::Reconcile);
    store
        .disconnect(&second.connection, later(1), &window)
        .await
        .unwrap();
    store
        .connect(&new_connection(&org("c"), 1, &users(100, 180)))
        .await
        .unwrap();
}

pub async fn more_than_eighty_fingerprints_are_refused(store: &Store) {
    let new = new_connection(&org("a"), 1, &users(0, 81));
    let refused = store.connect(&new).await;
    assert!(matches!(
        refused,
        Err(ConnectError::Store(StoreError::Refused(_)))
    ));
    assert_eq!(store.connection(&org("a")).await, Ok(None));
}

pub async fn disconnect_frees_and_reconciles(store: &Store) {
    let [a, b] = ["a", "b"].map(org);
    let fingerprint = WorkspaceFingerprint::workspace("1");
    let mut new = new_connection(&a, 1, std::slice::from_ref(&fingerprint));
    new.windows.clear();
    store.connect(&new).await.unwrap();
    store
        .require_reconnect(&a, 1, "Gong refused")
        .await
        .unwrap();
    let settle = window(&a, "settle", WindowKind::Reconcile);
    store
        .disconnect(&new.connection, later(60), &settle)
        .await
        .unwrap();
    let closed = store.connection(&a).await.unwrap().unwrap();
    assert_eq!(closed.status, ConnectionStatus::Disconnected);
    assert_eq!(closed.disconnected_at, Some(later(60)));
    assert_eq!(closed.last_error, None);
    assert_eq!(closed.fingerprints, new.connection.fingerprints);
    assert_eq!(store.poll(&a).await, Ok(None));
    let token = store.token(&a).await.unwrap().unwrap();
    assert!(token.revoked);
    assert_eq!(token.due, Some(later(60)));
    assert_eq!(store.windows(&a).await, Ok(vec![settle.clone()]));
    let due = store.due_connection_work(later(60), 10).await.unwrap();
    assert_eq!(
        due,
        [
            DueConnectionWork::Window(a.clone(), settle.id),
            DueConnectionWork::Token(a.clone())
        ]
    );
    store
        .connect(&new_connection(&b, 1, std::slice::from_ref(&fingerprint)))
        .await
        .unwrap();
    // A later connect of the organization goes on from the generation that was.
    let mut again = new_connection(&a, 2, &[WorkspaceFingerprint::workspace("2")]);
    again.freed = vec![fingerprint.clone()];
    store.connect(&again).await.unwrap();
    let third = new_connection(&org("c"), 1, &[fingerprint]);
    assert_eq!(store.connect(&third).await, Err(ConnectError::HeldByOther));
}

pub async fn disconnect_is_for_its_generation_once(store: &Store) {
    let a = org("a");
    let fingerprint = [WorkspaceFingerprint::workspace("1")];
    let first = new_connection(&a, 1, &fingerprint);
    let settle = window(&a, "settle", WindowKind::Reconcile);
    let lost = store.disconnect(&first.connection, NOW, &settle).await;
    assert_eq!(lost, Err(ChangeError::Lost));
    store.connect(&first).await.unwrap();
    let second = new_connection(&a, 2, &fingerprint);
    store.connect(&second).await.unwrap();
    let lost = store.disconnect(&first.connection, NOW, &settle).await;
    assert_eq!(lost, Err(ChangeError::Lost));
    assert_eq!(
        store.connection(&a).await,
        Ok(Some(second.connection.clone()))
    );
    assert_eq!(store.poll(&a).await, Ok(Some(second.poll.clone())));
    store
        .disconnect(&second.connection, NOW, &settle)
        .await
        .unwrap();
    // The secret is gone and TOKEN with it; a second disconnect changes nothing.
    store.forget_token(&a, 2).await.unwrap();
    let lost = store.disconnect(&second.connection, NOW, &settle).await;
    assert_eq!(lost, Err(ChangeError::Lost));
    assert_eq!(store.token(&a).await, Ok(None));
}
