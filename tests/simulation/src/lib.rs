//! A seeded simulation of the whole system: the real use cases over the real DynamoDB and Gong
//! adapters, with an embedded database and a sandbox Gong in this process, and time that passes
//! only when nothing is left to do. The seed decides everything that happens and goes wrong.

pub mod budget;
pub mod check;
pub mod database;
pub mod engine;
pub mod faults;
pub mod gong;
pub mod people;
pub mod plan;
pub mod queue;
pub mod run;
pub mod secrets;
pub mod time;
pub mod world;
