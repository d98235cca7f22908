//! The cloud's parts over AWS's protocols: against local servers that keep state, and against
//! scripted answers where no emulator has what AWS has.

mod keyring;
mod keys;
mod queues;
mod secrets;
mod servers;
mod service_keys;
