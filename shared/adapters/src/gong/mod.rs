//! Gong over HTTP: the read endpoints and the token endpoint, by the contract in
//! `reference/gong-api.md`. One request a call; nothing is repeated and nothing waits.

mod client;
mod convert;
mod errors;
mod lenient;
mod oauth;
mod oauth_answer;
mod requests;
mod responses;
mod transport;

pub use client::{GongClient, READ_TIMEOUT};
pub use oauth::{
    BadOAuthBase, DEFAULT_OAUTH_BASE, GongApp, GongOAuthClient, GongOAuthConfig, WITH_WORKSPACES,
};
pub use transport::Transport;

use transport::send;
