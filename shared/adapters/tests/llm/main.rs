//! The analyst against a scripted server, on both protocols.

#![allow(clippy::unwrap_used, reason = "tests")]

mod endless;
mod failures;
mod fixtures;
mod journeys;
#[path = "../scripted/mod.rs"]
mod scripted;
