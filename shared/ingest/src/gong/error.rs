//! Why a request to Gong has no answer.

use domain::{
    moment::{Span, Timestamp},
    ports::{StoreError, gong::GongError},
};

use super::tokens::TokenError;

/// After this it makes sense to try again what could not use its slots.
pub const AFTER_MISSED_SLOTS: Span = Span::seconds(10);
/// Why a request has no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GateError {
    /// Not before this time.
    #[error(
        "no request to Gong before {until}, because the company's request budget is used up or Gong asked to wait"
    )]
    Blocked { until: Timestamp },
    /// Before the slot came, a reading of the private flag became older than 15 minutes, or the
    /// ledger learned something newer of the call.
    #[error("the private flag has to be read again first")]
    StaleFlag,
    /// No token.
    #[error(transparent)]
    Token(#[from] TokenError),
    /// Not enough time is left in this run.
    #[error("not enough time is left in this run")]
    OutOfTime,
    /// Several slots in a row passed before they could be used.
    #[error(
        "the requests could not be sent in the moments that were reserved for them, because this machine or the database is too slow just now"
    )]
    SlotsMissed,
    #[error(transparent)]
    Gong(#[from] GongError),
    #[error(transparent)]
    Store(#[from] StoreError),
}
