//! Runs seeds of the simulation and tells which of them broke what.

use std::{
    ops::ControlFlow,
    process::ExitCode,
    sync::atomic::{AtomicUsize, Ordering},
    time::Instant,
};

use clap::Parser;
use simulation::run::{run, run_many};

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
    let (begun, broken) = (Instant::now(), AtomicUsize::new(0));
    let seeds = arguments.from..arguments.from + arguments.seeds;
    run_many(seeds, |seed, ended| {
        if let Err(failure) = ended {
            println!("{failure}");
            broken.fetch_add(1, Ordering::SeqCst);
            if arguments.first {
                return ControlFlow::Break(());
            }
        }
        if seed > arguments.from && seed % 1_000 == 0 {
            let broken = broken.load(Ordering::SeqCst);
            println!("seed {seed} has run; {broken} broke something so far");
        }
        ControlFlow::Continue(())
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
