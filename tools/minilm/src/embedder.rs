//! The embedding model of the one-machine set-up.

use std::{
    collections::HashMap,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
};

use crate::{DIMENSION, LoadError, MiniLm, NAME};
use async_trait::async_trait;
use domain::ports::analysis::{EmbedError, Embedded, Embedder};

/// At or above this similarity two texts are the same request. It belongs to this model and to the
/// text that we embed (title, description, pain points); other models score on other scales.
///
/// Calibrated on requests of the sample calls in a product team's words: pairs that raise the same
/// request score 0.53 and more, others 0.27 and less, and a hard negative written for the purpose
/// (PDF against CSV export) 0.42. Customers' own words lie further apart; the value keeps to what is
/// sure, since a wrong merge is worse than a missed one.
pub const THRESHOLD: f32 = 0.50;
/// Chosen below it with room for two wordings of one request; what it costs is bounded by how many
/// are judged at once.
const NEAR: f32 = 0.40;

/// Texts of at most so many bytes are kept with their places: names of boards, categories and tags
/// come again with every call.
const SHORT: usize = 100;
/// At most so many of them are kept.
const KEPT: usize = 4_096;

/// all-MiniLM-L6-v2 in this process; a clone shares the loaded model.
#[derive(Clone)]
pub struct LocalEmbedder {
    model: Arc<MiniLm>,
    places: Arc<Mutex<HashMap<String, Vec<f32>>>>,
}

impl LocalEmbedder {
    /// Loads the model from a folder with its weights, in a thread of its own.
    ///
    /// # Errors
    /// [`LoadError`] when a file is missing or is not the pinned one.
    ///
    /// # Panics
    /// When loading itself panics.
    pub async fn load(folder: PathBuf) -> Result<Self, LoadError> {
        let loading = tokio::task::spawn_blocking(move || MiniLm::load(&folder));
        match loading.await {
            Ok(model) => model.map(Self::new),
            Err(stopped) => std::panic::resume_unwind(stopped.into_panic()),
        }
    }

    /// Embeds with a loaded model.
    #[must_use]
    pub fn new(model: MiniLm) -> Self {
        Self {
            model: Arc::new(model),
            places: Arc::default(),
        }
    }

    /// The places of texts in order; what is not known is computed together.
    fn places(&self, texts: &[String]) -> Result<Vec<Vec<f32>>, crate::EmbedError> {
        let known = || self.places.lock().unwrap_or_else(PoisonError::into_inner);
        let mut places: Vec<_> = texts
            .iter()
            .map(|text| known().get(text).cloned())
            .collect();
        let missing: Vec<usize> = (0..texts.len())
            .filter(|at| places[*at].is_none())
            .collect();
        let asked: Vec<&str> = missing.iter().map(|at| texts[*at].as_str()).collect();
        for (at, place) in missing.iter().zip(self.model.embed(&asked)?) {
            let mut known = known();
            if texts[*at].len() <= SHORT && known.len() < KEPT {
                known.insert(texts[*at].clone(), place.clone());
            }
            places[*at] = Some(place);
        }
        Ok(places.into_iter().flatten().collect())
    }
}

#[async_trait]
impl Embedder for LocalEmbedder {
    fn name(&self) -> String {
        format!("{NAME}@{DIMENSION}")
    }

    fn is_metered(&self) -> bool {
        false
    }

    fn threshold(&self) -> f32 {
        THRESHOLD
    }

    fn near(&self) -> f32 {
        NEAR
    }

    fn is_stand_in(&self) -> bool {
        true
    }

    async fn embed(&self, texts: &[String]) -> Result<Embedded, EmbedError> {
        let (own, texts) = (self.clone(), texts.to_vec());
        let work = move || own.places(&texts);
        match tokio::task::spawn_blocking(work).await {
            // On this machine nobody counts or pays for tokens.
            Ok(vectors) => vectors
                .map(|vectors| Embedded { vectors, tokens: 0 })
                .map_err(|error| refused(&error)),
            Err(_) => Err(EmbedError::Unavailable {
                detail: "the local embedding model was cut short".to_owned(),
                retry_after: None,
            }),
        }
    }
}

/// The model's own words are left out: they could quote the text.
fn refused(error: &crate::EmbedError) -> EmbedError {
    let detail = match error {
        crate::EmbedError::Tokenize(_) => "a text could not be split into tokens",
        _ => "the computation failed; there may be too little memory",
    };
    EmbedError::Unavailable {
        detail: format!("the local embedding model: {detail}"),
        retry_after: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_does_not_quote_the_text() {
        let error = refused(&crate::EmbedError::Tokenize("what a customer said".into()));
        assert!(matches!(error, EmbedError::Unavailable { .. }));
        assert!(!format!("{error} {error:?}").contains("customer"));
    }
}
