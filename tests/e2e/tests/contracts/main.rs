//! What the ports promise, kept by the one-machine parts.

#![expect(clippy::unwrap_used, reason = "tests")]

mod exact_index;
mod file_vault;
mod local_database;

use adapters::dynamodb::Client;
use kit::contract::store;
use local::database::LocalDatabase;

/// A database of its own in memory for each promise.
struct Database(LocalDatabase);

impl store::Database for Database {
    async fn start() -> Self {
        Self(LocalDatabase::start(None).await.unwrap())
    }

    fn client(&self) -> Client {
        self.0.client()
    }

    async fn stop(self) {
        self.0.stop().await;
    }
}

kit::store_contract!(Database);
