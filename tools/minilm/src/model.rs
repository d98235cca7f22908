//! The model itself: tokens, BERT, mean pooling, unit length.

use std::path::Path;

use candle_core::{DType, Device, Tensor};
use candle_nn::VarBuilder;
use tokenizers::{Encoding, Tokenizer, TruncationParams};

use crate::bert::Bert;
use crate::files::{TOKENIZER, WEIGHTS};
use crate::{EmbedError, LoadError};

/// A text counts up to this many tokens (about 190 English words); what follows is ignored.
///
/// 256 is the limit that the model's own sentence-transformers configuration sets. The network has positions for
/// 512, but was not trained on texts that long.
pub const MAX_TOKENS: usize = 256;

/// How many texts go through the network together: enough to keep the cores busy, few enough to bound the memory.
const BATCH: usize = 16;

/// The loaded model. It takes about 100 MB and can be shared between threads.
pub struct MiniLm {
    bert: Bert,
    tokenizer: Tokenizer,
}

impl MiniLm {
    /// Loads the model from a folder with [`WEIGHTS_FILE`](crate::WEIGHTS_FILE) and
    /// [`TOKENIZER_FILE`](crate::TOKENIZER_FILE), which must have exactly the pinned content.
    pub fn load(folder: &Path) -> Result<Self, LoadError> {
        Ok(Self {
            tokenizer: load_tokenizer(folder)?,
            bert: load_bert(folder)?,
        })
    }

    /// Embeds texts: one vector of [`DIMENSION`](crate::DIMENSION) numbers and length 1 for each, in their order.
    ///
    /// The score of two texts is the dot product of their vectors. A text is cut at [`MAX_TOKENS`]. A vector does not
    /// depend on the other texts of the call, beyond rounding.
    pub fn embed(&self, texts: &[&str]) -> Result<Vec<Vec<f32>>, EmbedError> {
        let encodings = self
            .tokenizer
            .encode_batch(texts.to_vec(), true)
            .map_err(|error| EmbedError::Tokenize(error.to_string()))?;

        // Texts of like length go together, so that little is computed for padding.
        let mut order: Vec<usize> = (0..encodings.len()).collect();
        order.sort_by_key(|&index| encodings[index].len());

        let mut vectors = vec![Vec::new(); encodings.len()];
        for indexes in order.chunks(BATCH) {
            let batch: Vec<&Encoding> = indexes.iter().map(|&index| &encodings[index]).collect();
            for (&index, vector) in indexes.iter().zip(self.embed_batch(&batch)?) {
                vectors[index] = vector;
            }
        }
        Ok(vectors)
    }

    fn embed_batch(&self, batch: &[&Encoding]) -> Result<Vec<Vec<f32>>, EmbedError> {
        let width = batch
            .iter()
            .map(|encoding| encoding.len())
            .max()
            .unwrap_or(0);
        let shape = (batch.len(), width);
        let ids = Tensor::from_vec(padded(batch, width, Encoding::get_ids), shape, &Device::Cpu)?;
        let mask = Tensor::from_vec(
            padded(batch, width, Encoding::get_attention_mask),
            shape,
            &Device::Cpu,
        )?;

        let hidden = self.bert.forward(&ids, &mask)?;

        let mask = mask.to_dtype(DType::F32)?.unsqueeze(2)?;
        let mean = hidden
            .broadcast_mul(&mask)?
            .sum(1)?
            .broadcast_div(&mask.sum(1)?)?;
        let length = mean.sqr()?.sum_keepdim(1)?.sqrt()?;
        Ok(mean.broadcast_div(&length)?.to_vec2()?)
    }
}

/// One row of `width` numbers for each text, filled up with zeros: the padding token, and no attention.
fn padded(batch: &[&Encoding], width: usize, row: fn(&Encoding) -> &[u32]) -> Vec<u32> {
    let mut cells = Vec::with_capacity(batch.len() * width);
    for (index, encoding) in batch.iter().enumerate() {
        cells.extend_from_slice(row(encoding));
        cells.resize((index + 1) * width, 0);
    }
    cells
}

fn load_tokenizer(folder: &Path) -> Result<Tokenizer, LoadError> {
    let bytes = TOKENIZER.read(folder)?;
    let failed = |error: tokenizers::Error| LoadError::Tokenizer {
        path: folder.join(TOKENIZER.name),
        reason: error.to_string(),
    };
    let mut tokenizer = Tokenizer::from_bytes(bytes).map_err(failed)?;
    // The file itself asks for 128 tokens, always padded to 128.
    tokenizer
        .with_padding(None)
        .with_truncation(Some(TruncationParams {
            max_length: MAX_TOKENS,
            ..TruncationParams::default()
        }))
        .map_err(failed)?;
    Ok(tokenizer)
}

fn load_bert(folder: &Path) -> Result<Bert, LoadError> {
    let bytes = WEIGHTS.read(folder)?;
    VarBuilder::from_buffered_safetensors(bytes, DType::F32, &Device::Cpu)
        .and_then(|weights| Bert::load(&weights))
        .map_err(|source| LoadError::Model {
            path: folder.join(WEIGHTS.name),
            source: Box::new(source),
        })
}
