//! The pages, one file each.

pub mod activity;
pub mod board_form;
pub mod boards;
pub mod call;
pub mod calls;
pub mod curation;
pub mod disconnect;
pub mod edit_post;
pub mod erase;
pub mod evidence;
pub mod feedback;
pub mod forms;
pub mod gong;
pub mod gong_connect;
pub mod gong_progress;
pub mod gong_settings;
pub mod gong_status;
pub mod layout;
pub mod new_post;
pub mod post;
pub mod problem;
pub mod retry_failed;
pub mod review;
pub mod sign_in;
pub mod usage;
pub mod words;
