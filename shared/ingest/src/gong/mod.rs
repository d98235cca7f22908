//! Access to Gong: a slot of the budget for every request, tokens, whose turn it is, and Gong as a
//! source of conversations.

pub mod credentials;
pub mod error;
pub mod gate;
pub mod normalize;
mod refresh;
pub mod source;
pub mod tokens;
pub mod turn;
