//! The pipeline: normalize, detect, extract, deduplicate, organize.

pub mod analyse;
pub mod analysis;
pub mod batch;
mod commit;
pub mod effects;
pub mod ending;
mod fetch;
mod find;
pub mod meters;
pub mod normalize;
pub mod process;
pub mod quotes;
pub mod redact;
pub mod refusals;
pub mod retry;
pub mod slots;
pub(crate) mod spending;
