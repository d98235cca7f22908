//! Codes and tokens.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::clock::{DAY_MS, seconds_ms};
use crate::secret::{Secret, fingerprint};

/// Life of an authorisation code, in seconds.
const CODE_SECONDS: u64 = 600;

/// A pair of tokens as it was handed out; `Debug` prints `***` for both.
#[derive(Clone, PartialEq, Eq)]
pub struct IssuedTokens {
    pub access_token: String,
    pub refresh_token: String,
    /// Life of the access token, in seconds.
    pub expires_in_seconds: u64,
    pub scopes: Vec<String>,
}

impl fmt::Debug for IssuedTokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IssuedTokens")
            .field("access_token", &"***")
            .field("refresh_token", &"***")
            .field("expires_in_seconds", &self.expires_in_seconds)
            .field("scopes", &self.scopes)
            .finish()
    }
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Code {
    redirect_uri: String,
    scopes: Vec<String>,
    expires_ms: i64,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Access {
    scopes: Vec<String>,
    expires_ms: i64,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Refresh {
    scopes: Vec<String>,
}

/// Why a code or a refresh token is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum GrantError {
    /// Unknown, expired, used or revoked.
    Invalid,
    /// The code was issued for another redirect URI.
    OtherRedirect,
    /// This refresh token was rotated away earlier.
    Rotated,
}

/// Why a bearer is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BearerError {
    Unknown,
    Expired,
}

/// Everything that was issued and is not yet forgotten.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Ledger {
    /// Counts what was minted, so that a restart with the same seed mints nothing twice.
    minted: u64,
    codes: BTreeMap<Secret, Code>,
    access: BTreeMap<Secret, Access>,
    refresh: BTreeMap<Secret, Refresh>,
    /// Fingerprints of refresh tokens that were rotated away.
    rotated: BTreeSet<String>,
}

impl Ledger {
    /// A code for this redirect URI.
    pub(crate) fn issue_code(
        &mut self,
        seed: u64,
        now_ms: i64,
        redirect_uri: &str,
        scopes: Vec<String>,
    ) -> Secret {
        let code = self.mint(seed);
        let expires_ms = now_ms.saturating_add(seconds_ms(CODE_SECONDS));
        self.codes.retain(|_, code| now_ms < code.expires_ms);
        self.codes.insert(
            code.clone(),
            Code {
                redirect_uri: redirect_uri.to_owned(),
                scopes,
                expires_ms,
            },
        );
        code
    }

    /// Uses a code up, whatever comes of it, and tells its scopes.
    pub(crate) fn redeem_code(
        &mut self,
        code: &str,
        redirect_uri: &str,
        now_ms: i64,
    ) -> Result<Vec<String>, GrantError> {
        let code = self
            .codes
            .remove(code)
            .filter(|code| now_ms < code.expires_ms)
            .ok_or(GrantError::Invalid)?;
        if code.redirect_uri != redirect_uri {
            return Err(GrantError::OtherRedirect);
        }
        Ok(code.scopes)
    }

    /// Uses a refresh token up and tells its scopes; access tokens live on until they expire.
    pub(crate) fn rotate(&mut self, refresh_token: &str) -> Result<Vec<String>, GrantError> {
        let Some(refresh) = self.refresh.remove(refresh_token) else {
            let rotated = self.rotated.contains(&fingerprint(refresh_token));
            return Err(if rotated {
                GrantError::Rotated
            } else {
                GrantError::Invalid
            });
        };
        self.rotated.insert(fingerprint(refresh_token));
        Ok(refresh.scopes)
    }

    /// A new pair of tokens.
    pub(crate) fn issue_pair(
        &mut self,
        seed: u64,
        now_ms: i64,
        life_seconds: u64,
        scopes: Vec<String>,
    ) -> IssuedTokens {
        // An expired token is remembered for a day, so that it is told apart from an unknown one.
        self.access
            .retain(|_, access| now_ms < access.expires_ms.saturating_add(DAY_MS));
        let (access, refresh) = (self.mint(seed), self.mint(seed));
        let expires_ms = now_ms.saturating_add(seconds_ms(life_seconds));
        let issued = IssuedTokens {
            access_token: access.expose().to_owned(),
            refresh_token: refresh.expose().to_owned(),
            expires_in_seconds: life_seconds,
            scopes: scopes.clone(),
        };
        self.access.insert(
            access,
            Access {
                scopes: scopes.clone(),
                expires_ms,
            },
        );
        self.refresh.insert(refresh, Refresh { scopes });
        issued
    }

    /// The scopes of a live access token.
    pub(crate) fn bearer(&self, token: &str, now_ms: i64) -> Result<&[String], BearerError> {
        let access = self.access.get(token).ok_or(BearerError::Unknown)?;
        if now_ms < access.expires_ms {
            Ok(&access.scopes)
        } else {
            Err(BearerError::Expired)
        }
    }

    /// Ends every access token that is alive; refresh tokens stay.
    pub(crate) fn expire_access(&mut self, now_ms: i64) {
        for access in self.access.values_mut() {
            access.expires_ms = access.expires_ms.min(now_ms);
        }
    }

    /// Forgets every code and token, as if the customer had removed the app.
    pub(crate) fn revoke_all(&mut self) {
        self.codes.clear();
        self.access.clear();
        self.refresh.clear();
    }

    fn mint(&mut self, seed: u64) -> Secret {
        self.minted += 1;
        let digest =
            Sha256::digest(format!("gong-sandbox token {seed} {}", self.minted).as_bytes());
        Secret::new(URL_SAFE_NO_PAD.encode(digest))
    }
}
