//! Which vector index runs here, by configuration, and how it stands at the start.

use std::sync::Arc;

use adapters::qdrant::{QdrantConfig, QdrantIndex};
use anyhow::{Context as _, Result};
use domain::{
    feedback::reindex::{Reindex, ReindexError},
    ports::{
        feedback::{IndexError, VectorIndex},
        system::{Clock, Ids},
    },
};
use local_parts::exact_index::ExactIndex;
use runtime::config::Config;

use crate::engine::Engine;

/// The index in use.
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
        let Some(settings) = &config.qdrant else {
            return Ok(Self::Exact(Arc::new(ExactIndex::new(engine.dimension))));
        };
        let qdrant = QdrantConfig {
            url: settings.url.clone(),
            api_key: settings.api_key.clone().map(Into::into),
            embedder: engine.embedder.name(),
        };
        let index = QdrantIndex::new(qdrant, Arc::clone(clock), Arc::clone(ids))?;
        let address = settings.url.as_str().to_owned();
        Ok(Self::Qdrant(Arc::new(index), address))
    }

    /// As the port.
    #[must_use]
    pub fn port(&self) -> Arc<dyn VectorIndex> {
        match self {
            Self::Exact(index) => index.clone(),
            Self::Qdrant(index, _) => index.clone(),
        }
    }

    /// The index in words.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::Exact(_) => {
                "exact search in memory over the vectors that the database keeps".into()
            }
            Self::Qdrant(_, address) => format!("Qdrant at {address}"),
        }
    }

    /// Makes it ready where it lives in memory; says what is to be done where it does not and
    /// cannot be searched yet.
    ///
    /// # Errors
    /// When vectors of another embedding model are stored, or the database does not answer.
    pub async fn at_start(&self, reindex: &Reindex) -> Result<Option<String>> {
        let filled = match self {
            Self::Exact(_) => reindex.run(false).await.map(drop),
            Self::Qdrant(..) => reindex.check().await,
        };
        match filled {
            Ok(()) => {}
            Err(error @ ReindexError::OtherEmbedder { .. }) => return Err(error.into()),
            Err(error) => {
                return Err(error).context("the index could not be built from the database");
            }
        }
        let Self::Qdrant(index, _) = self else {
            return Ok(None);
        };
        Ok(match index.ready().await {
            Ok(()) => None,
            Err(IndexError::Missing) => Some(
                "the vector index does not exist yet: run `productbridge reindex` with the same settings; until then calls wait and no post is made of them".into(),
            ),
            Err(error) => Some(format!("{error}; until it does, calls wait")),
        })
    }
}
