//! Signing in with a provider that really answers, on loopback.
mod house;
mod keys;
mod provider;
mod tokens;
