//! The Fernet keys under KMS, where KMS is authenticated: tampering, other keys, other purposes.

use aws::key_chest::{ChestError, KEPT, KeyChest, Purpose, StoredKeys};
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

    fn chest(&self, secret: &str, purpose: Purpose) -> KeyChest {
        let (secrets, kms) = (self.local.aws.secrets_manager(), self.local.aws.kms());
        KeyChest::new(secrets, kms, secret.into(), purpose)
    }

    fn credentials(&self) -> KeyChest {
        self.chest("credential-keys", Purpose::Credentials)
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

async fn seal(chest: &KeyChest) -> FernetSeal {
    FernetSeal::from_keys(&chest.open().await.unwrap()).unwrap()
}

#[tokio::test]
async fn the_deploy_step_makes_the_first_key_once() {
    let keys = Keys::new().await;
    let chest = keys.credentials();
    let error = chest.open().await.unwrap_err();
    assert_eq!(error, ChestError::Empty("credentials"));
    assert!(error.to_string().contains("./deploy"), "{error}");

    assert_eq!(chest.ensure(&keys.kms_key, NOW).await, Ok(true));
    let sealed = seal(&chest).await.seal(b"token");
    assert_eq!(chest.ensure(&keys.kms_key, NOW).await, Ok(false));
    assert_eq!(seal(&chest).await.open(&sealed).unwrap(), b"token");
    let stored = serde_json::to_string(&chest.stored().await.unwrap()).unwrap();
    let plain = chest.open().await.unwrap().pop().unwrap();
    assert!(!stored.contains(plain.expose()), "the key lies encrypted");
}

#[tokio::test]
async fn a_changed_ciphertext_does_not_open() {
    let keys = Keys::new().await;
    let chest = keys.credentials();
    chest.ensure(&keys.kms_key, NOW).await.unwrap();
    let mut stored = chest.stored().await.unwrap();
    let mut bytes = STANDARD.decode(&stored.keys[0].ciphertext).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    stored.keys[0].ciphertext = STANDARD.encode(bytes);
    keys.overwrite("credential-keys", &stored).await;
    let error = chest.open().await.unwrap_err();
    assert!(matches!(error, ChestError::NotOurs { .. }), "{error:?}");
}

#[tokio::test]
async fn a_key_of_another_purpose_does_not_open() {
    let keys = Keys::new().await;
    keys.credentials().ensure(&keys.kms_key, NOW).await.unwrap();
    let stolen = keys.credentials().stored().await.unwrap();
    keys.overwrite("session-keys", &stolen).await;
    let error = keys
        .chest("session-keys", Purpose::Sessions)
        .open()
        .await
        .unwrap_err();
    assert!(
        matches!(
            error,
            ChestError::NotOurs {
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
    let chest = keys.credentials();
    assert_eq!(chest.open().await, Err(ChestError::Damaged("credentials")));
    let again = chest.ensure(&keys.kms_key, NOW).await;
    assert_eq!(again, Err(ChestError::Damaged("credentials")));
}

#[tokio::test]
async fn a_rotation_loses_nothing_that_was_sealed() {
    let keys = Keys::new().await;
    let chest = keys.credentials();
    chest.ensure(&keys.kms_key, NOW).await.unwrap();
    let old = seal(&chest).await.seal(b"old");

    let id = chest.add(&keys.kms_key, NOW).await.unwrap();
    let between = seal(&chest).await.seal(b"between");
    let early = chest.promote(id, NOW + KEPT).await.unwrap_err();
    assert!(matches!(early, ChestError::TooEarly(_)), "{early:?}");
    chest.promote(id, NOW + KEPT + KEPT).await.unwrap();
    let new = seal(&chest).await.seal(b"new");
    for (sealed, plain) in [(&old, "old"), (&between, "between"), (&new, "new")] {
        assert_eq!(seal(&chest).await.open(sealed).unwrap(), plain.as_bytes());
    }

    assert_eq!(chest.retire_others().await, Ok(1));
    assert_eq!(seal(&chest).await.open(&new).unwrap(), b"new");
    assert!(seal(&chest).await.open(&old).is_err());
    assert_eq!(chest.retire_others().await, Ok(0));
    let unknown = uuid::Uuid::new_v4();
    let error = chest.promote(unknown, NOW).await.unwrap_err();
    assert!(matches!(error, ChestError::NoSuchKey { .. }), "{error:?}");
}
