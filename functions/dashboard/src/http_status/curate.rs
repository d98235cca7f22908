//! Decisions about posts that were not carried out.

use feedback::curation::CurateError;
use http::StatusCode;

use super::Refusal;

impl From<CurateError> for Refusal {
    fn from(error: CurateError) -> Self {
        match error {
            CurateError::NotAllowed(why) => why.into(),
            CurateError::Store(error) => error.into(),
            CurateError::NoPost => Self::NotFound("post"),
            CurateError::NoCall(_) => Self::NotFound("call"),
            error => Self::NotDone {
                status: status(&error),
                text: error.to_string(),
            },
        }
    }
}

const fn status(error: &CurateError) -> StatusCode {
    match error {
        CurateError::NotHeard => StatusCode::NOT_FOUND,
        CurateError::Decided
        | CurateError::Edited
        | CurateError::Busy
        | CurateError::NoEvidence
        | CurateError::HeardDecided
        | CurateError::CallOpen(_) => StatusCode::CONFLICT,
        CurateError::Embedding(_) | CurateError::Candidates(_) => StatusCode::SERVICE_UNAVAILABLE,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    }
}
