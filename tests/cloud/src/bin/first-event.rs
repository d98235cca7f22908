//! How fast the functions come to their first event, beside Python's: `cargo run -p cloud-tests
//! --bin first-event`; with a number as its argument, that many rounds instead of 20. Its exit
//! status is 1 when a limit is missed.

#![expect(clippy::print_stdout, reason = "a benchmark")]

use std::process::ExitCode;

use cloud_tests::{
    deployed::tools,
    first_event::{self, ROUNDS},
};

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let rounds = std::env::args().nth(1);
    let rounds = rounds.map_or(ROUNDS, |text| text.parse().expect("a number of rounds"));
    println!("building (minutes, the first time)");
    tools::build_functions();
    let missed = first_event::measure(rounds).await;
    println!("{}", missed.join("\n"));
    ExitCode::from(u8::from(!missed.is_empty()))
}
