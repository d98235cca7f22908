//! The parts of the one-machine set-up: what the cloud has services for, in this process.

pub mod database;
pub mod exact_index;
pub mod keys;
pub mod vault;
