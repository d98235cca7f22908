//! The review queue: what a person sees before it is published.

use domain::{
    feedback::{MergeBasis, MergeCheck, Review, Similar},
    findings::{Confidence, Feedback, Sameness},
};

use super::{bearing::MergeRule, candidates::Candidate};

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
    /// The posts like it that it was kept apart from.
    pub(super) similar: &'a [Similar],
    pub(super) candidates: &'a [Candidate],
    pub(super) rule: &'a MergeRule,
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
    let threshold = case.rule.threshold;
    match case.merge {
        // What was judged rests on the judgement, however similar the two are.
        Some(check) if check.basis() == MergeBasis::Judgement => {}
        Some(check) if check.score - threshold < CLOSE => doubts.push(format!(
            "Its similarity of {:.2} to the post it would be added to is close to the threshold of {threshold:.2}.",
            check.score
        )),
        Some(_) => {}
        None if case.similar.iter().any(is_guarded) => {
            doubts.push("It is like a post that the guards keep it apart from.".into());
        }
        None if case.similar.iter().any(is_unsure) => {
            doubts.push(
                "The language model is not sure whether it is the same request as another post."
                    .into(),
            );
        }
        None if case.rule.asks() => {}
        None => {
            let nearest = case.candidates.first().map(|candidate| candidate.score);
            if let Some(score) = nearest.filter(|score| threshold - score < CLOSE) {
                doubts.push(format!(
                    "Its similarity of {score:.2} to another post is just below the threshold of {threshold:.2}.",
                ));
            }
        }
    }
    doubts
}

fn is_guarded(similar: &Similar) -> bool {
    !similar.check.guards.is_empty()
}

fn is_unsure(similar: &Similar) -> bool {
    let judged = similar.check.judged.as_ref();
    judged.is_some_and(|judged| judged.sameness == Sameness::Unsure)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test may panic")]
mod tests {
    use domain::feedback::{Judged, settings::MergedBy};

    use super::*;
    use crate::samples::{feedback, post};

    const ENGINE: &str = "The engine itself is not sure that a customer asks for this.";
    const QUOTES: &str = "2 of the 3 quotes that the engine gave are not in the customer's words.";
    const MERGE: &str = "Its similarity of 0.51 to the post it would be added to is close to the threshold of 0.50.";
    const APART: &str = "It is like a post that the guards keep it apart from.";
    const BELOW: &str =
        "Its similarity of 0.49 to another post is just below the threshold of 0.50.";

    const UNSURE: &str =
        "The language model is not sure whether it is the same request as another post.";

    fn check(score: f32) -> MergeCheck {
        MergeCheck {
            reason: String::new(),
            basis: None,
            score,
            threshold: 0.5,
            embedder: "words-1".into(),
            guards: Vec::new(),
            guarded: true,
            judged: None,
        }
    }

    fn rule(by: MergedBy) -> MergeRule {
        MergeRule {
            speech: None,
            threshold: 0.5,
            near: 0.3,
            embedder: "words-1".into(),
            by,
            review: Review::Uncertain,
        }
    }

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
            let merge = self.merge.map(check);
            let guarded = Similar {
                post_id: post("a", "Reports").id,
                check: MergeCheck {
                    guards: vec!["pdf against csv".into()],
                    ..check(0.9)
                },
            };
            let similar: Vec<_> = self.kept_apart.then_some(guarded).into_iter().collect();
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
                similar: &similar,
                candidates: &candidates,
                rule: &rule(MergedBy::Guards),
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
            similar: &[],
            candidates: &[],
            rule: &rule(MergedBy::Guards),
        };
        for (review, more) in [(Review::Off, 0), (Review::Uncertain, 0), (Review::All, 1)] {
            let reasons = reasons(review, &case);
            assert_eq!(reasons[0], "Nobody said 400.", "{review:?}");
            assert_eq!(reasons.len(), 1 + more, "{review:?}");
        }
    }

    #[test]
    fn a_judgement_is_doubted_for_nothing_but_what_it_cannot_tell() {
        let judged = |sameness, score| MergeCheck {
            basis: Some(MergeBasis::Judgement),
            judged: Some(Judged {
                model: "some-model".into(),
                sameness,
                confidence: None,
            }),
            ..check(score)
        };
        for (name, merge, apart, near, doubts) in [
            (
                "the same, close to the threshold",
                Some(0.51),
                None,
                0.51,
                &[][..],
            ),
            ("the same, far below it", Some(0.35), None, 0.35, &[]),
            (
                "different",
                None,
                Some((Sameness::Different, 0.6)),
                0.6,
                &[],
            ),
            (
                "not told",
                None,
                Some((Sameness::Unsure, 0.4)),
                0.4,
                &[UNSURE],
            ),
            (
                "just below the threshold, and judged",
                None,
                None,
                0.49,
                &[],
            ),
        ] {
            let merge = merge.map(|score| judged(Sameness::Same, score));
            let similar: Vec<_> = apart
                .into_iter()
                .map(|(sameness, score)| Similar {
                    post_id: post("a", "Reports").id,
                    check: judged(sameness, score),
                })
                .collect();
            let candidate = Candidate {
                post: post("a", "Reports"),
                score: near,
                via: Vec::new(),
                moved: None,
            };
            let case = Case {
                feedback: &feedback("Reports as PDF", &[1.0]),
                merge: merge.as_ref(),
                similar: &similar,
                candidates: &[candidate],
                rule: &rule(MergedBy::Judged),
            };
            assert_eq!(reasons(Review::Uncertain, &case), doubts, "{name}");
        }
    }
}
