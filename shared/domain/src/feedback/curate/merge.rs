//! Merging posts by hand, and undoing it. The merged post stays as it was, evidence and all, and
//! what is like it goes to the post that took it in: so nothing has to be put together again when
//! the merge is undone.

use super::{Curate, CurateError, TRIES, now_is};
use crate::{
    call::OutcomeResult,
    feedback::{MergeCheck, Merged, Moderation, Post},
    ids::PostId,
    moment::Timestamp,
    ports::feedback::{FeedbackChange, PostChange, VectorChange},
    principal::{Principal, Role},
};

impl Curate {
    /// Merges a published post, or one in review, into a published one.
    ///
    /// # Errors
    /// [`CurateError`]; nothing was merged.
    pub async fn merge(
        &self,
        me: &Principal,
        from: &PostId,
        into: &PostId,
    ) -> Result<(), CurateError> {
        me.require(Role::Member)?;
        for _ in 0..TRIES {
            let read = self.post(&me.org_id, from).await?;
            if !matches!(
                read.moderation,
                Moderation::Published | Moderation::InReview
            ) {
                return Err(CurateError::Decided);
            }
            let target = self.root(self.post(&me.org_id, into).await?).await?;
            let change = self.plan_merge(me, read, target, None).await?;
            if self.write(&change).await? {
                return Ok(());
            }
        }
        Err(CurateError::Busy)
    }

    pub(super) async fn plan_merge(
        &self,
        me: &Principal,
        read: Post,
        target: Post,
        check: Option<MergeCheck>,
    ) -> Result<FeedbackChange, CurateError> {
        if read.id == target.id {
            return Err(CurateError::Same);
        }
        if target.moderation != Moderation::Published {
            return Err(CurateError::NotPublished);
        }
        let at = self.clock.now();
        let score = check.as_ref().map(|check| check.score);
        let mut next = Post {
            moderation: Moderation::Merged,
            merged_into: Some(Merged {
                into: target.id.clone(),
                by: me.user_id.clone(),
                at,
                check,
            }),
            review_reason: None,
            proposed: None,
            updated: at,
            ..read.clone()
        };
        let mut calls = Vec::new();
        let mut vector = VectorChange::Keep;
        if read.moderation != Moderation::Published {
            // From now on its like is found by it.
            next.revision += 1;
            vector = VectorChange::Put(self.vector(&next).await?);
            let reason = format!("{} added its feedback to a post in review", me.user_id);
            calls = self
                .calls_of(&read, at, Some(&reason), |outcome| {
                    outcome.result = OutcomeResult::Consolidated;
                    outcome.score = score;
                })
                .await?;
        }
        let did = format!("merged post {} into post {}", read.id, target.id);
        let activity = self.activity(me, at, &[&read.id, &target.id], did);
        let mut taken = Post {
            updated: at,
            ..target.clone()
        };
        taken.merged_from.push(read.id.clone());
        Ok(FeedbackChange {
            calls,
            posts: vec![
                PostChange {
                    read,
                    next: Some(next),
                    vector,
                },
                PostChange::of(target, taken),
            ],
            activity: vec![activity],
            ..FeedbackChange::new(me.org_id.clone(), at)
        })
    }

    /// Takes a merged post out again: it is published as before, with its evidence.
    ///
    /// # Errors
    /// [`CurateError`]; nothing was changed.
    pub async fn undo_merge(&self, me: &Principal, id: &PostId) -> Result<(), CurateError> {
        me.require(Role::Member)?;
        for _ in 0..TRIES {
            let read = self.post(&me.org_id, id).await?;
            let Some(merged) = &read.merged_into else {
                return Err(CurateError::Decided);
            };
            let at = self.clock.now();
            let into = merged.into.clone();
            let mut change = FeedbackChange::new(me.org_id.clone(), at);
            change.posts.push(PostChange::of(
                read.clone(),
                Post {
                    moderation: Moderation::Published,
                    merged_into: None,
                    updated: at,
                    ..read.clone()
                },
            ));
            if let Some(target) = self.feedback.post(&me.org_id, &into).await? {
                change.posts.push(without_merged(target, id, at));
            }
            change.calls = self
                .calls_of(&read, at, None, |outcome| {
                    if read.merged_into.as_ref().is_some_and(|m| m.check.is_some()) {
                        now_is(OutcomeResult::Posted)(outcome);
                    }
                })
                .await?;
            let did = format!("took post {id} out of post {into} again");
            change
                .activity
                .push(self.activity(me, at, &[id, &into], did));
            if self.write(&change).await? {
                return Ok(());
            }
        }
        Err(CurateError::Busy)
    }
}

/// A post that does not hold the merged one any more.
pub(super) fn without_merged(target: Post, merged: &PostId, at: Timestamp) -> PostChange {
    let mut next = Post {
        updated: at,
        ..target.clone()
    };
    next.merged_from.retain(|id| id != merged);
    PostChange::of(target, next)
}
