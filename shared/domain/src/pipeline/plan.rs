//! From a look to one action a post: pure rules of deduplication.

use super::{
    guards::{Claim, guards},
    look::{Candidate, Look, cosine},
};
use crate::{
    feedback::{MergeCheck, Post, Quote, Similar},
    ids::PostId,
    pipeline::findings::Finding,
};

/// One feedback of a call after its quotes were verified.
#[derive(Debug, Clone, PartialEq)]
pub struct Feedback {
    /// What was found.
    pub finding: Finding,
    /// What a customer said for it.
    pub quotes: Vec<Quote>,
    /// Its place in the vector space.
    pub vector: Vec<f32>,
}

impl Feedback {
    /// What guards compare.
    #[must_use]
    pub fn claim(&self) -> Claim<'_> {
        Claim {
            title: &self.finding.title,
            description: &self.finding.description,
        }
    }

    /// Without a verified quote it is never published as fact.
    #[must_use]
    pub fn is_verified(&self) -> bool {
        !self.quotes.is_empty()
    }
}

/// The rules that hold for an organization.
#[derive(Debug, Clone, PartialEq)]
pub struct MergeRule {
    /// At or above this similarity two feedbacks are the same.
    pub threshold: f32,
    /// The embedder that the threshold belongs to.
    pub embedder: String,
    /// Whether guards may keep apart what the threshold would merge.
    pub guards: bool,
}

/// Where a feedback goes.
#[derive(Debug, Clone, PartialEq)]
pub enum Target {
    /// Into a post that exists.
    Existing {
        /// The post.
        post: Box<Post>,
        /// How it was decided.
        check: MergeCheck,
    },
    /// Into a new post; posts that are like it but were kept apart.
    New {
        /// The posts like it.
        similar: Vec<Similar>,
    },
    /// Into the new post of an earlier feedback of the same call.
    With {
        /// The earlier feedback.
        index: usize,
        /// How it was decided.
        check: MergeCheck,
    },
    /// Into a new post that waits for a person.
    Review,
}

/// Decides for all feedbacks of a call: one action a post.
#[must_use]
pub fn plan(feedbacks: &[Feedback], look: &Look, rule: &MergeRule) -> Vec<Target> {
    let mut targets: Vec<Target> = Vec::with_capacity(feedbacks.len());
    for (feedback, candidates) in feedbacks.iter().zip(&look.candidates) {
        let target = if feedback.is_verified() {
            against_posts(feedback, candidates, rule)
        } else {
            Target::Review
        };
        let target = match target {
            Target::New { similar } => {
                with_earlier(feedback, feedbacks, &targets, rule).unwrap_or(Target::New { similar })
            }
            other => other,
        };
        targets.push(target);
    }
    targets
}

fn against_posts(feedback: &Feedback, candidates: &[Candidate], rule: &MergeRule) -> Target {
    let mut similar = Vec::new();
    for candidate in candidates.iter().filter(|c| c.score >= rule.threshold) {
        let claim = Claim {
            title: &candidate.post.title,
            description: &candidate.post.description,
        };
        let check = check(feedback, claim, candidate.score, rule);
        if check.guards.is_empty() {
            let post = Box::new(candidate.post.clone());
            return Target::Existing { post, check };
        }
        let post_id: PostId = candidate.post.id.clone();
        similar.push(Similar { post_id, check });
    }
    Target::New { similar }
}

fn with_earlier(
    feedback: &Feedback,
    feedbacks: &[Feedback],
    targets: &[Target],
    rule: &MergeRule,
) -> Option<Target> {
    let new = |target: &Target| matches!(target, Target::New { .. });
    let earlier = targets.iter().enumerate().filter(|(_, t)| new(t));
    earlier
        .map(|(index, _)| (index, cosine(&feedback.vector, &feedbacks[index].vector)))
        .filter(|(_, score)| *score >= rule.threshold)
        .map(|(index, score)| {
            (
                index,
                check(feedback, feedbacks[index].claim(), score, rule),
            )
        })
        .find(|(_, check)| check.guards.is_empty())
        .map(|(index, check)| Target::With { index, check })
}

fn check(feedback: &Feedback, other: Claim<'_>, score: f32, rule: &MergeRule) -> MergeCheck {
    MergeCheck {
        score,
        threshold: rule.threshold,
        embedder: rule.embedder.clone(),
        guards: if rule.guards {
            guards(feedback.claim(), other)
        } else {
            Vec::new()
        },
    }
}
