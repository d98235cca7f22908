//! The cloud's parts over AWS's protocols: against local servers that keep state, and against
//! scripted answers where no emulator has what AWS has.

#![expect(clippy::unwrap_used, reason = "tests")]

mod keyring;
mod keys;
mod queues;
#[path = "../../../local-parts/tests/contract/secret_store.rs"]
mod secret_store;
mod secrets;
mod servers;
mod service_keys;
