//! Connecting a Gong and closing the connection again.

mod begin;
mod complete;
mod disconnect;
mod identity;
mod refusal;

pub use begin::{BeginConnect, BeginError, Begun};
pub use complete::{Callback, CompleteConnect};
pub use disconnect::{Disconnect, DisconnectError};
pub use refusal::ConnectRefusal;
