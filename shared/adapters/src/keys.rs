//! Keys of the services that are called: given by configuration, or fetched when first needed.

use std::{fmt, sync::Arc};

use async_trait::async_trait;
use domain::secret::Secret;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum KeyName {
    /// The language model's provider.
    Llm,
    Voyage,
    Qdrant,
    /// The client secret at the OpenID Connect provider.
    SignIn,
    /// The client secret of the Gong app.
    GongClient,
}

/// A key could not be fetched; whether there is one is not known.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a key could not be read from the secret store ({0})")]
pub struct KeyUnavailable(pub String);

/// Where keys lie that are not given by configuration.
#[async_trait]
pub trait KeySource: Send + Sync {
    /// The key; none when none was put in.
    async fn key(&self, name: KeyName) -> Result<Option<Secret>, KeyUnavailable>;
    /// A key was refused: the next use reads it anew, as it may have been changed.
    async fn forget(&self, name: KeyName);
}

/// A key, or where it lies.
#[derive(Clone)]
pub enum Key {
    Given(Secret),
    /// To be fetched when it is needed.
    Stored(KeyName, Arc<dyn KeySource>),
}

impl Key {
    /// The key; none when the place where it should lie holds none.
    ///
    /// # Errors
    /// [`KeyUnavailable`].
    pub async fn secret(&self) -> Result<Option<Secret>, KeyUnavailable> {
        match self {
            Self::Given(secret) => Ok(Some(secret.clone())),
            Self::Stored(name, source) => source.key(*name).await,
        }
    }
}

impl From<Secret> for Key {
    fn from(secret: Secret) -> Self {
        Self::Given(secret)
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Given(_) => f.write_str("Given(***)"),
            Self::Stored(name, _) => write!(f, "Stored({name:?})"),
        }
    }
}
