//! The seal over stored texts: Fernet (AES-128-CBC and HMAC-SHA-256), with several keys.

use std::{fmt, sync::Arc};

use ::fernet::{Fernet, MultiFernet};
use async_trait::async_trait;
use domain::{
    ports::secrets::{CannotOpen, Keyring, KeysUnavailable, Seal},
    secret::Secret,
};

/// The keys cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadKey {
    #[error("there is no Fernet key; at least one is needed")]
    None,
    /// One has the wrong form.
    #[error("Fernet key number {number} is not 32 bytes in url-safe base64")]
    Malformed {
        /// Which of the keys, from 1.
        number: usize,
    },
}

/// Seals with the first key and opens with any.
///
/// A Fernet text carries the time of its making. One that lies more than a minute ahead of this
/// machine's clock does not open, so the machines that share keys need clocks that agree.
#[derive(Clone)]
pub struct FernetSeal {
    keys: MultiFernet,
}

impl FernetSeal {
    /// # Errors
    /// [`BadKey`] when there is no key, or one is not 32 bytes in url-safe base64.
    pub fn from_keys(keys: &[Secret]) -> Result<Self, BadKey> {
        if keys.is_empty() {
            return Err(BadKey::None);
        }
        let keys = keys
            .iter()
            .enumerate()
            .map(|(index, key)| {
                Fernet::new(key.expose()).ok_or(BadKey::Malformed { number: index + 1 })
            })
            .collect::<Result<Vec<_>, _>>()?;
        Ok(Self {
            keys: MultiFernet::new(keys),
        })
    }
}

/// A new random key.
#[must_use]
pub fn generate_key() -> Secret {
    Secret::new(Fernet::generate_key())
}

impl fmt::Debug for FernetSeal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FernetSeal(***)")
    }
}

impl Seal for FernetSeal {
    fn seal(&self, plain: &[u8]) -> String {
        self.keys.encrypt(plain)
    }

    fn open(&self, sealed: &str) -> Result<Vec<u8>, CannotOpen> {
        self.keys.decrypt(sealed).map_err(|_| CannotOpen)
    }
}

/// Keys that are at hand already.
#[async_trait]
impl Keyring for FernetSeal {
    async fn unlock(&self) -> Result<Arc<dyn Seal>, KeysUnavailable> {
        Ok(Arc::new(self.clone()))
    }
}

#[cfg(test)]
mod tests;
