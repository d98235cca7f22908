//! The simulation's seeds, and jobs whose every step or worker is decided.
#![expect(clippy::unwrap_used, reason = "a failed test may panic")]

mod budget;
mod care;
mod commit;
mod listing;
mod quiet;
mod refresh;
mod seeds;
