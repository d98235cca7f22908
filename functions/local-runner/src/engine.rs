//! Which engine and which embedding model run here, by configuration.

use std::{path::Path, path::PathBuf, sync::Arc};

use adapters::{embeddings::Voyage, llm::LlmAnalyst};
use anyhow::{Context as _, Result};
use builtin::BuiltInEngine;
use domain::ports::{
    analysis::{Analyst, Embedder},
    system::{Clock, Ids},
};
use environment::ConfigError;
use minilm::embedder::LocalEmbedder;

use crate::config::Config;

#[derive(Clone)]
pub struct Engine {
    pub analyst: Arc<dyn Analyst>,
    /// Places texts in the vector space.
    pub embedder: Arc<dyn Embedder>,
    pub dimension: usize,
    pub llm_words: String,
    /// The embedding model in words.
    pub embeddings_words: String,
}

impl Engine {
    /// Loads what the configuration names; the local model's weights are fetched once into `cache`.
    ///
    /// # Errors
    /// When a model cannot be used; the message says what to do.
    pub async fn load(
        config: &Config,
        cache: &Path,
        clock: &Arc<dyn Clock>,
        ids: &Arc<dyn Ids>,
    ) -> Result<Self> {
        let (embedder, dimension): (Arc<dyn Embedder>, usize) = match &config.voyage {
            Some(voyage) => {
                let dimension = voyage.dimension;
                let (clock, ids) = (Arc::clone(clock), Arc::clone(ids));
                let voyage = Voyage::new(voyage.clone(), clock, ids).map_err(ConfigError::from)?;
                (Arc::new(voyage), dimension)
            }
            None => {
                let folder = weights(config.minilm_dir.as_deref(), cache).await?;
                (
                    Arc::new(LocalEmbedder::load(folder).await?),
                    minilm::DIMENSION,
                )
            }
        };
        let (analyst, llm_words): (Arc<dyn Analyst>, String) = match &config.llm {
            Some(llm) => {
                let (clock, ids) = (Arc::clone(clock), Arc::clone(ids));
                let analyst =
                    LlmAnalyst::new(llm.clone(), clock, ids).map_err(ConfigError::from)?;
                let words = analyst.engine().llm;
                (Arc::new(analyst), words)
            }
            None => {
                let words = "the built-in engine (no LLM is configured: set LLM_MODEL to use one)";
                let embedder = Arc::clone(&embedder);
                (Arc::new(BuiltInEngine { embedder }), words.to_owned())
            }
        };
        let local = if config.voyage.is_some() {
            ""
        } else {
            ", on this machine"
        };
        let embeddings_words = format!(
            "{}{local} (threshold {:.2})",
            embedder.name(),
            embedder.threshold()
        );
        Ok(Self {
            analyst,
            embedder,
            dimension,
            llm_words,
            embeddings_words,
        })
    }
}

async fn weights(folder: Option<&str>, cache: &Path) -> Result<PathBuf> {
    if let Some(folder) = folder {
        return Ok(PathBuf::from(folder));
    }
    let cache = cache.to_owned();
    let fetched = tokio::task::spawn_blocking(move || {
        minilm::ensure_weights(&cache, |step| eprintln!("{step}"))
    });
    Ok(fetched
        .await
        .context("fetching the embedding model was cut short")??)
}
