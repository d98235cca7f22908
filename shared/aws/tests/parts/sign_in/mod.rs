//! Signing in with a provider that really answers, on loopback.
mod keys;
mod provider;
mod test_app;
mod tokens;
