//! The pages and the API as a browser or a program meets them, on a database in memory.
#![allow(clippy::unwrap_used)]

mod also_heard;
mod api;
mod boards;
mod calls;
mod feedback;
mod gateway;
mod gong;
mod gong_changes;
mod guard;
mod parts;
mod preview;
mod product;
mod provider;
mod provider_failures;
mod roles;
mod sample;
mod sessions;
mod site;
