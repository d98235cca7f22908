//! Which post a piece of feedback belongs to: candidates, guards, the decision, the index.

pub mod bearing;
pub mod candidates;
pub mod decide;
pub mod duplicates;
pub mod guards;
pub mod index;
pub mod judgements;
pub mod questions;
pub mod review;
