//! The analyst against a scripted server, on both protocols.

mod failures;
mod fixtures;
mod journeys;
