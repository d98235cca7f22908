//! What the feedback of a call led to.

use serde::{Deserialize, Serialize};

use super::CallState;
use crate::{ids::PostId, words::words};

words!(
    /// What one feedback of a call led to.
    OutcomeResult {
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
    pub result: OutcomeResult,
    pub post_id: PostId,
    /// The similarity to the post it was merged into, from -1 to 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<f32>,
    /// Which of the call's pieces of feedback, where that is not its place among the outcomes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub n: Option<u32>,
}

impl Outcome {
    /// Which of the call's pieces of feedback it is about, when it stands at this place.
    #[must_use]
    pub fn piece(&self, place: usize) -> u32 {
        self.n
            .unwrap_or_else(|| u32::try_from(place).unwrap_or(u32::MAX))
    }
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

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test may panic")]
mod tests {
    use super::*;

    fn outcomes(results: &[OutcomeResult]) -> Vec<Outcome> {
        let outcome = |result: &OutcomeResult| Outcome {
            result: *result,
            post_id: PostId::parse("p").unwrap(),
            score: None,
            n: None,
        };
        results.iter().map(outcome).collect()
    }

    #[test]
    fn a_call_stands_where_the_strongest_of_its_outcomes_does() {
        use OutcomeResult::{Consolidated, InReview, Posted, Rejected};
        let newer: OutcomeResult = serde_json::from_str("\"archived\"").unwrap();
        for (results, state) in [
            (&[][..], CallState::Discarded),
            (&[Posted], CallState::Posted),
            (&[Consolidated], CallState::Consolidated),
            (&[InReview], CallState::InReview),
            (&[Rejected], CallState::Discarded),
            (&[Rejected, Rejected], CallState::Discarded),
            (&[Rejected, InReview], CallState::InReview),
            (&[InReview, Consolidated], CallState::Consolidated),
            (&[Consolidated, Posted], CallState::Posted),
            (
                &[Rejected, InReview, Consolidated, Posted],
                CallState::Posted,
            ),
            (&[newer], CallState::Discarded),
            (&[newer, InReview], CallState::InReview),
        ] {
            assert_eq!(state_of(&outcomes(results)), state, "{results:?}");
        }
    }

    #[test]
    fn an_outcome_is_about_the_piece_at_its_place_unless_it_names_another() {
        for (n, place, piece) in [(None, 0, 0), (None, 3, 3), (Some(4), 1, 4), (Some(0), 2, 0)] {
            let outcome = Outcome {
                n,
                ..outcomes(&[OutcomeResult::Posted])[0].clone()
            };
            assert_eq!(outcome.piece(place), piece, "{n:?} at {place}");
        }
    }

    #[test]
    fn a_summary_counts_what_each_piece_of_feedback_led_to() {
        use OutcomeResult::{Consolidated, InReview, Posted, Rejected};
        for (results, words) in [
            (
                &[Posted, Posted][..],
                "2 pieces of feedback: 2 gave new posts",
            ),
            (
                &[Rejected, Posted],
                "2 pieces of feedback: 1 gave a new post, 1 was rejected",
            ),
            (
                &[Consolidated, InReview],
                "2 pieces of feedback: 1 supports a post that existed, 1 waits for a person",
            ),
            (
                &[InReview, Consolidated, InReview, Consolidated],
                "4 pieces of feedback: 2 support posts that existed, 2 wait for a person",
            ),
            (
                &[Rejected, Rejected, Posted],
                "3 pieces of feedback: 1 gave a new post, 2 were rejected",
            ),
        ] {
            assert_eq!(summary(&outcomes(results)), words, "{results:?}");
        }
    }
}
