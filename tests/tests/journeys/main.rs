//! Journeys of users through the real handlers, and the edges around them.
#![expect(clippy::unwrap_used, reason = "a failed test may panic")]

mod accuracy;
mod backfill;
mod boards;
mod buttons;
mod connect;
mod credentials;
mod disconnect;
mod embedding_outages;
mod engine_answers;
mod engine_broken;
mod engine_outages;
mod first_journey;
mod gong_trouble;
mod history;
mod hostile_text;
mod in_the_middle;
mod index_away;
mod isolation;
mod late_transcripts;
mod logs;
mod made_private;
mod missing_fields;
mod model;
mod odd_calls;
mod on_qdrant;
mod one_post;
mod one_workspace;
mod overlaps;
mod panics;
mod polls;
mod posts_by_hand;
mod private_calls;
mod reconnect;
mod refusals;
mod renewal;
mod revoked;
mod roles;
#[path = "../../../shared/adapters/tests/scripted/mod.rs"]
mod scripted;
mod slices;
mod two_processes;
mod workers;
