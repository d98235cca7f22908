//! The built-in rules over the samples, and the local embedder with the real model.

#![expect(clippy::unwrap_used, reason = "tests")]

mod embedder;
mod rules_part_one;
mod sample_calls;
