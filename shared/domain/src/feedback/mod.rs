//! Posts, boards and what supports them.

pub mod board;
pub mod desk;
pub mod indexing;
pub mod post;
pub mod settings;

pub use board::{Board, Category, Tag};
pub use post::{
    Author, EngineStamp, Evidence, MergeCheck, Moderation, Post, PostStatus, Priority, Quote,
    Sentiment, Similar,
};
pub use settings::Settings;
