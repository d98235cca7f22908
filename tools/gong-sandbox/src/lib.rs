//! A sandbox Gong: it speaks Gong's contract over real HTTP on loopback, from a folder of JSON calls.
//!
//! A local runner connects to it when no Gong app is configured; tests inject [`Faults`] and then assert that
//! [`Sandbox::violations`] is empty, that is, that the client kept to the contract.
//!
//! Three rules hold throughout:
//! - time comes from [`Options::now`] alone, so that a test decides when a code, a token or a cursor expires;
//! - a call is passed through as it was given, whatever fields or values it has or lacks;
//! - no code, token or secret is logged, and types that hold one print `***`.

mod api;
mod authorize;
mod call_page;
mod calls;
mod clock;
mod company;
mod consent;
mod extensive;
mod faults;
mod filter;
mod folder;
mod limits;
mod listing;
mod options;
mod pages;
mod paging;
mod rebase;
mod refusal;
mod request;
mod sandbox;
mod scopes;
mod secret;
mod select;
mod server;
mod state;
mod state_file;
mod stats;
mod token_endpoint;
mod tokens;
mod transcript;
mod users;
mod violations;

pub use crate::calls::SandboxCall;
pub use crate::clock::Clock;
pub use crate::company::{Company, User, Workspace};
pub use crate::faults::{Faults, InjectedStatus};
pub use crate::folder::{FileProblem, LoadError, LoadedFolder, MAX_FILE_BYTES, load_folder};
pub use crate::limits::Limits;
pub use crate::options::Options;
pub use crate::rebase::rebase;
pub use crate::sandbox::{Sandbox, StartError};
pub use crate::state_file::{StateError, StateStart, read_state_start};
pub use crate::stats::Stats;
pub use crate::tokens::IssuedTokens;
pub use crate::violations::{Violation, ViolationKind};
