//! What we know of Gong: its shapes, its OAuth rules, its budget.

pub mod base_url;
pub mod credentials;
pub mod error;
pub mod gate;
pub mod moment_link;
mod refresh;
pub mod scopes;
pub mod shapes;
pub mod tokens;
pub mod turn;
