//! One post for one request, with the vector index on the real Qdrant engine.

use std::{process::Command, sync::Arc};

use adapters::{
    qdrant::{QdrantConfig, QdrantIndex},
    system::{SystemClock, SystemIds},
};
use domain::{
    connection::History, moment::Span, ports::feedback::VectorIndex, service_url::ServiceUrl,
};
use journeys::{Rig, RigOptions};
use test_tools::{Server, python_script, venv};

use crate::one_post::pdf_calls;

fn index(server: &Server) -> Arc<dyn VectorIndex> {
    let config = QdrantConfig {
        url: ServiceUrl::parse(&server.origin()).unwrap(),
        api_key: None,
        embedder: "all-MiniLM-L6-v2@384".into(),
    };
    let index = QdrantIndex::new(config, Arc::new(SystemClock), Arc::new(SystemIds));
    Arc::new(index.unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn thirty_calls_and_one_more_in_another_process_are_one_post() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::new(venv("qdrant").program("python"));
    command
        .arg(python_script("qdrant_server.py"))
        .arg(folder.path());
    let server = Server::start(&mut command);
    let rig = Rig::start(RigOptions {
        calls: pdf_calls(30),
        index: Some(index(&server)),
        ..RigOptions::default()
    })
    .await;
    rig.connected(History::Days(30)).await;
    assert_eq!(rig.only_post().await.evidence_count, 30);

    rig.sandbox.set_calls(pdf_calls(31));
    let own = index(&server);
    let other = rig.another_process(|parts| parts.index = own).await;
    rig.clock.advance(Span::hours(4));
    other.tick().await.unwrap();
    other.drain().await;
    let post = rig.only_post().await;
    assert_eq!(
        (post.evidence_count, rig.evidence(&post.id).await.len()),
        (31, 31)
    );
    assert_eq!(rig.violations(), Vec::<String>::new());
}
