//! What the pipeline takes: tokens of a long call, calls a second, the search for duplicates, and
//! write units. `cargo run --profile simulation -p bench`; `-- tokens speed search writes` chooses.

mod engine;
mod search;
mod speed;
mod tokens;
mod writes;

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
async fn main() {
    let chosen = Arguments::parse().parts;
    let wanted = |part| chosen.is_empty() || chosen.contains(&part);
    if wanted(Part::Tokens) {
        tokens::measure().await;
    }
    if wanted(Part::Speed) {
        speed::measure().await;
    }
    if wanted(Part::Search) {
        search::measure().await;
    }
    if wanted(Part::Writes) {
        writes::measure().await;
    }
}
