//! Merging posts by hand, and undoing it. The merged post stays as it was, evidence and all, and
//! what is like it goes to the post that took it in: so nothing has to be put together again when
//! the merge is undone.

use domain::{
    call::OutcomeResult,
    feedback::{Before, MergeCheck, Merged, Moderation, Post},
    ids::PostId,
    moment::Timestamp,
    ports::feedback::{FeedbackChange, PostChange, PostVector, VectorChange},
    principal::{Action, Principal},
};

use super::{Curate, CurateError, Planned};

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
        me.require(Action::MergePosts)?;
        self.decide(|once| async move {
            let read = once.post(&me.org_id, from).await?;
            if !read.moderation.is_listed() {
                return Err(CurateError::Decided);
            }
            let target = once.root(once.post(&me.org_id, into).await?).await?;
            let change = once.plan_merge(me, read, target, None).await?;
            Ok(((), Some(change)))
        })
        .await
    }

    /// `found` is the post's place and what the rules had to say, where it was searched with.
    pub(super) async fn plan_merge(
        &self,
        me: &Principal,
        read: Post,
        target: Post,
        found: Option<(PostVector, MergeCheck)>,
    ) -> Result<FeedbackChange, CurateError> {
        if read.id == target.id {
            return Err(CurateError::IntoItself);
        }
        if target.moderation != Moderation::Published {
            return Err(CurateError::NotPublished);
        }
        let at = self.clock.now();
        let (known, check) = found.unzip();
        let score = check.as_ref().map(|check| check.score);
        let mut next = Post {
            moderation: Moderation::Merged,
            merged_into: Some(Merged {
                into: target.id.clone(),
                by: me.user_id.clone(),
                at,
                check,
                before: Before {
                    moderation: read.moderation,
                    review_reason: read.review_reason.clone(),
                    proposed: read.proposed.clone(),
                },
            }),
            review_reason: None,
            proposed: None,
            updated: at,
            ..read.clone()
        };
        let (mut calls, mut unmerges) = (Vec::new(), Vec::new());
        let mut vector = VectorChange::Keep;
        if read.moderation != Moderation::Published {
            // From now on its like is found by it.
            next.revision += 1;
            let known = match known {
                Some(known) => known,
                None => self.embed_post(&next).await?,
            };
            vector = VectorChange::Put(PostVector {
                revision: next.revision,
                ..known
            });
            unmerges = self.unmerges_embedded_anew(&read).await?;
            let reason = format!("{} added its feedback to a post in review", me.user_id);
            calls = self
                .calls_of(&read, at, &reason, |outcome| {
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
            unmerges,
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

    /// Takes a merged post out again: it is what it was before, with its evidence. One that waited
    /// for a person waits again.
    ///
    /// # Errors
    /// [`CurateError`]; nothing was changed.
    pub async fn undo_merge(&self, me: &Principal, id: &PostId) -> Result<(), CurateError> {
        me.require(Action::MergePosts)?;
        self.decide(|once| async move { once.plan_undo(me, id).await })
            .await
    }

    async fn plan_undo(&self, me: &Principal, id: &PostId) -> Planned<()> {
        let read = self.post(&me.org_id, id).await?;
        let Some(merged) = read.merged_into.clone() else {
            return Err(CurateError::Decided);
        };
        let at = self.clock.now();
        let mut change = FeedbackChange::new(me.org_id.clone(), at);
        let mut next = Post {
            moderation: merged.before.moderation,
            review_reason: merged.before.review_reason,
            proposed: merged.before.proposed,
            merged_into: None,
            updated: at,
            ..read.clone()
        };
        let mut vector = VectorChange::Keep;
        if let Some(result) = unpublished(next.moderation) {
            next.revision += 1;
            vector = VectorChange::Remove(next.revision);
            let reason = format!(
                "{} took back that its feedback was added to a post",
                me.user_id
            );
            change.calls = self
                .calls_of(&read, at, &reason, |outcome| {
                    outcome.result = result;
                    outcome.score = None;
                })
                .await?;
        }
        change.posts.push(PostChange {
            read,
            next: Some(next),
            vector,
        });
        if let Some(target) = self.feedback.post(&me.org_id, &merged.into).await? {
            change.posts.push(without_merged(target, id, at));
        }
        let did = format!("took post {id} out of post {} again", merged.into);
        change
            .activity
            .push(self.activity(me, at, &[id, &merged.into], did));
        Ok(((), Some(change)))
    }
}

/// What the calls of a post gave that is not published; `None` when it is.
const fn unpublished(moderation: Moderation) -> Option<OutcomeResult> {
    match moderation {
        Moderation::InReview => Some(OutcomeResult::InReview),
        Moderation::Rejected => Some(OutcomeResult::Rejected),
        Moderation::Published | Moderation::Merged | Moderation::Newer(_) => None,
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

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test may panic")]
mod tests {
    use super::*;
    use crate::samples::{post, post_id};

    #[test]
    fn an_undone_merge_gives_the_calls_back_what_they_gave_before() {
        for (before, gave) in [
            ("published", None),
            ("in_review", Some(OutcomeResult::InReview)),
            ("rejected", Some(OutcomeResult::Rejected)),
            ("merged", None),
            ("archived", None),
        ] {
            let moderation = serde_json::from_value(before.into()).unwrap();
            assert_eq!(unpublished(moderation), gave, "{before}");
        }
    }

    #[test]
    fn a_post_lets_go_of_one_merged_post_alone() {
        for (holds, taken, left) in [
            (&["b"][..], "b", &[][..]),
            (&["b", "c", "d"], "c", &["b", "d"]),
            (&["b"], "c", &["b"]),
            (&[], "b", &[]),
        ] {
            let ids = |ids: &[&str]| ids.iter().map(|id| post_id(id)).collect::<Vec<_>>();
            let target = Post {
                merged_from: ids(holds),
                ..post("a", "Reports as PDF")
            };
            let changed = without_merged(target.clone(), &post_id(taken), Timestamp(9));
            let expected = Post {
                merged_from: ids(left),
                updated: Timestamp(9),
                ..target.clone()
            };
            assert_eq!(
                changed,
                PostChange::of(target, expected),
                "{holds:?} - {taken}"
            );
        }
    }
}
