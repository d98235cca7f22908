//! Keys of the services that the operator names: given, or fetched when they are needed first.

use std::{fmt, sync::Arc};

use async_trait::async_trait;
use domain::secret::Secret;

/// Which key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyName {
    /// The language model's API key.
    Llm,
    /// Voyage's API key.
    Voyage,
    /// Qdrant's API key.
    Qdrant,
    /// The client secret at the OpenID Connect provider.
    SignIn,
    /// The Gong app's client secret.
    GongClient,
}

/// A key could not be read; in words, and never with the key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct KeyUnavailable(pub String);

/// Where keys are kept.
#[async_trait]
pub trait KeySource: Send + Sync {
    /// The key as it is now; nothing when none was stored. Whoever keeps it for long asks again
    /// when the service refuses it.
    async fn key(&self, name: KeyName) -> Result<Option<Secret>, KeyUnavailable>;
}

/// How a part comes by its key.
#[derive(Clone)]
pub enum ApiKey {
    /// The service wants none.
    None,
    /// From the configuration.
    Given(Secret),
    /// From where keys are kept, when it is needed first.
    Stored(Arc<dyn KeySource>),
}

impl ApiKey {
    /// The key to be sent now.
    ///
    /// # Errors
    /// [`KeyUnavailable`] when it could not be read.
    pub async fn read(&self, name: KeyName) -> Result<Option<Secret>, KeyUnavailable> {
        match self {
            Self::None => Ok(None),
            Self::Given(key) => Ok(Some(key.clone())),
            Self::Stored(source) => source.key(name).await,
        }
    }
}

impl From<Option<Secret>> for ApiKey {
    fn from(key: Option<Secret>) -> Self {
        key.map_or(Self::None, Self::Given)
    }
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::None => "None",
            Self::Given(_) => "Given(***)",
            Self::Stored(_) => "Stored",
        })
    }
}
