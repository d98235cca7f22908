//! Fresh tables for each promise.

use std::ops::Deref;

use adapters::dynamodb::{Client, Dynamo, Tables, create_tables};
use uuid::Uuid;

/// Fresh tables of a database.
pub struct Store {
    pub dynamo: Dynamo,
    /// The client under them.
    pub client: Client,
    /// The tables under them.
    pub tables: Tables,
}

impl Deref for Store {
    type Target = Dynamo;
    fn deref(&self) -> &Dynamo {
        &self.dynamo
    }
}

impl Store {
    /// More such tables of the same database.
    pub async fn beside(&self) -> Self {
        Self::fresh(self.client.clone()).await
    }

    /// Tables of this client's database that nobody else uses.
    pub async fn fresh(client: Client) -> Self {
        let tables = Tables::with_prefix(&format!("test-{}-", Uuid::new_v4()));
        create_tables(&client, &tables).await.unwrap();
        Self {
            dynamo: Dynamo::new(client.clone(), tables.clone()),
            client,
            tables,
        }
    }
}
