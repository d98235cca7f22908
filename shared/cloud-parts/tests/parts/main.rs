//! The parts on AWS over its protocols, and signing in with a provider that really answers.

#![expect(clippy::unwrap_used, reason = "tests")]

mod aws;
mod sign_in;
