//! Posts, boards and what supports them.

pub mod board;
pub mod desk;
pub mod import;
pub mod indexing;
pub mod post;
pub mod reindex;
pub mod settings;
pub mod withdraw;

pub use board::{Board, Category, Tag};
pub use post::{
    Author, EngineStamp, Evidence, MergeCheck, Moderation, Post, PostStatus, Priority, Quote,
    Sentiment, Similar,
};
pub use settings::Settings;
