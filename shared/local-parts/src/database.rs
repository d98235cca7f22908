//! DynamoDB on this machine: dynoxide (DynamoDB on SQLite) behind a loopback port of this process.

use std::{
    net::Ipv4Addr,
    path::{Path, PathBuf},
    time::Duration,
};

use dynoxide::Database;
use tokio::{
    net::TcpListener,
    sync::oneshot,
    task::{JoinHandle, spawn_blocking},
};

/// A request that does not end is not waited for longer than this.
const UNTIL_STOPPED: Duration = Duration::from_secs(5);

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
    /// No loopback port was to be had.
    #[error("the database could not take a port of this machine ({0}); nothing was changed")]
    Port(#[from] std::io::Error),
}

/// A running database. It answers until [`stop`](Self::stop) or until it is dropped.
#[must_use = "the database stops when this is dropped"]
#[derive(Debug)]
pub struct LocalDatabase {
    endpoint: String,
    /// Dropping it stops the server, too.
    stop: oneshot::Sender<()>,
    server: JoinHandle<Result<(), String>>,
}

impl LocalDatabase {
    /// Opens the database file, made when there is none, or a database in memory that is gone
    /// with the process; deletes what has expired, and serves it on a free port of 127.0.0.1.
    ///
    /// # Errors
    /// [`LocalDatabaseError`] when the file or a port cannot be had.
    pub async fn start(path: Option<&Path>) -> Result<Self, LocalDatabaseError> {
        let path = path.map(as_text).transpose()?;
        let place = path.clone().unwrap_or_else(|| "in memory".to_owned());
        let opened = spawn_blocking(move || open(path.as_deref())).await;
        let database = match opened {
            Ok(Ok(database)) => database,
            Ok(Err(why)) => return Err(LocalDatabaseError::Open { place, why }),
            Err(error) => {
                let why = error.to_string();
                return Err(LocalDatabaseError::Open { place, why });
            }
        };
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let endpoint = format!("http://{}", listener.local_addr()?);
        let (stop, stopped) = oneshot::channel::<()>();
        let shutdown = async move {
            let _sent_or_dropped = stopped.await;
        };
        let server = tokio::spawn(dynoxide::server::serve_with_shutdown(
            listener, database, shutdown,
        ));
        Ok(Self {
            endpoint,
            stop,
            server,
        })
    }

    /// Where it answers, such as `http://127.0.0.1:40123`.
    #[must_use]
    pub fn endpoint(&self) -> String {
        self.endpoint.clone()
    }

    /// Lets requests that are running finish and closes the database; gives up waiting after 5 s.
    pub async fn stop(self) {
        drop(self.stop);
        match tokio::time::timeout(UNTIL_STOPPED, self.server).await {
            Ok(Ok(Ok(()))) => {}
            Ok(Ok(Err(error))) => {
                tracing::warn!(%error, "the local database stopped with an error")
            }
            Ok(Err(error)) => tracing::warn!(%error, "the local database's task ended early"),
            Err(_) => tracing::warn!("the local database still has a request running; it is left"),
        }
    }
}

fn as_text(path: &Path) -> Result<String, LocalDatabaseError> {
    path.to_str()
        .map(str::to_owned)
        .ok_or_else(|| LocalDatabaseError::Path(path.to_owned()))
}

fn open(path: Option<&str>) -> Result<Database, String> {
    let database = path.map_or_else(Database::memory, Database::new);
    let database = database.map_err(|e| e.to_string())?;
    database.sweep_ttl().map_err(|e| e.to_string())?;
    Ok(database)
}
