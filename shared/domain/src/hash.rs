//! Hashes: what is stored instead of a text.

use sha2::{Digest, Sha256};

use crate::secret::Secret;

/// The SHA-256 of a secret as 64 hexadecimal digits.
#[must_use]
pub fn hash(secret: &Secret) -> String {
    hash_of([secret.expose()])
}

/// The SHA-256 of texts and their order, as 64 hexadecimal digits.
#[must_use]
pub fn hash_of<'a>(texts: impl IntoIterator<Item = &'a str>) -> String {
    let mut hasher = Sha256::new();
    let mut first = true;
    for text in texts {
        // No text holds it, so that no two lists of texts are hashed alike.
        if !std::mem::take(&mut first) {
            hasher.update([0xff]);
        }
        hasher.update(text.as_bytes());
    }
    hasher
        .finalize()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}
