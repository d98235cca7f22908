//! DynamoDB on this machine: dynoxide (DynamoDB on SQLite) in this process. It listens nowhere;
//! whoever has no client of it reaches it through its files alone, which are their owner's.

mod api;
mod connector;

use std::path::{Path, PathBuf};

use tokio::task::spawn_blocking;

pub use self::api::{Answer, Api};
use self::connector::Connector;

/// What SQLite puts beside its file; each has the file's own mode from its first moment on.
const BESIDE: [&str; 3] = ["-wal", "-shm", "-journal"];

/// Why the database could not be started.
#[derive(Debug, thiserror::Error)]
pub enum LocalDatabaseError {
    /// The path is not text.
    #[error(
        "the database cannot be kept at {0}: the path is not valid UTF-8; choose a folder with a plain name"
    )]
    Path(PathBuf),
    /// The file could not be opened.
    #[error(
        "the database {place} could not be opened ({why}); nothing was changed. Check that the folder exists, may be written to and has space, and that no other program has the file open"
    )]
    Open {
        /// The file, or "in memory".
        place: String,
        /// What the database engine said.
        why: String,
    },
}

/// An open database. It answers its clients until [`stop`](Self::stop).
#[derive(Debug)]
pub struct LocalDatabase {
    connector: Connector,
}

impl LocalDatabase {
    /// Opens the database file, made when there is none, or a database in memory that is gone with
    /// its last client. The file and what SQLite puts beside it become their owner's alone, and
    /// what has expired is deleted.
    ///
    /// # Errors
    /// [`LocalDatabaseError`] when the file cannot be had.
    pub async fn start(path: Option<&Path>) -> Result<Self, LocalDatabaseError> {
        let path = path.map(as_text).transpose()?;
        let place = path.clone().unwrap_or_else(|| "in memory".to_owned());
        let opened = spawn_blocking(move || path.map_or_else(Api::in_memory, |path| open(&path)));
        let opened = opened.await.map_err(|error| error.to_string());
        match opened.and_then(|opened| opened) {
            Ok(api) => Ok(Self {
                connector: Connector::new(api),
            }),
            Err(why) => Err(LocalDatabaseError::Open { place, why }),
        }
    }

    #[must_use]
    pub fn client(&self) -> adapters::dynamodb::Client {
        adapters::dynamodb::client_in_process(self.connector.clone())
    }

    /// Lets requests that are running finish and closes the database; gives up waiting after 5 s.
    /// Its clients get no answer from then on.
    pub async fn stop(self) {
        self.connector.stop().await;
    }
}

fn as_text(path: &Path) -> Result<String, LocalDatabaseError> {
    path.to_str()
        .map(str::to_owned)
        .ok_or_else(|| LocalDatabaseError::Path(path.to_owned()))
}

fn open(path: &str) -> Result<Api, String> {
    let close = || {
        owner_only::make_or_close_file(Path::new(path))?;
        BESIDE
            .iter()
            .try_for_each(|end| owner_only::close_file(Path::new(&format!("{path}{end}"))))
    };
    close().map_err(|error| error.to_string())?;
    Api::open(path)
}
