//! `template.yaml`: what linters say of it, and what they do not see.

#![expect(clippy::unwrap_used, reason = "a failed test may panic")]

mod broken;
mod linters;
mod mutations;
mod rules;
mod translated;
