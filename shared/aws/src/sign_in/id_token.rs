//! The ID token: its checks, and what it says about a person.

use chrono::{DateTime, Utc};
use domain::{
    claims::Claims,
    moment::Timestamp,
    ports::sign_in::{SignInError, TokenFault},
    principal::Principal,
    secret::Secret,
};
use openidconnect::{
    AdditionalClaims, ClaimsVerificationError, EmptyExtraTokenFields, EndpointMaybeSet,
    EndpointNotSet, EndpointSet, IdTokenClaims, IdTokenFields, Nonce, StandardErrorResponse,
    StandardTokenResponse, TokenResponse,
    core::{
        CoreAuthDisplay, CoreAuthPrompt, CoreErrorResponseType, CoreGenderClaim, CoreJsonWebKey,
        CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm, CoreRevocableToken,
        CoreRevocationErrorResponse, CoreTokenIntrospectionResponse, CoreTokenType,
    },
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::failure;

/// The signatures that are believed: those that only the provider can make.
const SIGNATURES: [CoreJwsSigningAlgorithm; 5] = [
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
    CoreJwsSigningAlgorithm::RsaSsaPssSha256,
    CoreJwsSigningAlgorithm::EcdsaP256Sha256,
    CoreJwsSigningAlgorithm::EcdsaP384Sha384,
    CoreJwsSigningAlgorithm::EdDsa,
];

/// Our claims. Any JSON is read, so that a claim of another kind is told as such.
#[derive(Debug, Clone, Deserialize, Serialize)]
pub struct OurClaims {
    org_id: Option<Value>,
    role: Option<Value>,
}

impl AdditionalClaims for OurClaims {}

/// The library's client with our claims.
pub type Client = openidconnect::Client<
    OurClaims,
    CoreAuthDisplay,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJsonWebKey,
    CoreAuthPrompt,
    StandardErrorResponse<CoreErrorResponseType>,
    Answer,
    CoreTokenIntrospectionResponse,
    CoreRevocableToken,
    CoreRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// The token endpoint's answer.
pub type Answer = StandardTokenResponse<
    IdTokenFields<
        OurClaims,
        EmptyExtraTokenFields,
        CoreGenderClaim,
        CoreJweContentEncryptionAlgorithm,
        CoreJwsSigningAlgorithm,
    >,
    CoreTokenType,
>;

type Raw = openidconnect::IdToken<
    OurClaims,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJwsSigningAlgorithm,
>;

/// A token that nothing is believed of yet.
pub struct IdToken(Raw);

/// The answer's ID token.
pub fn id_token(answer: &Answer) -> Result<IdToken, SignInError> {
    let token = answer.id_token().cloned().map(IdToken);
    token.ok_or(SignInError::Token(TokenFault::Missing))
}

impl IdToken {
    /// Whether it names a key that the provider did not have when it was last asked.
    pub fn is_signed_by_an_unknown_key(
        &self,
        client: &Client,
        nonce: &Secret,
        now: Timestamp,
    ) -> bool {
        let checked = self.checked(client, nonce, now);
        checked.is_err_and(|error| failure::is_unknown_key(&error))
    }

    /// The person, once everything is checked.
    pub fn principal(
        &self,
        client: &Client,
        nonce: &Secret,
        now: Timestamp,
    ) -> Result<Principal, SignInError> {
        let claims = self.checked(client, nonce, now);
        let claims = claims.map_err(|error| SignInError::Token(failure::token(&error)))?;
        let ours = claims.additional_claims();
        let claims = Claims {
            org_id: ours.org_id.as_ref().and_then(Value::as_str),
            role: ours.role.as_ref().and_then(Value::as_str),
            sub: Some(claims.subject().as_str()),
        };
        Ok(claims.principal()?)
    }

    fn checked(
        &self,
        client: &Client,
        nonce: &Secret,
        now: Timestamp,
    ) -> Result<&IdTokenClaims<OurClaims, CoreGenderClaim>, ClaimsVerificationError> {
        let nonce = Nonce::new(nonce.expose().to_owned());
        let verifier = client
            .id_token_verifier()
            .set_allowed_algs(SIGNATURES)
            .set_time_fn(move || {
                DateTime::from_timestamp_millis(now.0).unwrap_or(DateTime::<Utc>::MAX_UTC)
            });
        self.0.claims(&verifier, &nonce)
    }
}
