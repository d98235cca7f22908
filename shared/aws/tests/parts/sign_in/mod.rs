//! Signing in with a provider that really answers, on loopback.
mod keys;
mod provider;
mod tokens;
mod two_sides;
