//! The engine in a process of its own, and indexes on it.

use std::sync::Arc;

use adapters::{
    keys::Key,
    qdrant::{QdrantConfig, QdrantIndex},
    system::{SystemClock, SystemIds},
};
use domain::{
    ids::{OrgId, PostId},
    ports::feedback::{PostVector, VectorIndex},
    secret::Secret,
    service_url::ServiceUrl,
};
use test_tools::Server;

/// Vectors of two numbers.
pub const PLANE: &str = "plane@2";

/// A server and the folder that it keeps its collections in.
pub struct Qdrant {
    server: Option<Server>,
    folder: tempfile::TempDir,
}

impl Qdrant {
    pub fn start() -> Self {
        Self::with(None)
    }

    /// A server that wants this key.
    pub fn wanting(key: &str) -> Self {
        Self::with(Some(key))
    }

    fn with(key: Option<&str>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let server = Some(Server::qdrant(folder.path(), key));
        Self { server, folder }
    }

    /// Kills it; its folder stays.
    pub fn kill(&mut self) {
        self.server = None;
    }

    /// Starts it again on its folder, on another port.
    pub fn start_again(&mut self) {
        self.server = Some(Server::qdrant(self.folder.path(), None));
    }

    pub fn url(&self) -> ServiceUrl {
        ServiceUrl::parse(&self.server.as_ref().unwrap().origin()).unwrap()
    }

    /// An index of this embedder without a key.
    pub fn index(&self, embedder: &str) -> QdrantIndex {
        index_at(self.url(), None, embedder)
    }

    pub async fn made(&self, embedder: &str) -> QdrantIndex {
        let index = self.index(embedder);
        index.prepare().await.unwrap();
        index.publish().await.unwrap();
        index
    }
}

pub fn index_at(url: ServiceUrl, api_key: Option<Key>, embedder: &str) -> QdrantIndex {
    let config = QdrantConfig { url, api_key };
    QdrantIndex::new(config, embedder, Arc::new(SystemClock), Arc::new(SystemIds)).unwrap()
}

pub fn given(key: &str) -> Option<Key> {
    Some(Key::Given(Secret::new(key)))
}

pub fn org(id: &str) -> OrgId {
    OrgId::parse(id).unwrap()
}

pub fn vector(org_id: &str, post: &str, revision: u64, numbers: &[f32]) -> PostVector {
    PostVector {
        org_id: org(org_id),
        post_id: PostId::parse(post).unwrap(),
        revision,
        embedder: PLANE.to_owned(),
        vector: numbers.to_vec(),
    }
}
