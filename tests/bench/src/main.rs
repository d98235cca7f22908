//! What the pipeline takes: tokens of a long call, calls a second, the search for duplicates, and
//! write units; it fails when a goal is missed. `cargo run --profile simulation -p bench`; `-- tokens speed search writes` chooses.

mod caching;
mod engine;
mod search;
mod speed;
mod tokens;
mod writes;

use std::process::ExitCode;

use clap::{Parser, ValueEnum};

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Part {
    /// Prompt tokens of a one-hour call.
    Tokens,
    /// Calls a second with a language model that takes its time.
    Speed,
    /// The search for duplicates at 100,000 posts.
    Search,
    /// Write units of a posted call as posts grow.
    Writes,
}

/// Measures the pipeline and prints what it found.
#[derive(Parser)]
struct Arguments {
    /// What to measure; everything when nothing is named.
    parts: Vec<Part>,
}

#[tokio::main]
async fn main() -> ExitCode {
    let mut missed = Vec::new();
    let chosen = Arguments::parse().parts;
    let wanted = |part| chosen.is_empty() || chosen.contains(&part);
    if wanted(Part::Tokens) {
        missed.extend((!tokens::measure().await).then_some("tokens"));
    }
    if wanted(Part::Speed) {
        missed.extend((!speed::measure().await).then_some("speed"));
    }
    if wanted(Part::Search) {
        search::measure().await;
    }
    if wanted(Part::Writes) {
        missed.extend((!writes::measure().await).then_some("writes"));
    }
    if missed.is_empty() {
        return ExitCode::SUCCESS;
    }
    eprintln!("a goal was missed: {}", missed.join(", "));
    ExitCode::FAILURE
}
