use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use async_trait::async_trait;
use domain::{
    gong::shapes::CallsFilter,
    ids::OrgId,
    moment::{Span, Timestamp},
    ports::{
        StoreError,
        connections::{BudgetStore, Slot, SlotError, SlotWish},
        ledger::Ledger,
        system::Clock,
    },
    verdict::Deadline,
};
use futures::future::join_all;
use ingest::gong::gate::{Bearer, GongGate};
use simulation::{
    budget::{first_read, idle_poll},
    faults::Latency,
    plan::Plan,
    world::{TABLES, World},
};

use crate::quiet::{calls, connected, org, pass, plan};

/// The most requests that Gong let through in any sliding second.
fn in_a_second(world: &World) -> usize {
    let at = world.sandbox.stats().served_at_ms;
    let ahead = |from: &i64| {
        at.iter()
            .filter(|t| (*from..from + 1_000).contains(t))
            .count()
    };
    at.iter().map(ahead).max().unwrap_or(0)
}

/// Slots that were spent, by the budget's own count, and requests that were sent.
fn spent_and_sent(world: &World) -> (u64, u64) {
    let table = format!("{TABLES}connections");
    let budget = world.peek.item(&table, "ORG#one", "BUDGET");
    let spent = budget["used"]["N"].as_str().unwrap().parse().unwrap();
    let requests = world.sandbox.stats().requests;
    let read = requests.iter().filter(|(name, _)| name.contains("/v2/"));
    (spent, read.map(|(_, count)| count).sum())
}

fn assert_slots_are_used(world: &World) {
    let (spent, sent) = spent_and_sent(world);
    println!("{spent} slots for {sent} requests");
    assert!(10 * spent <= 11 * sent, "{spent} slots for {sent} requests");
    assert!(in_a_second(world) <= 3);
    assert_eq!(
        world.sandbox.stats().rate_limited,
        0,
        "no 429 of our making"
    );
    assert_eq!(world.wire.broken(), Vec::<String>::new());
}

/// A database that answers in 200 ms on the average, and in 400 at worst.
fn slow(plan: Plan) -> Plan {
    let latency = Latency {
        store: 200,
        ..plan.latency
    };
    Plan { latency, ..plan }
}

async fn listing(world: &World, requests: usize) -> usize {
    listing_by(world, &world.process().lister.gate, requests).await
}

async fn listing_by(world: &World, gate: &GongGate, requests: usize) -> usize {
    let filter = CallsFilter::Range {
        from: simulation::time::BEGIN - Span::days(7),
        to: simulation::time::BEGIN,
    };
    let (org, mut answered) = (org(), 0);
    for _ in 0..requests {
        // A worker whose line is too long comes again, as maintenance has it do.
        for _ in 0..100 {
            let deadline = Deadline(world.deadline().0 + Span::hours(1));
            let page = gate.calls(&org, Bearer::Connection, &filter, None, deadline);
            if page.await.is_ok() {
                answered += 1;
                break;
            }
            pass(Span::seconds(7)).await;
        }
    }
    answered
}

#[test]
fn forty_workers_keep_to_three_requests_a_second() {
    connected(plan(calls(20, Span::hours(1))), async |world| {
        let workers = (0..40).map(|_| listing(&world, 6));
        let answered: usize = join_all(workers).await.into_iter().sum();
        assert_eq!(answered, 240);
        assert_eq!(in_a_second(&world), 3);
        assert_eq!(
            world.sandbox.stats().rate_limited,
            0,
            "no 429 of our making"
        );
        assert_eq!(world.wire.broken(), Vec::<String>::new());
    });
}

#[test]
fn other_integrations_may_eat_the_budget() {
    connected(plan(calls(20, Span::hours(1))), async |world| {
        let issued = world.sandbox.grant(&["api:users:read"]).unwrap();
        let other = async {
            for _ in 0..120 {
                let request = axum::http::Request::get("http://127.0.0.1/v2/users")
                    .header("host", "127.0.0.1")
                    .header("authorization", format!("Bearer {}", issued.access_token));
                let request = request.body(axum::body::Body::empty()).unwrap();
                world.sandbox.answer(request).await;
                pass(Span::millis(450)).await;
            }
        };
        let workers = join_all((0..10).map(|_| listing(&world, 6)));
        let (answered, ()) = futures::join!(workers, other);
        assert_eq!(answered.into_iter().sum::<usize>(), 60, "all get through");
        assert!(
            world.sandbox.stats().rate_limited > 0,
            "the two of us were too many"
        );
        assert_eq!(in_a_second(&world), 3);
    });
}

#[test]
fn the_goals_of_the_small_jobs_are_met() {
    let taken = first_read(1_000, 0);
    assert_eq!(taken.decided, 1_000);
    assert!(taken.requests() <= 22, "{taken:?}");
    let taken = first_read(1_000, 2);
    assert_eq!(taken.decided, 1_000);
    assert!(taken.requests() <= 17, "{taken:?}");
    let taken = idle_poll();
    assert_eq!((taken.requests(), taken.listings), (1, 1), "{taken:?}");
}

/// The budget, and how often a slot was taken of it, exchanges counted as well.
struct Counted {
    budget: Arc<dyn BudgetStore>,
    slots: Arc<AtomicU64>,
}

#[async_trait]
impl BudgetStore for Counted {
    async fn reserve_slot(&self, org: &OrgId, wish: &SlotWish) -> Result<Slot, SlotError> {
        let slot = self.budget.reserve_slot(org, wish).await?;
        self.slots.fetch_add(1, Ordering::SeqCst);
        Ok(slot)
    }

    async fn blocked_until(&self, org: &OrgId) -> Result<Option<Timestamp>, StoreError> {
        self.budget.blocked_until(org).await
    }

    async fn block(&self, org: &OrgId, until: Timestamp) -> Result<(), StoreError> {
        self.budget.block(org, until).await
    }
}

/// The clock of a worker on a busy machine, which wakes up late by up to this many milliseconds.
struct Busy(Arc<World>, u64);

#[async_trait]
impl Clock for Busy {
    fn now(&self) -> Timestamp {
        self.0.clock.now()
    }

    async fn sleep_until(&self, at: Timestamp) {
        let late = i64::try_from(self.0.chaos.below(self.1)).unwrap();
        self.0.clock.sleep_until(at + Span::millis(late)).await;
    }
}

/// As many workers list as often as this, each on a machine that is this late; how many slots they
/// took, exchanged ones counted.
async fn taken_by(world: &Arc<World>, workers: usize, requests: usize, late: u64) -> u64 {
    let slots = Arc::<AtomicU64>::default();
    let work = (0..workers).map(|_| async {
        let mut gate = world.process().lister.gate;
        gate.turns.clock = Arc::new(Busy(Arc::clone(world), late));
        gate.turns.budget = Arc::new(Counted {
            budget: Arc::clone(&gate.turns.budget),
            slots: Arc::clone(&slots),
        });
        listing_by(world, &gate, requests).await
    });
    let answered: usize = join_all(work).await.into_iter().sum();
    assert_eq!(answered, workers * requests);
    slots.load(Ordering::SeqCst)
}

#[test]
fn a_slow_database_does_not_burn_the_budget() {
    for workers in [1, 4, 10, 40] {
        connected(slow(plan(calls(20, Span::hours(1)))), async |world| {
            let began = world.clock.now();
            let taken = taken_by(&world, workers, 20, 1).await;
            let sent = 20 * u64::try_from(workers).unwrap();
            let passed = world.clock.now() - began;
            println!("{workers} workers: {taken} slots taken for {sent} requests in {passed:?}");
            assert!(10 * taken <= 11 * sent, "{taken} slots for {sent} requests");
            assert_slots_are_used(&world);
        });
    }
}

#[test]
fn workers_on_a_busy_machine_all_get_through_and_never_four_in_a_second() {
    for (workers, late) in [(1, 300), (10, 300), (40, 300), (10, 2_000)] {
        connected(plan(calls(20, Span::hours(1))), async |world| {
            let began = world.clock.now();
            let taken = taken_by(&world, workers, 20, late).await;
            let passed = world.clock.now() - began;
            println!(
                "{workers} workers, late by {late} ms: {taken} slots taken for {} requests in {passed:?}",
                20 * workers
            );
            assert_slots_are_used(&world);
        });
    }
}

#[test]
fn a_slow_database_does_not_burn_the_budget_of_a_backfill() {
    connected(slow(plan(calls(900, Span::minutes(10)))), async |world| {
        let working = {
            let world = world.clone();
            tokio::spawn(async move { world.work().await })
        };
        pass(Span::hours(2)).await;
        working.abort();
        let counts = world.store.counts(&org()).await.unwrap();
        assert_eq!(counts.get("discarded"), Some(&900), "{counts:?}");
        assert_slots_are_used(&world);
    });
}
