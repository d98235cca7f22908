use domain::{
    call::Call,
    feedback::{AlsoHeard, Author, EngineStamp, Heard, HeardDecision, Priority, Quote, Request},
    ports::{
        connections::ChangeError,
        feedback::{CallChange, Commit, DedupeStore, FeedbackChange, FeedbackStore, HeardChange},
    },
};

use super::{Store, make::*};

fn bare(n: u32) -> Heard {
    Heard {
        n,
        request: Request::titled(format!("Title {n}")),
        quotes: Vec::new(),
        rejected_quotes: 0,
        author: Author::default(),
        doubts: Vec::new(),
        engine: engine(),
        decided: None,
    }
}

fn full(n: u32) -> Heard {
    Heard {
        request: Request {
            description: "“Übel” – nicht gut\n\u{1f980}".to_owned(),
            priority: Some(Priority::Critical),
            feature_area: Some("Exports".to_owned()),
            pain_points: vec!["slow".to_owned(), String::new()],
            ..bare(n).request
        },
        quotes: vec![Quote {
            text: "We need it.".to_owned(),
            speaker: "Dana".to_owned(),
            start_ms: i64::MAX,
            link: Some("https://calls.example/7".to_owned()),
        }],
        rejected_quotes: u32::MAX,
        author: Author {
            name: Some("Dana".to_owned()),
            email: Some("dana@x.example".to_owned()),
            account: Some("X".to_owned()),
        },
        doubts: vec!["Nobody said 400.".to_owned()],
        engine: EngineStamp {
            product: Some(3),
            ..engine()
        },
        decided: Some(HeardDecision {
            by: user("ada"),
            at: later(9),
            post_id: Some(post_id("made")),
        }),
        ..bare(n)
    }
}

/// A commit of a call that `owner` has, with what was also heard.
async fn hearing(store: &Store, n: u64, items: Vec<Heard>) -> (Commit, AlsoHeard) {
    let a = org("a");
    let claimed = claimed(store, &a, n, "w").await;
    let heard = AlsoHeard {
        org_id: a.clone(),
        call_id: call_id(n),
        version: 0,
        items,
    };
    let epoch = store.epoch(&a).await.unwrap();
    let commit = Commit {
        also_heard: Some(heard.clone()),
        ..commit(&claimed, "w", epoch, &format!("p{n}"))
    };
    (commit, heard)
}

pub async fn what_was_also_heard_comes_with_the_calls_result(store: &Store) {
    let a = org("a");
    let (commit, heard) = hearing(store, 1, vec![full(1), bare(2)]).await;
    let stranger = Commit {
        owner: "stranger".to_owned(),
        ..commit.clone()
    };
    store.commit(&stranger).await.unwrap_err();
    assert_eq!(store.also_heard(&a, &call_id(1)).await, Ok(None));
    store.commit(&commit).await.unwrap();
    let found = store.also_heard(&a, &call_id(1)).await;
    assert_eq!(found, Ok(Some(heard.clone())));
    let (other, another) = hearing(store, 12, vec![bare(4)]).await;
    store.commit(&other).await.unwrap();
    let all = store.all_also_heard(&a).await;
    assert_eq!(all, Ok(vec![heard, another]));
    assert_eq!(store.also_heard(&org("b"), &call_id(1)).await, Ok(None));
    assert_eq!(store.all_also_heard(&org("b")).await, Ok(Vec::new()));
}

pub async fn another_analysis_replaces_what_was_also_heard(store: &Store) {
    let a = org("a");
    let (first, heard) = hearing(store, 1, vec![bare(1), bare(2)]).await;
    store.commit(&first).await.unwrap();
    let claimed = Call {
        lease: Some(lease("w", later(900))),
        ..first.call.clone()
    };
    let change = FeedbackChange {
        calls: vec![CallChange {
            read: first.call,
            next: claimed.clone(),
        }],
        ..FeedbackChange::new(a.clone(), later(9))
    };
    store.change(&change).await.unwrap();
    let items = vec![bare(3)];
    let next = Some(AlsoHeard { items, ..heard });
    let epoch = store.epoch(&a).await.unwrap();
    let second = Commit {
        also_heard: next.clone(),
        ..commit(&claimed, "w", epoch, "again")
    };
    store.commit(&second).await.unwrap();
    assert_eq!(store.also_heard(&a, &call_id(1)).await, Ok(next));
}

pub async fn a_decision_about_what_was_heard_rests_on_what_was_read(store: &Store) {
    let a = org("a");
    let (commit, read) = hearing(store, 1, vec![bare(1), full(2)]).await;
    store.commit(&commit).await.unwrap();
    let of = |read: &AlsoHeard, next: Option<AlsoHeard>| FeedbackChange {
        also_heard: vec![HeardChange {
            read: read.clone(),
            next,
        }],
        ..FeedbackChange::new(a.clone(), later(9))
    };
    let dismissed = read.with_decision(1, full(1).decided);
    let dismissal = of(&read, Some(dismissed.clone()));
    store.change(&dismissal).await.unwrap();
    let found = store.also_heard(&a, &call_id(1)).await;
    assert_eq!(found, Ok(Some(dismissed.clone())));
    assert_eq!(store.epoch(&a).await, Ok(1), "the search did not change");
    for late in [dismissal, of(&read, None)] {
        assert_eq!(store.change(&late).await, Err(ChangeError::Lost));
    }
    let found = store.also_heard(&a, &call_id(1)).await;
    assert_eq!(found, Ok(Some(dismissed.clone())));
    store.change(&of(&dismissed, None)).await.unwrap();
    assert_eq!(store.also_heard(&a, &call_id(1)).await, Ok(None));
    let gone = of(&dismissed, Some(dismissed.with_decision(1, None)));
    assert_eq!(store.change(&gone).await, Err(ChangeError::Lost));
    assert_eq!(store.also_heard(&a, &call_id(1)).await, Ok(None));
}
