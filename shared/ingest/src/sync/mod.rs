//! Listing calls: windows and polls.

pub mod decide;
pub mod listing;
mod pause;
pub mod poll;
pub mod reconcile;
mod record;
pub mod trouble;
pub mod windows;
