//! The embedding model behind deduplication: Voyage AI.

mod voyage;
mod wire;

pub use voyage::{Voyage, VoyageConfig, VoyageConfigError};
