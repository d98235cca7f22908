//! Posts, evidence, boards, settings.

pub mod activity;
pub mod also_heard;
pub mod board;
pub mod evidence;
pub mod post;
pub mod product;
pub mod request;
pub mod settings;
pub mod similarity;

pub use activity::Activity;
pub use also_heard::{AlsoHeard, Heard, HeardDecision};
pub use board::{Board, Category, Tag};
pub use evidence::{Evidence, Move, Quote, Unmerge};
pub use post::{Author, Before, EngineStamp, Merged, Moderation, Post, PostStatus, Reviewed};
pub use product::{Product, ProductVersion};
pub use request::{Priority, Request, RequestText, Sentiment};
pub use settings::{Merging, Review, Settings};
pub use similarity::{Judged, MergeBasis, MergeCheck, Similar};
