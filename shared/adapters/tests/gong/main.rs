//! The Gong client and its OAuth against scripted servers and the sandbox.

#![allow(clippy::unwrap_used, reason = "tests")]

mod calls;
mod directory;
mod errors;
mod oauth;
mod sandbox;
mod server;
mod transcripts;
