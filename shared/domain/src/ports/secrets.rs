//! Where credentials lie: a store of versioned secrets, and a seal over their text.

use std::sync::Arc;

use async_trait::async_trait;
use uuid::Uuid;

/// What a secret store may answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SecretError {
    /// No such secret, or no such version of it.
    #[error("there is no such secret")]
    NotFound,
    /// The version token was used before with other content; the stored content stays.
    #[error("this version of the secret exists with other content")]
    OtherContent,
    /// The store did not answer; the outcome is not known.
    #[error("the secret store did not answer ({0})")]
    Unavailable(String),
}

/// Versioned secrets by name. The latest version is the current one.
#[async_trait]
pub trait SecretStore: Send + Sync {
    /// Stores a version under its token in a secret that is there; `NotFound` when there is none,
    /// so that a renewal does not make a deleted secret anew. The same token with the same bytes
    /// is a success without effect.
    async fn renew(&self, name: &str, version: Uuid, bytes: &[u8]) -> Result<(), SecretError>;
    /// Stores a version under its token, making the secret when there is none.
    /// The same token with the same bytes is a success without effect.
    async fn put(&self, name: &str, version: Uuid, bytes: &[u8]) -> Result<(), SecretError>;
    async fn current(&self, name: &str) -> Result<Vec<u8>, SecretError>;
    /// The version with this token.
    async fn version(&self, name: &str, version: Uuid) -> Result<Vec<u8>, SecretError>;
    /// Deletes the secret at once, without a recovery window; success when there is none.
    async fn delete(&self, name: &str) -> Result<(), SecretError>;
}

/// The sealed text could not be opened: another key, or not our text, or changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the sealed text could not be opened: it was sealed with another key, or it was changed")]
pub struct CannotOpen;

/// Authenticated encryption of short texts (Fernet).
pub trait Seal: Send + Sync {
    /// Encrypts; two calls give different texts.
    fn seal(&self, plain: &[u8]) -> String;
    /// Decrypts what any of the known keys sealed.
    fn open(&self, sealed: &str) -> Result<Vec<u8>, CannotOpen>;
}

/// The keys could not be fetched from where they lie; nothing is known about what they seal.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the encryption keys could not be had ({0}); nothing was changed, try again in a minute")]
pub struct KeysUnavailable(pub String);

/// Where a seal's keys lie: on this machine, or behind a key service.
#[async_trait]
pub trait Keyring: Send + Sync {
    /// The seal; its keys are fetched when they are first needed.
    async fn unlock(&self) -> Result<Arc<dyn Seal>, KeysUnavailable>;
}
