use std::{ops::ControlFlow, sync::Mutex};

use simulation::run::{Failure, run, run_many};

/// As many as the test command runs; `cargo run -p simulation` runs more.
const SEEDS: u64 = 200;

#[test]
fn two_hundred_seeds_hold() {
    let failures = Mutex::<Vec<Failure>>::default();
    run_many(0..SEEDS, |_, ended| {
        failures.lock().unwrap().extend(ended.err());
        ControlFlow::Continue(())
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
