//! The benchmark of Gong's budget: requests and simulated seconds of five jobs, beside what other
//! connectors need by their code.

use std::process::ExitCode;

use simulation::budget::{Taken, backfill, day, first_read, idle_poll};

fn main() -> ExitCode {
    let mut held = true;
    println!(
        "{:<44} {:>8} {:>8} {:>6} {:>7} {:>6}",
        "job", "listings", "transcr.", "users", "in all", "goal"
    );
    let jobs: [(&str, Taken, u64); 4] = [
        (
            "first read of 1,000 calls, all eligible",
            first_read(1_000, 0),
            22,
        ),
        (
            "first read of 1,000 calls, half eligible",
            first_read(1_000, 2),
            17,
        ),
        ("idle poll, 100 calls in the overlap", idle_poll(), 1),
        ("a day of 100 calls, a poll an hour", day(), 64),
    ];
    for (name, taken, goal) in jobs {
        held &= line(name, &taken, goal);
    }
    let taken = backfill(30_000);
    held &= line("backfill of 30,000 calls", &taken, 660);
    let (seconds, import_from) = (taken.milliseconds as f64 / 1_000.0, 600.0 / 3.0);
    println!("  {seconds:.2} simulated seconds; goal: at most 1.1 × {import_from} = 220");
    held &= seconds <= 1.1 * import_from;
    connectors();
    if held {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

fn line(name: &str, taken: &Taken, goal: u64) -> bool {
    let all = taken.requests();
    let Taken {
        listings,
        transcripts,
        users,
        ..
    } = taken;
    let held = all <= goal;
    let word = if held { "" } else { "  MISSED" };
    println!("{name:<44} {listings:>8} {transcripts:>8} {users:>6} {all:>7} {goal:>6}{word}");
    held
}

/// Requests by the number of pages and of calls.
type Requests = fn(u64, u64) -> u64;

/// Requests of other connectors for a first read of `n` calls with parties and transcripts, by
/// their public code as of November 2026, pages of 100; users and workspaces not counted.
fn connectors() {
    let pages = |n: u64| n.div_ceil(100);
    let table: [(&str, Requests); 9] = [
        ("Airbyte source-gong up to 1.2.10", |p, n| 2 * p + n),
        ("Airbyte source-gong from 1.3.0 on", |p, _| 3 * p),
        ("Onyx", |p, _| 2 * p),
        ("Dust", |p, _| 2 * p),
        ("Nango templates, Estuary, PostHog", |p, _| 3 * p),
        ("amp-labs", |p, _| 2 * p),
        ("Pipedream", |p, n| p + 2 * n),
        ("n8n, details and transcripts", |p, n| p + 2 * n),
        ("immuta/tap-gong", |p, n| p + n),
    ];
    println!(
        "\nOther connectors, first read of 1,000 calls (they read transcripts of all of them):"
    );
    for (name, requests) in table {
        println!("  {name:<42} {:>6}", requests(pages(1_000), 1_000));
    }
    println!("A day of 100 calls with a poll an hour:");
    // An overlap of fourteen days is 1,400 calls: 14 pages, thrice, every hour.
    println!("  {:<42} {:>6}", "Nango templates", 14 * 3 * 24);
    println!("  {:<42} {:>6}", "Onyx (overlap of a day)", "48–96");
}
