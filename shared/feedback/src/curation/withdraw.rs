//! A call that gave evidence was made private: what it gave is withdrawn.

use std::{collections::BTreeSet, sync::Arc};

use domain::{
    call::Call,
    feedback::Moderation,
    moment::Timestamp,
    ports::{
        StoreError,
        connections::ChangeError,
        feedback::{
            CallChange, DedupeStore, FeedbackChange, FeedbackStore, PostChange, VectorIndex,
        },
        ledger::Ledger,
    },
};

use super::support::{delete_also_heard, detach_evidence, resting_on};
use crate::matching::index::apply_to_index;

/// Why a post waits for a person whose only call was withdrawn.
pub const ALONE: &str = "the only call that this post rests on was made private, so its quotes and the customer's name were withdrawn; decide whether the request stands without them";
/// How often a withdrawal that meets other changes is planned anew.
const TRIES: u32 = 5;

#[derive(Clone)]
pub struct Withdraw {
    /// Posts, evidence, the setting.
    pub feedback: Arc<dyn FeedbackStore>,
    pub dedupe: Arc<dyn DedupeStore>,
    /// The index, which posts in review leave.
    pub index: Arc<dyn VectorIndex>,
    pub ledger: Arc<dyn Ledger>,
}

impl Withdraw {
    /// Deletes the evidence of a call that a listing showed as private at `read_at`, and what was
    /// also heard in it, unless the organization's settings keep that. A post of ours that rests on it alone goes to review; the
    /// ledger forgets the call and says what became of it. All or nothing.
    ///
    /// # Errors
    /// [`StoreError`]; nothing was changed, or the outcome is not known: the next listing looks
    /// again.
    pub async fn withdraw(&self, call: &Call, read_at: Timestamp) -> Result<(), StoreError> {
        if !self.feedback.settings(&call.org_id).await?.withdraw_private {
            return Ok(());
        }
        let mut call = call.clone();
        for _ in 0..TRIES {
            let plan = self.plan(call.clone(), read_at).await?;
            match self.dedupe.change(&plan).await {
                Ok(()) => {
                    apply_to_index(&*self.index, &*self.dedupe, &plan).await;
                    return Ok(());
                }
                Err(ChangeError::Store(error)) => return Err(error),
                Err(ChangeError::Lost) => {}
            }
            let found = self.ledger.call(&call.org_id, &call.id).await?;
            let Some(again) = found.filter(|call| !call.outcomes.is_empty()) else {
                return Ok(());
            };
            call = again;
        }
        tracing::warn!(org = %call.org_id, call = %call.id, "withdrawing evidence waits for the next listing");
        Ok(())
    }

    async fn plan(&self, call: Call, now: Timestamp) -> Result<FeedbackChange, StoreError> {
        let ids: BTreeSet<_> = call.outcomes.iter().map(|o| o.post_id.clone()).collect();
        let mut change = FeedbackChange::new(call.org_id.clone(), now);
        let mut alone = 0;
        for id in &ids {
            let (read, rest) = detach_evidence(&*self.feedback, &mut change, id, &call.id).await?;
            if let Some(read) = read {
                let post = resting_on(read, &call.id, &rest, now, ALONE);
                alone += usize::from(to_review(&post));
                change.posts.push(post);
            }
        }
        delete_also_heard(&*self.feedback, &mut change, &call.id).await?;
        let next = call.withdraw(change.posts.len(), alone, now);
        change.calls.push(CallChange { read: call, next });
        Ok(change)
    }
}

fn to_review(change: &PostChange) -> bool {
    let next = change.next.as_ref().map(|next| next.moderation);
    next == Some(Moderation::InReview) && change.read.moderation != Moderation::InReview
}

#[cfg(test)]
mod tests {
    use domain::feedback::Post;

    use super::*;
    use crate::samples::post;

    #[test]
    fn only_what_did_not_wait_before_goes_to_review() {
        use Moderation::{InReview, Merged, Published, Rejected};
        for (read, next, goes) in [
            (Published, Some(InReview), true),
            (Published, Some(Published), false),
            (InReview, Some(InReview), false),
            (Rejected, Some(Rejected), false),
            (Merged, Some(Merged), false),
            (Published, None, false),
        ] {
            let post = |moderation| Post {
                moderation,
                ..post("a", "Reports as PDF")
            };
            let change = PostChange {
                next: next.map(post),
                ..PostChange::of(post(read), post(read))
            };
            assert_eq!(to_review(&change), goes, "{read:?} to {next:?}");
        }
    }
}
