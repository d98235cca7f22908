use std::collections::BTreeMap;

use domain::{
    call::{Call, CallState, SkipCause},
    ids::CallId,
    moment::Span,
    ports::{StoreError, ledger::Ledger},
};

use super::{Store, make::*};

pub async fn open_calls_in_the_order_of_ids(store: &Store) {
    let a = org("a");
    let mut open = Vec::new();
    for (n, state) in (1..=40).zip(CallState::ALL.iter().cycle()) {
        let call = Call {
            state: *state,
            ..call(&a, n)
        };
        store.insert(&call).await.unwrap();
        store
            .insert(&Call {
                org_id: org("a2"),
                ..call.clone()
            })
            .await
            .unwrap();
        if state.is_open() {
            open.push(call);
        }
    }
    open.sort_by(|x, y| x.id.cmp(&y.id));
    assert_eq!(
        store.open_calls(&a, None, None, 100).await,
        Ok(open.clone())
    );
    let (mut paged, mut after): (Vec<Call>, Option<CallId>) = (Vec::new(), None);
    loop {
        let page = store.open_calls(&a, None, after.as_ref(), 3).await.unwrap();
        assert!(page.len() <= 3);
        let Some(last) = page.last() else { break };
        after = Some(last.id.clone());
        paged.extend(page);
    }
    assert_eq!(paged, open);
    assert_eq!(store.open_calls(&a, None, None, 0).await, Ok(Vec::new()));
    assert_eq!(
        store.open_calls(&org("b"), None, None, 9).await,
        Ok(Vec::new())
    );

    // A call that is decided leaves the list.
    let done = Call {
        state: CallState::Failed,
        ..open[0].clone()
    };
    store.replace(&open[0], &done).await.unwrap();
    assert_eq!(
        store.open_calls(&a, None, None, 100).await.unwrap(),
        open[1..]
    );
}

pub async fn calls_in_work_are_those_that_do_not_wait_for_gong(store: &Store) {
    let a = org("a");
    for (n, state) in (1..=40).zip(CallState::ALL.iter().cycle()) {
        let call = Call {
            state: *state,
            ..call(&a, n)
        };
        store.insert(&call).await.unwrap();
    }
    assert_eq!(store.count_in_work(&a, 500).await, Ok(12));
    assert_eq!(store.count_in_work(&a, 5).await, Ok(5));
    assert_eq!(store.count_in_work(&org("b"), 5).await, Ok(0));
    let awaiting = Some(CallState::AwaitingTranscript);
    let first = store.open_calls(&a, awaiting, None, 3).await.unwrap();
    assert_eq!(first.len(), 3);
    let rest = store.open_calls(&a, awaiting, Some(&first[2].id), 3).await;
    let rest = rest.unwrap();
    assert_eq!(rest.len(), 1);
    let mut all = first.iter().chain(&rest);
    assert!(all.all(|call| call.state == CallState::AwaitingTranscript));
}

pub async fn counts_by_state_and_cause(store: &Store) {
    let a = org("a");
    let causes = [
        SkipCause::Private,
        SkipCause::BeforeImport,
        SkipCause::Private,
        SkipCause::Disconnected,
    ];
    for (n, cause) in (0..).zip(causes) {
        let skipped = Call {
            state: CallState::Skipped,
            skip_cause: Some(cause),
            ..call(&a, n)
        };
        store.insert(&skipped).await.unwrap();
    }
    for n in 10..15 {
        store.insert(&call(&a, n)).await.unwrap();
    }
    let expected: BTreeMap<String, u64> = [
        ("queued", 5),
        ("skipped", 4),
        ("skipped: private", 2),
        ("skipped: before the time this connection may import", 1),
        ("skipped: disconnected", 1),
    ]
    .map(|(word, n)| (word.to_owned(), n))
    .into();
    assert_eq!(store.counts(&a).await, Ok(expected));
    assert_eq!(store.counts(&org("b")).await, Ok(BTreeMap::new()));
}

async fn all_pages(store: &Store, state: Option<CallState>, limit: usize) -> Vec<Call> {
    let (mut calls, mut after) = (Vec::new(), None::<String>);
    loop {
        let page = store
            .page(&org("a"), state, after.as_deref(), limit)
            .await
            .unwrap();
        assert!(page.calls.len() == limit || page.next.is_none());
        calls.extend(page.calls);
        let Some(next) = page.next else { return calls };
        let safe = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
        assert!(next.chars().all(safe), "{next}");
        after = Some(next);
    }
}

async fn fill(store: &Store, calls: u64) -> Vec<Call> {
    let a = org("a");
    let mut all = Vec::new();
    for n in 0..calls {
        // Starts in no order, some the same, one missing.
        let started = NOW - Span::hours(i64::try_from(n * 7 % 11).unwrap());
        let mut call = Call {
            state: CallState::ALL[usize::try_from(n % 10).unwrap()],
            started: Some(started),
            ..call(&a, n)
        };
        if n == 13 {
            call.started = None;
            call.first_seen = later(60);
        }
        store.insert(&call).await.unwrap();
        store
            .insert(&Call {
                org_id: org("a2"),
                ..call.clone()
            })
            .await
            .unwrap();
        all.push(call);
    }
    all.sort_by_key(|c| (c.started.unwrap_or(c.first_seen), c.id.clone()));
    all.reverse();
    all
}

pub async fn pages_are_newest_first_and_whole(store: &Store) {
    let all = fill(store, 40).await;
    for limit in [1, 7, 20, 40, 100] {
        assert_eq!(all_pages(store, None, limit).await, all);
    }
    let exact = store.page(&org("a"), None, None, 40).await.unwrap();
    assert_eq!(exact.next, None);
    let none = store.page(&org("a"), None, None, 0).await.unwrap();
    assert_eq!((none.calls, none.next), (Vec::new(), None));
    // A token names a place, not an organization.
    let first = store.page(&org("a"), None, None, 5).await.unwrap();
    let other = store
        .page(&org("b"), None, first.next.as_deref(), 5)
        .await
        .unwrap();
    assert_eq!(other.calls, []);
    let odd = store.page(&org("a"), None, Some("no token!"), 5).await;
    assert!(matches!(odd, Err(StoreError::Refused(_))));
}

pub async fn pages_of_one_state(store: &Store) {
    let all = fill(store, 40).await;
    for state in [CallState::Queued, CallState::Failed] {
        let of_state: Vec<_> = all.iter().filter(|c| c.state == state).cloned().collect();
        for limit in [1, 3, 4, 100] {
            assert_eq!(all_pages(store, Some(state), limit).await, of_state);
        }
    }
}

pub async fn failed_calls_since_a_time(store: &Store) {
    let a = org("a");
    let mut failed = Vec::new();
    for n in 1..=12_u64 {
        let call = Call {
            state: if n % 3 == 0 {
                CallState::Posted
            } else {
                CallState::Failed
            },
            updated: later(n.cast_signed()),
            ..call(&a, n)
        };
        store.insert(&call).await.unwrap();
        let elsewhere = org("a2");
        let theirs = Call {
            org_id: elsewhere,
            ..call.clone()
        };
        store.insert(&theirs).await.unwrap();
        if call.state == CallState::Failed && n >= 4 {
            failed.push(call);
        }
    }
    failed.sort_by(|x, y| x.id.cmp(&y.id));
    let since = later(4);
    let (mut paged, mut after): (Vec<Call>, Option<CallId>) = (Vec::new(), None);
    loop {
        let page = store
            .failed_since(&a, since, after.as_ref(), 2)
            .await
            .unwrap();
        let left = store.count_failed_since(&a, since, after.as_ref()).await;
        assert_eq!(left, Ok(failed.len() - paged.len()));
        let Some(last) = page.last() else { break };
        after = Some(last.id.clone());
        paged.extend(page);
    }
    assert_eq!(paged, failed);
    assert_eq!(failed.len(), 6);
}
