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
pub mod similarity;
pub mod support;
pub mod withdraw;

pub use activity::Activity;
pub use board::{Board, Category, Tag};
pub use evidence::{Evidence, Move, MovedOut, Quote};
pub use post::{
    Author, Before, EngineStamp, Merged, Moderation, Post, PostStatus, Priority, Reviewed,
    Sentiment,
};
pub use settings::{Review, Settings};
pub use similarity::{MergeBasis, MergeCheck, Similar};
