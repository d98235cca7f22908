//! Posts, and what is decided about them: by the pipeline (matching) and by people (curation).

pub mod boards;
pub mod curation;
pub mod matching;
pub mod posts;
pub mod product;
pub mod reindex;
#[cfg(test)]
mod samples;
pub mod save;
pub mod settings;
