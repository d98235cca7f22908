//! What the functions share at run time: configuration, telemetry, batches and cookies.

pub mod batch;
pub mod config;
pub mod cookies;
pub mod telemetry;
