//! A small but real OpenID Connect provider on loopback, for tests: discovery, keys, authorization
//! and token endpoints (code flow with PKCE), RS256. Whoever comes is signed in already, as the
//! test says; it can be made to do wrong in every way that a client has to notice. It also signs
//! access tokens for an API behind a JWT authorizer.

mod endpoints;
mod keys;
mod provider;
mod state;
mod tokens;

pub use keys::{SigningKey, foreign_key};
pub use provider::OpenId;
pub use state::{Client, Endpoint, Wrong};
pub use tokens::AccessToken;
