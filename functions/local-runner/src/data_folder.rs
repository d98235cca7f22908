//! The data folder: one process at a time, and where to find the one that runs.

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io::Write,
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
};

use domain::secret::Secret;
use serde::{Deserialize, Serialize};

/// Where the running server takes commands of other processes on this machine.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ControlAddress {
    /// The server's origin.
    pub origin: String,
    /// What a command has to show.
    pub token: Secret,
}

/// Why the folder cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// Another process has it.
    #[error("another productbridge process is using {}{}", folder.display(), address.as_ref().map_or_else(String::new, |a| format!(" (its pages are at {})", a.origin)))]
    InUse {
        /// The folder.
        folder: PathBuf,
        /// Where it takes commands, when it says so.
        address: Option<ControlAddress>,
    },
    /// It cannot be made or written.
    #[error("the data folder {} cannot be used ({source}); choose another with --data, or make it writable", folder.display())]
    Io {
        /// The folder.
        folder: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
}

/// The folder, locked for this process until it is dropped.
#[derive(Debug)]
pub struct DataFolder {
    path: PathBuf,
    _lock: File,
}

impl DataFolder {
    /// Makes the folder (for its owner only) and takes its lock.
    ///
    /// # Errors
    /// [`FolderError`].
    pub fn open(path: &Path) -> Result<Self, FolderError> {
        let io = |source| FolderError::Io {
            folder: path.to_owned(),
            source,
        };
        fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(path)
            .map_err(io)?;
        let lock = File::create(path.join("lock")).map_err(io)?;
        match lock.try_lock() {
            Ok(()) => Ok(Self {
                path: path.to_owned(),
                _lock: lock,
            }),
            Err(TryLockError::WouldBlock) => Err(FolderError::InUse {
                folder: path.to_owned(),
                address: read_address(path),
            }),
            Err(TryLockError::Error(source)) => Err(io(source)),
        }
    }

    /// A path in the folder.
    #[must_use]
    pub fn file(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    /// Writes where this process takes commands.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn publish(&self, address: &ControlAddress) -> std::io::Result<()> {
        let path = self.file("control.json");
        let temporary = self.file("control.json.new");
        let _ = fs::remove_file(&temporary);
        let mut file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&temporary)?;
        file.write_all(serde_json::to_string(address)?.as_bytes())?;
        fs::rename(temporary, path)
    }
}

fn read_address(folder: &Path) -> Option<ControlAddress> {
    let text = fs::read_to_string(folder.join("control.json")).ok()?;
    serde_json::from_str(&text).ok()
}
