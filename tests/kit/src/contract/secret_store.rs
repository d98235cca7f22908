//! What every [`SecretStore`] must do. A store's own test calls [`all`]; names and tokens are new
//! ones each time, so a store that others use too will do.

use domain::ports::secrets::{SecretError, SecretStore};
use uuid::Uuid;

pub async fn all(store: &dyn SecretStore) {
    nothing_there(store).await;
    versions_by_token(store).await;
    the_same_again(store).await;
    other_content(store).await;
    any_name_and_any_bytes(store).await;
    names_apart(store).await;
    deletion(store).await;
    renewal(store).await;
}

fn name() -> String {
    format!("contract/{}", Uuid::new_v4())
}

/// A secret that was never stored is not found.
pub async fn nothing_there(store: &dyn SecretStore) {
    let (name, version) = (name(), Uuid::new_v4());
    assert_eq!(store.current(&name).await, Err(SecretError::NotFound));
    assert_eq!(
        store.version(&name, version).await,
        Err(SecretError::NotFound)
    );
}

/// The latest version is the current one, and an earlier one is there by its token.
pub async fn versions_by_token(store: &dyn SecretStore) {
    let (name, first, second) = (name(), Uuid::new_v4(), Uuid::new_v4());
    store.put(&name, first, b"one").await.unwrap();
    assert_eq!(store.current(&name).await.unwrap(), b"one");
    store.put(&name, second, b"two").await.unwrap();
    assert_eq!(store.current(&name).await.unwrap(), b"two");
    assert_eq!(store.version(&name, first).await.unwrap(), b"one");
    assert_eq!(store.version(&name, second).await.unwrap(), b"two");
    assert_eq!(
        store.version(&name, Uuid::new_v4()).await,
        Err(SecretError::NotFound)
    );
}

/// The same token with the same bytes changes nothing, also when a later version is there.
pub async fn the_same_again(store: &dyn SecretStore) {
    let (name, first, second) = (name(), Uuid::new_v4(), Uuid::new_v4());
    store.put(&name, first, b"one").await.unwrap();
    store.put(&name, first, b"one").await.unwrap();
    store.put(&name, second, b"two").await.unwrap();
    store.put(&name, first, b"one").await.unwrap();
    assert_eq!(store.current(&name).await.unwrap(), b"two");
}

/// The same token with other bytes is refused, and the stored bytes stay.
pub async fn other_content(store: &dyn SecretStore) {
    let (name, version) = (name(), Uuid::new_v4());
    store.put(&name, version, b"one").await.unwrap();
    assert_eq!(
        store.put(&name, version, b"other").await,
        Err(SecretError::OtherContent)
    );
    assert_eq!(store.current(&name).await.unwrap(), b"one");
}

/// Names with slashes and bytes that are no text come back unchanged.
pub async fn any_name_and_any_bytes(store: &dyn SecretStore) {
    let name = format!("{}/a_b.c-d/{}", name(), "x".repeat(60));
    let bytes: Vec<u8> = (0..=255).cycle().take(10_000).collect();
    store.put(&name, Uuid::new_v4(), &bytes).await.unwrap();
    assert_eq!(store.current(&name).await.unwrap(), bytes);
    store.delete(&name).await.unwrap();
}

/// A token is a secret's own: another secret may have the same one.
pub async fn names_apart(store: &dyn SecretStore) {
    let (left, right, version) = (name(), name(), Uuid::new_v4());
    store.put(&left, version, b"left").await.unwrap();
    store.put(&right, version, b"right").await.unwrap();
    store.delete(&left).await.unwrap();
    assert_eq!(store.version(&right, version).await.unwrap(), b"right");
}

/// A deleted secret is gone at once with all its versions; deleting it again is a success.
pub async fn deletion(store: &dyn SecretStore) {
    let (name, version) = (name(), Uuid::new_v4());
    store.put(&name, version, b"one").await.unwrap();
    store.delete(&name).await.unwrap();
    assert_eq!(store.current(&name).await, Err(SecretError::NotFound));
    assert_eq!(
        store.version(&name, version).await,
        Err(SecretError::NotFound)
    );
    store.delete(&name).await.unwrap();
}

/// A renewal adds a version to a secret that is there, and does not make a deleted one anew.
pub async fn renewal(store: &dyn SecretStore) {
    let (name, first, second) = (name(), Uuid::new_v4(), Uuid::new_v4());
    let renewed = store.renew(&name, first, b"one").await;
    assert_eq!(renewed, Err(SecretError::NotFound));
    assert_eq!(store.current(&name).await, Err(SecretError::NotFound));
    store.put(&name, first, b"one").await.unwrap();
    store.renew(&name, second, b"two").await.unwrap();
    store.renew(&name, second, b"two").await.unwrap();
    let renewed = store.renew(&name, second, b"other").await;
    assert_eq!(renewed, Err(SecretError::OtherContent));
    assert_eq!(store.current(&name).await.unwrap(), b"two");
    store.delete(&name).await.unwrap();
    let renewed = store.renew(&name, Uuid::new_v4(), b"three").await;
    assert_eq!(renewed, Err(SecretError::NotFound));
    assert_eq!(store.current(&name).await, Err(SecretError::NotFound));
}
