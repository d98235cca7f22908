//! From candidates to one action a post: pure rules of deduplication.

use domain::{
    feedback::{MergeCheck, Post, RequestText, Similar},
    findings::Feedback,
    ids::PostId,
};

use super::{
    bearing::{Bearing, MergeRule, Near, settled},
    candidates::{Candidate, Candidates, cosine},
    judgements::Judgements,
    questions::Questions,
    review::{Case, UNVERIFIED, reasons},
};

/// Where a feedback goes.
#[derive(Debug, Clone, PartialEq)]
pub enum Target {
    /// Into a post that exists.
    Existing {
        post: Box<Post>,
        /// The posts merged into it by which it was found, with their revisions.
        via: Vec<(PostId, u64)>,
        check: MergeCheck,
    },
    /// Into a new post; posts that are like it but were kept apart.
    New { similar: Vec<Similar> },
    /// Into the new post of an earlier feedback of the same call.
    SameCall { index: usize, check: MergeCheck },
    /// Into a new post that waits for a person.
    Review {
        reasons: Vec<String>,
        /// The post that it would be added to.
        proposed: Option<Similar>,
        /// The posts like it that were kept apart.
        similar: Vec<Similar>,
    },
}

/// Decides for all pieces of feedback of a call: one action a post.
#[must_use]
pub fn plan(
    pieces: &[Feedback],
    found: &Candidates,
    rule: &MergeRule,
    (known, questions): (&Judgements, &Questions),
) -> Vec<Target> {
    let mut targets: Vec<Target> = Vec::with_capacity(pieces.len());
    for (n, (feedback, candidates)) in pieces.iter().zip(&found.candidates).enumerate() {
        let text = feedback.into();
        let within =
            |candidate: &&Candidate| !questions.are_beyond(n, text, &Near::from(*candidate), known);
        let posts = candidates.iter().filter(within);
        let target = against_posts(text, posts, rule, known);
        let target = match target {
            Target::New { similar } if feedback.is_verified() => {
                with_earlier(pieces, &targets, rule, (known, questions))
                    .unwrap_or(Target::New { similar })
            }
            other => other,
        };
        targets.push(reviewed(feedback, target, candidates, rule));
    }
    targets
}

/// Where a request goes among the posts that exist: the most similar one that is the same, or a
/// post of its own.
#[must_use]
pub fn against_posts<'a>(
    text: RequestText<'_>,
    candidates: impl IntoIterator<Item = &'a Candidate>,
    rule: &MergeRule,
    known: &Judgements,
) -> Target {
    let mut similar = Vec::new();
    for candidate in candidates {
        match settled(text, &candidate.into(), rule, known) {
            Bearing::Same(check) => {
                let via = candidate.via.iter();
                return Target::Existing {
                    post: Box::new(candidate.post.clone()),
                    via: via.map(|post| (post.id.clone(), post.revision)).collect(),
                    check,
                };
            }
            Bearing::Apart(check) => similar.push(Similar {
                post_id: candidate.post.id.clone(),
                check,
            }),
            Bearing::Far | Bearing::Open => {}
        }
    }
    Target::New { similar }
}

/// The next piece of a call, where it is the same as an earlier one that has a post of its own.
fn with_earlier(
    pieces: &[Feedback],
    targets: &[Target],
    rule: &MergeRule,
    (known, questions): (&Judgements, &Questions),
) -> Option<Target> {
    let n = targets.len();
    let feedback = &pieces[n];
    let own_post = |(index, target): &(usize, &Target)| match target {
        Target::New { .. } => true,
        Target::Review { .. } => pieces[*index].is_verified(),
        _ => false,
    };
    let mut earlier: Vec<_> = targets
        .iter()
        .enumerate()
        .filter(own_post)
        .map(|(index, _)| (index, cosine(&feedback.vector, &pieces[index].vector)))
        .collect();
    earlier.sort_by(|(_, a), (_, b)| b.total_cmp(a));
    earlier.into_iter().find_map(|(index, score)| {
        let near = Near {
            text: (&pieces[index]).into(),
            score,
            moved: false,
        };
        if questions.are_beyond(n, feedback.into(), &near, known) {
            return None;
        }
        match settled(feedback.into(), &near, rule, known) {
            Bearing::Same(check) => Some(Target::SameCall { index, check }),
            _ => None,
        }
    })
}

/// The target, or review where a person has to look first.
fn reviewed(
    feedback: &Feedback,
    target: Target,
    candidates: &[Candidate],
    rule: &MergeRule,
) -> Target {
    let reasons = if feedback.is_verified() {
        let (merge, similar) = match &target {
            Target::Existing { check, .. } => (Some(check), &[][..]),
            // It goes where its like of the same call goes.
            Target::SameCall { .. } => return target,
            Target::New { similar } => (None, similar.as_slice()),
            Target::Review { .. } => (None, &[][..]),
        };
        let case = Case {
            feedback,
            merge,
            similar,
            candidates,
            rule,
        };
        reasons(rule.review, &case)
    } else {
        vec![UNVERIFIED.to_owned()]
    };
    if reasons.is_empty() {
        return target;
    }
    let (proposed, similar) = match target {
        Target::Existing { post, check, .. } => {
            let post_id = post.id.clone();
            (Some(Similar { post_id, check }), Vec::new())
        }
        Target::New { similar } => (None, similar),
        _ => (None, Vec::new()),
    };
    Target::Review {
        reasons,
        proposed,
        similar,
    }
}

/// What was decided, in a sentence for each feedback.
pub fn decisions(targets: &[Target], found: &Candidates, rule: &MergeRule) -> String {
    let sentences = targets
        .iter()
        .zip(&found.candidates)
        .map(|(target, candidates)| {
            let nearest = match candidates.first() {
                Some(best) => format!("the nearest post has a similarity of {:.2}", best.score),
                None => "no post is near".to_owned(),
            };
            let threshold = rule.threshold;
            match target {
                Target::Existing { check, .. } => {
                    format!("added to a post: {}.", because(check))
                }
                Target::SameCall { check, .. } => {
                    format!(
                        "added to another feedback of this call: {}.",
                        because(check)
                    )
                }
                Target::New { similar } if similar.is_empty() => {
                    format!("a new post: {nearest}, threshold {threshold:.2}.")
                }
                Target::New { similar } => {
                    let apart = similar.iter().map(|similar| because(&similar.check));
                    let apart: Vec<_> = apart.collect();
                    format!(
                        "a new post, kept apart from {} like it: {}.",
                        similar.len(),
                        apart.join("; ")
                    )
                }
                Target::Review { .. } => {
                    format!("waits for review; {nearest}, threshold {threshold:.2}.")
                }
            }
        });
    sentences.collect::<Vec<_>>().join(" ")
}

fn because(check: &MergeCheck) -> String {
    format!(
        "{} ({:.2}, threshold {:.2})",
        check.why(),
        check.score,
        check.threshold
    )
}

#[cfg(test)]
mod tests;
