//! The pipeline: detect, extract, deduplicate, organize. A source of calls reads and normalizes.

mod also_heard;
pub mod analyse;
pub mod analysis;
pub mod batch;
mod commit;
pub mod effects;
pub mod ending;
mod find;
mod judge;
pub mod judging;
pub mod meters;
pub mod permits;
pub mod process;
pub mod quotes;
pub mod redact;
pub mod refusals;
pub mod retry;
pub mod source;
pub(crate) mod spending;
pub mod unsaid;
pub mod worker;
