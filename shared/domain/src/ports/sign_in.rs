//! Signing in with the organizations' identity provider, in two halves: to the provider and back.

use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use crate::{claims::ClaimFault, principal::Principal, secret::Secret};

/// What has to be remembered between the halves, by the browser alone and unreadable to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Remembered {
    /// Comes back with the person: ties the return to this browser.
    pub state: Secret,
    /// Comes back inside the ID token: ties the token to this sign-in.
    pub nonce: Secret,
    /// Shown with the code (PKCE): ties the code to this sign-in.
    pub verifier: Secret,
}

/// The first half's outcome.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Departure {
    /// Where to send the person; it holds the state.
    pub address: Secret,
    /// What to remember until the person is back.
    pub remembered: Remembered,
}

/// What is wrong with an ID token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenFault {
    /// There is none in the answer.
    #[error("there is none")]
    Missing,
    /// It is not signed by a key of the provider.
    #[error("its signature is not the provider's")]
    Signature,
    /// Another issuer made it.
    #[error("another issuer made it")]
    Issuer,
    /// It is meant for another application.
    #[error("it is meant for another application")]
    Audience,
    #[error("its time is over")]
    Expired,
    /// It belongs to another sign-in.
    #[error("it belongs to another sign-in")]
    Nonce,
    /// Anything else that the rules for ID tokens forbid.
    #[error("it breaks the rules for ID tokens")]
    Malformed,
}

/// Why a sign-in came to nothing. No token, code or claim is ever part of it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SignInError {
    /// The provider did not answer, or not in a way that can be understood; it may be tried again.
    #[error("the identity provider did not answer properly ({0})")]
    Unavailable(String),
    /// What the provider publishes about itself cannot be used with our settings: the operator's
    /// matter.
    #[error("the identity provider's description of itself cannot be used ({0})")]
    Unusable(String),
    /// The code was refused: used before, or too old.
    #[error("the identity provider refused the code")]
    CodeRefused,
    /// The ID token cannot be trusted.
    #[error("the ID token was not accepted: {0}")]
    Token(TokenFault),
    /// The person is known, but not where in which role.
    #[error(transparent)]
    Claim(#[from] ClaimFault),
    /// The provider refused us as a client, or what we ask for: the operator's matter.
    #[error("the identity provider refused our client ({0})")]
    ClientRefused(&'static str),
    /// Our client secret could not be read.
    #[error("the client secret for the identity provider could not be read ({0})")]
    SecretUnreadable(String),
}

/// The provider that the organizations' people sign in with.
#[async_trait]
pub trait IdentityProvider: Send + Sync {
    async fn begin(&self) -> Result<Departure, SignInError>;
    /// Finishes one: the code of the return, with what was remembered, tells who it is. That the
    /// return's state is the remembered one is checked before.
    async fn finish(
        &self,
        code: &Secret,
        remembered: &Remembered,
    ) -> Result<Principal, SignInError>;
}
