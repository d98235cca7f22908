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
    pub access_token: Secret,
    /// The refresh token, good for one use.
    pub refresh_token: Secret,
    /// `api_base_url_for_customer`.
    pub api_base_url: String,
    /// When the access token expires.
    pub expires_at: Timestamp,
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::json;

    use super::*;
    use crate::examples::{NOW, org};

    /// Hides nothing; what it has not sealed it does not open.
    struct Wax;

    impl Seal for Wax {
        fn seal(&self, plain: &[u8]) -> String {
            format!("wax:{}", String::from_utf8_lossy(plain))
        }

        fn open(&self, sealed: &str) -> Result<Vec<u8>, CannotOpen> {
            let plain = sealed.strip_prefix("wax:").ok_or(CannotOpen)?;
            Ok(plain.as_bytes().to_vec())
        }
    }

    fn credentials() -> Credentials {
        Credentials {
            org_id: org(),
            access_token: Secret::new("access"),
            refresh_token: Secret::new("refresh"),
            api_base_url: "https://us-1.api.gong.example".into(),
            expires_at: NOW,
            scope: "api:calls:read:basic".into(),
        }
    }

    #[test]
    fn only_what_was_sealed_for_this_organization_is_opened() {
        use BadCredentials::{Foreign, Sealed};
        let sealed = |change: fn(&mut serde_json::Value)| {
            let mut json = json!(credentials());
            change(&mut json);
            Wax.seal(json.to_string().as_bytes()).into_bytes()
        };
        for (name, bytes, expected) in [
            ("its own", credentials().seal(&Wax), Ok(credentials())),
            (
                "with a field of a newer version",
                sealed(|json| json["region"] = json!("eu")),
                Ok(credentials()),
            ),
            (
                "another organization's",
                sealed(|json| json["org_id"] = json!("harbour")),
                Err(Foreign),
            ),
            (
                "one whose name begins like it",
                sealed(|json| json["org_id"] = json!("fernhill2")),
                Err(Foreign),
            ),
            (
                "its name in capitals",
                sealed(|json| json["org_id"] = json!("Fernhill")),
                Err(Foreign),
            ),
            (
                "no organization",
                sealed(|json| json["org_id"] = json!(null)),
                Err(Foreign),
            ),
            (
                "no refresh token",
                sealed(|json| json["refresh_token"] = json!(null)),
                Err(Foreign),
            ),
            ("a list", sealed(|json| *json = json!([])), Err(Foreign)),
            ("no document", Wax.seal(b"hello").into_bytes(), Err(Foreign)),
            ("nothing sealed", Wax.seal(b"").into_bytes(), Err(Foreign)),
            ("sealed by another", b"lead:{}".to_vec(), Err(Sealed)),
            (
                "not sealed",
                json!(credentials()).to_string().into_bytes(),
                Err(Sealed),
            ),
            ("no text", vec![0xff, 0xfe], Err(Sealed)),
            ("nothing", Vec::new(), Err(Sealed)),
        ] {
            assert_eq!(Credentials::open(&Wax, &bytes, &org()), expected, "{name}");
        }
    }

    #[test]
    fn a_secret_is_found_by_the_end_of_its_name() {
        let id = Uuid::from_u128(7);
        for (name, found) in [
            (secret_name(&org(), id), Some(id)),
            (id.to_string(), Some(id)),
            (format!("prefix/{id}"), Some(id)),
            (format!("productbridge/gong/fernhill/{id}/more"), None),
            ("productbridge/gong/fernhill/".into(), None),
            ("productbridge/gong/fernhill/7".into(), None),
            (String::new(), None),
        ] {
            assert_eq!(secret_id(&name), found, "{name}");
        }
    }

    #[test]
    fn a_version_has_its_own_token_and_every_worker_the_same() {
        let mut tokens = BTreeSet::new();
        for (org, generation, version) in [
            ("a", 1, 1),
            ("a", 1, 2),
            ("a", 2, 1),
            ("a", 1, 11),
            ("a", 11, 1),
            ("b", 1, 1),
            ("a1", 1, 1),
        ] {
            let org = OrgId::parse(org).expect("a valid id");
            let token = secret_version(&org, generation, version);
            let again = secret_version(&org, generation, version);
            assert_eq!(token, again, "{org}, {generation}, {version}");
            assert!(tokens.insert(token), "{org}, {generation}, {version}");
        }
    }
}
