//! Posts, boards and what supports them.

pub mod activity;
pub mod board;
pub mod curate;
pub mod desk;
pub mod evidence;
pub mod import;
pub mod indexing;
pub mod post;
pub mod reindex;
pub mod settings;
pub mod support;
pub mod withdraw;

pub use activity::Activity;
pub use board::{Board, Category, Tag};
pub use evidence::{Evidence, MergeBasis, MergeCheck, Move, MovedOut, Quote, Similar};
pub use post::{
    Author, Before, EngineStamp, Merged, Moderation, Post, PostStatus, Priority, Reviewed,
    Sentiment,
};
pub use settings::Settings;
