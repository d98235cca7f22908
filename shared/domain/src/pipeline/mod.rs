//! The pipeline: normalize, detect, extract, deduplicate, organize.

pub mod analyse;
pub mod conversation;
pub mod effects;
mod endings;
mod fetch;
pub mod findings;
pub mod guards;
pub mod look;
pub mod normalize;
pub mod plan;
pub mod process;
pub mod quotes;
pub mod retry;
pub mod text;
