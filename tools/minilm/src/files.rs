//! The two files that make the model, pinned by their hashes.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use sha2::{Digest, Sha256};

use crate::LoadError;

/// The file with the weights.
pub const WEIGHTS_FILE: &str = "model.safetensors";

/// The SHA-256 of [`WEIGHTS_FILE`].
pub const WEIGHTS_SHA256: &str = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db";

/// The file with the vocabulary and the rules of the tokenizer.
pub const TOKENIZER_FILE: &str = "tokenizer.json";

/// The SHA-256 of [`TOKENIZER_FILE`].
pub const TOKENIZER_SHA256: &str =
    "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037";

/// A file and the only content it may have.
#[derive(Clone, Copy)]
pub(crate) struct Pinned {
    pub(crate) name: &'static str,
    pub(crate) sha256: &'static str,
}

pub(crate) const WEIGHTS: Pinned = Pinned {
    name: WEIGHTS_FILE,
    sha256: WEIGHTS_SHA256,
};
pub(crate) const TOKENIZER: Pinned = Pinned {
    name: TOKENIZER_FILE,
    sha256: TOKENIZER_SHA256,
};

impl Pinned {
    /// The file's content, if it is the pinned one.
    pub(crate) fn read(&self, folder: &Path) -> Result<Vec<u8>, LoadError> {
        let path = folder.join(self.name);
        let bytes = match fs::read(&path) {
            Ok(bytes) => bytes,
            Err(source) if source.kind() == ErrorKind::NotFound => {
                return Err(LoadError::Missing { path });
            }
            Err(source) => return Err(LoadError::Unreadable { path, source }),
        };
        let actual = format!("{:x}", Sha256::digest(&bytes));
        if actual == self.sha256 {
            Ok(bytes)
        } else {
            Err(LoadError::WrongHash {
                path,
                expected: self.sha256,
                actual,
            })
        }
    }
}
