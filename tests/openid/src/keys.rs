//! RSA keys and signed tokens.

use std::sync::OnceLock;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use rsa::{Pkcs1v15Sign, RsaPrivateKey, rand_core::OsRng, traits::PublicKeyParts};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// A key with its id.
#[derive(Clone)]
pub struct SigningKey {
    kid: String,
    key: &'static RsaPrivateKey,
}

/// Making a key takes a while, so each is made once a process.
fn made(slot: &'static OnceLock<RsaPrivateKey>) -> &'static RsaPrivateKey {
    slot.get_or_init(|| RsaPrivateKey::new(&mut OsRng, 2048).expect("2048 bits are enough"))
}

/// The provider's own key under this id. Every id has the same key: clients know keys by their ids.
pub(crate) fn own_key(kid: &str) -> SigningKey {
    static OWN: OnceLock<RsaPrivateKey> = OnceLock::new();
    SigningKey {
        kid: kid.into(),
        key: made(&OWN),
    }
}

/// A key that is not the provider's, under an id that may well be.
#[must_use]
pub fn foreign_key(kid: &str) -> SigningKey {
    static FOREIGN: OnceLock<RsaPrivateKey> = OnceLock::new();
    SigningKey {
        kid: kid.into(),
        key: made(&FOREIGN),
    }
}

impl SigningKey {
    #[must_use]
    pub fn kid(&self) -> &str {
        &self.kid
    }

    /// The public part, as a key set has it.
    pub(crate) fn jwk(&self) -> Value {
        json!({
            "kty": "RSA",
            "use": "sig",
            "alg": "RS256",
            "kid": self.kid,
            "n": encode(&self.key.n().to_bytes_be()),
            "e": encode(&self.key.e().to_bytes_be()),
        })
    }

    /// Signs claims with RS256; the header names the key.
    #[must_use]
    pub fn sign(&self, claims: &Value) -> String {
        let header = json!({"alg": "RS256", "typ": "JWT", "kid": self.kid});
        let signed = format!("{}.{}", part(&header), part(claims));
        let digest = Sha256::digest(signed.as_bytes());
        let signature = self.key.sign(Pkcs1v15Sign::new::<Sha256>(), &digest);
        let signature = signature.expect("the digest fits the key");
        format!("{signed}.{}", encode(&signature))
    }
}

/// A token with no signature at all.
pub(crate) fn unsigned(claims: &Value) -> String {
    let header = json!({"alg": "none", "typ": "JWT"});
    format!("{}.{}.", part(&header), part(claims))
}

fn part(json: &Value) -> String {
    encode(json.to_string().as_bytes())
}

/// Base64 as tokens have it.
pub(crate) fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}
