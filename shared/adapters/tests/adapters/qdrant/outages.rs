//! A server that is away, slow or killed.

use std::time::Instant;

use domain::{
    ports::feedback::{IndexError, VectorIndex},
    service_url::ServiceUrl,
};

use crate::qdrant::server::{PLANE, Qdrant, given, index_at, org, vector};

#[tokio::test]
async fn a_server_that_is_down_is_unavailable_at_once_and_never_missing() {
    let url = format!("http://127.0.0.1:{}", test_tools::free_port());
    let index = index_at(ServiceUrl::parse(&url).unwrap(), None, PLANE);
    let started = Instant::now();
    let one = vector("a", "p", 1, &[0.125, 0.0]);
    for error in [
        index.prepare().await.unwrap_err(),
        index.publish().await.unwrap_err(),
        index.ready().await.unwrap_err(),
        index.upsert(&one).await.unwrap_err(),
        index
            .remove(&one.org_id, &one.post_id, 1)
            .await
            .unwrap_err(),
        index
            .nearest(&one.org_id, &one.vector, 10)
            .await
            .unwrap_err(),
    ] {
        let words = error.to_string();
        assert!(matches!(error, IndexError::Unavailable(_)), "{error:?}");
        assert!(words.contains("no connection"), "{words}");
        assert!(!words.contains("0.125"), "{words}");
    }
    assert!(started.elapsed().as_secs() < 5, "{:?}", started.elapsed());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_was_killed_keeps_its_points() {
    let mut server = Qdrant::start();
    let index = server.made(PLANE).await;
    for n in 1..=20 {
        let one = vector("a", &format!("p{n}"), n, &[1.0, 0.0]);
        index.upsert(&one).await.unwrap();
    }
    server.kill();
    let error = index.nearest(&org("a"), &[1.0, 0.0], 10).await.unwrap_err();
    assert!(matches!(error, IndexError::Unavailable(_)), "{error:?}");
    server.start_again();
    let index = server.index(PLANE);
    let hits = index.nearest(&org("a"), &[1.0, 0.0], 50).await.unwrap();
    assert_eq!(hits.len(), 20);
    // The condition of a write still holds.
    index
        .upsert(&vector("a", "p20", 19, &[0.0, 1.0]))
        .await
        .unwrap();
    let hits = index.nearest(&org("a"), &[0.0, 1.0], 50).await.unwrap();
    assert!(hits.iter().all(|hit| hit.score < 0.5), "{hits:?}");
}

#[tokio::test]
async fn a_server_that_never_answers_times_out() {
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", silent.local_addr().unwrap());
    let index = index_at(ServiceUrl::parse(&url).unwrap(), None, PLANE);
    let started = Instant::now();
    let error = index.nearest(&org("a"), &[1.0, 0.0], 10).await.unwrap_err();
    assert!(error.to_string().contains("it timed out"), "{error}");
    assert!(started.elapsed().as_secs() < 20, "{:?}", started.elapsed());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_without_tls_is_not_spoken_to_in_clear() {
    let server = Qdrant::start();
    let url = server.url().as_str().replace("http:", "https:");
    let index = index_at(ServiceUrl::parse(&url).unwrap(), given("hush"), PLANE);
    let error = index.ready().await.unwrap_err();
    let words = error.to_string();
    assert!(
        words.contains("no connection") && !words.contains("hush"),
        "{words}"
    );
}
