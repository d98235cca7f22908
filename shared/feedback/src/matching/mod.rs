//! Which post a piece of feedback belongs to: candidates, guards, the decision, the index.

pub mod candidates;
pub mod decide;
pub mod guards;
pub mod index;
pub mod review;
