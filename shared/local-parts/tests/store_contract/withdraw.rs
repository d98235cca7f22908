use domain::{
    call::{Call, CallState, SkipCause},
    feedback::{Moderation, Post},
    ports::{
        connections::ChangeError,
        feedback::{DedupeStore, FeedbackStore, Pending, PostChange, Withdrawal},
        ledger::Ledger,
    },
};

use crate::{Store, make::*};

/// A call that gave one new post, and the withdrawal of that.
async fn given(store: &Store) -> Withdrawal {
    let a = org("a");
    let claimed = claimed(store, &a, 1, "w").await;
    let commit = commit(&claimed, "w", 0, "p");
    store.commit(&commit).await.unwrap();
    let read = commit.posts[0].0.clone();
    store.clear_pending(&a, &read.id, 1).await.unwrap();
    Withdrawal {
        call: Call {
            state: CallState::Skipped,
            skip_cause: Some(SkipCause::Withdrawn),
            updated: later(100),
            ..commit.call.clone()
        },
        read: commit.call,
        posts: vec![PostChange {
            next: Post {
                moderation: Moderation::InReview,
                revision: 2,
                evidence_count: 0,
                updated: later(100),
                ..read.clone()
            },
            read,
        }],
        evidence: commit.evidence,
    }
}

pub async fn evidence_is_withdrawn_whole(store: &Store) {
    let a = org("a");
    let withdrawal = given(store).await;
    let post = withdrawal.posts[0].next.clone();
    store.withdraw(&withdrawal).await.unwrap();
    assert_eq!(store.evidence(&a, &post.id).await, Ok(Vec::new()));
    assert_eq!(store.post(&a, &post.id).await, Ok(Some(post.clone())));
    let calls = store.calls(&a, &[call_id(1)]).await;
    assert_eq!(calls, Ok(vec![withdrawal.call.clone()]));
    // It leaves the search: nothing is scanned into an index, and care takes it out of one.
    assert_eq!(store.epoch(&a).await, Ok(2));
    assert_eq!(store.all_vectors(None).await.unwrap().0, []);
    let leaving = Pending {
        org_id: a.clone(),
        post_id: post.id.clone(),
        revision: 2,
        vector: None,
    };
    assert_eq!(store.pending(&a).await, Ok(vec![leaving]));
    assert_eq!(store.due_pending(later(159), 9).await.unwrap(), []);
    let due = store.due_pending(later(160), 9).await.unwrap();
    assert_eq!(due, [(a, post.id)]);
    // The same again finds the call changed.
    let again = store.withdraw(&withdrawal).await;
    assert_eq!(again, Err(ChangeError::Lost));
}

pub async fn a_withdrawal_of_what_changed_does_nothing(store: &Store) {
    let a = org("a");
    let withdrawal = given(store).await;
    let post = withdrawal.posts[0].read.clone();
    let other = |change: fn(&mut Withdrawal)| {
        let mut other = withdrawal.clone();
        change(&mut other);
        other
    };
    for other in [
        other(|w| w.read.updated = later(1)),
        other(|w| w.read.state = CallState::Discarded),
        other(|w| w.posts[0].read.revision = 2),
        other(|w| w.posts[0].read.evidence_count = 2),
        other(|w| w.posts[0].read.updated = later(1)),
    ] {
        assert_eq!(store.withdraw(&other).await, Err(ChangeError::Lost));
    }
    assert_eq!(store.post(&a, &post.id).await, Ok(Some(post.clone())));
    assert_eq!(store.evidence(&a, &post.id).await.unwrap().len(), 1);
    assert_eq!(store.epoch(&a).await, Ok(1));
    assert_eq!(store.pending(&a).await, Ok(Vec::new()));
    store.withdraw(&withdrawal).await.unwrap();
}
