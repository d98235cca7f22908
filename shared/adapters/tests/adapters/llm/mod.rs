//! The analyst against a scripted server, on both protocols.

mod endless;
mod failures;
mod fixtures;
mod stages;
