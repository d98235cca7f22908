use domain::{
    connection::{Poll, Slice, Window, WindowKind},
    moment::Span,
    ports::connections::{
        ChangeError, ConnectionDue, ConnectionStore, DueConnectionWork, SyncStore,
    },
};
use futures::future::join_all;

use super::{Store, make::*};

async fn connected(store: &Store) -> Poll {
    let new = new_connection(&org("a"), 1, &[]);
    store.connect(&new).await.unwrap();
    new.poll
}

pub async fn a_poll_starts_once(store: &Store) {
    let a = org("a");
    let read = connected(store).await;
    let next = Poll {
        due: Some(later(21_600)),
        last_manual: Some(NOW),
        ..read.clone()
    };
    let starts = (0..10).map(|n| {
        let (dynamo, read, next) = (store.dynamo.clone(), read.clone(), next.clone());
        let window = window(&a, &format!("poll-{n}"), WindowKind::Poll);
        tokio::spawn(async move { dynamo.start_poll(&read, &next, &window).await })
    });
    let started = join_all(starts).await;
    let won = started.iter().filter(|s| matches!(s, Ok(Ok(()))));
    assert_eq!(won.count(), 1);
    let lost = started
        .iter()
        .filter(|s| matches!(s, Ok(Err(ChangeError::Lost))));
    assert_eq!(lost.count(), 9);
    assert_eq!(store.poll(&a).await, Ok(Some(next.clone())));
    assert_eq!(store.windows(&a).await.unwrap().len(), 2);

    let window = window(&a, "another", WindowKind::Poll);
    let other = Poll {
        generation: 2,
        ..next.clone()
    };
    let lost = store.start_poll(&other, &other, &window).await;
    assert_eq!(lost, Err(ChangeError::Lost));
    let none = Poll {
        due: None,
        ..next.clone()
    };
    assert_eq!(
        store.start_poll(&none, &next, &window).await,
        Err(ChangeError::Lost)
    );
    store.start_poll(&next, &none, &window).await.unwrap();
    assert_eq!(store.poll(&a).await, Ok(Some(none.clone())));
    let due = store.due_connection_work(later(99_999), 99).await.unwrap();
    assert!(!due.contains(&DueConnectionWork::Poll(a.clone())));
    let other = Window {
        id: window_id("one-more"),
        ..window
    };
    store.start_poll(&none, &next, &other).await.unwrap();
    assert_eq!(store.poll(&a).await, Ok(Some(next)));
    let due = store.due_connection_work(later(99_999), 99).await.unwrap();
    assert!(due.contains(&DueConnectionWork::Poll(a)));
}

pub async fn a_poll_does_not_undo_a_listing(store: &Store) {
    let a = org("a");
    let read = connected(store).await;
    store
        .listing_done(&a, 1, later(50), later(60), true)
        .await
        .unwrap();
    let next = Poll {
        due: Some(later(999)),
        ..read.clone()
    };
    let window = window(&a, "poll", WindowKind::Poll);
    store.start_poll(&read, &next, &window).await.unwrap();
    let expected = Poll {
        high_water: later(50),
        last_success: Some(later(60)),
        seen_calls: true,
        ..next
    };
    assert_eq!(store.poll(&a).await, Ok(Some(expected)));
}

pub async fn the_high_water_mark_never_moves_back(store: &Store) {
    let a = org("a");
    let read = connected(store).await;
    store.listing_failed(&a, 2, "not ours").await.unwrap();
    assert_eq!(store.poll(&a).await, Ok(Some(read.clone())));
    store
        .listing_failed(&a, 1, "Gong did not answer")
        .await
        .unwrap();
    let failed = store.poll(&a).await.unwrap().unwrap();
    assert_eq!(failed.last_error.as_deref(), Some("Gong did not answer"));

    store
        .listing_done(&a, 1, later(50), later(60), true)
        .await
        .unwrap();
    store
        .listing_done(&a, 1, later(20), later(70), false)
        .await
        .unwrap();
    store
        .listing_done(&a, 2, later(90), later(90), true)
        .await
        .unwrap();
    let expected = Poll {
        high_water: later(50),
        last_success: Some(later(70)),
        seen_calls: true,
        ..read
    };
    assert_eq!(store.poll(&a).await, Ok(Some(expected)));
    store
        .listing_done(&org("b"), 1, NOW, NOW, true)
        .await
        .unwrap();
    store.listing_failed(&org("b"), 1, "why").await.unwrap();
    assert_eq!(store.poll(&org("b")).await, Ok(None));
}

pub async fn a_window_has_one_worker(store: &Store) {
    let a = org("a");
    connected(store).await;
    let id = window_id("first-1");
    let workers = (0..10).map(|n| {
        let (dynamo, a, id) = (store.dynamo.clone(), a.clone(), id.clone());
        let lease = lease(&format!("w{n}"), later(60));
        tokio::spawn(async move { dynamo.lease_window(&a, &id, &lease, NOW).await })
    });
    let won: Vec<Window> = join_all(workers)
        .await
        .into_iter()
        .filter_map(|w| w.unwrap().ok())
        .collect();
    let [mut window] = won.try_into().unwrap();
    assert_eq!(store.window(&a, &id).await, Ok(Some(window.clone())));
    let owner = window.lease.clone().unwrap().owner;
    assert_eq!(window.due, Some(later(60)));

    window.listed = 7;
    window.slices.push(Slice {
        from: NOW,
        to: later(9),
        done: true,
        listed: 7,
        queued: 5,
    });
    let lost = store.save_window(&window, "stranger").await;
    assert_eq!(lost, Err(ChangeError::Lost));
    store.save_window(&window, &owner).await.unwrap();
    assert_eq!(store.window(&a, &id).await, Ok(Some(window.clone())));

    // The lease has ended: another goes on, and the first one's word counts no more.
    let second = lease("second", later(200));
    let lost = store.lease_window(&a, &id, &second, later(59)).await;
    assert_eq!(lost, Err(ChangeError::Lost));
    let taken = store
        .lease_window(&a, &id, &second, later(60))
        .await
        .unwrap();
    assert_eq!((taken.listed, taken.lease), (7, Some(second)));
    assert_eq!(
        store.save_window(&window, &owner).await,
        Err(ChangeError::Lost)
    );

    let done = Window {
        lease: None,
        due: None,
        finished: Some(later(100)),
        ..window
    };
    store.save_window(&done, "second").await.unwrap();
    assert_eq!(store.window(&a, &id).await, Ok(Some(done)));
    let lost = store
        .lease_window(&a, &id, &lease("third", later(400)), later(300))
        .await;
    assert_eq!(lost, Err(ChangeError::Lost));
    let lost = store
        .lease_window(&a, &window_id("none"), &lease("x", later(400)), NOW)
        .await;
    assert_eq!(lost, Err(ChangeError::Lost));
    assert_eq!(store.window(&a, &window_id("none")).await, Ok(None));
}

pub async fn maintenance_moves_a_window_that_nobody_has(store: &Store) {
    let a = org("a");
    connected(store).await;
    let id = window_id("first-1");
    let read = store.window(&a, &id).await.unwrap().unwrap();
    store.move_window_due(&read, later(600)).await.unwrap();
    let moved = store.window(&a, &id).await.unwrap().unwrap();
    assert_eq!(
        moved,
        Window {
            due: Some(later(600)),
            ..read.clone()
        }
    );
    // A worker whose lease ends at just the time that it was due.
    let until = lease("u", later(600));
    store.lease_window(&a, &id, &until, NOW).await.unwrap();
    let lost = store.move_window_due(&moved, later(700)).await;
    assert_eq!(lost, Err(ChangeError::Lost));
    store.save_window(&moved, "u").await.unwrap();
    // It is no longer what was read.
    assert_eq!(
        store.move_window_due(&read, later(700)).await,
        Err(ChangeError::Lost)
    );

    let worked = store
        .lease_window(&a, &id, &lease("w", later(30)), NOW)
        .await
        .unwrap();
    assert_eq!(
        store.move_window_due(&moved, later(700)).await,
        Err(ChangeError::Lost)
    );
    // The worker is gone, its lease has ended.
    store.move_window_due(&worked, later(700)).await.unwrap();
    let due = store.due_connection_work(later(699), 9).await.unwrap();
    assert!(!due.contains(&DueConnectionWork::Window(a.clone(), id.clone())));

    let again = store
        .lease_window(&a, &id, &lease("v", later(800)), later(701))
        .await
        .unwrap();
    let done = Window {
        lease: None,
        due: None,
        finished: Some(NOW),
        ..again
    };
    store.save_window(&done, "v").await.unwrap();
    assert_eq!(
        store.move_window_due(&done, later(900)).await,
        Err(ChangeError::Lost)
    );
    let gone = Window {
        id: window_id("none"),
        ..done
    };
    assert_eq!(
        store.move_window_due(&gone, later(900)).await,
        Err(ChangeError::Lost)
    );
}

pub async fn open_windows_and_the_last_finished_are_shown(store: &Store) {
    let a = org("a");
    let mut new = new_connection(&a, 1, &[]);
    let at = |n: i64| NOW + Span::hours(n);
    new.windows = (0..17)
        .map(|n| Window {
            created: at(n),
            ..window(
                &a,
                &format!("poll-{n:02}"),
                if n == 0 {
                    WindowKind::Backfill
                } else {
                    WindowKind::Poll
                },
            )
        })
        .collect();
    store.connect(&new).await.unwrap();
    let mut again = new_connection(&a, 2, &[]);
    again.windows = (17..34)
        .map(|n| Window {
            created: at(n),
            ..window(&a, &format!("poll-{n:02}"), WindowKind::Poll)
        })
        .collect();
    store.connect(&again).await.unwrap();
    for n in 0..32 {
        let id = window_id(&format!("poll-{n:02}"));
        let taken = store
            .lease_window(&a, &id, &lease("w", at(40)), NOW)
            .await
            .unwrap();
        let done = Window {
            lease: None,
            due: None,
            finished: Some(at(n)),
            ..taken
        };
        store.save_window(&done, "w").await.unwrap();
    }
    let shown = store.windows(&a).await.unwrap();
    let ids: Vec<_> = shown.iter().map(|w| w.id.as_str()).collect();
    let expected: Vec<_> = (12..34)
        .rev()
        .chain([0])
        .map(|n| format!("poll-{n:02}"))
        .collect();
    assert_eq!(ids, expected);
}
