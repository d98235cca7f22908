//! BERT's encoder, as far as MiniLM needs it: embeddings, six layers of attention and feed-forward,
//! each with a residual and a layer norm behind it.
//!
//! Source: Devlin et al., <https://arxiv.org/abs/1810.04805>; the shape and the names of the weights
//! are those of sentence-transformers/all-MiniLM-L6-v2.

use candle_core::{D, DType, Result, Tensor};
use candle_nn::{
    Embedding, LayerNorm, Linear, Module, VarBuilder, embedding, layer_norm, linear,
    ops::softmax_last_dim,
};

use crate::DIMENSION;

const VOCABULARY: usize = 30522;
const POSITIONS: usize = 512;
const SEGMENTS: usize = 2;
const LAYERS: usize = 6;
const HEADS: usize = 12;
const HEAD: usize = DIMENSION / HEADS;
const INNER: usize = 1536;
const EPSILON: f64 = 1e-12;

/// The encoder with its weights.
pub(crate) struct Bert {
    words: Embedding,
    positions: Embedding,
    segments: Embedding,
    norm: LayerNorm,
    layers: Vec<Layer>,
}

impl Bert {
    /// Takes the weights by their names.
    pub(crate) fn load(weights: &VarBuilder<'_>) -> Result<Self> {
        let (at, layers) = (weights.pp("embeddings"), weights.pp("encoder.layer"));
        let layers = (0..LAYERS).map(|n| Layer::load(&layers.pp(n)));
        Ok(Self {
            words: embedding(VOCABULARY, DIMENSION, at.pp("word_embeddings"))?,
            positions: embedding(POSITIONS, DIMENSION, at.pp("position_embeddings"))?,
            segments: embedding(SEGMENTS, DIMENSION, at.pp("token_type_embeddings"))?,
            norm: layer_norm(DIMENSION, EPSILON, at.pp("LayerNorm"))?,
            layers: layers.collect::<Result<_>>()?,
        })
    }

    /// The last hidden states, `[texts, tokens, DIMENSION]`, of token ids `[texts, tokens]`; `mask`
    /// has the same shape, with 1 for tokens and 0 for padding.
    pub(crate) fn forward(&self, ids: &Tensor, mask: &Tensor) -> Result<Tensor> {
        let (_, width) = ids.dims2()?;
        let places = Tensor::arange(0, width as u32, ids.device())?;
        let words = self.words.forward(ids)?;
        let segments = self.segments.forward(&ids.zeros_like()?)?;
        let hidden = (words + segments)?.broadcast_add(&self.positions.forward(&places)?)?;
        let mut hidden = self.norm.forward(&hidden)?;
        let padding = padding(mask)?;
        for layer in &self.layers {
            hidden = layer.forward(&hidden, &padding)?;
        }
        Ok(hidden)
    }
}

/// What is added to the scores of attention: nothing for tokens, and for padding so little that its
/// share is zero. `[texts, 1, 1, tokens]`.
fn padding(mask: &Tensor) -> Result<Tensor> {
    let mask = mask.to_dtype(DType::F32)?.unsqueeze(1)?.unsqueeze(1)?;
    (mask.ones_like()? - mask)? * f64::from(f32::MIN)
}

struct Layer {
    query: Linear,
    key: Linear,
    value: Linear,
    attended: Linear,
    attended_norm: LayerNorm,
    inner: Linear,
    outer: Linear,
    outer_norm: LayerNorm,
}

impl Layer {
    fn load(at: &VarBuilder<'_>) -> Result<Self> {
        let square = |name: &str| linear(DIMENSION, DIMENSION, at.pp(name));
        let norm = |name: &str| layer_norm(DIMENSION, EPSILON, at.pp(name));
        Ok(Self {
            query: square("attention.self.query")?,
            key: square("attention.self.key")?,
            value: square("attention.self.value")?,
            attended: square("attention.output.dense")?,
            attended_norm: norm("attention.output.LayerNorm")?,
            inner: linear(DIMENSION, INNER, at.pp("intermediate.dense"))?,
            outer: linear(INNER, DIMENSION, at.pp("output.dense"))?,
            outer_norm: norm("output.LayerNorm")?,
        })
    }

    fn forward(&self, hidden: &Tensor, padding: &Tensor) -> Result<Tensor> {
        let attended = self.attended.forward(&self.attend(hidden, padding)?)?;
        let hidden = self.attended_norm.forward(&(attended + hidden)?)?;
        let inner = self.inner.forward(&hidden)?.gelu_erf()?;
        let outer = self.outer.forward(&inner)?;
        self.outer_norm.forward(&(outer + hidden)?)
    }

    fn attend(&self, hidden: &Tensor, padding: &Tensor) -> Result<Tensor> {
        let (texts, width, _) = hidden.dims3()?;
        let heads = |of: &Linear| {
            let all = of.forward(hidden)?;
            let split = all.reshape((texts, width, HEADS, HEAD))?;
            split.transpose(1, 2)?.contiguous()
        };
        let (query, key, value) = (heads(&self.query)?, heads(&self.key)?, heads(&self.value)?);
        let scores = query.matmul(&key.transpose(D::Minus2, D::Minus1)?.contiguous()?)?;
        let scores = (scores / (HEAD as f64).sqrt())?.broadcast_add(padding)?;
        let attended = softmax_last_dim(&scores)?.matmul(&value)?;
        attended.transpose(1, 2)?.reshape((texts, width, DIMENSION))
    }
}
