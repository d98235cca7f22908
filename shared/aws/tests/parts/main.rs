//! The parts on AWS over its protocols, and signing in with a provider that really answers.

#![expect(clippy::unwrap_used, reason = "tests")]

mod services;
mod sign_in;
