//! What adapters of the ports promise, to be shown for each of them.

#![allow(
    clippy::unwrap_used,
    clippy::missing_panics_doc,
    reason = "a promise that is broken panics"
)]

pub mod secret_store;
pub mod store;
pub mod vector_index;
