//! The pipeline: normalize, detect, extract, deduplicate, organize.

pub mod analyse;
pub mod analysis;
pub mod batch;
mod commit;
pub mod effects;
pub mod ending;
mod fetch;
mod find;
pub mod guards;
pub mod look;
pub mod meters;
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
