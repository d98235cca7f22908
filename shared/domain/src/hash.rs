//! Hashes of unguessable texts: what is stored instead of them.

use sha2::{Digest, Sha256};

use crate::secret::Secret;

/// The SHA-256 of a secret as 64 hexadecimal digits.
#[must_use]
pub fn hash(secret: &Secret) -> String {
    Sha256::digest(secret.expose().as_bytes())
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}
