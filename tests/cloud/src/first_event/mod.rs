//! How fast the functions come to their first event, and what memory they need until it is
//! answered: the release builds that `sam build` makes, beside a Python function, interleaved in
//! one run.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a benchmark")]

mod function;
mod limits;
mod runtime_api;

use std::{fs, time::Duration};

use function::Function;

pub const ROUNDS: usize = 20;

/// One start of a function.
struct Start {
    /// From the start of the process to its first request for an event.
    asked: Duration,
    /// From there to its answer.
    answered: Duration,
    /// The most resident memory until the answer, in KiB.
    memory: u64,
    /// How much of it no file backs, in KiB.
    private: u64,
}

/// Measures the functions that `sam build` made, and prints the table; which limits are missed, in
/// words.
///
/// # Panics
/// When a function is not there or does not answer.
pub async fn measure(rounds: usize) -> Vec<String> {
    let functions = Function::all();
    let mut starts: Vec<Vec<Start>> = functions.iter().map(|_| Vec::new()).collect();
    for round in 0..=rounds {
        for (function, starts) in functions.iter().zip(&mut starts) {
            let start = function.start().await;
            // The first round fills caches: of files, and Python's of compiled modules.
            if round > 0 {
                starts.push(start);
            }
        }
    }
    report(&functions, &starts)
}

/// Prints the table; which limits are missed.
fn report(functions: &[Function], starts: &[Vec<Start>]) -> Vec<String> {
    let python = functions.iter().position(Function::is_python).unwrap();
    let python = Figures::of(&starts[python]);
    println!(
        "{} starts each, interleaved; medians, of the start the first quartile\n",
        starts[0].len()
    );
    println!(
        "| function | size, MB | start to first request, ms | from there to the first answer, ms \
         | most memory, MiB | of it private, MiB | times faster than Python | its memory, times less |"
    );
    println!("|---|---|---|---|---|---|---|---|");
    let mut missed = Vec::new();
    for (function, starts) in functions.iter().zip(starts) {
        let own = Figures::of(starts);
        let (faster, less) = (python.asked / own.asked, python.memory / own.memory);
        let mut size = String::new();
        if !function.is_python() {
            let bytes = fs::metadata(&function.program).unwrap().len();
            size = format!("{:.1}", mega(bytes));
            let limits = limits::missed(bytes, faster, less).into_iter();
            missed.extend(limits.map(|words| format!("{}: {words}", function.name)));
        }
        println!(
            "| {} | {size} | {:.1} | {:.1} | {:.1} | {:.1} | {faster:.0} | {less:.1} |",
            function.name, own.asked, own.answered, own.memory, own.private,
        );
    }
    missed
}

/// Milliseconds and MiB.
struct Figures {
    asked: f64,
    answered: f64,
    memory: f64,
    private: f64,
}

impl Figures {
    fn of(starts: &[Start]) -> Self {
        let median = |of: fn(&Start) -> f64| quantile(2, starts.iter().map(of));
        Self {
            // Other work on the machine delays a few milliseconds more, in proportion, than many:
            // what is compared is the starts that were disturbed least.
            asked: quantile(
                4,
                starts.iter().map(|start| start.asked.as_secs_f64() * 1e3),
            ),
            answered: median(|start| start.answered.as_secs_f64() * 1e3),
            memory: median(|start| mebi(start.memory)),
            private: median(|start| mebi(start.private)),
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "small numbers")]
fn mega(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}

#[expect(clippy::cast_precision_loss, reason = "small numbers")]
fn mebi(kibibytes: u64) -> f64 {
    kibibytes as f64 / 1024.0
}

/// The value that one in so many is below: 2 gives the median, 4 the first quartile.
fn quantile(one_in: usize, values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / one_in]
}
