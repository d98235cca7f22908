//! The Fernet keys: data keys under KMS, kept encrypted in a secret of their own.
//!
//! The deploy step makes the first key; a function only decrypts. To rotate, a new key is added
//! (which every function can read after [`KEPT`]), promoted (it seals from then on), and the old
//! ones are retired when nothing is sealed with them any more.

use std::collections::HashMap;

use aws_sdk_kms::primitives::Blob;
use aws_sdk_secretsmanager::{
    error::{DisplayErrorContext, SdkError},
    operation::{get_secret_value::GetSecretValueError, put_secret_value::PutSecretValueError},
};
use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE},
};
use domain::{
    moment::{Span, Timestamp},
    secret::Secret,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// How long a function uses the keys that it fetched before it fetches them again.
pub const KEPT: Span = Span::minutes(15);
/// The only entry of the encryption context. It is authenticated, and CloudTrail shows it.
const PURPOSE: &str = "purpose";
/// A Fernet key's length in bytes.
const KEY_BYTES: i32 = 32;
/// Namespace of the first version's token (a fixed random UUID of ours).
const FIRST: Uuid = Uuid::from_u128(0x2b61_8f04_77ce_4d0a_b5d2_9e13_41fa_6c88);

/// What keys seal. Each has keys of its own, so that a function can be allowed one and not the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    Credentials,
    Sessions,
}

impl Purpose {
    /// The word in the encryption context, as `template.yaml` has it in the roles.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Credentials => "credentials",
            Self::Sessions => "sessions",
        }
    }
}

/// A key as it lies in the secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredKey {
    pub id: Uuid,
    pub made: Timestamp,
    /// What KMS decrypts, in base64.
    pub ciphertext: String,
}

/// The secret's text. The first key seals, all open.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredKeys {
    pub keys: Vec<StoredKey>,
}

/// Why keys could not be had or changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WrappedKeysError {
    /// The secret holds nothing yet.
    #[error(
        "the secret for the {0} keys holds none yet; run the deploy step (`./deploy`), which makes the first one"
    )]
    Empty(&'static str),
    /// The secret's text is not ours.
    #[error("the secret for the {0} keys does not hold what the deploy step writes")]
    Damaged(&'static str),
    /// KMS does not decrypt a key: another key, another purpose, or changed.
    #[error(
        "KMS does not decrypt the {purpose} key {id}: it was encrypted under another KMS key or for another purpose, or it was changed ({why})"
    )]
    NotOurs {
        purpose: &'static str,
        id: Uuid,
        /// What KMS said.
        why: String,
    },
    /// There is no such key.
    #[error("there is no {purpose} key {id}")]
    NoSuchKey { purpose: &'static str, id: Uuid },
    /// A step of the rotation comes too early.
    #[error("{0}")]
    TooEarly(String),
    /// Secrets Manager or KMS did not answer, or refused.
    #[error("{0}")]
    Unavailable(String),
}

/// The keys of one purpose.
#[derive(Debug, Clone)]
pub struct WrappedKeys {
    secrets: aws_sdk_secretsmanager::Client,
    kms: aws_sdk_kms::Client,
    secret: String,
    purpose: Purpose,
}

impl WrappedKeys {
    /// The keys in this secret (name or ARN); nothing is sent.
    #[must_use]
    pub const fn new(
        secrets: aws_sdk_secretsmanager::Client,
        kms: aws_sdk_kms::Client,
        secret: String,
        purpose: Purpose,
    ) -> Self {
        Self {
            secrets,
            kms,
            secret,
            purpose,
        }
    }

    /// What the keys are for.
    #[must_use]
    pub const fn purpose(&self) -> Purpose {
        self.purpose
    }

    /// The keys in the clear, the sealing one first.
    ///
    /// # Errors
    /// [`WrappedKeysError`].
    pub async fn open(&self) -> Result<Vec<Secret>, WrappedKeysError> {
        let stored = self.stored().await?;
        futures::future::try_join_all(stored.keys.iter().map(|key| self.decrypt(key))).await
    }

    /// The keys as they are stored.
    ///
    /// # Errors
    /// [`WrappedKeysError`].
    pub async fn stored(&self) -> Result<StoredKeys, WrappedKeysError> {
        let purpose = self.purpose.as_str();
        let request = self.secrets.get_secret_value().secret_id(&self.secret);
        let answer = request
            .send()
            .await
            .map_err(|error| match error.as_service_error() {
                Some(GetSecretValueError::ResourceNotFoundException(_)) => {
                    WrappedKeysError::Empty(purpose)
                }
                _ => unavailable(&error),
            })?;
        // A secret that was made without a value holds nothing, or an empty text.
        let text = answer.secret_string.unwrap_or_default();
        if text.is_empty() {
            return Err(WrappedKeysError::Empty(purpose));
        }
        let stored: StoredKeys =
            serde_json::from_str(&text).map_err(|_| WrappedKeysError::Damaged(purpose))?;
        if stored.keys.is_empty() {
            return Err(WrappedKeysError::Damaged(purpose));
        }
        Ok(stored)
    }

    /// Makes the first key when there is none; whether it did.
    ///
    /// # Errors
    /// [`WrappedKeysError`].
    pub async fn ensure(&self, kms_key: &str, now: Timestamp) -> Result<bool, WrappedKeysError> {
        match self.stored().await {
            Ok(_) => return Ok(false),
            Err(WrappedKeysError::Empty(_)) => {}
            Err(error) => return Err(error),
        }
        let keys = StoredKeys {
            keys: vec![self.generate(kms_key, now).await?],
        };
        // Two deploys at once use the same token: the second one's other content is refused.
        let token = Uuid::new_v5(&FIRST, self.secret.as_bytes());
        self.write(&keys, token).await
    }

    /// Adds a key that opens but does not seal yet.
    ///
    /// # Errors
    /// [`WrappedKeysError`].
    pub async fn add(&self, kms_key: &str, now: Timestamp) -> Result<Uuid, WrappedKeysError> {
        let mut stored = self.stored().await?;
        let key = self.generate(kms_key, now).await?;
        let id = key.id;
        stored.keys.push(key);
        self.write(&stored, Uuid::new_v4()).await?;
        Ok(id)
    }

    /// Makes a key the sealing one.
    ///
    /// # Errors
    /// [`WrappedKeysError`], also before every function can know the key.
    pub async fn promote(&self, id: Uuid, now: Timestamp) -> Result<(), WrappedKeysError> {
        let mut stored = self.stored().await?;
        let at = stored.keys.iter().position(|key| key.id == id);
        let at = at.ok_or(WrappedKeysError::NoSuchKey {
            purpose: self.purpose.as_str(),
            id,
        })?;
        let known_from = stored.keys[at].made + KEPT + KEPT;
        if at > 0 && now < known_from {
            return Err(WrappedKeysError::TooEarly(format!(
                "functions may not know the key {id} yet; promote it after {known_from}"
            )));
        }
        stored.keys[..=at].rotate_right(1);
        self.write(&stored, Uuid::new_v4()).await?;
        Ok(())
    }

    /// Removes every key but the sealing one; how many it removed.
    ///
    /// # Errors
    /// [`WrappedKeysError`].
    pub async fn retire_others(&self) -> Result<usize, WrappedKeysError> {
        let mut stored = self.stored().await?;
        let removed = stored.keys.len() - 1;
        stored.keys.truncate(1);
        if removed > 0 {
            self.write(&stored, Uuid::new_v4()).await?;
        }
        Ok(removed)
    }

    fn context(&self) -> HashMap<String, String> {
        HashMap::from([(PURPOSE.to_owned(), self.purpose.as_str().to_owned())])
    }

    /// The key in the clear is not asked for: the deploy step has no need to see it.
    async fn generate(&self, kms_key: &str, now: Timestamp) -> Result<StoredKey, WrappedKeysError> {
        let request = self
            .kms
            .generate_data_key_without_plaintext()
            .key_id(kms_key)
            .number_of_bytes(KEY_BYTES)
            .set_encryption_context(Some(self.context()));
        let answer = request.send().await.map_err(|error| unavailable(&error))?;
        let ciphertext = answer.ciphertext_blob.map(Blob::into_inner);
        let ciphertext = ciphertext.ok_or_else(|| {
            WrappedKeysError::Unavailable("KMS answered without a key".to_owned())
        })?;
        Ok(StoredKey {
            id: Uuid::new_v4(),
            made: now,
            ciphertext: STANDARD.encode(ciphertext),
        })
    }

    async fn decrypt(&self, key: &StoredKey) -> Result<Secret, WrappedKeysError> {
        let purpose = self.purpose.as_str();
        let bytes = STANDARD
            .decode(&key.ciphertext)
            .map_err(|_| WrappedKeysError::Damaged(purpose))?;
        let request = self
            .kms
            .decrypt()
            .ciphertext_blob(Blob::new(bytes))
            .set_encryption_context(Some(self.context()));
        let answer = request.send().await.map_err(|error| {
            let refused = error.as_service_error().is_some_and(|error| {
                error.is_invalid_ciphertext_exception() || error.is_incorrect_key_exception()
            });
            if refused {
                WrappedKeysError::NotOurs {
                    purpose,
                    id: key.id,
                    why: DisplayErrorContext(&error).to_string(),
                }
            } else {
                unavailable(&error)
            }
        })?;
        let plain = answer.plaintext.map(Blob::into_inner).unwrap_or_default();
        Ok(Secret::new(URL_SAFE.encode(plain)))
    }

    /// Whether this content is stored now; `false` when the token was used with other content.
    async fn write(&self, keys: &StoredKeys, token: Uuid) -> Result<bool, WrappedKeysError> {
        let text = serde_json::to_string(keys)
            .map_err(|error| WrappedKeysError::Unavailable(error.to_string()))?;
        let request = self
            .secrets
            .put_secret_value()
            .secret_id(&self.secret)
            .client_request_token(token.to_string())
            .secret_string(text);
        match request.send().await {
            Ok(_) => Ok(true),
            Err(error) => match error.as_service_error() {
                Some(PutSecretValueError::ResourceExistsException(_)) => Ok(false),
                _ => Err(unavailable(&error)),
            },
        }
    }
}

fn unavailable<E, R>(error: &SdkError<E, R>) -> WrappedKeysError
where
    SdkError<E, R>: std::error::Error + 'static,
{
    WrappedKeysError::Unavailable(DisplayErrorContext(error).to_string())
}
