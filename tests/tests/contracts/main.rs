//! What the ports promise, kept by the one-machine parts. The promises of the three tables are
//! functions of a [`Store`], whatever database stands behind its client.

#![expect(clippy::unwrap_used, reason = "tests")]

mod exact_index;
mod file_vault;
mod local_database;
mod secret_store;
#[path = "store/suite.rs"]
mod suite;
mod vector_index;

use adapters::dynamodb::Client;
use local::database::LocalDatabase;
pub use suite::Store;
pub(crate) use suite::make;

/// A database of its own for each promise.
pub struct Database(LocalDatabase);

impl Database {
    /// A new one, in memory.
    pub async fn start() -> Self {
        Self(LocalDatabase::start(None).await.unwrap())
    }

    /// A client of it.
    pub fn client(&self) -> Client {
        self.0.client()
    }

    /// Its end.
    pub async fn stop(self) {
        self.0.stop().await;
    }
}
