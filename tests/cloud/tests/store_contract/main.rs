//! The promises of the three tables, kept on the local AWS's DynamoDB too: the same suite as on the
//! local database (`tests/e2e/tests/contracts`), on another implementation of its API.

#![expect(clippy::unwrap_used, reason = "tests")]

use std::sync::OnceLock;

use adapters::dynamodb::{Client, client};
use cloud_tests::deployed::local_cloud::LocalCloud;
use kit::contract::store;

/// One for all promises, whose tables have names of their own; it ends with this process.
static CLOUD: OnceLock<LocalCloud> = OnceLock::new();

/// The local AWS, started with the first promise; its tables stay until it ends.
struct Database;

impl store::Database for Database {
    async fn start() -> Self {
        CLOUD.get_or_init(|| LocalCloud::start("store_contract"));
        Self
    }

    fn client(&self) -> Client {
        client(Some(&CLOUD.get().unwrap().endpoint())).unwrap()
    }

    async fn stop(self) {}
}

kit::store_contract!(Database);
