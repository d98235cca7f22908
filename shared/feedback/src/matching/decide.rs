//! From candidates to one action a post: pure rules of deduplication.

use domain::{
    feedback::{MergeBasis, MergeCheck, Post, Similar, settings::Review},
    findings::Feedback,
    ids::PostId,
};

use super::{
    candidates::{Candidate, Candidates, cosine},
    guards::{RequestText, guards},
    review::{Case, UNVERIFIED, reasons},
};

/// The rules that hold for an organization.
#[derive(Debug, Clone, PartialEq)]
pub struct MergeRule {
    /// At or above this similarity two pieces of feedback are the same.
    pub threshold: f32,
    /// The embedder that the threshold belongs to.
    pub embedder: String,
    /// Whether guards may keep apart what the threshold would merge.
    pub guards: bool,
    /// Which pieces of feedback wait for a person.
    pub review: Review,
}

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
pub fn plan(pieces: &[Feedback], found: &Candidates, rule: &MergeRule) -> Vec<Target> {
    let mut targets: Vec<Target> = Vec::with_capacity(pieces.len());
    for (feedback, candidates) in pieces.iter().zip(&found.candidates) {
        let target = against_posts(feedback.into(), candidates, rule);
        let target = match target {
            Target::New { similar } if feedback.is_verified() => {
                with_earlier(feedback, pieces, &targets, rule).unwrap_or(Target::New { similar })
            }
            other => other,
        };
        targets.push(reviewed(feedback, target, candidates, rule));
    }
    targets
}

/// Where a request goes among the posts that exist: the most similar one that no guard keeps it
/// apart from, or a post of its own.
#[must_use]
pub fn against_posts(text: RequestText<'_>, candidates: &[Candidate], rule: &MergeRule) -> Target {
    let mut similar = Vec::new();
    for candidate in candidates.iter().filter(|c| c.score >= rule.threshold) {
        let mut check = check(text, candidate.request_text(), candidate.score, rule);
        if check.guards.is_empty() {
            if candidate.moved.is_some() {
                let basis = MergeBasis::PersonsMove;
                check.basis = Some(basis);
                basis.reason().clone_into(&mut check.reason);
            }
            let via = candidate.via.iter();
            return Target::Existing {
                post: Box::new(candidate.post.clone()),
                via: via.map(|post| (post.id.clone(), post.revision)).collect(),
                check,
            };
        }
        let post_id: PostId = candidate.post.id.clone();
        similar.push(Similar { post_id, check });
    }
    Target::New { similar }
}

fn with_earlier(
    feedback: &Feedback,
    pieces: &[Feedback],
    targets: &[Target],
    rule: &MergeRule,
) -> Option<Target> {
    let own_post = |(index, target): &(usize, &Target)| match target {
        Target::New { .. } => true,
        Target::Review { .. } => pieces[*index].is_verified(),
        _ => false,
    };
    let earlier = targets.iter().enumerate().filter(own_post);
    earlier
        .map(|(index, _)| (index, cosine(&feedback.vector, &pieces[index].vector)))
        .filter(|(_, score)| *score >= rule.threshold)
        .map(|(index, score)| {
            let earlier = (&pieces[index]).into();
            (index, check(feedback.into(), earlier, score, rule))
        })
        .find(|(_, check)| check.guards.is_empty())
        .map(|(index, check)| Target::SameCall { index, check })
}

fn check(
    text: RequestText<'_>,
    other: RequestText<'_>,
    score: f32,
    rule: &MergeRule,
) -> MergeCheck {
    let guards = if rule.guards {
        guards(text, other)
    } else {
        Vec::new()
    };
    let basis = MergeBasis::Similarity;
    let mut reason = basis.reason().to_owned();
    if !guards.is_empty() {
        reason.push_str(", but the guards keep them apart");
    }
    MergeCheck {
        reason,
        basis: Some(basis),
        score,
        threshold: rule.threshold,
        embedder: rule.embedder.clone(),
        guards,
        guarded: rule.guards,
    }
}

/// The target, or review where a person has to look first.
fn reviewed(
    feedback: &Feedback,
    target: Target,
    candidates: &[Candidate],
    rule: &MergeRule,
) -> Target {
    let reasons = if feedback.is_verified() {
        let kept_apart = matches!(&target, Target::New { similar } if !similar.is_empty());
        let merge = match &target {
            Target::Existing { check, .. } => Some(check),
            // It goes where its like of the same call goes.
            Target::SameCall { .. } => return target,
            _ => None,
        };
        let case = Case {
            feedback,
            merge,
            kept_apart,
            candidates,
            threshold: rule.threshold,
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
                Target::Existing { check, .. } => format!(
                    "added to a post: {} ({:.2}, threshold {threshold:.2}).",
                    check.reason, check.score
                ),
                Target::SameCall { check, .. } => format!(
                    "added to another feedback of this call ({:.2}, threshold {threshold:.2}).",
                    check.score
                ),
                Target::New { similar } if similar.is_empty() => {
                    format!("a new post: {nearest}, threshold {threshold:.2}.")
                }
                Target::New { similar } => format!(
                    "a new post: the guards keep it apart from {} like it.",
                    similar.len()
                ),
                Target::Review { .. } => {
                    format!("waits for review; {nearest}, threshold {threshold:.2}.")
                }
            }
        });
    sentences.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests;
