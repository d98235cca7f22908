//! What we know of Gong: its shapes, its addresses, its scopes.

pub mod base_url;
pub mod moment_link;
pub mod scopes;
pub mod shapes;
