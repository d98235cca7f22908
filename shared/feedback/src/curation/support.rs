//! What a post rests on, and what becomes of it when some of that goes.

use domain::{
    feedback::{
        Author, Evidence, Moderation, Post,
        evidence::{call_fact, call_facts},
    },
    ids::{CallId, PostId},
    moment::Timestamp,
    ports::{
        StoreError,
        feedback::{FeedbackChange, FeedbackStore, HeardChange, PostChange, VectorChange},
    },
};

/// At most this many merged posts are read for one page.
const MOST_MERGED: usize = 100;

/// All that supports a post, with the posts that people merged into it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Support {
    /// The evidence, oldest first; its `post_id` tells with which of the posts it lies.
    pub evidence: Vec<Evidence>,
    /// The posts that were merged into it, directly or by way of another.
    pub merged: Vec<Post>,
}

/// Reads what supports a post.
///
/// # Errors
/// [`StoreError`].
pub async fn support(feedback: &dyn FeedbackStore, post: &Post) -> Result<Support, StoreError> {
    let mut support = Support::default();
    let mut open = post.merged_from.clone();
    support.evidence = feedback.evidence(&post.org_id, &post.id).await?;
    while let Some(id) = open.pop() {
        if support.merged.len() == MOST_MERGED {
            break;
        }
        let Some(merged) = feedback.post(&post.org_id, &id).await? else {
            continue;
        };
        open.extend(merged.merged_from.iter().cloned());
        let evidence = feedback.evidence(&post.org_id, &id).await?;
        support.evidence.extend(evidence);
        support.merged.push(merged);
    }
    support.evidence.sort_by_key(|one| (one.created, one.n));
    Ok(support)
}

/// How many pieces of evidence support a post, with those of the posts merged into it.
///
/// # Errors
/// [`StoreError`].
pub async fn count(feedback: &dyn FeedbackStore, post: &Post) -> Result<u64, StoreError> {
    let mut count = post.evidence_count;
    let mut open = post.merged_from.clone();
    let mut read = 0;
    while let Some(id) = open.pop() {
        read += 1;
        if read > MOST_MERGED {
            break;
        }
        if let Some(merged) = feedback.post(&post.org_id, &id).await? {
            count += merged.evidence_count;
            open.extend(merged.merged_from);
        }
    }
    Ok(count)
}

/// Takes a call's evidence out of a post, as part of `change`: the post as it was read, and the
/// evidence that is left.
pub(super) async fn detach_evidence(
    feedback: &dyn FeedbackStore,
    change: &mut FeedbackChange,
    post: &PostId,
    call: &CallId,
) -> Result<(Option<Post>, Vec<Evidence>), StoreError> {
    // The post first: whatever is added or taken away after that, its condition notices.
    let read = feedback.post(&change.org_id, post).await?;
    let all = feedback.evidence(&change.org_id, post).await?;
    let (own, rest): (Vec<_>, Vec<_>) = all.into_iter().partition(|one| one.call_id == *call);
    for one in &own {
        for moved in &one.moves {
            // What went to and fro left a post more than once; a transaction names it once.
            let left = (moved.from.clone(), one.call_id.clone(), one.n);
            if !change.moved_back.contains(&left) {
                change.moved_back.push(left);
            }
        }
    }
    change.gone.extend(own);
    Ok((read, rest))
}

/// Deletes what was also heard in a call, as part of `change`.
pub(super) async fn delete_also_heard(
    feedback: &dyn FeedbackStore,
    change: &mut FeedbackChange,
    call: &CallId,
) -> Result<(), StoreError> {
    let read = feedback.also_heard(&change.org_id, call).await?;
    let gone = read.map(|read| HeardChange { read, next: None });
    change.also_heard.extend(gone);
    Ok(())
}

/// A post that loses evidence of a call and rests on `rest` from then on. One that rested on it
/// alone goes to review, for the reason `alone`.
pub(super) fn resting_on(
    read: Post,
    call: &CallId,
    rest: &[Evidence],
    now: Timestamp,
    alone: &str,
) -> PostChange {
    let mut next = Post {
        evidence_count: u64::try_from(rest.len()).unwrap_or(u64::MAX),
        updated: now,
        ..read.clone()
    };
    let mut vector = VectorChange::Keep;
    if read.is_of_call(call) {
        let oldest = rest.first();
        next.origin = oldest.map(|e| e.call_id.clone());
        next.author = oldest.map_or_else(Author::default, |e| e.author.clone());
        let facts = call_fact(call, "");
        next.metadata.retain(|name, _| !name.starts_with(&facts));
        next.metadata
            .extend(oldest.map(call_facts).unwrap_or_default());
        let alone_with_it = rest.is_empty() && read.merged_from.is_empty();
        let decided = matches!(read.moderation, Moderation::Merged | Moderation::Rejected);
        if alone_with_it && !decided {
            next.moderation = Moderation::InReview;
            next.review_reason = Some(alone.to_owned());
            next.proposed = None;
            if read.moderation == Moderation::Published {
                next.revision += 1;
                vector = VectorChange::Remove(next.revision);
            }
        }
    }
    PostChange {
        read,
        next: Some(next),
        vector,
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test may panic")]
mod tests;
