use domain::{
    call::{Call, CallState, SkipCause},
    feedback::{Activity, Before, Evidence, Merged, Moderation, Post, Request, Unmerge},
    ports::{
        connections::ChangeError,
        feedback::{
            CallChange, CommitError, DedupeStore, FeedbackChange, FeedbackStore, Merge, Pending,
            PostChange, PostVector, UsageStore, VectorChange,
        },
        ledger::Ledger,
    },
    usage::{Month, Usage},
};
use uuid::Uuid;

use super::{Store, make::*};

/// A call that gave one new post, and the withdrawal of that.
async fn given(store: &Store) -> FeedbackChange {
    let a = org("a");
    let claimed = claimed(store, &a, 1, "w").await;
    let commit = commit(&claimed, "w", 0, "p");
    store.commit(&commit).await.unwrap();
    let read = commit.posts[0].0.clone();
    store.clear_pending(&a, &read.id, 1).await.unwrap();
    FeedbackChange {
        calls: vec![CallChange {
            next: Call {
                state: CallState::Skipped,
                skip_cause: Some(SkipCause::Withdrawn),
                updated: later(100),
                ..commit.call.clone()
            },
            read: commit.call,
        }],
        posts: vec![PostChange {
            next: Some(Post {
                moderation: Moderation::InReview,
                revision: 2,
                evidence_count: 0,
                updated: later(100),
                ..read.clone()
            }),
            read,
            vector: VectorChange::Remove(2),
        }],
        gone: commit.evidence,
        ..FeedbackChange::new(a, later(100))
    }
}

fn entry(n: u128, seconds: i64, posts: &[&Post]) -> Activity {
    Activity {
        org_id: org("a"),
        id: Uuid::from_u128(n).to_string(),
        at: later(seconds),
        by: user("ada"),
        posts: posts.iter().map(|post| post.id.clone()).collect(),
        did: format!("did {n}"),
    }
}

pub async fn evidence_is_withdrawn_whole(store: &Store) {
    let a = org("a");
    let withdrawal = given(store).await;
    let post = Post {
        version: 1,
        ..withdrawal.posts[0].next.clone().unwrap()
    };
    store.change(&withdrawal).await.unwrap();
    assert_eq!(store.evidence(&a, &post.id).await, Ok(Vec::new()));
    assert_eq!(store.post(&a, &post.id).await, Ok(Some(post.clone())));
    let calls = store.calls(&a, &[call_id(1)]).await;
    assert_eq!(calls, Ok(vec![withdrawal.calls[0].next.clone()]));
    // It leaves the search: nothing is scanned into an index, and maintenance takes it out of one.
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
    let again = store.change(&withdrawal).await;
    assert_eq!(again, Err(ChangeError::Lost));
}

pub async fn a_change_of_what_was_changed_does_nothing(store: &Store) {
    let a = org("a");
    let withdrawal = given(store).await;
    let post = withdrawal.posts[0].read.clone();
    let other = |change: fn(&mut FeedbackChange)| {
        let mut other = withdrawal.clone();
        change(&mut other);
        other
    };
    for other in [
        other(|c| c.calls[0].read.updated = later(1)),
        other(|c| c.calls[0].read.state = CallState::Discarded),
        other(|c| c.posts[0].read.revision = 2),
        other(|c| c.posts[0].read.evidence_count = 2),
        other(|c| c.posts[0].read.version = 1),
        other(|c| c.posts[0].read.moderation = Moderation::Merged),
        other(|c| c.epoch = Some(7)),
    ] {
        assert_eq!(store.change(&other).await, Err(ChangeError::Lost));
    }
    assert_eq!(store.post(&a, &post.id).await, Ok(Some(post.clone())));
    assert_eq!(store.evidence(&a, &post.id).await.unwrap().len(), 1);
    assert_eq!(store.epoch(&a).await, Ok(1));
    assert_eq!(store.pending(&a).await, Ok(Vec::new()));
    store.change(&withdrawal).await.unwrap();
}

pub async fn moved_evidence_is_with_its_new_post_and_the_old_one_remembers(store: &Store) {
    let a = org("a");
    let withdrawal = given(store).await;
    let (read, old) = (withdrawal.posts[0].read.clone(), withdrawal.gone[0].clone());
    let own = Post {
        created: later(50),
        ..post(&a, "own")
    };
    let new = Evidence {
        post_id: own.id.clone(),
        ..old.clone()
    };
    let moved = Unmerge {
        org_id: a.clone(),
        post_id: read.id.clone(),
        call_id: old.call_id.clone(),
        n: old.n,
        to: own.id.clone(),
        text: "what it says".to_owned(),
        embedder: "minilm-384".to_owned(),
        vector: vec![0.25, -1.0, 1.0 / 3.0],
    };
    let next = Post {
        unmerges: 1,
        evidence_count: 0,
        ..read.clone()
    };
    let change = FeedbackChange {
        posts: vec![PostChange::of(read.clone(), next)],
        new_posts: vec![(own.clone(), vector(&own))],
        evidence: vec![new.clone()],
        gone: vec![old],
        unmerges: vec![moved.clone()],
        activity: vec![entry(1, 50, &[&read, &own])],
        ..FeedbackChange::new(a.clone(), later(50))
    };
    store.change(&change).await.unwrap();
    assert_eq!(store.evidence(&a, &read.id).await, Ok(Vec::new()));
    assert_eq!(store.evidence(&a, &own.id).await, Ok(vec![new.clone()]));
    assert_eq!(store.all_evidence(&a).await, Ok(vec![new]));
    assert_eq!(store.unmerges(&a, &read.id).await, Ok(vec![moved.clone()]));
    assert_eq!(store.unmerges(&a, &own.id).await, Ok(Vec::new()));
    assert_eq!(store.post(&a, &own.id).await, Ok(Some(own.clone())));
    assert_eq!(store.epoch(&a).await, Ok(2), "a searchable post was made");
    for post in [&read, &own] {
        let history = store.history(&a, &post.id).await;
        assert_eq!(history, Ok(change.activity.clone()));
    }
    // A commit that looked before the person decided has to look again.
    let claimed = claimed(store, &a, 2, "w").await;
    let mut merging = commit(&claimed, "w", 9, "unused");
    merging.posts.clear();
    merging.evidence.clear();
    let merge = |unmerges| Merge {
        post_id: read.id.clone(),
        revision: 1,
        unmerges,
        via: Vec::new(),
        evidence_added: 1,
    };
    merging.merges = vec![merge(0)];
    assert_eq!(store.commit(&merging).await, Err(CommitError::PostChanged));
    merging.merges = vec![merge(1)];
    store.commit(&merging).await.unwrap();
    // Back again.
    let back = FeedbackChange {
        moved_back: vec![(read.id.clone(), moved.call_id, moved.n)],
        ..FeedbackChange::new(a.clone(), later(60))
    };
    store.change(&back).await.unwrap();
    assert_eq!(store.unmerges(&a, &read.id).await, Ok(Vec::new()));
    assert_eq!(store.epoch(&a).await, Ok(2), "the search did not change");
}

pub async fn a_post_is_moved_in_the_search_and_deleted(store: &Store) {
    let a = org("a");
    let first = post(&a, "p");
    store.create_post(&first, &vector(&first)).await.unwrap();
    let next = Post {
        request: Request {
            title: "Another title".to_owned(),
            ..first.request.clone()
        },
        revision: 2,
        edits: 1,
        ..first.clone()
    };
    let place = PostVector {
        vector: vec![1.0, 0.0, 0.0, 0.0],
        ..vector(&next)
    };
    let edit = FeedbackChange {
        posts: vec![PostChange {
            read: first.clone(),
            next: Some(next.clone()),
            vector: VectorChange::Put(place.clone()),
        }],
        ..FeedbackChange::new(a.clone(), later(10))
    };
    store.change(&edit).await.unwrap();
    let stored = Post { version: 1, ..next };
    assert_eq!(store.post(&a, &first.id).await, Ok(Some(stored.clone())));
    assert_eq!(store.all_vectors(None).await.unwrap().0, [place]);
    assert_eq!(store.epoch(&a).await, Ok(2));
    assert_eq!(store.change(&edit).await, Err(ChangeError::Lost));
    let erase = FeedbackChange {
        posts: vec![PostChange {
            read: stored,
            next: None,
            vector: VectorChange::Remove(3),
        }],
        ..FeedbackChange::new(a.clone(), later(20))
    };
    store.change(&erase).await.unwrap();
    assert_eq!(store.post(&a, &first.id).await, Ok(None));
    assert_eq!(store.all_vectors(None).await.unwrap().0, []);
    let pending = store.pending(&a).await.unwrap();
    assert_eq!((pending[0].revision, &pending[0].vector), (3, &None));
    assert_eq!(store.change(&erase).await, Err(ChangeError::Lost));
}

pub async fn evidence_by_way_of_a_merged_post_needs_it_to_be_merged_still(store: &Store) {
    let a = org("a");
    let (root, alias) = (post(&a, "root"), post(&a, "alias"));
    for post in [&root, &alias] {
        store.create_post(post, &vector(post)).await.unwrap();
    }
    let claimed = claimed(store, &a, 1, "w").await;
    let mut merging = commit(&claimed, "w", 9, "unused");
    merging.posts.clear();
    merging.evidence.clear();
    merging.merges = vec![Merge {
        post_id: root.id.clone(),
        revision: 1,
        unmerges: 0,
        via: vec![(alias.id.clone(), 1)],
        evidence_added: 1,
    }];
    assert_eq!(store.commit(&merging).await, Err(CommitError::PostChanged));
    let merged = Post {
        moderation: Moderation::Merged,
        merged_into: Some(Merged {
            into: root.id.clone(),
            by: user("ada"),
            at: later(1),
            check: None,
            before: Before::default(),
        }),
        ..alias.clone()
    };
    let merge = FeedbackChange {
        posts: vec![PostChange::of(alias, merged)],
        ..FeedbackChange::new(a.clone(), later(1))
    };
    store.change(&merge).await.unwrap();
    assert_eq!(
        store.epoch(&a).await,
        Ok(3),
        "looks begun before are repeated"
    );
    store.commit(&merging).await.unwrap();
    let root = store.post(&a, &root.id).await.unwrap().unwrap();
    assert_eq!(root.evidence_count, 2);
}

pub async fn the_log_is_read_in_pages_newest_first(store: &Store) {
    let a = org("a");
    let first = post(&a, "p");
    for n in 1..=7_u32 {
        let change = FeedbackChange {
            activity: vec![entry(u128::from(n), i64::from(n), &[&first])],
            ..FeedbackChange::new(a.clone(), later(i64::from(n)))
        };
        store.change(&change).await.unwrap();
    }
    let mut read = Vec::new();
    let mut before = None;
    loop {
        let (page, next) = store.activity(&a, before.as_deref(), 3).await.unwrap();
        assert!(page.len() <= 3);
        read.extend(page.into_iter().map(|entry| entry.did));
        before = next;
        if before.is_none() {
            break;
        }
    }
    let expected: Vec<_> = (1..=7).rev().map(|n| format!("did {n}")).collect();
    assert_eq!(read, expected);
    assert_eq!(store.history(&a, &first.id).await.unwrap().len(), 7);
    assert_eq!(
        store.activity(&org("b"), None, 3).await,
        Ok((Vec::new(), None))
    );
    let strange = store.activity(&a, Some("nonsense"), 3).await.unwrap();
    assert_eq!(strange.0.len(), 3, "after all digits: from the newest on");
}

pub async fn usage_is_summed_by_month(store: &Store) {
    let a = org("a");
    let (this, next) = (Month::of(NOW), Month::of(NOW).next());
    let usage = Usage {
        llm_calls: 1,
        prompt_tokens: 100,
        cached_tokens: 40,
        cache_written_tokens: 50,
        completion_tokens: 10,
        detected: 3,
        extracted: 2,
        embedded_texts: 2,
        embedded_tokens: 30,
        cost_micros: 7,
        unpriced_tokens: 1,
    };
    assert_eq!(store.usage(&a, this).await, Ok(Usage::default()));
    for _ in 0..3 {
        store.add_usage(&a, this, &usage).await.unwrap();
    }
    store.add_usage(&a, next, &usage).await.unwrap();
    store.add_usage(&org("b"), this, &usage).await.unwrap();
    let mut three = usage;
    three += usage;
    three += usage;
    assert_eq!(store.usage(&a, this).await, Ok(three));
    assert_eq!(
        store.usages(&a).await,
        Ok(vec![(next, usage), (this, three)])
    );
}

pub async fn the_last_answer_of_a_model_is_kept(store: &Store) {
    let (a, model) = (org("a"), "vendor/model:7b");
    assert_eq!(store.last_answer(&a, model).await, Ok(None));
    for at in [later(1), later(3), later(2)] {
        store.note_answer(&a, model, at).await.unwrap();
    }
    assert_eq!(store.last_answer(&a, model).await, Ok(Some(later(3))));
    assert_eq!(store.last_answer(&a, "other").await, Ok(None));
    assert_eq!(store.last_answer(&org("b"), model).await, Ok(None));
}
