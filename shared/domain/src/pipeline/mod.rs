//! The pipeline: normalize, detect, extract, deduplicate, organize.

pub mod analyse;
mod commit;
pub mod conversation;
pub mod effects;
pub mod ending;
mod endings;
mod fetch;
mod find;
pub mod findings;
pub mod guards;
pub mod look;
pub mod normalize;
pub mod plan;
pub mod process;
pub mod quotes;
pub mod redact;
pub mod refusals;
pub mod retry;
pub mod review;
pub mod slots;
pub(crate) mod spending;
pub mod stages;
pub mod text;
