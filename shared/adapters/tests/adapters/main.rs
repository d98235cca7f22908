//! The adapters against the real engine, scripted servers and the sandbox. One program: each one
//! more costs a link.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "tests")]

mod gong;
mod https;
mod llm;
mod qdrant;
mod time;
mod voyage;
