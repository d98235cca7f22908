//! What every [`VectorIndex`] must do. An index's own test gives [`all`] a way to make a missing
//! index for vectors of [`DIMENSION`] numbers under the name [`EMBEDDER`].

use domain::{
    ids::{OrgId, PostId},
    ports::feedback::{Hit, IndexError, PostVector, VectorIndex},
};

/// How long the vectors of the contract are.
pub const DIMENSION: usize = 4;

/// The embedder's name on the vectors of the contract.
pub const EMBEDDER: &str = "contract@4";

const EAST: [f32; DIMENSION] = [1.0, 0.0, 0.0, 0.0];
const NORTH: [f32; DIMENSION] = [0.0, 1.0, 0.0, 0.0];
const WEST: [f32; DIMENSION] = [-1.0, 0.0, 0.0, 0.0];
const NORTH_EAST: [f32; DIMENSION] = [0.6, 0.8, 0.0, 0.0];

/// The whole contract, each part on an index of its own.
pub async fn all<I: VectorIndex>(missing: impl AsyncFn() -> I) {
    a_missing_index_is_never_no_match(&missing().await).await;
    nothing_is_found_before_it_is_published(&missing().await).await;
    preparing_again_keeps(&missing().await).await;
    nearest_first(&missing().await).await;
    ties_and_limit(&missing().await).await;
    tenants_apart(&missing().await).await;
    the_higher_revision_stays(&missing().await).await;
    removal(&missing().await).await;
}

fn org(id: &str) -> OrgId {
    OrgId::parse(id).unwrap()
}

fn post(id: &str) -> PostId {
    PostId::parse(id).unwrap()
}

fn vector(org_id: &str, post_id: &str, revision: u64, numbers: [f32; DIMENSION]) -> PostVector {
    PostVector {
        org_id: org(org_id),
        post_id: post(post_id),
        revision,
        embedder: EMBEDDER.to_owned(),
        vector: numbers.to_vec(),
    }
}

async fn ids(index: &dyn VectorIndex, org_id: &str, numbers: [f32; DIMENSION]) -> Vec<String> {
    let hits = index.nearest(&org(org_id), &numbers, 10).await.unwrap();
    hits.iter()
        .map(|hit| hit.post_id.as_str().to_owned())
        .collect()
}

async fn made(index: &dyn VectorIndex) {
    index.prepare().await.unwrap();
    index.publish().await.unwrap();
}

/// Nothing works before `prepare`, and says so.
pub async fn a_missing_index_is_never_no_match(index: &dyn VectorIndex) {
    assert_eq!(
        index.nearest(&org("a"), &EAST, 10).await,
        Err(IndexError::Missing)
    );
    assert_eq!(
        index.upsert(&vector("a", "p", 1, EAST)).await,
        Err(IndexError::Missing)
    );
    assert_eq!(
        index.remove(&org("a"), &post("p"), 9).await,
        Err(IndexError::Missing)
    );
    assert_eq!(index.publish().await, Err(IndexError::Missing));
    made(index).await;
    assert_eq!(index.nearest(&org("a"), &EAST, 10).await, Ok(Vec::new()));
}

/// A collection that is being filled is missing for every search, and whole once it is published.
pub async fn nothing_is_found_before_it_is_published(index: &dyn VectorIndex) {
    let missing = Err(IndexError::Missing);
    index.prepare().await.unwrap();
    assert_eq!(index.nearest(&org("a"), &EAST, 10).await, missing);
    index.upsert(&vector("a", "p", 1, EAST)).await.unwrap();
    index.upsert(&vector("a", "q", 1, EAST)).await.unwrap();
    index.remove(&org("a"), &post("q"), 9).await.unwrap();
    assert_eq!(index.nearest(&org("a"), &EAST, 10).await, missing);
    assert_eq!(index.nearest(&org("b"), &EAST, 0).await, missing);
    // Whoever filled it stopped half-way; another one goes on.
    index.prepare().await.unwrap();
    assert_eq!(index.nearest(&org("a"), &EAST, 10).await, missing);
    index.publish().await.unwrap();
    assert_eq!(ids(index, "a", EAST).await, ["p"]);
}

/// `prepare` and `publish` change nothing where a searchable index is.
pub async fn preparing_again_keeps(index: &dyn VectorIndex) {
    made(index).await;
    index.upsert(&vector("a", "p", 9, EAST)).await.unwrap();
    index.prepare().await.unwrap();
    assert_eq!(ids(index, "a", EAST).await, ["p"]);
    index.upsert(&vector("a", "p", 1, WEST)).await.unwrap();
    index.upsert(&vector("a", "q", 1, NORTH)).await.unwrap();
    index.publish().await.unwrap();
    assert_eq!(ids(index, "a", EAST).await, ["p", "q"]);
}

/// The best score comes first; scores are cosines, negative ones too.
pub async fn nearest_first(index: &dyn VectorIndex) {
    made(index).await;
    for (id, numbers) in [
        ("away", WEST),
        ("half", NORTH_EAST),
        ("same", EAST),
        ("across", NORTH),
    ] {
        index.upsert(&vector("a", id, 7, numbers)).await.unwrap();
    }
    let hits = index.nearest(&org("a"), &EAST, 10).await.unwrap();
    let wanted = [
        ("same", 1.0),
        ("half", 0.6),
        ("across", 0.0),
        ("away", -1.0),
    ];
    assert_eq!(hits.len(), wanted.len());
    for (hit, (id, score)) in hits.iter().zip(wanted) {
        assert_eq!((hit.post_id.as_str(), hit.revision), (id, 7));
        assert!((hit.score - score).abs() < 1e-5, "{hit:?}");
    }
}

/// Equal scores are ordered by the post's id, and the limit cuts after that.
pub async fn ties_and_limit(index: &dyn VectorIndex) {
    made(index).await;
    for id in ["c", "a", "e", "b", "d"] {
        index.upsert(&vector("a", id, 1, EAST)).await.unwrap();
    }
    assert_eq!(ids(index, "a", EAST).await, ["a", "b", "c", "d", "e"]);
    let two: Vec<Hit> = index.nearest(&org("a"), &EAST, 2).await.unwrap();
    assert_eq!(two.len(), 2);
    assert_eq!(two[1].post_id, post("b"));
    assert_eq!(index.nearest(&org("a"), &EAST, 0).await, Ok(Vec::new()));
}

/// An organization finds, replaces and removes its own posts only.
pub async fn tenants_apart(index: &dyn VectorIndex) {
    made(index).await;
    index.upsert(&vector("a", "shared", 1, EAST)).await.unwrap();
    index.upsert(&vector("b", "shared", 5, EAST)).await.unwrap();
    index.upsert(&vector("b", "only-b", 1, EAST)).await.unwrap();
    assert_eq!(ids(index, "a", EAST).await, ["shared"]);
    assert_eq!(ids(index, "b", EAST).await, ["only-b", "shared"]);
    assert!(ids(index, "c", EAST).await.is_empty());
    index.remove(&org("a"), &post("only-b"), 9).await.unwrap();
    index.remove(&org("a"), &post("shared"), 9).await.unwrap();
    assert!(ids(index, "a", EAST).await.is_empty());
    assert_eq!(ids(index, "b", EAST).await, ["only-b", "shared"]);
}

/// A lower revision never replaces a higher one; an equal or higher one does.
pub async fn the_higher_revision_stays(index: &dyn VectorIndex) {
    made(index).await;
    for (revision, numbers, then) in [
        (3, EAST, (3, 1.0)),
        (2, WEST, (3, 1.0)),
        (3, NORTH_EAST, (3, 0.6)),
        (4, NORTH, (4, 0.0)),
        (1, EAST, (4, 0.0)),
    ] {
        index
            .upsert(&vector("a", "p", revision, numbers))
            .await
            .unwrap();
        let hits = index.nearest(&org("a"), &EAST, 10).await.unwrap();
        assert_eq!((hits.len(), hits[0].revision), (1, then.0));
        assert!((hits[0].score - then.1).abs() < 1e-5, "{hits:?}");
    }
}

/// A removed post is not found any more; removing it again is a success.
pub async fn removal(index: &dyn VectorIndex) {
    made(index).await;
    index.upsert(&vector("a", "p", 1, EAST)).await.unwrap();
    index.upsert(&vector("a", "q", 1, NORTH)).await.unwrap();
    index.remove(&org("a"), &post("p"), 9).await.unwrap();
    index.remove(&org("a"), &post("p"), 9).await.unwrap();
    index.remove(&org("nobody"), &post("p"), 9).await.unwrap();
    assert_eq!(ids(index, "a", EAST).await, ["q"]);
    // A removal that was long on its way leaves a post that came back meanwhile.
    index.upsert(&vector("a", "q", 3, NORTH)).await.unwrap();
    index.remove(&org("a"), &post("q"), 2).await.unwrap();
    assert_eq!(ids(index, "a", EAST).await, ["q"]);
    index.remove(&org("a"), &post("q"), 3).await.unwrap();
    assert!(ids(index, "a", EAST).await.is_empty());
}
