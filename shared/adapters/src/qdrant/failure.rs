//! What an error of Qdrant means, in our own words: the server's may hold a vector, and the
//! client's the API key.

use domain::{moment::Span, ports::feedback::IndexError};
use qdrant_client::QdrantError;
use tonic::Code;

/// Why a request did not succeed.
#[derive(Debug, PartialEq, Eq)]
pub enum Failure {
    /// The collection is not there.
    Missing,
    /// The key is refused: it may have been changed since it was read.
    Key,
    /// Worth another attempt, after this wait if one was asked for.
    Passing(&'static str, Option<Span>),
    /// Another attempt would end the same.
    Final(String),
}

impl Failure {
    pub fn of(error: &QdrantError) -> Self {
        match error {
            QdrantError::ResponseError { status } => Self::of_code(status.code()),
            QdrantError::ResourceExhaustedError {
                retry_after_seconds,
                ..
            } => {
                let seconds = i64::try_from(*retry_after_seconds).unwrap_or(i64::MAX / 1_000);
                Self::Passing("it asks to slow down", Some(Span::seconds(seconds)))
            }
            _ => Self::Final("the request could not be made".into()),
        }
    }

    fn of_code(code: Code) -> Self {
        match code {
            Code::NotFound => Self::Missing,
            Code::Unauthenticated | Code::PermissionDenied => Self::Key,
            Code::Unavailable => Self::Passing("it is not available", None),
            Code::DeadlineExceeded => Self::Passing("it timed out", None),
            Code::ResourceExhausted => Self::Passing("it asks to slow down", None),
            // The client says so after it tried twice by itself.
            Code::Cancelled => Self::Final("it timed out".into()),
            // The client says so when no connection comes about; a failing server does as well.
            Code::Internal => Self::Final("no connection, or a fault of the server".into()),
            Code::InvalidArgument => Self::Final(
                "the request is refused as wrong; is the key a plain text, and the collection ours?"
                    .into(),
            ),
            other => Self::Final(format!("status {}", other as i32)),
        }
    }

    pub fn error(self) -> IndexError {
        match self {
            Self::Missing => IndexError::Missing,
            Self::Key => IndexError::Unavailable("it refuses the API key".into()),
            Self::Passing(words, _) => IndexError::Unavailable(words.into()),
            Self::Final(words) => IndexError::Unavailable(words),
        }
    }
}
