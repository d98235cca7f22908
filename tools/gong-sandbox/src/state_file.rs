//! What outlives the process: tokens, port and first start, in one JSON file that only its owner may read.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::tokens::Ledger;

const VERSION: u32 = 1;

/// What a state file tells before a sandbox is started on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StateStart {
    /// When the sandbox was first started (ms since epoch).
    pub first_started_ms: i64,
    /// The TCP port that it had last.
    pub port: u16,
}

/// Why a state file cannot be used.
#[derive(Debug, Error)]
pub enum StateError {
    /// The operating system refused to read it.
    #[error("the sandbox's state file {} cannot be read ({source}), so tokens handed out earlier are not known; check its permissions or name another file", path.display())]
    Read {
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// It holds something else than a state.
    #[error("the sandbox's state file {} is damaged ({cause}), so tokens handed out earlier are not known; delete it to begin afresh (the app then connects to Gong once more)", path.display())]
    Corrupt {
        path: PathBuf,
        /// Where and how, without any content.
        cause: String,
    },
    /// The operating system refused to write it.
    #[error("the sandbox's state file {} cannot be written ({source}), so tokens would be lost at the next start; check the folder's permissions and free space", path.display())]
    Write {
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct StateRecord {
    version: u32,
    pub(crate) first_started_ms: i64,
    pub(crate) port: u16,
    pub(crate) tokens: Ledger,
}

impl StateRecord {
    pub(crate) fn new(first_started_ms: i64, port: u16, tokens: Ledger) -> Self {
        Self {
            version: VERSION,
            first_started_ms,
            port,
            tokens,
        }
    }
}

/// First start and port of an earlier run; `None` if there is no readable state (`Sandbox::start` tells why).
pub fn read_state_start(path: &Path) -> Option<StateStart> {
    let record = read(path).ok()??;
    Some(StateStart {
        first_started_ms: record.first_started_ms,
        port: record.port,
    })
}

/// The state; `None` if there is no file yet.
pub(crate) fn read(path: &Path) -> Result<Option<StateRecord>, StateError> {
    let bytes = match fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(source) => {
            return Err(StateError::Read {
                path: path.to_owned(),
                source,
            });
        }
    };
    let corrupt = |cause: String| StateError::Corrupt {
        path: path.to_owned(),
        cause,
    };
    // serde_json's message may quote what it found, which may be a token: only the position is told.
    let record: StateRecord = serde_json::from_slice(&bytes).map_err(|error| {
        corrupt(format!(
            "not a sandbox state at line {}, column {}",
            error.line(),
            error.column()
        ))
    })?;
    if record.version != VERSION {
        return Err(corrupt(format!(
            "its version is {}, this program knows {VERSION}",
            record.version
        )));
    }
    Ok(Some(record))
}

/// Replaces the file as a whole: a reader, or a start after a crash, sees the old state or the new one.
pub(crate) fn write(path: &Path, record: &StateRecord) -> Result<(), StateError> {
    replace(path, record).map_err(|source| StateError::Write {
        path: path.to_owned(),
        source,
    })
}

fn replace(path: &Path, record: &StateRecord) -> io::Result<()> {
    let folder = path.parent().filter(|f| !f.as_os_str().is_empty());
    folder.map_or(Ok(()), fs::create_dir_all)?;
    owner_only::replace(path, &serde_json::to_vec_pretty(record)?)
}
