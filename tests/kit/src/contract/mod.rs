//! What adapters of the ports promise, to be shown for each of them.

#![allow(missing_docs, reason = "each promise's name says what it is")]
#![allow(
    clippy::unwrap_used,
    clippy::missing_panics_doc,
    reason = "a promise that is broken panics"
)]

pub mod secret_store;
pub mod store;
pub mod vector_index;
