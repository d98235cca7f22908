//! The secret store's contract on Secrets Manager's API.

use aws::secrets::SecretsManager;
use domain::ports::secrets::{SecretError, SecretStore};
use kit::contract::secret_store;
use uuid::Uuid;

use crate::services::servers::{Local, at};

fn store(local: &Local) -> SecretsManager {
    SecretsManager::new(local.aws.secrets_manager(), "stack/".into(), None)
}

/// On moto; ministack forgets versions that are neither the current nor the previous one by name.
#[tokio::test]
async fn moto_keeps_the_contract() {
    secret_store::all(&store(&Local::moto())).await;
}

#[tokio::test]
async fn secrets_lie_under_the_stacks_prefix() {
    let local = Local::ministack();
    store(&local)
        .put("productbridge/gong/acme/1", Uuid::new_v4(), b"sealed")
        .await
        .unwrap();
    let request = local.aws.secrets_manager().get_secret_value();
    let found = request
        .secret_id("stack/productbridge/gong/acme/1")
        .send()
        .await
        .unwrap();
    assert_eq!(found.secret_binary.unwrap().as_ref(), b"sealed");
}

/// A worker that renews while another one does must not make a second secret of the name.
#[tokio::test]
async fn first_puts_at_the_same_time_make_one_secret() {
    let local = Local::ministack();
    let store = store(&local);
    let tokens: Vec<Uuid> = (0..8).map(|_| Uuid::new_v4()).collect();
    let puts = tokens
        .iter()
        .map(|token| store.put("one", *token, token.as_bytes()));
    for put in futures::future::join_all(puts).await {
        put.unwrap();
    }
    for token in tokens {
        // Secrets Manager keeps the current version and the one before it for sure.
        match store.version("one", token).await {
            Ok(bytes) => assert_eq!(bytes, token.as_bytes()),
            Err(error) => assert_eq!(error, SecretError::NotFound),
        }
    }
}

#[tokio::test]
async fn a_store_that_is_away_is_told_without_what_was_to_be_stored() {
    let nowhere = at(&format!("http://127.0.0.1:{}", test_tools::free_port()));
    let store = SecretsManager::new(nowhere.secrets_manager(), "stack/".into(), None);
    let error = store
        .put("name", Uuid::new_v4(), b"hush-hush")
        .await
        .unwrap_err();
    assert!(matches!(error, SecretError::Unavailable(_)), "{error:?}");
    assert!(!format!("{error} {error:?}").contains("hush"), "{error:?}");
}
