//! Access to Gong: a slot of the budget for every request, tokens, and whose turn it is to renew.

pub mod credentials;
pub mod error;
pub mod gate;
mod refresh;
pub mod tokens;
pub mod turn;
