//! What the journeys share: the whole system over real parts, with a clock and ids that the test
//! decides, and a browser that only speaks HTTP.

pub mod browser;
pub mod calls;
pub mod consent;
pub mod gongs;
pub mod inside;
pub mod rig;
pub mod stored;
pub mod system;

pub use browser::{Browser, Page};
pub use rig::{Rig, RigOptions};
