//! Journeys of users through the real handlers, and the edges around them.
#![expect(clippy::unwrap_used, reason = "a failed test may panic")]

mod accuracy;
mod engine_answers;
mod engine_outages;
mod first_journey;
mod hostile_text;
mod missing_fields;
mod model;
mod odd_calls;
mod one_post;
#[path = "../../../shared/adapters/tests/scripted/mod.rs"]
mod scripted;
mod workers;
mod connect;
mod history;
mod one_workspace;
mod refusals;
