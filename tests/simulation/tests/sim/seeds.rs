use std::sync::{
    Mutex,
    atomic::{AtomicU64, Ordering},
};

use simulation::run::{Failure, run};

/// As many as the test command runs; `cargo run -p simulation` runs more.
const SEEDS: u64 = 200;

#[test]
fn two_hundred_seeds_hold() {
    let (next, failures) = (AtomicU64::new(0), Mutex::<Vec<Failure>>::default());
    let work = || {
        loop {
            let seed = next.fetch_add(1, Ordering::SeqCst);
            if seed >= SEEDS {
                return;
            }
            if let Err(failure) = run(seed) {
                failures.lock().unwrap().push(failure);
            }
        }
    };
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(work);
        }
    });
    let failures = failures.into_inner().unwrap();
    let told: Vec<_> = failures.iter().map(ToString::to_string).collect();
    assert!(failures.is_empty(), "{}", told.join("\n"));
}

#[test]
fn the_same_seed_is_the_same_run() {
    let first = run(5).unwrap();
    assert_eq!(run(5).unwrap(), first);
    assert!(first.steps > 500, "{first:?}");
}
