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
mod backfill;
mod boards;
mod credentials;
mod disconnect;
mod gong_trouble;
mod isolation;
mod late_transcripts;
mod polls;
mod posts_by_hand;
mod private_calls;
mod reconnect;
mod revoked;
mod roles;
mod zz_time;
