//! What the library's errors mean to us. Their own texts may hold answers and are never passed on.

use domain::ports::sign_in::{SignInError, TokenFault};
use openidconnect::{
    ClaimsVerificationError, DiscoveryError, RequestTokenError, SignatureVerificationError,
    StandardErrorResponse, core::CoreErrorResponseType,
};

use super::http::HttpFailure;

/// A discovery document or key set that cannot be used.
pub fn discovery(error: DiscoveryError<HttpFailure>) -> SignInError {
    let unusable = |why: String| SignInError::Unusable(why);
    match error {
        DiscoveryError::Request(failure) => request(&failure),
        DiscoveryError::Response(status, ..) => unusable(format!(
            "what was asked for was answered with status {}, or not with JSON",
            status.as_u16()
        )),
        DiscoveryError::Parse(_) => unusable("it is not a discovery document or key set".into()),
        DiscoveryError::Validation(_) => unusable("it names another issuer than ours".into()),
        _ => unusable("it cannot be asked for".into()),
    }
}

/// An exchange of the code that came to nothing.
pub fn token_request(
    error: RequestTokenError<HttpFailure, StandardErrorResponse<CoreErrorResponseType>>,
) -> SignInError {
    match error {
        RequestTokenError::Request(failure) => request(&failure),
        RequestTokenError::ServerResponse(answer) => refused(answer.error()),
        _ => SignInError::Unavailable("its answer could not be understood".into()),
    }
}

fn request(failure: &HttpFailure) -> SignInError {
    match failure {
        HttpFailure::NotPrivate => SignInError::Unusable(failure.to_string()),
        _ => SignInError::Unavailable(failure.to_string()),
    }
}

fn refused(error: &CoreErrorResponseType) -> SignInError {
    use CoreErrorResponseType as Said;
    match error {
        Said::InvalidGrant => SignInError::CodeRefused,
        Said::InvalidClient => SignInError::ClientRefused("invalid_client"),
        Said::UnauthorizedClient => SignInError::ClientRefused("unauthorized_client"),
        Said::InvalidRequest => SignInError::ClientRefused("invalid_request"),
        Said::InvalidScope => SignInError::ClientRefused("invalid_scope"),
        Said::UnsupportedGrantType => SignInError::ClientRefused("unsupported_grant_type"),
        Said::Extension(_) => SignInError::ClientRefused("an error of its own"),
    }
}

/// What a check of the ID token found.
pub const fn token(error: &ClaimsVerificationError) -> TokenFault {
    match error {
        ClaimsVerificationError::Expired(_) => TokenFault::Expired,
        ClaimsVerificationError::InvalidAudience(_) => TokenFault::Audience,
        ClaimsVerificationError::InvalidIssuer(_) => TokenFault::Issuer,
        ClaimsVerificationError::InvalidNonce(_) => TokenFault::Nonce,
        ClaimsVerificationError::SignatureVerification(_) => TokenFault::Signature,
        _ => TokenFault::Malformed,
    }
}

/// Whether the keys that we know do not have the one that is named.
pub const fn is_unknown_key(error: &ClaimsVerificationError) -> bool {
    matches!(
        error,
        ClaimsVerificationError::SignatureVerification(SignatureVerificationError::NoMatchingKey)
    )
}
