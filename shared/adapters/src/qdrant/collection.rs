//! The collection of one embedding model: its names, how it is made and made searchable.

use domain::ports::feedback::IndexError;
use qdrant_client::{
    Qdrant, QdrantError,
    qdrant::{
        CreateAliasBuilder, CreateCollectionBuilder, CreateFieldIndexCollectionBuilder, Distance,
        FieldType, HnswConfigDiffBuilder, IntegerIndexParamsBuilder, KeywordIndexParamsBuilder,
        VectorParamsBuilder, payload_index_params::IndexParams,
    },
};

use super::{
    connection::Connection,
    point::{ORG, REVISION},
};

/// The first Qdrant whose writes can be conditional; an older one would ignore the condition.
const OLDEST: (u32, u32) = (1, 16);

/// An embedder's name that cannot name a collection.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "the embedding model {0} cannot name a collection; its name must be letters, digits, '.', '_' and '-', then '@' and the dimension"
)]
pub struct InvalidEmbedder(String);

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Collection {
    /// What is searched, such as `productbridge-voyage-4-1024`; there once it is published.
    pub alias: String,
    /// What is written to; the same for everyone, so that one filling goes on where another
    /// stopped.
    pub name: String,
    /// How many numbers a vector has.
    pub dimension: usize,
}

impl Collection {
    /// The collection of an embedder such as `voyage-4@1024`.
    pub fn of(embedder: &str) -> Result<Self, InvalidEmbedder> {
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
        let parts = embedder.rsplit_once('@');
        let parts = parts.filter(|(model, _)| !model.is_empty() && model.chars().all(plain));
        let parsed = parts.and_then(|(model, dimension)| {
            let dimension: usize = dimension.parse().ok().filter(|d| *d > 0)?;
            Some((model, dimension))
        });
        let (model, dimension) = parsed.ok_or_else(|| InvalidEmbedder(embedder.to_owned()))?;
        let alias = format!("productbridge-{model}-{dimension}");
        Ok(Self {
            name: format!("{alias}-points"),
            alias,
            dimension,
        })
    }

    /// Makes the collection and its payload indexes where they are missing.
    pub async fn prepare(&self, connection: &Connection) -> Result<(), IndexError> {
        let server = connection.call(|client| async move { client.health_check().await });
        check_version(&server.await?.version)?;
        connection.call(|client| self.create(client)).await?;
        for (field, kind, params) in payload_indexes() {
            let request = CreateFieldIndexCollectionBuilder::new(&self.name, field, kind)
                .field_index_params(params)
                .wait(true);
            let made = connection.call(|client| {
                let request = request.clone();
                async move { client.create_field_index(request).await }
            });
            made.await?;
        }
        Ok(())
    }

    async fn create(&self, client: Qdrant) -> Result<(), QdrantError> {
        if client.collection_exists(&self.name).await? {
            return Ok(());
        }
        // No graph: searches are exact, over the points of one organization.
        let request = CreateCollectionBuilder::new(&self.name)
            .vectors_config(VectorParamsBuilder::new(
                self.dimension as u64,
                Distance::Cosine,
            ))
            .hnsw_config(HnswConfigDiffBuilder::default().m(0));
        match client.create_collection(request).await {
            Ok(_) => Ok(()),
            // Another process made it in between.
            Err(_) if client.collection_exists(&self.name).await? => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Points the alias at the collection.
    pub async fn publish(&self, connection: &Connection) -> Result<(), IndexError> {
        let published = connection.call(|client| async move {
            client
                .create_alias(CreateAliasBuilder::new(&self.name, &self.alias))
                .await
        });
        published.await.map(drop)
    }
}

/// By organization for the search; by revision for the condition of a write, since a server may
/// be set up to refuse conditions on fields without an index.
fn payload_indexes() -> [(&'static str, FieldType, IndexParams); 2] {
    let tenant = KeywordIndexParamsBuilder::default().is_tenant(true).build();
    let revision = IntegerIndexParamsBuilder::new(false, true).build();
    [
        (
            ORG,
            FieldType::Keyword,
            IndexParams::KeywordIndexParams(tenant),
        ),
        (
            REVISION,
            FieldType::Integer,
            IndexParams::IntegerIndexParams(revision),
        ),
    ]
}

fn check_version(text: &str) -> Result<(), IndexError> {
    let mut numbers = text.split('.').map(|part| part.parse::<u32>().ok());
    let version = (numbers.next().flatten(), numbers.next().flatten());
    match version {
        (Some(major), Some(minor)) if (major, minor) < OLDEST => {
            Err(IndexError::Unavailable(format!(
                "the server is Qdrant {major}.{minor}; {}.{} or newer is needed",
                OLDEST.0, OLDEST.1
            )))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn a_collection_is_named_by_model_and_dimension() {
        let collection = Collection::of("voyage-4@1024").unwrap();
        assert_eq!(collection.alias, "productbridge-voyage-4-1024");
        assert_eq!(collection.name, "productbridge-voyage-4-1024-points");
        assert_eq!(collection.dimension, 1024);
        for bad in ["voyage-4", "@4", "a/b@4", "a@0", "a@", "a@x", "a b@4"] {
            let error = Collection::of(bad).unwrap_err();
            assert!(error.to_string().contains(bad), "{error}");
        }
    }

    #[test]
    fn a_server_without_conditional_writes_is_refused() {
        for (version, fits) in [
            ("1.15.5", false),
            ("0.99.9", false),
            ("1.16.0", true),
            ("1.20.0-dev", true),
            ("2.0.0", true),
            ("nightly", true),
        ] {
            assert_eq!(check_version(version).is_ok(), fits, "{version}");
        }
    }
}
