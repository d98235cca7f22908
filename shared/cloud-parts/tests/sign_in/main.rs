//! Signing in with a provider that really answers, on loopback.
#![allow(clippy::unwrap_used, missing_docs)]

mod house;
mod keys;
mod provider;
mod tokens;
