//! The sandbox over real HTTP, one module a theme. The clock is injected; nothing sleeps.

mod authorize;
mod folder;
mod limits;
mod listing;
mod listing_refusals;
mod pages;
mod state_file;
mod support;
mod tokens;
mod transcripts;
mod users;
