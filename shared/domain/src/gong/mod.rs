//! What we know of Gong: its shapes, its addresses, its scopes.

/// Our page to which Gong sends an admin back, as it is registered with the Gong app.
pub const CALLBACK_PATH: &str = "/oauth/gong/callback";

pub mod base_url;
pub mod moment_link;
pub mod scopes;
pub mod shapes;
