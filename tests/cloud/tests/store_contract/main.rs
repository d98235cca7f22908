//! The promises of the three tables, kept on the local AWS's DynamoDB too: the same suite as on the
//! local database (`tests/tests/contracts`), on another implementation of its API.

#![expect(clippy::unwrap_used, reason = "tests")]

#[path = "../../../tests/contracts/store/suite.rs"]
mod suite;

use std::sync::OnceLock;

use adapters::dynamodb::{Client, client};
use cloud_tests::deployed::local_cloud::LocalCloud;
pub use suite::Store;
pub(crate) use suite::make;

/// One for all promises, whose tables have names of their own; it ends with this process.
static CLOUD: OnceLock<LocalCloud> = OnceLock::new();

/// The local AWS.
pub struct Database;

impl Database {
    /// Starts it with the first promise.
    pub async fn start() -> Self {
        CLOUD.get_or_init(|| LocalCloud::start("store_contract"));
        Self
    }

    /// A client of it.
    pub fn client(&self) -> Client {
        client(Some(&CLOUD.get().unwrap().endpoint())).unwrap()
    }

    /// Its tables stay until it ends.
    pub async fn stop(self) {}
}
