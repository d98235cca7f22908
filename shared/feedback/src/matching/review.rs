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
    let mut reasons = case.feedback.finding.doubts.clone();
    reasons.extend(by_setting(review, case));
    reasons
}

fn by_setting(review: Review, case: &Case<'_>) -> Vec<String> {
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

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test may panic")]
mod tests {
    use super::*;
    use crate::samples::{feedback, post};

    const ENGINE: &str = "The engine itself is not sure that a customer asks for this.";
    const QUOTES: &str = "2 of the 3 quotes that the engine gave are not in the customer's words.";
    const MERGE: &str = "Its similarity of 0.51 to the post it would be added to is close to the threshold of 0.50.";
    const APART: &str = "It is like a post that the guards keep it apart from.";
    const BELOW: &str =
        "Its similarity of 0.49 to another post is just below the threshold of 0.50.";

    /// What may be doubted of a feedback.
    #[derive(Debug, Clone, Default)]
    struct Doubtful {
        confidence: Option<Confidence>,
        rejected_quotes: u32,
        merge: Option<f32>,
        kept_apart: bool,
        near: &'static [f32],
    }

    impl Doubtful {
        fn reasons(&self, review: Review) -> Vec<String> {
            let mut feedback = feedback("Reports as PDF", &[1.0]);
            feedback.finding.confidence = self.confidence;
            feedback.rejected_quotes = self.rejected_quotes;
            let merge = self.merge.map(|score| MergeCheck {
                reason: String::new(),
                basis: None,
                score,
                threshold: 0.5,
                embedder: "words-1".into(),
                guards: Vec::new(),
                guarded: true,
            });
            let candidate = |score: &f32| Candidate {
                post: post("a", "Reports"),
                score: *score,
                via: Vec::new(),
                moved: None,
            };
            let candidates: Vec<_> = self.near.iter().map(candidate).collect();
            let case = Case {
                feedback: &feedback,
                merge: merge.as_ref(),
                kept_apart: self.kept_apart,
                candidates: &candidates,
                threshold: 0.5,
            };
            reasons(review, &case)
        }
    }

    #[test]
    fn every_doubt_is_a_reason_where_the_uncertain_waits() {
        let newer: Review = serde_json::from_str("\"sampled\"").unwrap();
        let none = Doubtful::default;
        for (case, doubts) in [
            (none(), &[][..]),
            (
                Doubtful {
                    confidence: Some(Confidence::Low),
                    ..none()
                },
                &[ENGINE],
            ),
            (
                Doubtful {
                    confidence: Some(Confidence::Medium),
                    ..none()
                },
                &[],
            ),
            (
                Doubtful {
                    confidence: Some(Confidence::High),
                    ..none()
                },
                &[],
            ),
            (
                Doubtful {
                    rejected_quotes: 2,
                    ..none()
                },
                &[QUOTES],
            ),
            (
                Doubtful {
                    merge: Some(0.51),
                    near: &[0.51],
                    ..none()
                },
                &[MERGE],
            ),
            (
                Doubtful {
                    merge: Some(0.53),
                    near: &[0.53],
                    ..none()
                },
                &[],
            ),
            (
                Doubtful {
                    kept_apart: true,
                    near: &[0.9],
                    ..none()
                },
                &[APART],
            ),
            (
                Doubtful {
                    kept_apart: true,
                    near: &[0.9, 0.49],
                    ..none()
                },
                &[APART],
            ),
            (
                Doubtful {
                    near: &[0.49],
                    ..none()
                },
                &[BELOW],
            ),
            (
                Doubtful {
                    near: &[0.49, 0.485],
                    ..none()
                },
                &[BELOW],
            ),
            (
                Doubtful {
                    near: &[0.47],
                    ..none()
                },
                &[],
            ),
            // A merge that is sure is not doubted for what else is near.
            (
                Doubtful {
                    merge: Some(0.9),
                    near: &[0.9, 0.49],
                    ..none()
                },
                &[],
            ),
            (
                Doubtful {
                    confidence: Some(Confidence::Low),
                    rejected_quotes: 2,
                    merge: Some(0.51),
                    near: &[0.51],
                    ..none()
                },
                &[ENGINE, QUOTES, MERGE],
            ),
            (
                Doubtful {
                    rejected_quotes: 2,
                    kept_apart: true,
                    near: &[0.9],
                    ..none()
                },
                &[QUOTES, APART],
            ),
        ] {
            let all = ["Every feedback waits for a person, by the settings."];
            for (review, expected) in [
                (Review::Off, &[][..]),
                (Review::Uncertain, doubts),
                (Review::All, &all),
                (newer, &all),
            ] {
                assert_eq!(case.reasons(review), expected, "{review:?}: {case:?}");
            }
        }
    }

    #[test]
    fn what_the_engine_would_not_publish_waits_in_every_setting() {
        let mut feedback = feedback("Reports as PDF", &[1.0]);
        feedback.finding.doubts = vec!["Nobody said 400.".into()];
        let case = Case {
            feedback: &feedback,
            merge: None,
            kept_apart: false,
            candidates: &[],
            threshold: 0.5,
        };
        for (review, more) in [(Review::Off, 0), (Review::Uncertain, 0), (Review::All, 1)] {
            let reasons = reasons(review, &case);
            assert_eq!(reasons[0], "Nobody said 400.", "{review:?}");
            assert_eq!(reasons.len(), 1 + more, "{review:?}");
        }
    }
}
