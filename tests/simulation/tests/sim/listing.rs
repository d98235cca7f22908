use domain::{
    call::CallState,
    connection::WindowKind,
    moment::Span,
    ports::{
        connections::{ConnectionDue, SyncStore},
        ledger::Ledger,
    },
};
use simulation::{
    plan::{Plan, PlannedCall},
    time::BEGIN,
    world::World,
};

use crate::quiet::{calls, connected, org, pass, plan};

async fn in_the_ledger(world: &World) -> usize {
    let counts = world.store.counts(&org()).await.unwrap();
    let states = counts.iter().filter(|(state, _)| !state.contains(':'));
    states.map(|(_, n)| usize::try_from(*n).unwrap()).sum()
}

/// Ticks and delivers windows until no window is open.
async fn list_all(world: &World) {
    for _ in 0..100 {
        let windows = world.store.windows(&org()).await.unwrap();
        if windows.iter().all(|window| window.finished.is_some()) {
            return;
        }
        pass(Span::minutes(5)).await;
        world
            .process()
            .maintenance
            .tick(world.deadline())
            .await
            .unwrap();
        while !world.windows.is_empty() {
            let take =
                tokio::time::timeout(std::time::Duration::from_secs(2), world.windows.take(1));
            let Ok(taken) = take.await else { break };
            for (id, message) in taken {
                let lister = world.process().lister;
                world.invoke(lister.run(&message, world.deadline())).await;
                world.windows.done(&[id]);
            }
        }
    }
    panic!("the windows do not end");
}

/// A backfill of three pages whose worker dies at every seventh place: a step has one before its
/// effect and one after it.
#[test]
fn a_listing_goes_on_after_a_death_at_any_step() {
    let mut place = 0;
    loop {
        let mut died = false;
        connected(plan(calls(230, Span::minutes(20))), async |world| {
            let (id, message) = world.windows.take(1).await.remove(0);
            world.chaos.kill_after(place / 2, place % 2 == 0);
            let lister = world.process().lister;
            died = world
                .invoke(lister.run(&message, world.deadline()))
                .await
                .is_none();
            world.windows.done(&[id]);
            list_all(&world).await;
            assert_eq!(in_the_ledger(&world).await, 230, "place {place}");
            let poll = world.store.poll(&org()).await.unwrap().unwrap();
            assert!(poll.last_success.is_some(), "place {place}");
            assert_eq!(world.sandbox.violations(), [], "place {place}");
        });
        if !died {
            break;
        }
        place += 7;
    }
    assert!(place > 200, "{place}");
}

/// Cursors live seconds; the backfill takes minutes.
#[test]
fn a_long_backfill_outlives_its_cursors() {
    let mut plan = plan(calls(2_300, Span::minutes(4)));
    plan.cursor_seconds = 9;
    connected(plan, async |world| {
        let working = {
            let world = world.clone();
            tokio::spawn(async move { world.work().await })
        };
        for _ in 0..200 {
            pass(Span::minutes(1)).await;
            let counts = world.store.counts(&org()).await.unwrap();
            if counts.get("discarded") == Some(&2_300) {
                break;
            }
        }
        working.abort();
        let counts = world.store.counts(&org()).await.unwrap();
        assert_eq!(counts.get("discarded"), Some(&2_300), "{counts:?}");
        assert_eq!(world.wire.broken(), Vec::<String>::new());
        let asked = world.wire.transcripts();
        assert!(asked.values().all(|n| *n == 1), "each transcript once");
    });
}

fn with_call(change: impl FnOnce(&mut PlannedCall)) -> Plan {
    let mut all = calls(3, Span::hours(1));
    change(&mut all[1]);
    plan(all)
}

/// Listings and the import start go by the start, whatever was scheduled; a call that appears hours later is
/// not lost.
#[test]
fn a_call_that_started_off_schedule_and_appears_late_is_found() {
    for minutes in [-90, 90, 600] {
        let late = with_call(|call| {
            call.started = BEGIN - Span::hours(2);
            call.scheduled = call.started + Span::minutes(minutes);
            call.visible = BEGIN + Span::hours(7);
            // The transcript is there before the details.
            call.transcribed = Some(BEGIN + Span::hours(1));
        });
        connected(late, async |world| {
            let working = {
                let world = world.clone();
                tokio::spawn(async move { world.work().await })
            };
            pass(Span::hours(5)).await;
            assert_eq!(in_the_ledger(&world).await, 2, "announced, not yet shown");
            pass(Span::hours(5)).await;
            working.abort();
            let counts = world.store.counts(&org()).await.unwrap();
            assert_eq!(counts.get("discarded"), Some(&3), "{counts:?}");
        });
    }
}

/// A call is moved from one page to the other while the listing is between them.
#[test]
fn a_page_that_changes_while_it_is_read_loses_and_doubles_nothing() {
    let mut all = calls(150, Span::minutes(30));
    all.reverse();
    let moved = all[20].id.clone();
    connected(plan(all.clone()), async |world| {
        let (id, message) = world.windows.take(1).await.remove(0);
        let lister = world.process().lister;
        // It dies when the first page is recorded.
        world.chaos.kill_after(118, false);
        world.invoke(lister.run(&message, world.deadline())).await;
        world.windows.done(&[id]);
        assert!((90..=100).contains(&in_the_ledger(&world).await));
        // One call of the first page now stands on the second, and a new one on the first.
        let mut changed = all.clone();
        changed[20].started = BEGIN - Span::minutes(20);
        let mut new = simulation::budget::planned(900, BEGIN - Span::hours(70), false);
        new.visible = BEGIN;
        changed.push(new);
        let served = changed.iter().map(PlannedCall::build).collect();
        world.sandbox.set_calls(served);
        list_all(&world).await;
        // The next poll looks again at the last twelve hours, the lookback at seven days.
        pass(Span::hours(25)).await;
        world
            .process()
            .maintenance
            .tick(world.deadline())
            .await
            .unwrap();
        list_all(&world).await;
        assert_eq!(in_the_ledger(&world).await, 151);
        let id = domain::ids::CallId::parse(moved).unwrap();
        let found = world.store.calls(&org(), &[id]).await.unwrap();
        assert_eq!(found.len(), 1);
        assert!(matches!(found[0].state, CallState::Queued));
    });
}

#[test]
fn the_lookback_goes_before_the_import_start_only_after_an_earlier_connection() {
    for again in [false, true] {
        let old = simulation::budget::planned(1, BEGIN - Span::days(3), false);
        let mut plan = plan(vec![old]);
        plan.history_days = 1;
        connected(plan, async |world| {
            if again {
                world.connect("one").await;
            }
            list_all(&world).await;
            pass(Span::hours(25)).await;
            world
                .process()
                .maintenance
                .tick(world.deadline())
                .await
                .unwrap();
            let windows = world.store.windows(&org()).await.unwrap();
            let lookback = windows
                .iter()
                .find(|w| w.kind == WindowKind::Lookback && w.finished.is_none());
            let from = lookback.unwrap().slices[0].from;
            assert_eq!(from < BEGIN - Span::days(2), again, "{from}");
            list_all(&world).await;
            assert_eq!(in_the_ledger(&world).await, 0, "what is unknown stays so");
            let due = world
                .store
                .due_connection_work(BEGIN + Span::days(9), 99)
                .await;
            assert!(!due.unwrap().is_empty());
        });
    }
}
