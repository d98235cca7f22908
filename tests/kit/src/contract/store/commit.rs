use domain::{
    call::{Call, CallState},
    feedback::{Moderation, Post},
    ports::{
        StoreError,
        feedback::{Commit, CommitError, DedupeStore, FeedbackStore, Merge, PostFilter},
        ledger::Ledger,
    },
};
use futures::future::join_all;

use super::{Store, make::*};

async fn stored_call(store: &Store, n: u64) -> Call {
    let mut calls = store.calls(&org("a"), &[call_id(n)]).await.unwrap();
    calls.remove(0)
}

/// Nothing of the commit is there, and the call is as it was.
async fn nothing_happened(store: &Store, commit: &Commit, claimed: &Call, epoch: u64) {
    let a = org("a");
    let n = claimed.id.as_str().parse().unwrap();
    assert_eq!(&stored_call(store, n).await, claimed);
    assert_eq!(store.epoch(&a).await, Ok(epoch));
    for (post, _) in &commit.posts {
        assert_eq!(store.post(&a, &post.id).await, Ok(None));
        assert_eq!(store.evidence(&a, &post.id).await, Ok(Vec::new()));
        let pending = store.pending(&a).await.unwrap();
        assert!(pending.iter().all(|p| p.post_id != post.id));
    }
}

pub async fn all_effects_are_written(store: &Store) {
    let a = org("a");
    let claimed = claimed(store, &a, 1, "w").await;
    let commit = commit(&claimed, "w", 0, "p");
    store.commit(&commit).await.unwrap();
    assert_eq!(store.epoch(&a).await, Ok(1));
    assert_eq!(stored_call(store, 1).await, commit.call);
    let (post, vector) = &commit.posts[0];
    assert_eq!(store.post(&a, &post.id).await, Ok(Some(post.clone())));
    assert_eq!(
        store.evidence(&a, &post.id).await,
        Ok(commit.evidence.clone())
    );
    let vector = vector.clone().unwrap();
    let [pending] = store.pending(&a).await.unwrap().try_into().unwrap();
    assert_eq!((pending.post_id, pending.revision), (post.id.clone(), 1));
    assert_eq!(pending.vector.as_ref(), Some(&vector.vector));
    assert_eq!(store.all_vectors(None).await, Ok((vec![vector], None)));
    assert_eq!(store.due_pending(later(64), 9).await.unwrap(), []);
    let due = store.due_pending(later(65), 9).await.unwrap();
    assert_eq!(due, [(a.clone(), post.id.clone())]);
    assert_eq!(store.due_calls(later(9_999), 9).await.unwrap(), []);
    assert_eq!(store.count_in_work(&a, 9).await, Ok(0));
}

pub async fn in_review_is_not_searchable(store: &Store) {
    let a = org("a");
    let claimed = claimed(store, &a, 1, "w").await;
    // The epoch that was read is of no account without a searchable post.
    let mut commit = commit(&claimed, "w", 77, "p");
    commit.posts[0].0.moderation = Moderation::InReview;
    commit.posts[0].1 = None;
    store.commit(&commit).await.unwrap();
    let post = &commit.posts[0].0;
    assert_eq!(store.post(&a, &post.id).await, Ok(Some(post.clone())));
    assert_eq!(
        store.evidence(&a, &post.id).await,
        Ok(commit.evidence.clone())
    );
    assert_eq!(store.epoch(&a).await, Ok(0));
    assert_eq!(store.pending(&a).await, Ok(Vec::new()));
    assert_eq!(store.all_vectors(None).await, Ok((Vec::new(), None)));
}

fn merging(claimed: &Call, post: &Post, revision: u64, pieces: u64) -> Commit {
    let n = claimed.id.as_str().parse().unwrap();
    let count = u32::try_from(pieces).unwrap();
    let mut commit = commit(claimed, "w", 77, "unused");
    commit.call.state = CallState::Consolidated;
    commit.posts.clear();
    commit.evidence = (0..count).map(|i| evidence(post, n, i)).collect();
    commit.merges = vec![Merge {
        post_id: post.id.clone(),
        revision,
        unmerges: 0,
        via: Vec::new(),
        evidence_added: pieces,
    }];
    commit
}

pub async fn a_merge_counts_evidence_without_an_epoch(store: &Store) {
    let a = org("a");
    let first = post(&a, "p");
    store.create_post(&first, &vector(&first)).await.unwrap();
    for (n, pieces, total) in [(1, 1, 2), (2, 3, 5)] {
        let claimed = claimed(store, &a, n, "w").await;
        let commit = merging(&claimed, &first, 1, pieces);
        store.commit(&commit).await.unwrap();
        let merged = store.post(&a, &first.id).await.unwrap().unwrap();
        let expected = Post {
            evidence_count: total,
            updated: later(5),
            ..first.clone()
        };
        assert_eq!(merged, expected);
        assert_eq!(stored_call(store, n).await, commit.call);
    }
    assert_eq!(store.evidence(&a, &first.id).await.unwrap().len(), 4);
    assert_eq!(store.epoch(&a).await, Ok(1));
    assert_eq!(store.pending(&a).await.unwrap().len(), 1);
}

pub async fn a_moved_epoch_stops_everything(store: &Store) {
    let a = org("a");
    let other = post(&a, "other");
    store.create_post(&other, &vector(&other)).await.unwrap();
    let claimed = claimed(store, &a, 1, "w").await;
    for read in [0, 2] {
        let mut commit = commit(&claimed, "w", read, "p");
        commit.merges = merging(&claimed, &other, 1, 1).merges;
        assert_eq!(store.commit(&commit).await, Err(CommitError::EpochMoved));
        nothing_happened(store, &commit, &claimed, 1).await;
        assert_eq!(store.post(&a, &other.id).await, Ok(Some(other.clone())));
    }
    store.commit(&commit(&claimed, "w", 1, "p")).await.unwrap();
    assert_eq!(store.epoch(&a).await, Ok(2));
}

pub async fn a_changed_post_stops_everything(store: &Store) {
    let a = org("a");
    let live = post(&a, "live");
    let hidden = Post {
        moderation: Moderation::InReview,
        ..post(&a, "hidden")
    };
    for post in [&live, &hidden] {
        store.create_post(post, &vector(post)).await.unwrap();
    }
    let claimed = claimed(store, &a, 1, "w").await;
    let missing = post(&a, "missing");
    for (target, revision) in [(&live, 2), (&hidden, 1), (&missing, 1)] {
        let merge = merging(&claimed, target, revision, 1);
        let mut commit = commit(&claimed, "w", 2, "p");
        commit.merges = merge.merges;
        commit.evidence.extend(merge.evidence);
        assert_eq!(store.commit(&commit).await, Err(CommitError::PostChanged));
        nothing_happened(store, &commit, &claimed, 2).await;
        assert_eq!(store.evidence(&a, &target.id).await, Ok(Vec::new()));
    }
    assert_eq!(store.post(&a, &live.id).await, Ok(Some(live)));
    assert_eq!(store.post(&a, &missing.id).await, Ok(None));

    // A new post never takes the place of one that exists.
    let taken = commit(&claimed, "w", 2, "hidden");
    let refused = store.commit(&taken).await;
    assert!(matches!(
        refused,
        Err(CommitError::Store(StoreError::Refused(_)))
    ));
    assert_eq!(store.post(&a, &hidden.id).await, Ok(Some(hidden)));
    assert_eq!(stored_call(store, 1).await, claimed);
}

pub async fn a_stranger_commits_nothing(store: &Store) {
    let a = org("a");
    let claimed = claimed(store, &a, 1, "w").await;
    let stranger = commit(&claimed, "stranger", 0, "p");
    assert_eq!(store.commit(&stranger).await, Err(CommitError::CallLost));
    nothing_happened(store, &stranger, &claimed, 0).await;
    let mut other = commit(&claimed, "w", 0, "p");
    other.call.generation = 2;
    assert_eq!(store.commit(&other).await, Err(CommitError::CallLost));
    nothing_happened(store, &other, &claimed, 0).await;
    // Whatever else is wrong, the call comes first.
    let both = commit(&claimed, "stranger", 5, "p");
    assert_eq!(store.commit(&both).await, Err(CommitError::CallLost));
    let mut unknown = commit(&claimed, "w", 0, "p");
    unknown.call.id = call_id(2);
    assert_eq!(store.commit(&unknown).await, Err(CommitError::CallLost));
}

pub async fn many_commits_on_one_epoch_one_wins(store: &Store) {
    let a = org("a");
    let mut commits = Vec::new();
    for n in 1..=20 {
        let claimed = claimed(store, &a, n, "w").await;
        commits.push(commit(&claimed, "w", 0, &format!("p{n}")));
    }
    let commits = commits.into_iter().map(|commit| {
        let dynamo = store.dynamo.clone();
        tokio::spawn(async move { dynamo.commit(&commit).await })
    });
    let done: Vec<_> = join_all(commits)
        .await
        .into_iter()
        .map(Result::unwrap)
        .collect();
    assert_eq!(done.iter().filter(|d| d.is_ok()).count(), 1, "{done:?}");
    let lost = [Err(CommitError::EpochMoved), Err(CommitError::Conflict)];
    assert_eq!(
        done.iter().filter(|d| lost.contains(d)).count(),
        19,
        "{done:?}"
    );
    assert_eq!(store.epoch(&a).await, Ok(1));
    let posts = store.posts(&a, &PostFilter::default()).await.unwrap();
    assert_eq!(posts.len(), 1);
    assert_eq!(store.pending(&a).await.unwrap().len(), 1);
    assert_eq!(store.count_in_work(&a, 99).await, Ok(19));
}

pub async fn the_same_commit_has_no_second_effect(store: &Store) {
    let a = org("a");
    let first = post(&a, "first");
    store.create_post(&first, &vector(&first)).await.unwrap();
    let claimed = claimed(store, &a, 1, "w").await;
    let mut commit = commit(&claimed, "w", 1, "p");
    commit.merges = merging(&claimed, &first, 1, 1).merges;
    for _ in 0..3 {
        store.commit(&commit).await.unwrap();
    }
    assert_eq!(store.epoch(&a).await, Ok(2));
    let merged = store.post(&a, &first.id).await.unwrap().unwrap();
    assert_eq!(merged.evidence_count, 2);
}

pub async fn the_same_commit_to_other_tables_is_another(store: &Store) {
    let other = store.beside().await;
    let a = org("a");
    for store in [store, &other] {
        let claimed = claimed(store, &a, 1, "w").await;
        store.commit(&commit(&claimed, "w", 0, "p")).await.unwrap();
        assert_eq!(store.epoch(&a).await, Ok(1));
    }
}
