//! The Fernet keys under KMS, where KMS is authenticated: tampering, other keys, other purposes.

use aws::wrapped_keys::{KEPT, Purpose, StoredKeys, WrappedKeys, WrappedKeysError};
use base64::{Engine, engine::general_purpose::STANDARD};
use domain::{moment::Timestamp, ports::secrets::Seal};

use adapters::fernet::FernetSeal;

use crate::services::servers::Local;

const NOW: Timestamp = Timestamp(1_795_608_000_000);

struct Keys {
    local: Local,
    kms_key: String,
}

impl Keys {
    async fn new() -> Self {
        let local = Local::moto();
        let made = local.aws.kms().create_key().send().await.unwrap();
        let kms_key = made.key_metadata.unwrap().key_id;
        for name in ["credential-keys", "session-keys"] {
            let request = local.aws.secrets_manager().create_secret();
            request.name(name).send().await.unwrap();
        }
        Self { local, kms_key }
    }

    fn wrapped(&self, secret: &str, purpose: Purpose) -> WrappedKeys {
        let (secrets, kms) = (self.local.aws.secrets_manager(), self.local.aws.kms());
        WrappedKeys::new(secrets, kms, secret.into(), purpose)
    }

    fn credentials(&self) -> WrappedKeys {
        self.wrapped("credential-keys", Purpose::Credentials)
    }

    async fn overwrite(&self, secret: &str, keys: &StoredKeys) {
        let text = serde_json::to_string(keys).unwrap();
        let request = self.local.aws.secrets_manager().put_secret_value();
        request
            .secret_id(secret)
            .secret_string(text)
            .send()
            .await
            .unwrap();
    }
}

async fn seal(wrapped: &WrappedKeys) -> FernetSeal {
    FernetSeal::from_keys(&wrapped.open().await.unwrap()).unwrap()
}

#[tokio::test]
async fn the_deploy_step_makes_the_first_key_once() {
    let keys = Keys::new().await;
    let wrapped = keys.credentials();
    let error = wrapped.open().await.unwrap_err();
    assert_eq!(error, WrappedKeysError::Empty("credentials"));
    assert!(error.to_string().contains("./deploy"), "{error}");

    assert_eq!(wrapped.ensure(&keys.kms_key, NOW).await, Ok(true));
    let sealed = seal(&wrapped).await.seal(b"token");
    assert_eq!(wrapped.ensure(&keys.kms_key, NOW).await, Ok(false));
    assert_eq!(seal(&wrapped).await.open(&sealed).unwrap(), b"token");
    let stored = serde_json::to_string(&wrapped.stored().await.unwrap()).unwrap();
    let plain = wrapped.open().await.unwrap().pop().unwrap();
    assert!(!stored.contains(plain.expose()), "the key lies encrypted");
}

#[tokio::test]
async fn a_changed_ciphertext_does_not_open() {
    let keys = Keys::new().await;
    let wrapped = keys.credentials();
    wrapped.ensure(&keys.kms_key, NOW).await.unwrap();
    let mut stored = wrapped.stored().await.unwrap();
    let mut bytes = STANDARD.decode(&stored.keys[0].ciphertext).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    stored.keys[0].ciphertext = STANDARD.encode(bytes);
    keys.overwrite("credential-keys", &stored).await;
    let error = wrapped.open().await.unwrap_err();
    assert!(
        matches!(error, WrappedKeysError::NotOurs { .. }),
        "{error:?}"
    );
}

#[tokio::test]
async fn a_key_of_another_purpose_does_not_open() {
    let keys = Keys::new().await;
    keys.credentials().ensure(&keys.kms_key, NOW).await.unwrap();
    let stolen = keys.credentials().stored().await.unwrap();
    keys.overwrite("session-keys", &stolen).await;
    let error = keys
        .wrapped("session-keys", Purpose::Sessions)
        .open()
        .await
        .unwrap_err();
    assert!(
        matches!(
            error,
            WrappedKeysError::NotOurs {
                purpose: "sessions",
                ..
            }
        ),
        "{error:?}"
    );
}

#[tokio::test]
async fn a_key_under_another_kms_key_does_not_open() {
    let (keys, elsewhere) = (Keys::new().await, Keys::new().await);
    elsewhere
        .credentials()
        .ensure(&elsewhere.kms_key, NOW)
        .await
        .unwrap();
    let foreign = elsewhere.credentials().stored().await.unwrap();
    keys.overwrite("credential-keys", &foreign).await;
    assert!(keys.credentials().open().await.is_err());
}

#[tokio::test]
async fn what_is_not_ours_is_told_and_left() {
    let keys = Keys::new().await;
    keys.overwrite("credential-keys", &StoredKeys::default())
        .await;
    let wrapped = keys.credentials();
    assert_eq!(
        wrapped.open().await,
        Err(WrappedKeysError::Damaged("credentials"))
    );
    let again = wrapped.ensure(&keys.kms_key, NOW).await;
    assert_eq!(again, Err(WrappedKeysError::Damaged("credentials")));
}

#[tokio::test]
async fn a_rotation_loses_nothing_that_was_sealed() {
    let keys = Keys::new().await;
    let wrapped = keys.credentials();
    wrapped.ensure(&keys.kms_key, NOW).await.unwrap();
    let old = seal(&wrapped).await.seal(b"old");

    let id = wrapped.add(&keys.kms_key, NOW).await.unwrap();
    let between = seal(&wrapped).await.seal(b"between");
    let early = wrapped.promote(id, NOW + KEPT).await.unwrap_err();
    assert!(matches!(early, WrappedKeysError::TooEarly(_)), "{early:?}");
    wrapped.promote(id, NOW + KEPT + KEPT).await.unwrap();
    let new = seal(&wrapped).await.seal(b"new");
    for (sealed, plain) in [(&old, "old"), (&between, "between"), (&new, "new")] {
        assert_eq!(seal(&wrapped).await.open(sealed).unwrap(), plain.as_bytes());
    }

    assert_eq!(wrapped.retire_others().await, Ok(1));
    assert_eq!(seal(&wrapped).await.open(&new).unwrap(), b"new");
    assert!(seal(&wrapped).await.open(&old).is_err());
    assert_eq!(wrapped.retire_others().await, Ok(0));
    let unknown = uuid::Uuid::new_v4();
    let error = wrapped.promote(unknown, NOW).await.unwrap_err();
    assert!(
        matches!(error, WrappedKeysError::NoSuchKey { .. }),
        "{error:?}"
    );
}
