//! Journeys of users through the real handlers, and the edges around them.
#![expect(clippy::unwrap_used, reason = "a failed test may panic")]

mod accuracy;
mod first_journey;
