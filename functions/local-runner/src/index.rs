//! Which vector index runs here, by configuration, and how it stands at the start.

use std::sync::Arc;

use adapters::qdrant::QdrantIndex;
use anyhow::{Context as _, Result};
use domain::ports::{
    feedback::{IndexError, VectorIndex},
    system::{Clock, Ids},
};
use feedback::reindex::{Reindex, ReindexError};
use local::exact_index::ExactIndex;

use crate::{config::Config, engine::Engine};

/// What is to be done about a collection that is missing.
const TODO: &str = "the vector index does not exist yet: run `productbridge reindex` with the same \
    settings; until then calls wait, and no post is made of them";

#[derive(Clone)]
pub enum Index {
    /// In memory: empty at every start and filled from the database.
    Exact(Arc<ExactIndex>),
    /// A server of its own, which only `reindex` makes a collection in.
    Qdrant(Arc<QdrantIndex>, String),
}

impl Index {
    /// The index that the configuration names; nothing is sent to it yet.
    ///
    /// # Errors
    /// When the embedding model's name cannot name a collection.
    pub fn choose(
        config: &Config,
        engine: &Engine,
        clock: &Arc<dyn Clock>,
        ids: &Arc<dyn Ids>,
    ) -> Result<Self> {
        let Some(qdrant) = &config.qdrant else {
            return Ok(Self::Exact(Arc::new(ExactIndex::new(engine.dimension))));
        };
        let address = qdrant.url.as_str().to_owned();
        let (clock, ids) = (Arc::clone(clock), Arc::clone(ids));
        let index = QdrantIndex::new(qdrant.clone(), &engine.embedder.name(), clock, ids)?;
        Ok(Self::Qdrant(Arc::new(index), address))
    }

    #[must_use]
    pub fn port(&self) -> Arc<dyn VectorIndex> {
        match self {
            Self::Exact(index) => index.clone(),
            Self::Qdrant(index, _) => index.clone(),
        }
    }

    #[must_use]
    pub fn label(&self) -> String {
        match self {
            Self::Exact(_) => {
                "exact search in memory over the vectors that the database keeps".into()
            }
            Self::Qdrant(_, address) => format!("Qdrant at {address}"),
        }
    }

    /// Brings it up to the database, whatever index was in use before. A server's collection that
    /// is missing stays missing: what is to be done is returned in words.
    ///
    /// # Errors
    /// When vectors of another embedding model are stored, or a server does not answer.
    pub async fn at_start(&self, reindex: &Reindex) -> Result<Option<String>> {
        let ready = match self {
            Self::Exact(_) => Ok(()),
            Self::Qdrant(index, _) => index.ready().await,
        };
        let (brought, todo) = match ready {
            Ok(()) => (reindex.run(false).await.map(drop), None),
            Err(IndexError::Missing) => (reindex.check().await, Some(TODO.to_owned())),
            Err(error) => return Err(error).context("the Qdrant server of QDRANT_URL"),
        };
        match brought {
            Ok(()) => Ok(todo),
            Err(error @ ReindexError::OtherEmbedder { .. }) => Err(error.into()),
            Err(error) => Err(error).context("the index could not be built from the database"),
        }
    }
}
