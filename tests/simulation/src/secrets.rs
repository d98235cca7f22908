//! Secrets Manager that may not be reached, or whose answer is lost.

use std::sync::Arc;

use async_trait::async_trait;
use domain::ports::secrets::{SecretError, SecretStore};
use kit::secrets::MemorySecrets;
use uuid::Uuid;

use crate::faults::{Chaos, Lost, Seam};

/// Secrets in memory, asked through the faults of the run.
pub struct SimSecrets {
    secrets: MemorySecrets,
    chaos: Arc<Chaos>,
}

impl SimSecrets {
    #[must_use]
    pub fn new(chaos: Arc<Chaos>) -> Self {
        Self {
            secrets: MemorySecrets::default(),
            chaos,
        }
    }

    #[must_use]
    pub fn names(&self) -> Vec<String> {
        self.secrets.names()
    }

    async fn ask<T>(
        &self,
        work: impl Future<Output = Result<T, SecretError>>,
    ) -> Result<T, SecretError> {
        match self.chaos.step(Seam::Secrets, work).await {
            Ok(done) => done,
            Err(Lost::NotDone) => Err(SecretError::Unavailable("it was not reached".into())),
            Err(Lost::Unknown) => Err(SecretError::Unavailable("its answer was lost".into())),
        }
    }
}

#[async_trait]
impl SecretStore for SimSecrets {
    async fn renew(&self, name: &str, version: Uuid, bytes: &[u8]) -> Result<(), SecretError> {
        self.ask(self.secrets.renew(name, version, bytes)).await
    }

    async fn put(&self, name: &str, version: Uuid, bytes: &[u8]) -> Result<(), SecretError> {
        self.ask(self.secrets.put(name, version, bytes)).await
    }

    async fn current(&self, name: &str) -> Result<Vec<u8>, SecretError> {
        self.ask(self.secrets.current(name)).await
    }

    async fn version(&self, name: &str, version: Uuid) -> Result<Vec<u8>, SecretError> {
        self.ask(self.secrets.version(name, version)).await
    }

    async fn delete(&self, name: &str) -> Result<(), SecretError> {
        self.ask(self.secrets.delete(name)).await
    }
}
