//! Writes in any order.

use domain::ports::feedback::VectorIndex;
use futures::future::join_all;

use crate::qdrant::server::{PLANE, Qdrant, org, vector};

#[tokio::test(flavor = "multi_thread")]
async fn concurrent_writes_of_any_order_end_at_the_highest_revision() {
    let server = Qdrant::start();
    let index = server.made(PLANE).await;
    let others = [server.index(PLANE), server.index(PLANE)];
    for step in [1, 7, 12, 19, 30_u64] {
        let post = format!("p{step}");
        // 1 to 30 in an order of its own: 31 is a prime.
        let revisions = (1..=30_u64).map(|n| (n * step) % 31);
        let writes = revisions.enumerate().map(|(n, revision)| {
            let numbers = if revision == 30 {
                [0.0, 1.0]
            } else {
                [1.0, 0.0]
            };
            let vector = vector("a", &post, revision, &numbers);
            let index = &others[n % 2];
            async move { index.upsert(&vector).await }
        });
        for written in join_all(writes).await {
            written.unwrap();
        }
        let hits = index.nearest(&org("a"), &[0.0, 1.0], 10).await.unwrap();
        let hit = hits.iter().find(|hit| hit.post_id.as_str() == post);
        assert_eq!(hit.map(|hit| hit.revision), Some(30), "{hits:?}");
        assert!((hit.unwrap().score - 1.0).abs() < 1e-5, "{hits:?}");
    }
}
