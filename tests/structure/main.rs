//! The structure that the compiler does not keep: which crate may use which, and that no two files
//! use each other in a circle.

#![expect(clippy::unwrap_used, reason = "tests")]

mod circles;
mod comments;
mod crates;
mod docs;
mod modules;
mod paths;
