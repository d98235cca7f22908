//! The simulation's seeds, and jobs whose every step or worker is decided.
#![expect(clippy::unwrap_used, reason = "a failed test may panic")]

mod budget;
mod commit;
mod listing;
mod maintenance;
mod quiet;
mod refresh;
mod seeds;
