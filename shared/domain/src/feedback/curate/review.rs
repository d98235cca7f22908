//! The review queue: approve and reject.

use super::{Curate, CurateError, TRIES, now_is};
use crate::{
    call::OutcomeResult,
    feedback::{Moderation, Post, Reviewed},
    ids::PostId,
    moment::Timestamp,
    pipeline::{
        guards::Claim,
        look::look,
        plan::{MergeRule, Target, against_posts},
        text::bounded,
    },
    ports::feedback::{FeedbackChange, PostChange, PostVector, VectorChange},
    principal::{Principal, Role},
};

/// The longest reason for a rejection, in characters.
const LONGEST_REASON: usize = 300;

/// How a post is approved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Approval {
    /// By the rules: added to a post that is the same, or published.
    ByTheRules,
    /// Published as a post of its own, whatever it is like.
    AsItsOwn,
}

/// What became of an approved post.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Approved {
    /// It was published.
    Published,
    /// It was merged into this one.
    AddedTo(PostId),
}

impl Curate {
    /// Approves a post that waits for a person, or one that was rejected. The search is asked
    /// anew: what was published meanwhile counts.
    ///
    /// # Errors
    /// [`CurateError`]; nothing was approved.
    pub async fn approve(
        &self,
        me: &Principal,
        id: &PostId,
        approval: Approval,
    ) -> Result<Approved, CurateError> {
        me.require(Role::Member)?;
        let settings = self.feedback.settings(&me.org_id).await?;
        let rule = MergeRule {
            threshold: self.embedder.threshold(),
            embedder: self.embedder.name(),
            guards: settings.merge_guards,
            review: settings.review,
        };
        for _ in 0..TRIES {
            let read = self.post(&me.org_id, id).await?;
            waits(&read)?;
            let place = self.vector(&read).await?;
            let vectors = [place.vector.clone()];
            let seen = look(
                &*self.dedupe,
                &*self.index,
                &*self.feedback,
                &me.org_id,
                (&rule.embedder, &vectors),
            )
            .await?;
            let claim = Claim {
                title: &read.title,
                description: &read.description,
            };
            let target = against_posts(claim, &seen.candidates[0], &rule);
            let (approved, change) = match (target, approval) {
                (Target::Existing { post, check, .. }, Approval::ByTheRules) => {
                    let into = post.id.clone();
                    let change = self.plan_merge(me, read, *post, Some(check)).await?;
                    (Approved::AddedTo(into), change)
                }
                (target, _) => {
                    let similar = match target {
                        Target::New { similar } => similar,
                        _ => read.similar.clone(),
                    };
                    let next = Post {
                        similar,
                        ..read.clone()
                    };
                    let change = self.plan_publish(me, read, next, place, seen.epoch).await?;
                    (Approved::Published, change)
                }
            };
            if self.write(&change).await? {
                return Ok(approved);
            }
        }
        Err(CurateError::Busy)
    }

    async fn plan_publish(
        &self,
        me: &Principal,
        read: Post,
        next: Post,
        place: PostVector,
        epoch: u64,
    ) -> Result<FeedbackChange, CurateError> {
        let at = self.clock.now();
        let next = Post {
            moderation: Moderation::Published,
            revision: read.revision + 1,
            review_reason: None,
            proposed: None,
            reviewed: Some(reviewed(me, at, None)),
            updated: at,
            ..next
        };
        let reason = format!("gave a post that {} approved", me.user_id);
        let calls = self
            .calls_of(&read, at, Some(&reason), now_is(OutcomeResult::Posted))
            .await?;
        let did = format!("approved post {}", read.id);
        let activity = self.activity(me, at, &[&read.id], did);
        let vector = PostVector {
            revision: next.revision,
            ..place
        };
        Ok(FeedbackChange {
            epoch: Some(epoch),
            calls,
            posts: vec![PostChange {
                read,
                next: Some(next),
                vector: VectorChange::Put(vector),
            }],
            activity: vec![activity],
            ..FeedbackChange::new(me.org_id.clone(), at)
        })
    }

    /// Rejects a post that waits for a person. Its call does not come back.
    ///
    /// # Errors
    /// [`CurateError`]; nothing was rejected.
    pub async fn reject(
        &self,
        me: &Principal,
        id: &PostId,
        reason: &str,
    ) -> Result<(), CurateError> {
        me.require(Role::Member)?;
        let reason = bounded(reason, LONGEST_REASON);
        let reason = Some(reason).filter(|reason| !reason.is_empty());
        for _ in 0..TRIES {
            let read = self.post(&me.org_id, id).await?;
            if read.moderation != Moderation::InReview {
                return Err(CurateError::Decided);
            }
            let at = self.clock.now();
            let words = match &reason {
                Some(reason) => format!("{} rejected its feedback: {reason}", me.user_id),
                None => format!("{} rejected its feedback", me.user_id),
            };
            let calls = self
                .calls_of(&read, at, Some(&words), now_is(OutcomeResult::Rejected))
                .await?;
            let next = Post {
                moderation: Moderation::Rejected,
                reviewed: Some(reviewed(me, at, reason.clone())),
                updated: at,
                ..read.clone()
            };
            let did = format!("rejected post {id}");
            let change = FeedbackChange {
                calls,
                posts: vec![PostChange::of(read, next)],
                activity: vec![self.activity(me, at, &[id], did)],
                ..FeedbackChange::new(me.org_id.clone(), at)
            };
            if self.write(&change).await? {
                return Ok(());
            }
        }
        Err(CurateError::Busy)
    }
}

const fn waits(post: &Post) -> Result<(), CurateError> {
    match post.moderation {
        Moderation::InReview | Moderation::Rejected => Ok(()),
        _ => Err(CurateError::Decided),
    }
}

fn reviewed(me: &Principal, at: Timestamp, reason: Option<String>) -> Reviewed {
    Reviewed {
        by: me.user_id.clone(),
        at,
        reason,
    }
}
