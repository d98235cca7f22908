//! Why work on a window stops.

use domain::{
    moment::{Span, Timestamp},
    ports::{StoreError, connections::ChangeError},
};

/// A page is begun only with this much time left.
pub(super) const TIME_FOR_A_PAGE: Span = Span::seconds(40);

/// Why a run ended before the window did.
pub(super) enum Pause {
    /// Another worker has the window now.
    Lost,
    /// Go on at once in another run.
    OutOfTime,
    /// Go on at this time; why, in words; whether the admin should see it as an error.
    Until(Timestamp, String, bool),
    /// The window makes no sense any more.
    Obsolete,
}

impl From<ChangeError> for Pause {
    fn from(error: ChangeError) -> Self {
        match error {
            ChangeError::Lost => Self::Lost,
            ChangeError::Store(error) => error.into(),
        }
    }
}

impl From<StoreError> for Pause {
    fn from(error: StoreError) -> Self {
        tracing::warn!(%error, "a listing stops at the database");
        Self::Lost
    }
}
