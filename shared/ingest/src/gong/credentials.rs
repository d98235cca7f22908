//! The credentials document: the one thing that is kept in the secret store.

use domain::{
    ids::OrgId,
    moment::Timestamp,
    ports::secrets::{CannotOpen, Seal},
    secret::Secret,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Namespace of the version tokens (a fixed random UUID of ours).
const NAMESPACE: Uuid = Uuid::from_u128(0x6f2a_7c1e_90d4_4b53_a8f1_2c6e_55d0_b7a9);

/// Access token, rotating refresh token and the customer's API base URL.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Credentials {
    /// The organization; checked whenever the document is opened.
    pub org_id: OrgId,
    /// The access token.
    pub access_token: Secret,
    /// The refresh token, good for one use.
    pub refresh_token: Secret,
    /// `api_base_url_for_customer`.
    pub api_base_url: String,
    /// When the access token expires.
    pub expires_at: Timestamp,
    /// The granted scopes.
    pub scope: String,
}

/// The stored credentials cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadCredentials {
    /// No such version.
    #[error("the stored credentials are missing; an admin has to reconnect Gong")]
    Missing,
    /// Another key, or changed.
    #[error(
        "the stored credentials could not be opened: the encryption key is another one than they were sealed with, or they were changed. Restore the key, or reconnect Gong"
    )]
    Sealed,
    /// Not our document, or another organization's.
    #[error("the stored credentials are not this organization's; they were not used")]
    Foreign,
    /// The base URL is not Gong's.
    #[error("the stored API address is not Gong's; no token was sent to it")]
    ForeignBaseUrl,
}

impl From<CannotOpen> for BadCredentials {
    fn from(_: CannotOpen) -> Self {
        Self::Sealed
    }
}

impl Credentials {
    /// The sealed document.
    #[must_use]
    pub fn seal(&self, seal: &dyn Seal) -> Vec<u8> {
        let json = serde_json::to_vec(self).expect("a struct of texts and numbers serialises");
        seal.seal(&json).into_bytes()
    }

    /// Opens a sealed document and checks whose it is.
    ///
    /// # Errors
    /// [`BadCredentials`].
    pub fn open(seal: &dyn Seal, bytes: &[u8], org: &OrgId) -> Result<Self, BadCredentials> {
        let text = std::str::from_utf8(bytes).map_err(|_| BadCredentials::Sealed)?;
        let json = seal.open(text)?;
        let document: Self = serde_json::from_slice(&json).map_err(|_| BadCredentials::Foreign)?;
        if document.org_id != *org {
            return Err(BadCredentials::Foreign);
        }
        Ok(document)
    }
}

/// The name of a connection attempt's secret. A name is used once, as a deleted one cannot be had
/// again.
#[must_use]
pub fn secret_name(org: &OrgId, secret: Uuid) -> String {
    format!("productbridge/gong/{org}/{secret}")
}

/// Which secret of its organization a name names.
#[must_use]
pub fn secret_id(name: &str) -> Option<Uuid> {
    Uuid::parse_str(name.rsplit('/').next()?).ok()
}

/// The version token under which a version of the credentials is stored: the same for every
/// worker that tries to store it.
#[must_use]
pub fn secret_version(org: &OrgId, generation: u64, version: u64) -> Uuid {
    Uuid::new_v5(
        &NAMESPACE,
        format!("{org}:{generation}:{version}").as_bytes(),
    )
}
