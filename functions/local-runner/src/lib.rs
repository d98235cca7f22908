//! The whole system in one process on one machine: the same function libraries as in the cloud,
//! local parts, a timer for the Scheduler, and the web pages on a loopback port.

pub mod app;
pub mod boards;
pub mod command;
pub mod commands;
pub mod config;
pub mod control;
pub mod data_folder;
pub mod dispatch;
pub mod engine;
pub mod evaluate;
pub mod gong;
pub mod index;
pub mod local_models;
pub mod queue;
pub mod recorded;
pub mod report;
pub mod samples;
pub mod serve;
pub mod try_clock;
pub mod try_run;
mod waiting;
pub mod web;
pub mod workers;
