//! The Gong client and its OAuth against scripted servers and the sandbox.

mod calls;
mod directory;
mod errors;
mod oauth;
mod sandbox;
mod server;
mod transcripts;
