//! What tests need of other programs: Python tools in virtual environments of their own, pinned by
//! requirements files, and servers on loopback that end with the test that started them.

mod server;
mod venv;

pub use server::{Server, free_port};
pub use venv::{Venv, python_script, repository, venv};
