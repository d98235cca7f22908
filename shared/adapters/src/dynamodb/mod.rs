//! The database: every port of the three tables on one [`Dynamo`].
//!
//! Reads of items by key and of an organization's items are consistent. The indexes `due`, `open`
//! and `by_started` are not (AWS fills them a moment later): what an index names is re-read or
//! claimed by condition before anything is done with it, and a count may be a moment old.
//!
//! A conditional write carries an id of its own, so that the SDK's retry of a write whose answer
//! was lost is told from somebody else's write. A transaction carries a request token instead.

mod batch;
mod budget;
mod change;
mod client;
mod commit;
mod connect;
mod connections;
mod dedupe;
mod directory;
mod due;
mod errors;
mod expr;
mod feedback;
mod item;
mod keys;
mod ledger;
mod ledger_pages;
mod moved;
mod ops;
mod query;
mod reservations;
mod rewrite;
mod states;
mod sync;
mod tables;
mod tokens;
mod transact;
mod usage;
mod value;
mod vectors;

pub use aws_sdk_dynamodb::Client;
pub use client::{ClientError, client, client_in_process, client_of};
pub use tables::{
    CreateTablesError, IndexDefinition, KeyType, Projection, TableDefinition, Tables,
    create_tables, table_definitions,
};

/// The three tables behind their ports; cheap to clone.
#[derive(Debug, Clone)]
pub struct Dynamo {
    client: Client,
    tables: Tables,
}

impl Dynamo {
    /// The ports on these tables; nothing is sent.
    #[must_use]
    pub const fn new(client: Client, tables: Tables) -> Self {
        Self { client, tables }
    }
}
