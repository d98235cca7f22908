//! The program as people run it: the real binary, its files, its exit status, its pages.
#![expect(clippy::unwrap_used, reason = "a failed test may panic")]

mod bad_files;
mod browser;
mod calls;
mod crash;
mod doors;
mod local_models;
mod models;
mod program;
mod qdrant;
mod retrying;
mod serving;
mod settings;
mod taking_over;
mod try_command;
