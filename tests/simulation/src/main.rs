//! Runs seeds of the simulation and tells which of them broke what.

use std::{
    process::ExitCode,
    sync::atomic::{AtomicU64, AtomicUsize, Ordering},
    time::Instant,
};

use clap::Parser;
use simulation::run::run;

/// Runs seeds of the simulation.
#[derive(Parser)]
struct Arguments {
    /// How many seeds.
    #[arg(long, default_value_t = 200)]
    seeds: u64,
    /// The first of them.
    #[arg(long, default_value_t = 0)]
    from: u64,
    /// This seed alone, told in full.
    #[arg(long)]
    seed: Option<u64>,
    /// With `--seed`: tells every request to the database that holds this text.
    #[arg(long)]
    trace: Option<String>,
    /// Ends at the first seed that breaks something.
    #[arg(long)]
    first: bool,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    if let Some(seed) = arguments.seed {
        println!("{:#?}", simulation::plan::Plan::of(seed));
        if let Some(text) = arguments.trace {
            simulation::database::TRACE.get_or_init(|| text);
        }
        return match run(seed) {
            Ok(summary) => {
                println!("seed {seed} holds: {summary:?}");
                ExitCode::SUCCESS
            }
            Err(failure) => {
                println!("{failure}");
                ExitCode::FAILURE
            }
        };
    }
    let begun = Instant::now();
    let (next, broken) = (AtomicU64::new(arguments.from), AtomicUsize::new(0));
    let end = arguments.from + arguments.seeds;
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let work = || {
        loop {
            let seed = next.fetch_add(1, Ordering::SeqCst);
            if seed >= end {
                return;
            }
            if seed > arguments.from && seed % 1_000 == 0 {
                let broken = broken.load(Ordering::SeqCst);
                println!("seed {seed} begins; {broken} broke something so far");
            }
            if let Err(failure) = run(seed) {
                println!("{failure}");
                broken.fetch_add(1, Ordering::SeqCst);
                if arguments.first {
                    next.store(end, Ordering::SeqCst);
                }
            }
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(work);
        }
    });
    let (broken, took) = (broken.into_inner(), begun.elapsed().as_secs());
    println!(
        "{} seeds in {took} s: {broken} broke something",
        arguments.seeds
    );
    if broken == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
