//! The keys as a function holds them: fetched when needed, again after a while.

use aws::{
    keyring::KmsKeyring,
    wrapped_keys::{KEPT, Purpose, WrappedKeys},
};
use domain::{
    moment::Span,
    ports::{secrets::Keyring, system::Clock},
};

use crate::services::servers::{Local, at, test_clock};

#[tokio::test]
async fn keys_are_kept_a_quarter_of_an_hour_and_a_new_one_is_taken_over_then() {
    let local = Local::moto();
    let made = local.aws.kms().create_key().send().await.unwrap();
    let kms_key = made.key_metadata.unwrap().key_id;
    let request = local.aws.secrets_manager().create_secret();
    request.name("keys").send().await.unwrap();
    let wrapped = || {
        let (secrets, kms) = (local.aws.secrets_manager(), local.aws.kms());
        WrappedKeys::new(secrets, kms, "keys".into(), Purpose::Sessions)
    };
    let clock = test_clock();
    let keyring = KmsKeyring::new(wrapped(), clock.clone());
    assert!(keyring.unlock().await.is_err(), "there is no key yet");

    wrapped().ensure(&kms_key, clock.now()).await.unwrap();
    let before = keyring.unlock().await.unwrap();
    let id = wrapped()
        .add(&kms_key, clock.now() - KEPT - KEPT)
        .await
        .unwrap();
    wrapped().promote(id, clock.now()).await.unwrap();
    let other = KmsKeyring::new(wrapped(), clock.clone())
        .unlock()
        .await
        .unwrap();
    let sealed = other.seal(b"x");
    assert!(before.open(&sealed).is_err());
    assert!(
        keyring.unlock().await.unwrap().open(&sealed).is_err(),
        "the fetched ones are kept"
    );
    clock.advance(KEPT);
    assert_eq!(keyring.unlock().await.unwrap().open(&sealed).unwrap(), b"x");
}

#[tokio::test]
async fn a_key_service_that_is_away_is_told() {
    let nowhere = at(&format!("http://127.0.0.1:{}", test_tools::free_port()));
    let (secrets, kms) = (nowhere.secrets_manager(), nowhere.kms());
    let wrapped = WrappedKeys::new(secrets, kms, "keys".into(), Purpose::Sessions);
    let clock = test_clock();
    clock.advance(Span::hours(1));
    let error = KmsKeyring::new(wrapped, clock)
        .unlock()
        .await
        .err()
        .unwrap();
    assert!(error.to_string().contains("try again"), "{error}");
}
