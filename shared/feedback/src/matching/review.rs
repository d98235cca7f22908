//! The review queue: what a person sees before it is published.

use domain::{
    feedback::{MergeCheck, Review},
    findings::{Confidence, Feedback},
};

use super::candidates::Candidate;

/// This close to the threshold, on either side, a merge is uncertain.
const CLOSE: f32 = 0.02;

/// Why a feedback without a verified quote is never published by itself.
pub const UNVERIFIED: &str =
    "None of the quotes that the engine gave is in the customer's words of this call.";

/// Where a feedback would go, as far as doubts are concerned.
pub(super) struct Case<'a> {
    pub(super) feedback: &'a Feedback,
    /// The merge, if it is one.
    pub(super) merge: Option<&'a MergeCheck>,
    /// Whether guards kept it apart from a post like it.
    pub(super) kept_apart: bool,
    pub(super) candidates: &'a [Candidate],
    pub(super) threshold: f32,
}

/// Why this feedback waits for a person, in sentences; empty when it does not.
pub(super) fn reasons(review: Review, case: &Case<'_>) -> Vec<String> {
    match review {
        Review::Off => Vec::new(),
        // Of a newer version's choice the one that publishes nothing unseen.
        Review::All | Review::Newer(_) => {
            vec!["Every feedback waits for a person, by the settings.".into()]
        }
        Review::Uncertain => doubts(case),
    }
}

fn doubts(case: &Case<'_>) -> Vec<String> {
    let mut doubts = Vec::new();
    let feedback = case.feedback;
    if feedback.finding.confidence == Some(Confidence::Low) {
        doubts.push("The engine itself is not sure that a customer asks for this.".into());
    }
    if feedback.rejected_quotes > 0 {
        let claimed = feedback.quotes.len() as u64 + u64::from(feedback.rejected_quotes);
        doubts.push(format!(
            "{} of the {claimed} quotes that the engine gave are not in the customer's words.",
            feedback.rejected_quotes
        ));
    }
    match case.merge {
        Some(check) if check.score - check.threshold < CLOSE => doubts.push(format!(
            "Its similarity of {:.2} to the post it would be added to is close to the threshold of {:.2}.",
            check.score, check.threshold
        )),
        Some(_) => {}
        None if case.kept_apart => {
            doubts.push("It is like a post that the guards keep it apart from.".into());
        }
        None => {
            let nearest = case.candidates.first().map(|candidate| candidate.score);
            if let Some(score) = nearest.filter(|score| case.threshold - score < CLOSE) {
                doubts.push(format!(
                    "Its similarity of {score:.2} to another post is just below the threshold of {:.2}.",
                    case.threshold
                ));
            }
        }
    }
    doubts
}
