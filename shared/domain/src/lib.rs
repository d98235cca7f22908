//! ProductBridge's vocabulary: what a call, a connection, a post and a conversation are, and what
//! may become of them. Pure: no AWS, no HTTP, no clock and no randomness of its own; what the use
//! cases need from outside are the traits in [`ports`].

pub mod call;
pub mod claims;
pub mod connection;
pub mod conversation;
pub mod feedback;
pub mod findings;
pub mod gong;
pub mod hash;
pub mod ids;
pub mod judgement;
pub mod lease;
pub mod moment;
pub mod party;
pub mod ports;
pub mod principal;
pub mod secret;
pub mod service_url;
pub mod text;
pub mod usage;
pub mod verdict;
pub mod words;
