//! The stack in a local AWS, and everything around it.

pub mod containers;
pub mod emulator;
pub mod local_cloud;
pub mod processes;
pub mod providers;
pub mod services;
pub mod tools;
pub mod web;
pub mod world;
