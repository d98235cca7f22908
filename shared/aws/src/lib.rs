//! The cloud's parts: SQS, Secrets Manager, KMS, sign-in with an OpenID Connect provider, and what
//! the functions' entry points share. Kept apart from the adapters so that one machine builds none
//! of it.

pub mod clients;
pub mod cloud;
pub mod keyring;
pub mod secrets;
pub mod sign_in;
pub mod sqs;
pub mod stored_keys;
pub mod web;
pub mod wrapped_keys;
