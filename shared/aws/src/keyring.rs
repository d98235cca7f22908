//! The seal of a function: its keys are fetched when they are first needed, and again after a while.

use std::sync::Arc;

use adapters::fernet::FernetSeal;
use async_trait::async_trait;
use domain::{
    moment::Timestamp,
    ports::{
        secrets::{Keyring, KeysUnavailable, Seal},
        system::Clock,
    },
};
use tokio::sync::Mutex;

use crate::wrapped_keys::{KEPT, WrappedKeys};

/// Keys under KMS.
pub struct KmsKeyring {
    wrapped: WrappedKeys,
    clock: Arc<dyn Clock>,
    fetched: Mutex<Option<(Timestamp, Arc<FernetSeal>)>>,
}

impl KmsKeyring {
    /// The keys of this wrapped; nothing is fetched yet.
    #[must_use]
    pub fn new(wrapped: WrappedKeys, clock: Arc<dyn Clock>) -> Self {
        Self {
            wrapped,
            clock,
            fetched: Mutex::default(),
        }
    }
}

#[async_trait]
impl Keyring for KmsKeyring {
    /// While a new fetch fails, keys that were fetched before go on serving.
    async fn unlock(&self) -> Result<Arc<dyn Seal>, KeysUnavailable> {
        let mut fetched = self.fetched.lock().await;
        let now = self.clock.now();
        if let Some((at, seal)) = &*fetched
            && now < *at + KEPT
        {
            return Ok(seal.clone());
        }
        let keys = match self.wrapped.open().await {
            Ok(keys) => keys,
            Err(error) => {
                tracing::error!(%error, "the encryption keys could not be fetched");
                return match &*fetched {
                    Some((_, seal)) => Ok(seal.clone()),
                    None => Err(KeysUnavailable(error.to_string())),
                };
            }
        };
        let seal = FernetSeal::from_keys(&keys);
        let seal = Arc::new(seal.map_err(|error| KeysUnavailable(error.to_string()))?);
        *fetched = Some((now, seal.clone()));
        Ok(seal)
    }
}
