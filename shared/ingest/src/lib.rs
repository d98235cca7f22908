//! From a Gong to posts: connect, list calls, analyse them, keep all of it in good order.

pub mod connect;
#[cfg(test)]
mod examples;
pub mod gong;
pub mod maintenance;
pub mod pipeline;
pub mod sync;
