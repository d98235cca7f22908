//! Collections: made, filled, published, told apart.

use domain::ports::feedback::{IndexError, VectorIndex};

use crate::qdrant::server::{PLANE, Qdrant, org, vector};

#[tokio::test(flavor = "multi_thread")]
async fn another_process_finds_nothing_and_misses_nothing_until_the_index_is_published() {
    let server = Qdrant::start();
    let (filling, other) = (server.index(PLANE), server.index(PLANE));
    assert_eq!(other.ready().await, Err(IndexError::Missing));
    filling.prepare().await.unwrap();
    filling
        .upsert(&vector("a", "p", 1, &[1.0, 0.0]))
        .await
        .unwrap();
    assert_eq!(other.ready().await, Err(IndexError::Missing));
    assert_eq!(
        other.nearest(&org("a"), &[1.0, 0.0], 10).await,
        Err(IndexError::Missing)
    );
    // What the other process commits meanwhile is there when it is published.
    let meanwhile = vector("a", "q", 1, &[1.0, 0.0]);
    other.upsert(&meanwhile).await.unwrap();
    filling.publish().await.unwrap();
    assert_eq!(other.ready().await, Ok(()));
    let hits = other.nearest(&org("a"), &[1.0, 0.0], 10).await.unwrap();
    assert_eq!(hits.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn several_processes_may_make_it_at_once() {
    let server = Qdrant::start();
    let making = (0..8).map(|_| server.made(PLANE));
    let indexes = futures::future::join_all(making).await;
    let near = indexes[0].nearest(&org("a"), &[1.0, 0.0], 10).await;
    assert_eq!(near, Ok(Vec::new()));
}

#[tokio::test(flavor = "multi_thread")]
async fn each_embedding_model_has_its_own_collection() {
    let server = Qdrant::start();
    let plane = server.made(PLANE).await;
    plane
        .upsert(&vector("a", "p", 1, &[1.0, 0.0]))
        .await
        .unwrap();
    let (space, other) = (server.index("space@3"), server.index("other@2"));
    for missing in [
        space.nearest(&org("a"), &[1.0, 0.0, 0.0], 10).await,
        other.nearest(&org("a"), &[1.0, 0.0], 10).await,
    ] {
        assert_eq!(missing, Err(IndexError::Missing));
    }
    let other = server.made("other@2").await;
    assert_eq!(
        other.nearest(&org("a"), &[1.0, 0.0], 10).await,
        Ok(Vec::new())
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_vector_of_another_dimension_is_refused_in_words() {
    let server = Qdrant::start();
    let index = server.made(PLANE).await;
    for error in [
        index
            .upsert(&vector("a", "p", 1, &[1.0, 0.0, 0.25]))
            .await
            .unwrap_err(),
        index
            .nearest(&org("a"), &[1.0, 0.0, 0.25], 1)
            .await
            .unwrap_err(),
    ] {
        assert!(matches!(error, IndexError::Unavailable(_)), "{error:?}");
        let words = error.to_string();
        assert!(
            words.contains("reindex --re-embed") && !words.contains("0.25"),
            "{words}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_tenant_filter_works_inside_the_engine() {
    let server = Qdrant::start();
    let index = server.made(PLANE).await;
    // Of `b` there are more perfect matches than are ever asked for.
    for n in 0..40 {
        let other = vector("b", &format!("b{n}"), 1, &[1.0, 0.0]);
        index.upsert(&other).await.unwrap();
    }
    index
        .upsert(&vector("a", "far", 1, &[-1.0, 0.0]))
        .await
        .unwrap();
    for limit in [1, 10] {
        let hits = index.nearest(&org("a"), &[1.0, 0.0], limit).await.unwrap();
        assert_eq!(hits.len(), 1, "{hits:?}");
        assert_eq!(hits[0].post_id.as_str(), "far");
    }
}
