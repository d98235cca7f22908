//! The parts of one function under test: a database in memory and what else the test decides, with
//! the use cases put together from them as every function puts them together.

use std::sync::Arc;

use adapters::{
    dynamodb::{Dynamo, Tables, create_tables},
    fernet::{FernetSeal, generate_key},
};
use async_trait::async_trait;
use domain::{
    moment::{Span, Timestamp},
    ports::{
        analysis::{EmbedError, Embedded, Embedder},
        feedback::VectorIndex,
    },
    usage::Prices,
};
use local::{database::LocalDatabase, exact_index::ExactIndex};
use runtime::wiring::{Base, Search};

use crate::{
    outbox::Outbox,
    secrets::MemorySecrets,
    system::{TestClock, TestIds},
};

/// What a function stands on, each part where the test can reach it.
pub struct TestParts {
    /// The use cases over these parts; they poll every three hours.
    pub base: Base,
    /// An empty index, in which every text lies at the same place.
    pub search: Search,
    pub store: Arc<Dynamo>,
    /// The time, which stands still.
    pub clock: Arc<TestClock>,
    /// What was sent to both queues.
    pub outbox: Arc<Outbox>,
    pub secrets: Arc<MemorySecrets>,
    /// A key made for this test.
    pub keys: Arc<FernetSeal>,
}

impl TestParts {
    /// Parts that no other test knows, at this time.
    ///
    /// # Panics
    /// When the database does not start or the index cannot be made.
    pub async fn at(now: Timestamp) -> Self {
        let database = LocalDatabase::start(None).await;
        let client = database.expect("the database starts").client();
        let tables = Tables::with_prefix("");
        let created = create_tables(&client, &tables).await;
        created.expect("the tables are created");
        let store = Arc::new(Dynamo::new(client, tables));
        let index = ExactIndex::new(2);
        index.prepare().await.expect("an index");
        index.publish().await.expect("the index is published");
        let clock = Arc::new(TestClock::at(now));
        let ids = Arc::new(TestIds::default());
        Self {
            base: Base::of(&store, clock.clone(), ids, Span::hours(3)),
            search: Search {
                index: Arc::new(index),
                embedder: Arc::new(OnePlace),
                prices: Prices::default(),
            },
            store,
            clock,
            outbox: Arc::default(),
            secrets: Arc::default(),
            keys: Arc::new(FernetSeal::from_keys(&[generate_key()]).expect("a key")),
        }
    }
}

/// Every text lies at the same place.
struct OnePlace;

#[async_trait]
impl Embedder for OnePlace {
    fn name(&self) -> String {
        "one-place@2".into()
    }

    fn threshold(&self) -> f32 {
        0.85
    }

    async fn embed(&self, texts: &[String]) -> Result<Embedded, EmbedError> {
        Ok(Embedded {
            vectors: texts.iter().map(|_| vec![1.0, 0.0]).collect(),
            tokens: 0,
        })
    }
}
