use domain::{
    ids::OrgId,
    moment::Timestamp,
    ports::{
        connections::{ConnectionDue, ConnectionStore, DueConnectionWork},
        feedback::DedupeStore,
        ledger::Ledger,
    },
};

use super::{Store, make::*};

async fn connect(store: &Store, org: &OrgId, poll: Option<Timestamp>, token: Option<Timestamp>) {
    let mut new = new_connection(org, 1, &[]);
    (new.poll.due, new.token.due) = (poll, token);
    new.windows.clear();
    store.connect(&new).await.unwrap();
}

pub async fn only_what_is_due_is_named(store: &Store) {
    let [a, b, c] = ["a", "b", "c"].map(org);
    connect(store, &a, Some(NOW), Some(later(1))).await;
    connect(store, &b, Some(later(1)), None).await;
    connect(store, &c, None, Some(NOW)).await;
    let mut due = store.due_connection_work(NOW, 100).await.unwrap();
    due.sort_by_key(|work| format!("{work:?}"));
    assert_eq!(
        due,
        [DueConnectionWork::Poll(a), DueConnectionWork::Token(c)]
    );
    assert_eq!(
        store
            .due_connection_work(later(1), 100)
            .await
            .unwrap()
            .len(),
        4
    );
    assert_eq!(store.due_connection_work(later(-1), 100).await.unwrap(), []);
    assert_eq!(store.due_connection_work(NOW, 0).await.unwrap(), []);
    assert_eq!(store.due_calls(later(999), 100).await.unwrap(), []);
    assert_eq!(store.due_pending(later(999), 100).await.unwrap(), []);
}

pub async fn the_oldest_come_first(store: &Store) {
    let orgs: Vec<_> = (0..40).map(|n| org(&format!("org-{n:02}"))).collect();
    for (n, org) in (0..).zip(&orgs) {
        connect(store, org, Some(later(n)), None).await;
    }
    let due = store.due_connection_work(later(100), 15).await.unwrap();
    let first: Vec<_> = orgs[..15]
        .iter()
        .cloned()
        .map(DueConnectionWork::Poll)
        .collect();
    assert_eq!(due, first);
    assert_eq!(
        store
            .due_connection_work(later(100), 1_000)
            .await
            .unwrap()
            .len(),
        40
    );
}
