//! What DynamoDB's errors mean to the ports.

use std::error::Error;

use aws_sdk_dynamodb::{
    config::http::HttpResponse,
    error::{DisplayErrorContext, ProvideErrorMetadata, SdkError},
};
use domain::ports::StoreError;

/// Errors after which the same request may work; the outcome of this one is not known.
const PASSING: [&str; 9] = [
    "IdempotentParameterMismatchException",
    "InternalServerError",
    "LimitExceededException",
    "ProvisionedThroughputExceededException",
    "ReplicatedWriteConflictException",
    "RequestLimitExceeded",
    "ThrottlingException",
    "TransactionConflictException",
    "TransactionInProgressException",
];

/// The meaning of a failed request.
pub(super) fn store<E>(operation: &str, error: &SdkError<E, HttpResponse>) -> StoreError
where
    E: ProvideErrorMetadata + Error + 'static,
{
    match error {
        SdkError::ServiceError(service) => meaning(
            operation,
            service.err().code(),
            service.err().message(),
            service.raw().status().as_u16(),
        ),
        SdkError::ConstructionFailure(_) => {
            StoreError::Refused(format!("{operation}: {}", DisplayErrorContext(error)))
        }
        _ => StoreError::Unavailable(format!("{operation}: {}", DisplayErrorContext(error))),
    }
}

fn meaning(operation: &str, code: Option<&str>, message: Option<&str>, status: u16) -> StoreError {
    let code = code.unwrap_or("no error code");
    let message: String = message.unwrap_or_default().chars().take(200).collect();
    let text = format!("{operation}: {code}, HTTP {status}. {message}");
    if status >= 500 || PASSING.contains(&code) {
        StoreError::Unavailable(text)
    } else {
        StoreError::Refused(text)
    }
}

/// Others were writing the same items at the same time, again and again.
pub(super) fn busy(operation: &str) -> StoreError {
    StoreError::Unavailable(format!(
        "{operation}: others were writing the same items at the same time"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_passes_is_told_from_what_is_wrong() {
        for (code, status) in [
            (Some("ThrottlingException"), 400),
            (Some("ProvisionedThroughputExceededException"), 400),
            (Some("TransactionConflictException"), 400),
            (Some("TransactionInProgressException"), 400),
            (Some("IdempotentParameterMismatchException"), 400),
            (Some("InternalServerError"), 500),
            (None, 503),
        ] {
            let error = meaning("PutItem", code, None, status);
            assert!(matches!(error, StoreError::Unavailable(_)), "{error}");
        }
        for code in [
            Some("ValidationException"),
            Some("ResourceNotFoundException"),
            Some("AccessDeniedException"),
            None,
        ] {
            let error = meaning("PutItem", code, Some("no"), 400);
            assert!(matches!(error, StoreError::Refused(_)), "{error}");
        }
    }
}
