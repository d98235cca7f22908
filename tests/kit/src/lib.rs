//! What tests share: a clock, ids and secrets that the test decides, providers that answer what it
//! wrote down and what adapters promise; with the feature `parts` what one function stands on, and
//! with `app` the whole system over real parts with a browser that only speaks HTTP.

#[cfg(feature = "app")]
pub mod browser;
#[cfg(feature = "app")]
pub mod calls;
#[cfg(feature = "app")]
pub mod consent;
pub mod contract;
#[cfg(feature = "app")]
pub mod gongs;
#[cfg(feature = "app")]
pub mod inside;
pub mod outbox;
#[cfg(feature = "parts")]
pub mod parts;
pub mod scripted;
pub mod secrets;
#[cfg(feature = "app")]
pub mod stored;
pub mod system;
#[cfg(feature = "app")]
pub mod test_app;

#[cfg(feature = "app")]
pub use browser::{Browser, Page};
#[cfg(feature = "app")]
pub use test_app::{TestApp, TestOptions};
