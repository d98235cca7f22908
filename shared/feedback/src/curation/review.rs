//! The review queue: approve and reject.

use domain::{
    call::OutcomeResult,
    feedback::{Moderation, Post, RequestText, Reviewed, Settings, Similar},
    findings::Judgement,
    ids::PostId,
    moment::Timestamp,
    ports::feedback::{FeedbackChange, PostChange, PostVector, VectorChange},
    principal::{Action, Principal},
    text::bounded,
};

use super::{Curate, CurateError, Planned, now_is};
use crate::matching::{
    bearing::MergeRule,
    candidates::{Candidate, find_candidates},
    decide::{Target, against_posts},
    judgements::{Judgements, Known, Pair},
};

/// The longest reason for a rejection, in characters.
const LONGEST_REASON: usize = 300;

/// What was decided about a post when it was made.
fn checks(post: &Post) -> impl Iterator<Item = &Similar> {
    post.proposed.iter().chain(&post.similar)
}

/// What was judged of a post and these candidates when it was made.
fn judged_before(post: &Post, candidates: &[Candidate]) -> Judgements {
    let known = Judgements::default();
    for Similar { post_id, check } in checks(post) {
        let candidate = candidates.iter().find(|c| c.post.id == *post_id);
        let Some((candidate, judged)) = candidate.zip(check.judged.as_ref()) else {
            continue;
        };
        let judgement = Judgement {
            sameness: judged.sameness,
            reason: check.reason.clone(),
            confidence: judged.confidence,
        };
        let model = judged.model.clone();
        let pair = Pair::of(post.into(), candidate.request_text());
        known.keep(pair, Known { judgement, model });
    }
    known
}

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
        me.require(Action::Review)?;
        let settings = self.feedback.settings(&me.org_id).await?;
        let settings = &settings;
        self.decide(|once| async move { once.plan_approval(me, id, approval, settings).await })
            .await
    }

    async fn plan_approval(
        &self,
        me: &Principal,
        id: &PostId,
        approval: Approval,
        settings: &Settings,
    ) -> Planned<Approved> {
        let read = self.post(&me.org_id, id).await?;
        waits(&read)?;
        // Nobody is asked here: what was judged when the post was made holds, and the guards for
        // what was not.
        let judged = checks(&read).any(|similar| similar.check.judged.is_some());
        let rule = &MergeRule::of(&*self.post_embedder.embedder, settings, judged);
        let place = self.embed_post(&read).await?;
        let seen = find_candidates(
            &*self.dedupe,
            &*self.index,
            &*self.feedback,
            &me.org_id,
            (&rule.embedder, std::slice::from_ref(&place.vector)),
        )
        .await?;
        let text = RequestText::from(&read);
        let (candidates, known) = (
            &seen.candidates[0],
            judged_before(&read, &seen.candidates[0]),
        );
        let (approved, change) = match against_posts(text, candidates, rule, &known) {
            Target::Existing { post, check, .. } if approval == Approval::ByTheRules => {
                let into = post.id.clone();
                let found = Some((place, check));
                let change = self.plan_merge(me, read, *post, found).await?;
                (Approved::AddedTo(into), change)
            }
            target => {
                let similar = match target {
                    Target::New { similar } => similar,
                    _ => read.similar.clone(),
                };
                let change = self
                    .plan_publish(me, read, similar, place, seen.epoch)
                    .await?;
                (Approved::Published, change)
            }
        };
        Ok((approved, Some(change)))
    }

    async fn plan_publish(
        &self,
        me: &Principal,
        read: Post,
        similar: Vec<Similar>,
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
            similar,
            updated: at,
            ..read.clone()
        };
        let reason = format!("gave a post that {} approved", me.user_id);
        let calls = self
            .calls_of(&read, at, &reason, now_is(OutcomeResult::Posted))
            .await?;
        let did = format!("approved post {}", read.id);
        let activity = self.activity(me, at, &[&read.id], did);
        let vector = PostVector {
            revision: next.revision,
            ..place
        };
        Ok(FeedbackChange {
            epoch: Some(epoch),
            unmerges: self.unmerges_embedded_anew(&read).await?,
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
        me.require(Action::Review)?;
        let reason = bounded(reason, LONGEST_REASON);
        let reason = Some(reason).filter(|reason| !reason.is_empty());
        let reason = reason.as_deref();
        self.decide(|once| async move { once.plan_rejection(me, id, reason).await })
            .await
    }

    async fn plan_rejection(
        &self,
        me: &Principal,
        id: &PostId,
        reason: Option<&str>,
    ) -> Planned<()> {
        let read = self.post(&me.org_id, id).await?;
        if read.moderation != Moderation::InReview {
            return Err(CurateError::Decided);
        }
        let at = self.clock.now();
        let words = match reason {
            Some(reason) => format!("{} rejected its feedback: {reason}", me.user_id),
            None => format!("{} rejected its feedback", me.user_id),
        };
        let calls = self
            .calls_of(&read, at, &words, now_is(OutcomeResult::Rejected))
            .await?;
        let next = Post {
            moderation: Moderation::Rejected,
            reviewed: Some(reviewed(me, at, reason.map(str::to_owned))),
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
        Ok(((), Some(change)))
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

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test may panic")]
mod tests {
    use super::*;
    use crate::samples::post;

    #[test]
    fn only_what_waits_or_was_rejected_can_be_approved() {
        for (moderation, decided) in [
            ("in_review", Ok(())),
            ("rejected", Ok(())),
            ("published", Err(CurateError::Decided)),
            ("merged", Err(CurateError::Decided)),
            ("archived", Err(CurateError::Decided)),
        ] {
            let post = Post {
                moderation: serde_json::from_value(moderation.into()).unwrap(),
                ..post("a", "Reports as PDF")
            };
            assert_eq!(waits(&post), decided, "{moderation}");
        }
    }
}
