//! Listing calls: windows and polls.

pub mod decide;
pub mod listing;
mod pause;
pub mod poll;
mod record;
pub mod settle;
pub mod trouble;
pub mod windows;
