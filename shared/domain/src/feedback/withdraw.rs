//! A call that gave evidence was made private in Gong: what it gave is withdrawn.

use std::{collections::BTreeSet, sync::Arc};

use serde_json::Value;

use super::{Author, Evidence, Moderation, Post};
use crate::{
    call::{Call, SkipCause},
    ids::CallId,
    moment::Timestamp,
    pipeline::effects::call_facts,
    ports::{
        StoreError,
        connections::ChangeError,
        feedback::{DedupeStore, FeedbackStore, PostChange, VectorIndex, Withdrawal},
        ledger::Ledger,
    },
    sync::settle::skipped,
};

/// Why a post waits for a person whose only call was withdrawn.
pub const ALONE: &str = "the only call that this post rests on was made private in Gong, so its quotes and the customer's name were withdrawn; decide whether the request stands without them";
/// How often a withdrawal that meets other changes is planned anew.
const TRIES: u32 = 5;

/// Withdraws evidence.
#[derive(Clone)]
pub struct Withdraw {
    /// Posts, evidence, the setting.
    pub feedback: Arc<dyn FeedbackStore>,
    /// The transaction.
    pub dedupe: Arc<dyn DedupeStore>,
    /// The index, which posts in review leave.
    pub index: Arc<dyn VectorIndex>,
    /// The calls.
    pub ledger: Arc<dyn Ledger>,
}

impl Withdraw {
    /// Deletes the evidence of a call that a listing showed as private at `read_at`, unless the
    /// organization's settings keep it. A post of ours that rests on it alone goes to review; the
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
            let plan = self.plan(call, read_at).await?;
            match self.dedupe.withdraw(&plan).await {
                Ok(()) => {
                    self.take_out(&plan).await;
                    return Ok(());
                }
                Err(ChangeError::Store(error)) => return Err(error),
                Err(ChangeError::Lost) => {}
            }
            let ids = std::slice::from_ref(&plan.call.id);
            let found = self.ledger.calls(&plan.call.org_id, ids).await?;
            let found = found.into_iter().next().filter(|c| !c.outcomes.is_empty());
            let Some(again) = found else {
                return Ok(());
            };
            call = again;
        }
        tracing::warn!(org = %call.org_id, call = %call.id, "withdrawing evidence waits for the next listing");
        Ok(())
    }

    async fn plan(&self, call: Call, now: Timestamp) -> Result<Withdrawal, StoreError> {
        let ids: BTreeSet<_> = call.outcomes.iter().map(|o| o.post_id.clone()).collect();
        let (mut posts, mut evidence) = (Vec::new(), Vec::new());
        for id in ids {
            // The post first: whatever is added or taken away after that, its condition notices.
            let read = self.feedback.post(&call.org_id, &id).await?;
            let all = self.feedback.evidence(&call.org_id, &id).await?;
            let (own, rest): (Vec<_>, Vec<_>) =
                all.into_iter().partition(|one| one.call_id == call.id);
            evidence.extend(own);
            if let Some(read) = read {
                let next = without(&read, &call.id, &rest, now);
                posts.push(PostChange { read, next });
            }
        }
        let alone = posts.iter().filter(|change| change.to_review()).count();
        let reason = format!(
            "{} (posts that it supported: {}; of these now in review: {alone})",
            SkipCause::Withdrawn.words(),
            posts.len()
        );
        Ok(Withdrawal {
            call: Call {
                reason,
                ..skipped(&call, SkipCause::Withdrawn, now)
            },
            read: call,
            posts,
            evidence,
        })
    }

    /// What fails here is care's: the pending items stay.
    async fn take_out(&self, plan: &Withdrawal) {
        for post in plan.posts.iter().filter(|change| change.leaves_search()) {
            let (org, id) = (&post.next.org_id, &post.next.id);
            if let Err(error) = self.index.remove(org, id).await {
                tracing::warn!(%org, post = %id, %error, "a post's leaving the search waits for care");
                continue;
            }
            let cleared = self.dedupe.clear_pending(org, id, post.next.revision).await;
            if let Err(error) = cleared {
                tracing::warn!(%org, post = %id, %error, "a pending vector waits for care");
            }
        }
    }
}

/// The post without the call's support, resting on `rest`.
fn without(post: &Post, call: &CallId, rest: &[Evidence], now: Timestamp) -> Post {
    let mut next = Post {
        evidence_count: u64::try_from(rest.len()).unwrap_or(u64::MAX),
        updated: now,
        ..post.clone()
    };
    let from_it = post.metadata.get("gong_call_id").and_then(Value::as_str) == Some(call.as_str());
    if from_it {
        let oldest = rest.first();
        next.author = oldest.map_or_else(Author::default, |e| e.author.clone());
        next.metadata
            .retain(|name, _| !name.starts_with("gong_call_"));
        next.metadata
            .extend(oldest.map(call_facts).unwrap_or_default());
    }
    if from_it && rest.is_empty() {
        next.moderation = Moderation::InReview;
        next.review_reason = Some(ALONE.to_owned());
        if post.moderation == Moderation::Published {
            next.revision += 1;
        }
    }
    next
}
