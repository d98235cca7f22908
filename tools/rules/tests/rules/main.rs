//! The built-in rules over the samples.

#![expect(clippy::unwrap_used, reason = "tests")]

mod rules_part_one;
mod sample_calls;
