//! What the functions share at run time: configuration, telemetry,
//! batches, cookies, and the use cases put together.

pub mod batch;
pub mod config;
pub mod cookies;
pub mod telemetry;
pub mod wiring;
