//! One run from its seed to its verdict.

use std::{
    fmt,
    ops::{ControlFlow, Range},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use domain::{moment::Span, ports::system::Clock};

use crate::{
    check::{self, Summary},
    plan::Plan,
    time::duration,
    world::World,
};

/// What did not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    pub seed: u64,
    /// Each property that was broken, in words.
    pub broken: Vec<String>,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "seed {} broke:", self.seed)?;
        for line in self.broken.iter().take(12) {
            writeln!(f, "  - {line}")?;
        }
        if self.broken.len() > 12 {
            writeln!(f, "  … and {} more", self.broken.len() - 12)?;
        }
        let seed = self.seed;
        write!(f, "again: cargo run -p simulation -- --seed {seed}")
    }
}

/// Runs the plan of a seed.
///
/// # Errors
/// [`Failure`] names every property that did not hold.
///
/// # Panics
/// When the runtime cannot be made, or something panics in the run.
pub fn run(seed: u64) -> Result<Summary, Failure> {
    run_plan(Plan::of(seed))
}

/// Runs these seeds on every processor, until all are run or `told`, which gets each seed's end as
/// it comes, says that it is enough.
///
/// # Panics
/// When something panics in a run.
pub fn run_many(
    seeds: Range<u64>,
    told: impl Fn(u64, Result<Summary, Failure>) -> ControlFlow<()> + Sync,
) {
    let next = AtomicU64::new(seeds.start);
    let work = || {
        loop {
            let seed = next.fetch_add(1, Ordering::SeqCst);
            if seed >= seeds.end {
                return;
            }
            if told(seed, run(seed)).is_break() {
                next.store(seeds.end, Ordering::SeqCst);
            }
        }
    };
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(work);
        }
    });
}

/// Runs a plan.
///
/// # Errors
/// [`Failure`] names every property that did not hold.
///
/// # Panics
/// When the runtime cannot be made, or something panics in the run.
pub fn run_plan(plan: Plan) -> Result<Summary, Failure> {
    let seed = plan.seed;
    in_simulated_time(live(plan)).map_err(|broken| Failure { seed, broken })
}

/// Runs something of one's own in a runtime whose time passes only when nothing is left to do.
///
/// # Panics
/// When the runtime cannot be made.
pub fn in_simulated_time<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .expect("a runtime")
        .block_on(work)
}

async fn live(plan: Plan) -> Result<Summary, Vec<String>> {
    let world = World::build(plan).await;
    let working = {
        let world = Arc::clone(&world);
        tokio::spawn(async move { world.work().await })
    };
    world.chaos.unleash(world.plan.rates);
    let mut admins = tokio::task::JoinSet::new();
    admins.spawn(Arc::clone(&world).keep_connected("one", "two"));
    if world.plan.rival {
        admins.spawn(Arc::clone(&world).keep_connected("two", "one"));
    }
    world.deeds().await;
    world.chaos.calm();
    tokio::time::sleep(duration(world.plan.calm)).await;
    // Whatever the last poll began has an hour to end.
    while check::in_work(&world).await {
        tokio::time::sleep(duration(Span::minutes(10))).await;
        if world.clock.now() > world.end() + Span::hours(8) {
            break;
        }
    }
    let mut broken = check::all(&world).await;
    if broken.is_empty() {
        broken = check::another_poll_does_nothing(&world).await;
    }
    admins.abort_all();
    working.abort();
    if broken.is_empty() {
        Ok(check::summary(&world).await)
    } else {
        Err(broken)
    }
}
