//! Secrets Manager in memory.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use async_trait::async_trait;
use domain::ports::secrets::{SecretError, SecretStore};
use uuid::Uuid;

type Versions = Vec<(Uuid, Vec<u8>)>;

/// Versioned secrets, every one of them for as long as the secret lives.
#[derive(Debug, Default)]
pub struct MemorySecrets(Mutex<BTreeMap<String, Versions>>);

impl MemorySecrets {
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        self.all().keys().cloned().collect()
    }

    fn all(&self) -> MutexGuard<'_, BTreeMap<String, Versions>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
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
        let mut secrets = self.all();
        let versions = secrets.get_mut(name).ok_or(SecretError::NotFound)?;
        add(versions, version, bytes)
    }

    async fn put(&self, name: &str, version: Uuid, bytes: &[u8]) -> Result<(), SecretError> {
        add(
            self.all().entry(name.to_owned()).or_default(),
            version,
            bytes,
        )
    }

    async fn current(&self, name: &str) -> Result<Vec<u8>, SecretError> {
        let secrets = self.all();
        let last = secrets.get(name).and_then(|versions| versions.last());
        last.map(|(_, bytes)| bytes.clone())
            .ok_or(SecretError::NotFound)
    }

    async fn version(&self, name: &str, version: Uuid) -> Result<Vec<u8>, SecretError> {
        let secrets = self.all();
        let mut versions = secrets.get(name).into_iter().flatten();
        let found = versions.find(|(known, _)| *known == version);
        found
            .map(|(_, bytes)| bytes.clone())
            .ok_or(SecretError::NotFound)
    }

    async fn delete(&self, name: &str) -> Result<(), SecretError> {
        self.all().remove(name);
        Ok(())
    }
}
