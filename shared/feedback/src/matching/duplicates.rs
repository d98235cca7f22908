//! Posts that may ask for the same as one that a person is about to make.

use domain::ports::{
    StoreError,
    feedback::{DedupeStore, FeedbackStore, PostVector, VectorIndex},
};

use super::{
    candidates::{Candidate, CandidatesError, find_candidates},
    index::PostEmbedder,
};

/// As many possible duplicates are shown.
const MOST_DUPLICATES: usize = 5;

/// The posts near a place, the nearest first. A search that cannot be had keeps nobody from
/// writing: then there are none.
///
/// # Errors
/// [`StoreError`].
pub async fn duplicates(
    (dedupe, index): (&dyn DedupeStore, &dyn VectorIndex),
    feedback: &dyn FeedbackStore,
    post_embedder: &PostEmbedder,
    place: &PostVector,
) -> Result<Vec<Candidate>, StoreError> {
    let (org, vectors) = (&place.org_id, std::slice::from_ref(&place.vector));
    let text = (place.embedder.as_str(), vectors);
    let near = match find_candidates(dedupe, index, feedback, org, text).await {
        Ok(found) => found.candidates.into_iter().flatten(),
        Err(CandidatesError::Store(error)) => return Err(error),
        Err(CandidatesError::Index(error)) => {
            tracing::warn!(%org, %error, "a post is written without a look for duplicates");
            return Ok(Vec::new());
        }
    };
    let least = post_embedder.embedder.near();
    let near = near.filter(|candidate| candidate.score >= least);
    Ok(near.take(MOST_DUPLICATES).collect())
}
