//! The secret store of the one-machine set-up: a folder with one file a secret. What is stored is
//! sealed by the use cases already; the folder and its files are the owner's alone all the same.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use async_trait::async_trait;
use base64::{Engine, engine::general_purpose::STANDARD};
use domain::ports::secrets::{SecretError, SecretStore};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// How many versions of a secret are kept.
const VERSIONS: usize = 3;

/// The folder cannot be used.
#[derive(Debug, thiserror::Error)]
#[error(
    "the folder {} for the stored credentials cannot be used ({source}); it must be a folder where \
     this user may write",
    path.display()
)]
pub struct VaultError {
    path: PathBuf,
    source: io::Error,
}

/// Versioned secrets in a folder; the last three versions of each are kept. One process uses a
/// folder at a time (the lock on the data folder sees to it).
#[derive(Debug, Clone)]
pub struct FileVault {
    shelf: Arc<Mutex<Shelf>>,
}

impl FileVault {
    /// Opens the folder, makes it when it is missing, takes other users' rights to it and to its
    /// files away, and removes what a crash left half written. Blocks.
    ///
    /// # Errors
    /// [`VaultError`] when the folder cannot be made or written.
    pub fn open(folder: &Path) -> Result<Self, VaultError> {
        prepare(folder).map_err(|source| VaultError {
            path: folder.to_owned(),
            source,
        })?;
        let folder = folder.to_owned();
        let shelf = Arc::new(Mutex::new(Shelf { folder }));
        Ok(Self { shelf })
    }

    /// Works on the files in a thread of its own, one piece of work at a time.
    async fn with<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Shelf) -> Result<T, SecretError> + Send + 'static,
    ) -> Result<T, SecretError> {
        let shelf = Arc::clone(&self.shelf);
        let work = move || work(&shelf.lock().unwrap_or_else(PoisonError::into_inner));
        tokio::task::spawn_blocking(work)
            .await
            .unwrap_or_else(|_| unavailable("the work was cut short".to_owned()))
    }
}

#[async_trait]
impl SecretStore for FileVault {
    async fn renew(&self, name: &str, version: Uuid, bytes: &[u8]) -> Result<(), SecretError> {
        let (name, bytes) = (name.to_owned(), STANDARD.encode(bytes));
        self.with(move |shelf| {
            shelf.read(&name)?.ok_or(SecretError::NotFound)?;
            shelf.put(&name, version.to_string(), bytes)
        })
        .await
    }

    async fn put(&self, name: &str, version: Uuid, bytes: &[u8]) -> Result<(), SecretError> {
        let (name, bytes) = (name.to_owned(), STANDARD.encode(bytes));
        self.with(move |shelf| shelf.put(&name, version.to_string(), bytes))
            .await
    }

    async fn current(&self, name: &str) -> Result<Vec<u8>, SecretError> {
        let name = name.to_owned();
        self.with(move |shelf| {
            let record = shelf.read(&name)?.ok_or(SecretError::NotFound)?;
            decode(record.versions.last())
        })
        .await
    }

    async fn version(&self, name: &str, version: Uuid) -> Result<Vec<u8>, SecretError> {
        let (name, token) = (name.to_owned(), version.to_string());
        self.with(move |shelf| {
            let record = shelf.read(&name)?.ok_or(SecretError::NotFound)?;
            decode(
                record
                    .versions
                    .iter()
                    .find(|version| version.token == token),
            )
        })
        .await
    }

    async fn delete(&self, name: &str) -> Result<(), SecretError> {
        let name = name.to_owned();
        self.with(move |shelf| {
            let path = shelf.path(&name);
            owner_only::remove(&path).or_else(|error| failed("removed", &path, &error))
        })
        .await
    }
}

#[derive(Debug, Serialize, Deserialize)]
struct SecretRecord {
    /// The name in full: the file's own name is only its hash.
    name: String,
    /// The versions, the oldest first.
    versions: Vec<VersionRecord>,
}

#[derive(Debug, Serialize, Deserialize)]
struct VersionRecord {
    token: String,
    /// In base64.
    bytes: String,
}

#[derive(Debug)]
struct Shelf {
    folder: PathBuf,
}

impl Shelf {
    /// The hash is safe as a file name whatever the secret's name is.
    fn path(&self, name: &str) -> PathBuf {
        self.folder
            .join(format!("{:x}.json", Sha256::digest(name.as_bytes())))
    }

    fn read(&self, name: &str) -> Result<Option<SecretRecord>, SecretError> {
        let path = self.path(name);
        let text = match fs::read(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return failed("read", &path, &error),
        };
        match serde_json::from_slice::<SecretRecord>(&text) {
            Ok(record) if record.name == name && !record.versions.is_empty() => Ok(Some(record)),
            _ => unavailable(format!(
                "{} is damaged; it was left as it is",
                path.display()
            )),
        }
    }

    fn put(&self, name: &str, token: String, bytes: String) -> Result<(), SecretError> {
        let mut record = self.read(name)?.unwrap_or_else(|| SecretRecord {
            name: name.to_owned(),
            versions: Vec::new(),
        });
        let same_token = record.versions.iter().find(|known| known.token == token);
        if let Some(known) = same_token {
            return if known.bytes == bytes {
                Ok(())
            } else {
                Err(SecretError::OtherContent)
            };
        }
        record.versions.push(VersionRecord { token, bytes });
        let surplus = record.versions.len().saturating_sub(VERSIONS);
        record.versions.drain(..surplus);
        let path = self.path(name);
        serde_json::to_vec(&record)
            .map_err(io::Error::from)
            .and_then(|text| owner_only::replace(&path, &text))
            .or_else(|error| failed("written", &path, &error))
    }
}

fn prepare(folder: &Path) -> io::Result<()> {
    owner_only::make_folder(folder)?;
    owner_only::close_folder(folder)?;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        if name.to_string_lossy().starts_with(owner_only::UNFINISHED) {
            fs::remove_file(entry.path())?;
        } else if entry.file_type()?.is_file() {
            owner_only::close_file(&entry.path())?;
        }
    }
    Ok(())
}

fn decode(version: Option<&VersionRecord>) -> Result<Vec<u8>, SecretError> {
    let version = version.ok_or(SecretError::NotFound)?;
    STANDARD
        .decode(&version.bytes)
        .or_else(|_| unavailable("a stored secret is damaged; it was left as it is".to_owned()))
}

fn failed<T>(action: &str, path: &Path, error: &io::Error) -> Result<T, SecretError> {
    unavailable(format!("{} could not be {action}: {error}", path.display()))
}

fn unavailable<T>(what: String) -> Result<T, SecretError> {
    Err(SecretError::Unavailable(what))
}
