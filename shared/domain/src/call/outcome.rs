//! What the feedback of a call led to.

use serde::{Deserialize, Serialize};

use super::CallState;
use crate::{ids::PostId, words::words};

words!(
    /// What one feedback of a call led to.
    OutcomeResult {
        /// A new post.
        Posted = "posted",
        /// Evidence for a post that existed.
        Consolidated = "consolidated",
        /// A post that waits for a person.
        InReview = "in_review",
        /// A person refused it in review.
        Rejected = "rejected",
    }
);

/// One feedback of a call and where it went.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    /// What it led to.
    pub result: OutcomeResult,
    /// The post.
    pub post_id: PostId,
    /// The similarity to the post it was merged into, from -1 to 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<f32>,
}

/// What several pieces of feedback of a call led to, such as "2 pieces of feedback: 1 gave a new post, 1 was rejected".
#[must_use]
pub fn summary(outcomes: &[Outcome]) -> String {
    const WORDS: [(OutcomeResult, &str, &str); 4] = [
        (OutcomeResult::Posted, "gave a new post", "gave new posts"),
        (
            OutcomeResult::Consolidated,
            "supports a post that existed",
            "support posts that existed",
        ),
        (
            OutcomeResult::InReview,
            "waits for a person",
            "wait for a person",
        ),
        (OutcomeResult::Rejected, "was rejected", "were rejected"),
    ];
    let count = |result| outcomes.iter().filter(|o| o.result == result).count();
    let parts = WORDS.iter().filter_map(|(result, one, more)| {
        let n = count(*result);
        (n > 0).then(|| format!("{n} {}", if n == 1 { one } else { more }))
    });
    let parts: Vec<_> = parts.collect();
    format!(
        "{} pieces of feedback: {}",
        outcomes.len(),
        parts.join(", ")
    )
}

/// The call's state: the strongest of its outcomes; discarded when people refused all of them.
#[must_use]
pub fn state_of(outcomes: &[Outcome]) -> CallState {
    let any = |result| outcomes.iter().any(|outcome| outcome.result == result);
    if any(OutcomeResult::Posted) {
        CallState::Posted
    } else if any(OutcomeResult::Consolidated) {
        CallState::Consolidated
    } else if any(OutcomeResult::InReview) {
        CallState::InReview
    } else {
        CallState::Discarded
    }
}
