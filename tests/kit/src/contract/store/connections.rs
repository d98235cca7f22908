use aws_sdk_dynamodb::types::AttributeValue;
use domain::{
    connection::{ConnectionStatus, WindowKind, WorkspaceFingerprint},
    gong::shapes::DirectoryUser,
    ports::connections::{ConnectError, ConnectionStore},
};

use super::{Store, make::*};

pub async fn one_reservation_more_is_listed_and_freed(store: &Store) {
    let [a, b] = ["a", "b"].map(org);
    let [first, more] = ["1", "2"].map(WorkspaceFingerprint::workspace);
    store
        .connect(&new_connection(&a, 1, std::slice::from_ref(&first)))
        .await
        .unwrap();
    for _ in 0..2 {
        ConnectionStore::reserve(&store.dynamo, &a, &more)
            .await
            .unwrap();
    }
    let connection = store.connection(&a).await.unwrap().unwrap();
    assert!(connection.fingerprints.iter().eq([&first, &more]));
    let other = new_connection(&b, 1, std::slice::from_ref(&more));
    assert_eq!(store.connect(&other).await, Err(ConnectError::HeldByOther));
    // The connection as it was read before the reservation is good enough to disconnect.
    let read_before = connection_of(&a, &first);
    let settle = window(&a, "settle", WindowKind::Reconcile);
    store.disconnect(&read_before, NOW, &settle).await.unwrap();
    store.connect(&other).await.unwrap();
}

fn connection_of(
    org: &domain::ids::OrgId,
    fingerprint: &WorkspaceFingerprint,
) -> domain::connection::Connection {
    connection(org, 1, std::slice::from_ref(fingerprint))
}

/// As a crash leaves it: noted and reserved, not yet listed.
async fn break_off_a_reservation(store: &Store, fingerprint: &WorkspaceFingerprint) {
    let text = |text: &str| AttributeValue::S(text.to_owned());
    let table = &store.tables.connections;
    let note = store.client.update_item().table_name(table);
    note.key("pk", text("ORG#a"))
        .key("sk", text("CONNECTION"))
        .update_expression("ADD claiming :set")
        .expression_attribute_values(":set", AttributeValue::Ss(vec![fingerprint.to_string()]))
        .send()
        .await
        .unwrap();
    let claim = store.client.put_item().table_name(table);
    claim
        .item("pk", text(&format!("WORKSPACE#{fingerprint}")))
        .item("sk", text("CLAIM"))
        .item("org_id", text("a"))
        .send()
        .await
        .unwrap();
}

pub async fn a_reservation_that_broke_off_is_freed(store: &Store) {
    let a = org("a");
    let [first, second, third] = ["1", "2", "3"].map(WorkspaceFingerprint::workspace);
    store
        .connect(&new_connection(&a, 1, std::slice::from_ref(&first)))
        .await
        .unwrap();
    break_off_a_reservation(store, &second).await;
    let again = new_connection(&a, 2, std::slice::from_ref(&first));
    store.connect(&again).await.unwrap();
    store
        .connect(&new_connection(&org("b"), 1, &[second]))
        .await
        .unwrap();
    break_off_a_reservation(store, &third).await;
    let settle = window(&a, "settle", WindowKind::Reconcile);
    store
        .disconnect(&again.connection, NOW, &settle)
        .await
        .unwrap();
    store
        .connect(&new_connection(&org("c"), 1, &[third]))
        .await
        .unwrap();
}

pub async fn a_foreign_reservation_is_told(store: &Store) {
    let [a, b] = ["a", "b"].map(org);
    let [first, foreign] = ["1", "2"].map(WorkspaceFingerprint::workspace);
    store
        .connect(&new_connection(&a, 1, std::slice::from_ref(&first)))
        .await
        .unwrap();
    store
        .connect(&new_connection(&b, 1, std::slice::from_ref(&foreign)))
        .await
        .unwrap();
    let told = ConnectionStore::reserve(&store.dynamo, &a, &foreign).await;
    assert_eq!(told, Err(ConnectError::HeldByOther));
    let connection = store.connection(&a).await.unwrap().unwrap();
    assert!(connection.fingerprints.iter().eq([&first]));
    let settle = window(&a, "settle", WindowKind::Reconcile);
    store.disconnect(&connection, NOW, &settle).await.unwrap();
    let third = new_connection(&org("c"), 1, &[foreign]);
    assert_eq!(store.connect(&third).await, Err(ConnectError::HeldByOther));
}

pub async fn a_reservation_needs_a_connection(store: &Store) {
    let a = org("a");
    let [first, more] = ["1", "2"].map(WorkspaceFingerprint::workspace);
    let claim = || ConnectionStore::reserve(&store.dynamo, &a, &more);
    assert_eq!(claim().await, Err(ConnectError::Superseded));
    let new = new_connection(&a, 1, &[first]);
    store.connect(&new).await.unwrap();
    let settle = window(&a, "settle", WindowKind::Reconcile);
    store
        .disconnect(&new.connection, NOW, &settle)
        .await
        .unwrap();
    assert_eq!(claim().await, Err(ConnectError::Superseded));
    store
        .connect(&new_connection(&org("b"), 1, &[more]))
        .await
        .unwrap();
}

pub async fn a_full_connection_only_looks(store: &Store) {
    let [a, b] = ["a", "b"].map(org);
    let eighty: Vec<_> = (0..80)
        .map(|n| WorkspaceFingerprint::user(&n.to_string()))
        .collect();
    let [foreign, free] = ["1", "2"].map(WorkspaceFingerprint::workspace);
    store
        .connect(&new_connection(&a, 1, &eighty))
        .await
        .unwrap();
    store
        .connect(&new_connection(&b, 1, std::slice::from_ref(&foreign)))
        .await
        .unwrap();
    let told = ConnectionStore::reserve(&store.dynamo, &a, &foreign).await;
    assert_eq!(told, Err(ConnectError::HeldByOther));
    ConnectionStore::reserve(&store.dynamo, &a, &free)
        .await
        .unwrap();
    ConnectionStore::reserve(&store.dynamo, &a, &eighty[0])
        .await
        .unwrap();
    let connection = store.connection(&a).await.unwrap().unwrap();
    assert_eq!(connection.fingerprints.len(), 80);
}

pub async fn reconnect_is_required_and_cleared_by_generation(store: &Store) {
    use ConnectionStatus::{Connected, Disconnected, ReconnectRequired};

    let a = org("a");
    let status = async || {
        let connection = store.connection(&a).await.unwrap().unwrap();
        (connection.status, connection.last_error)
    };
    // Nothing is made where there is no connection.
    store.require_reconnect(&a, 1, "why").await.unwrap();
    store.clear_reconnect(&a, 1).await.unwrap();
    assert_eq!(store.connection(&a).await, Ok(None));

    let new = new_connection(&a, 1, &[]);
    store.connect(&new).await.unwrap();
    store.require_reconnect(&a, 2, "why").await.unwrap();
    assert_eq!(status().await, (Connected, None));
    store.require_reconnect(&a, 1, "why").await.unwrap();
    let why = Some("why".to_owned());
    assert_eq!(status().await, (ReconnectRequired, why.clone()));
    // The first explanation stays.
    store.require_reconnect(&a, 1, "another").await.unwrap();
    store.clear_reconnect(&a, 2).await.unwrap();
    assert_eq!(status().await, (ReconnectRequired, why));
    store.clear_reconnect(&a, 1).await.unwrap();
    assert_eq!(status().await, (Connected, None));
    let settle = window(&a, "settle", WindowKind::Reconcile);
    store
        .disconnect(&new.connection, NOW, &settle)
        .await
        .unwrap();
    store.clear_reconnect(&a, 1).await.unwrap();
    store.require_reconnect(&a, 1, "why").await.unwrap();
    assert_eq!(status().await, (Disconnected, None));
}

fn users(n: usize) -> Vec<DirectoryUser> {
    (0..n)
        .map(|n| DirectoryUser {
            id: format!("{}", 6_000_000_000_000_000_000_u64 + n as u64),
            emails: (0..n % 4)
                .map(|alias| {
                    format!("person.number.{n}.alias.{alias}@departments.fernhill.example")
                })
                .collect(),
        })
        .collect()
}

pub async fn three_thousand_users_come_back(store: &Store) {
    let a = org("a");
    assert_eq!(store.directory(&a).await, Ok(None));
    for (at, n) in [
        (NOW, 3_000),
        (later(60), 6_000),
        (later(120), 7),
        (later(180), 0),
    ] {
        let users = users(n);
        store.put_directory(&a, at, &users).await.unwrap();
        assert_eq!(store.directory(&a).await, Ok(Some((at, users))));
    }
    assert_eq!(store.directory(&org("a2")).await, Ok(None));
}

pub async fn a_broken_directory_reads_as_none(store: &Store) {
    let a = org("a");
    store.put_directory(&a, NOW, &users(6_000)).await.unwrap();
    // Another reading's last page was written, and then its writer stopped.
    let request = store
        .client
        .update_item()
        .table_name(&store.tables.connections);
    request
        .key("pk", AttributeValue::S("ORG#a".to_owned()))
        .key("sk", AttributeValue::S("DIRECTORY#0001".to_owned()))
        .update_expression("SET read_at = :at")
        .expression_attribute_values(":at", AttributeValue::N(later(60).0.to_string()))
        .send()
        .await
        .unwrap();
    assert_eq!(store.directory(&a).await, Ok(None));
}
