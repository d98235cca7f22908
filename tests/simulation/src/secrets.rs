//! Secrets Manager in memory.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use async_trait::async_trait;
use domain::ports::secrets::{SecretError, SecretStore};
use uuid::Uuid;

use crate::faults::{Chaos, Lost, Seam};

type Versions = Vec<(Uuid, Vec<u8>)>;

/// Versioned secrets, every one of them for as long as the secret lives.
pub struct MemorySecrets {
    secrets: Mutex<BTreeMap<String, Versions>>,
    chaos: Arc<Chaos>,
}

impl MemorySecrets {
    /// None yet.
    #[must_use]
    pub fn new(chaos: Arc<Chaos>) -> Self {
        Self {
            secrets: Mutex::default(),
            chaos,
        }
    }

    /// The names of all secrets.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        self.all().keys().cloned().collect()
    }

    fn all(&self) -> MutexGuard<'_, BTreeMap<String, Versions>> {
        self.secrets.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn ask<T>(
        &self,
        work: impl FnOnce(&mut BTreeMap<String, Versions>) -> Result<T, SecretError>,
    ) -> Result<T, SecretError> {
        let done = self
            .chaos
            .step(Seam::Secrets, async { work(&mut self.all()) });
        match done.await {
            Ok(done) => done,
            Err(Lost::NotDone) => Err(SecretError::Unavailable("it was not reached".into())),
            Err(Lost::Unknown) => Err(SecretError::Unavailable("its answer was lost".into())),
        }
    }
}

fn add(versions: &mut Versions, version: Uuid, bytes: &[u8]) -> Result<(), SecretError> {
    match versions.iter().find(|(known, _)| *known == version) {
        Some((_, stored)) if stored == bytes => Ok(()),
        Some(_) => Err(SecretError::OtherContent),
        None => {
            versions.push((version, bytes.to_vec()));
            Ok(())
        }
    }
}

#[async_trait]
impl SecretStore for MemorySecrets {
    async fn renew(&self, name: &str, version: Uuid, bytes: &[u8]) -> Result<(), SecretError> {
        self.ask(|secrets| {
            let versions = secrets.get_mut(name).ok_or(SecretError::NotFound)?;
            add(versions, version, bytes)
        })
        .await
    }

    async fn put(&self, name: &str, version: Uuid, bytes: &[u8]) -> Result<(), SecretError> {
        self.ask(|secrets| add(secrets.entry(name.to_owned()).or_default(), version, bytes))
            .await
    }

    async fn current(&self, name: &str) -> Result<Vec<u8>, SecretError> {
        self.ask(|secrets| {
            let last = secrets.get(name).and_then(|versions| versions.last());
            last.map(|(_, bytes)| bytes.clone())
                .ok_or(SecretError::NotFound)
        })
        .await
    }

    async fn version(&self, name: &str, version: Uuid) -> Result<Vec<u8>, SecretError> {
        self.ask(|secrets| {
            let versions = secrets.get(name).into_iter().flatten();
            let mut found = versions.filter(|(known, _)| *known == version);
            found
                .next()
                .map(|(_, bytes)| bytes.clone())
                .ok_or(SecretError::NotFound)
        })
        .await
    }

    async fn delete(&self, name: &str) -> Result<(), SecretError> {
        self.ask(|secrets| {
            secrets.remove(name);
            Ok(())
        })
        .await
    }
}
