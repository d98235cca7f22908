//! The pages, one file each.

pub mod board_form;
pub mod boards;
pub mod calls;
pub mod disconnect;
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
pub mod sign_in;
pub mod words;
