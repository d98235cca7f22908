//! The search for duplicates of one organization among a hundred, at 100,000 posts.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use adapters::{
    qdrant::{QdrantConfig, QdrantIndex},
    system::{SystemClock, SystemIds},
};
use domain::{
    ids::{OrgId, PostId},
    ports::feedback::{PostVector, VectorIndex},
    service_url::ServiceUrl,
};
use futures::{StreamExt, stream};
use local::exact_index::ExactIndex;
use test_tools::Server;

use crate::engine::place;

const ORGANIZATIONS: usize = 100;
const POSTS_EACH: usize = 1_000;
const DIMENSION: usize = 1_024;
const SEARCHES: usize = 1_000;

/// How many vectors are sent at once while the index is filled.
const AT_ONCE: usize = 16;
/// Vectors belong to an embedding model; this one's name.
const EMBEDDER: &str = "scattered@1024";

pub async fn measure() {
    println!(
        "Search among {} posts of {ORGANIZATIONS} organizations, {DIMENSION} numbers each: one organization's ten nearest",
        ORGANIZATIONS * POSTS_EACH
    );
    run("exact, in memory", &ExactIndex::new(DIMENSION)).await;
    let folder = tempfile::tempdir().expect("a folder for the engine");
    let server = Server::qdrant(folder.path(), None);
    let config = QdrantConfig {
        url: ServiceUrl::parse(&server.origin()).expect("a loopback address"),
        api_key: None,
    };
    let index = QdrantIndex::new(config, EMBEDDER, Arc::new(SystemClock), Arc::new(SystemIds));
    run("Qdrant's engine", &index.expect("a client")).await;
    println!();
}

async fn run(name: &str, index: &dyn VectorIndex) {
    index.prepare().await.expect("an index");
    let vectors = (0..ORGANIZATIONS).flat_map(|org| {
        (0..POSTS_EACH).map(move |post| PostVector {
            org_id: org_id(org),
            post_id: PostId::parse(format!("{org}-{post}")).expect("a valid id"),
            revision: 1,
            embedder: EMBEDDER.into(),
            vector: place(&format!("{org}-{post}"), DIMENSION),
        })
    });
    stream::iter(vectors)
        .for_each_concurrent(AT_ONCE, async |vector| {
            index.upsert(&vector).await.expect("the index answers");
        })
        .await;
    index.publish().await.expect("the index answers");
    let mut took: Vec<Duration> = Vec::with_capacity(SEARCHES);
    for n in 0..SEARCHES {
        let (org, post) = (n % ORGANIZATIONS, n % POSTS_EACH);
        let wanted = place(&format!("{org}-{post}"), DIMENSION);
        let begun = Instant::now();
        let hits = index.nearest(&org_id(org), &wanted, 10).await;
        took.push(begun.elapsed());
        let hits = hits.expect("the index answers");
        assert_eq!(hits[0].post_id.as_str(), format!("{org}-{post}"));
    }
    took.sort();
    println!(
        "  {name:<18} median {:.2} ms, 99 of 100 below {:.2} ms",
        took[SEARCHES / 2].as_secs_f64() * 1e3,
        took[SEARCHES * 99 / 100].as_secs_f64() * 1e3
    );
}

fn org_id(n: usize) -> OrgId {
    OrgId::parse(format!("org-{n}")).expect("a valid id")
}
