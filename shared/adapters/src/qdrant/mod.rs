//! The vector index on a Qdrant server.

mod collection;
mod connection;
mod failure;
mod point;

use std::{fmt, sync::Arc};

use async_trait::async_trait;
use domain::{
    ids::{OrgId, PostId},
    ports::{
        feedback::{Hit, IndexError, PostVector, VectorIndex},
        system::{Clock, Ids},
    },
    secret::Secret,
    service_url::ServiceUrl,
};
use environment::{ConfigError, Environment};
use qdrant_client::qdrant::{
    DeletePointsBuilder, PointsOperationResponse, QueryPointsBuilder, SearchParamsBuilder,
    UpdateStatus, UpsertPointsBuilder,
};

pub use collection::InvalidEmbedder;

use crate::keys::Key;
use collection::Collection;
use connection::Connection;

/// Hits that are read beyond the limit. The engine leaves the order of equal scores open; they are
/// ordered by the post's id here. Only of more equal scores than this at the cut, some others than
/// the first by id may be kept, which are as good a match.
const TIES: usize = 16;

/// What the operator says about Qdrant.
#[derive(Debug, Clone)]
pub struct QdrantConfig {
    /// The address of its gRPC face, usually with port 6334.
    pub url: ServiceUrl,
    /// Its key; none where it wants none.
    pub api_key: Option<Key>,
}

impl QdrantConfig {
    /// What the environment says, with the key that it holds; none where no server is named.
    ///
    /// # Errors
    /// [`ConfigError`].
    pub fn from_env(environment: &Environment) -> Result<Option<Self>, ConfigError> {
        let api_key = environment.optional("QDRANT_API_KEY");
        let Some(text) = environment.optional("QDRANT_URL") else {
            if api_key.is_some() {
                let missing = "is not set although QDRANT_API_KEY is; set it, or unset the key to \
                               search in memory";
                return Err(ConfigError::new("QDRANT_URL", missing));
            }
            return Ok(None);
        };
        let url = ServiceUrl::parse(&text);
        Ok(Some(Self {
            url: url.map_err(|error| ConfigError::new("QDRANT_URL", error))?,
            api_key: api_key.map(|key| Secret::new(key).into()),
        }))
    }
}

/// Posts of all organizations in one collection, filtered by organization inside the engine.
///
/// Writes go to the collection, searches to its alias, which `publish` makes: so a collection that
/// is still being filled is missing for every search, and no process has to know of another's
/// filling. Writes are conditional on the stored revision inside the engine, which applies them
/// one after the other; the database stays the truth, and a hit counts only after a consistent
/// read of its post at the same revision.
pub struct QdrantIndex {
    collection: Collection,
    connection: Connection,
}

impl QdrantIndex {
    /// Sets up the index of an embedder, by its name with its dimension, such as `voyage-4@1024`;
    /// nothing is sent or fetched yet.
    ///
    /// # Errors
    /// [`InvalidEmbedder`] when the embedder's name cannot name a collection.
    pub fn new(
        config: QdrantConfig,
        embedder: &str,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn Ids>,
    ) -> Result<Self, InvalidEmbedder> {
        Ok(Self {
            collection: Collection::of(embedder)?,
            connection: Connection::new(config.url, config.api_key, clock, ids),
        })
    }

    /// Whether it can be searched now.
    ///
    /// # Errors
    /// [`IndexError::Missing`] before `reindex` made it; [`IndexError::Unavailable`].
    pub async fn ready(&self) -> Result<(), IndexError> {
        let alias = &self.collection.alias;
        let asked = self.connection.call(|client| async move {
            client.collection_info(alias.as_str()).await?;
            Ok(())
        });
        asked.await
    }

    /// Vectors of another model must never be compared.
    fn check(&self, vector: &[f32]) -> Result<(), IndexError> {
        if vector.len() == self.collection.dimension {
            return Ok(());
        }
        Err(IndexError::Unavailable(format!(
            "it holds vectors of {} numbers, this one has {}: another embedding model made it; \
             run `reindex --re-embed`",
            self.collection.dimension,
            vector.len()
        )))
    }
}

#[async_trait]
impl VectorIndex for QdrantIndex {
    async fn prepare(&self) -> Result<(), IndexError> {
        self.collection.prepare(&self.connection).await
    }

    async fn publish(&self) -> Result<(), IndexError> {
        self.collection.publish(&self.connection).await
    }

    async fn upsert(&self, vector: &PostVector) -> Result<(), IndexError> {
        self.check(&vector.vector)?;
        let points = vec![point::point(vector)];
        let request = UpsertPointsBuilder::new(&self.collection.name, points)
            .update_filter(point::up_to(vector.revision))
            .wait(true);
        let written = self.connection.call(|client| {
            let request = request.clone();
            async move { client.upsert_points(request).await }
        });
        applied(&written.await?)
    }

    async fn remove(&self, org: &OrgId, post: &PostId, revision: u64) -> Result<(), IndexError> {
        let request = DeletePointsBuilder::new(&self.collection.name)
            .points(point::this_up_to(org, post, revision))
            .wait(true);
        let removed = self.connection.call(|client| {
            let request = request.clone();
            async move { client.delete_points(request).await }
        });
        applied(&removed.await?)
    }

    async fn nearest(
        &self,
        org: &OrgId,
        vector: &[f32],
        limit: usize,
    ) -> Result<Vec<Hit>, IndexError> {
        self.check(vector)?;
        // Exact, since a match that an approximate search misses would become a second post. The
        // filter leaves the posts of one organization, which are read whole in milliseconds.
        let request = QueryPointsBuilder::new(&self.collection.alias)
            .query(vector.to_vec())
            .filter(point::of(org))
            .params(SearchParamsBuilder::default().exact(true))
            .limit(limit.saturating_add(TIES) as u64)
            .with_payload(true);
        let found = self.connection.call(|client| {
            let request = request.clone();
            async move { client.query(request).await }
        });
        let found = found.await?.result;
        let mut hits = found
            .iter()
            .map(point::hit)
            .collect::<Result<Vec<_>, _>>()?;
        hits.sort_by(Hit::before);
        hits.truncate(limit);
        Ok(hits)
    }
}

/// With `wait`, a write that is only on its way was too slow.
fn applied(response: &PointsOperationResponse) -> Result<(), IndexError> {
    let status = response.result.as_ref().map(|result| result.status());
    if status == Some(UpdateStatus::Completed) {
        return Ok(());
    }
    let words = "it has taken the write, but not applied it in time";
    Err(IndexError::Unavailable(words.into()))
}

impl fmt::Debug for QdrantIndex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("QdrantIndex")
            .field("collection", &self.collection)
            .finish_non_exhaustive()
    }
}
