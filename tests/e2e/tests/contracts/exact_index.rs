//! The vector index's contract over the exact index, and what is its own.

use domain::{
    ids::{OrgId, PostId},
    ports::feedback::{IndexError, PostVector, VectorIndex},
};
use local::exact_index::ExactIndex;

use kit::contract::vector_index;

#[tokio::test]
async fn the_exact_index_keeps_the_contract() {
    vector_index::all(async || ExactIndex::new(vector_index::DIMENSION)).await;
}

#[tokio::test]
async fn vectors_of_another_model_are_refused() {
    let index = ExactIndex::new(3);
    index.prepare().await.unwrap();
    index.publish().await.unwrap();
    let vector = PostVector {
        org_id: OrgId::parse("a").unwrap(),
        post_id: PostId::parse("p").unwrap(),
        revision: 1,
        embedder: "other@2".into(),
        vector: vec![1.0, 0.0],
    };
    for error in [
        index.upsert(&vector).await.unwrap_err(),
        index
            .nearest(&vector.org_id, &vector.vector, 1)
            .await
            .unwrap_err(),
    ] {
        assert!(matches!(error, IndexError::Unavailable(_)), "{error:?}");
        assert!(error.to_string().contains("reindex"), "{error}");
    }
}
