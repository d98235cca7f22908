//! The local embedder with the real model.

use std::path::Path;

use domain::ports::analysis::Embedder;
use minilm::embedder::{LocalEmbedder, THRESHOLD};
use minilm::{LoadError, ensure_weights};

async fn embedder() -> LocalEmbedder {
    let cache = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../.cache/models");
    let weights = ensure_weights(&cache, |line| eprintln!("{line}")).unwrap();
    LocalEmbedder::load(weights).await.unwrap()
}

#[tokio::test]
async fn texts_become_named_vectors_of_length_one_in_order() {
    let embedder = embedder().await;
    assert_eq!(embedder.name(), "all-MiniLM-L6-v2@384");
    assert!((embedder.threshold() - THRESHOLD).abs() < f32::EPSILON);

    let texts = [
        "Export reports as CSV",
        "",
        "Let us download the reports in CSV format",
        "Please add single sign-on",
    ]
    .map(str::to_owned);
    let vectors = embedder.embed(&texts).await.unwrap().vectors;
    let score = |left: usize, right: usize| -> f32 {
        vectors[left]
            .iter()
            .zip(&vectors[right])
            .map(|(l, r)| l * r)
            .sum()
    };
    assert_eq!(vectors.len(), 4);
    for (index, vector) in vectors.iter().enumerate() {
        assert_eq!(vector.len(), 384);
        assert!((score(index, index) - 1.0).abs() < 1e-4);
    }
    assert!(score(0, 2) > score(0, 3) + 0.3);
    assert_eq!(embedder.embed(&[]).await.unwrap().vectors.len(), 0);
}

#[tokio::test]
async fn a_folder_without_weights_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let error = LocalEmbedder::load(folder.path().to_owned())
        .await
        .err()
        .unwrap();
    assert!(matches!(error, LoadError::Missing { .. }), "{error}");
}

#[tokio::test]
async fn a_name_that_comes_again_lies_where_it_lay_and_the_others_keep_their_order() {
    let embedder = embedder().await;
    let names = |names: &[&str]| {
        names
            .iter()
            .map(|name| (*name).to_owned())
            .collect::<Vec<_>>()
    };
    let first = embedder
        .embed(&names(&["Reports", "Mobile app"]))
        .await
        .unwrap();
    let again = embedder
        .embed(&names(&["Mobile app", "Reports"]))
        .await
        .unwrap();
    assert_eq!(again.vectors[0], first.vectors[1]);
    assert_eq!(again.vectors[1], first.vectors[0]);
    let mixed = embedder
        .embed(&names(&["Sign-in", "Reports"]))
        .await
        .unwrap();
    assert_eq!(mixed.vectors[1], first.vectors[0]);
    assert_ne!(mixed.vectors[0], first.vectors[0]);
}
