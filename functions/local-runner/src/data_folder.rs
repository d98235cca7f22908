//! The data folder: its owner's alone, one process at a time, and where to find the one that runs.

use std::{
    fs::{self, File, TryLockError},
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

use domain::secret::Secret;
use serde::{Deserialize, Serialize};

const LOCK: &str = "lock";
/// Where the running server takes commands.
const CONTROL: &str = "control.json";
/// What the sandbox remembers.
const SANDBOX: &str = "sandbox.json";
/// In the mode of a folder that everybody may write to, such as `/tmp`.
const STICKY: u32 = 0o1000;

/// Where the running server takes commands of other processes on this machine.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ControlAddress {
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
        folder: PathBuf,
        /// Where it takes commands, when it says so.
        address: Option<ControlAddress>,
    },
    #[error("the folder {} is shared by all users of this machine, and what customers said must not be; choose a folder of your own with --data, such as {}", .0.display(), .0.join("productbridge").display())]
    Shared(PathBuf),
    /// Others may look into it, and that cannot be changed.
    #[error("others on this machine may look into the data folder {}, and their rights cannot be taken away ({source}); choose a folder of your own with --data", folder.display())]
    Open {
        folder: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// It cannot be made or written.
    #[error("the data folder {} cannot be used ({source}); choose another with --data, or make it writable", folder.display())]
    Io {
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
    /// Makes the folder, takes everyone else's rights to it and to its files away, and takes its
    /// lock. The database, the vault and the keys look after their own files.
    ///
    /// # Errors
    /// [`FolderError`].
    pub fn open(path: &Path) -> Result<Self, FolderError> {
        let io = |source| FolderError::Io {
            folder: path.to_owned(),
            source,
        };
        let open = |source| FolderError::Open {
            folder: path.to_owned(),
            source,
        };
        owner_only::make_folder(path).map_err(io)?;
        let mode = fs::metadata(path).map_err(io)?.permissions().mode();
        if mode & STICKY != 0 {
            return Err(FolderError::Shared(path.to_owned()));
        }
        owner_only::close_folder(path).map_err(open)?;
        for name in [CONTROL, SANDBOX] {
            owner_only::close_file(&path.join(name)).map_err(open)?;
        }
        let lock = owner_only::make_or_close_file(&path.join(LOCK)).map_err(io)?;
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

    #[must_use]
    pub fn file(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    /// Where the sandbox keeps what it remembers.
    #[must_use]
    pub fn sandbox(&self) -> PathBuf {
        self.file(SANDBOX)
    }

    /// Writes where this process takes commands.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn publish(&self, address: &ControlAddress) -> std::io::Result<()> {
        owner_only::replace(&self.file(CONTROL), &serde_json::to_vec(address)?)
    }
}

fn read_address(folder: &Path) -> Option<ControlAddress> {
    let text = fs::read_to_string(folder.join(CONTROL)).ok()?;
    serde_json::from_str(&text).ok()
}
