//! Voyage's client.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use domain::{
    moment::Span,
    ports::{
        analysis::{EmbedError, Embedded, Embedder},
        system::{Clock, Ids},
    },
    secret::Secret,
};
use environment::{ConfigError, Environment};
use url::Url;

use super::wire::{EmbedBody, EmbedResponse};
use crate::{
    http::{
        self,
        retry::{self, Pauses},
    },
    keys::Key,
};

/// Texts in one request; Voyage takes up to 1,000.
const BATCH_TEXTS: usize = 128;
/// Characters in one request, a text of more alone: under 120,000 tokens for most languages,
/// the smallest limit of Voyage's models.
const BATCH_CHARS: usize = 240_000;
/// The largest answer that is read, in bytes: 128 vectors of 4,096 numbers with room to spare.
const LARGEST_ANSWER: usize = 32 << 20;
/// Both sides of the comparison are posts: a new one and the stored ones. Voyage's `query` puts
/// another instruction before the text and is for short questions against long documents; with
/// one type on both sides the similarity is symmetric, and a stored vector can be compared with
/// any other.
const INPUT_TYPE: &str = "document";
/// The threshold that the product promises for Voyage.
const THRESHOLD: f32 = 0.85;
/// Chosen well below it, not measured; what it costs is bounded by how many are judged at once.
const NEAR: f32 = 0.6;

/// What the operator says about Voyage.
#[derive(Debug, Clone)]
pub struct VoyageConfig {
    /// The address, without `/v1`.
    pub base_url: String,
    pub api_key: Key,
    /// The model. Another model makes vectors of another space: `reindex --re-embed`.
    pub model: String,
    /// How many numbers a vector has; 256, 512, 1024 or 2048 for the models of generation 4.
    pub dimension: usize,
    /// How long one request may take.
    pub timeout: Duration,
}

impl VoyageConfig {
    /// Voyage itself, `voyage-4` with 1024 numbers.
    #[must_use]
    pub fn new(api_key: impl Into<Key>) -> Self {
        Self {
            base_url: "https://api.voyageai.com".to_owned(),
            api_key: api_key.into(),
            model: "voyage-4".to_owned(),
            dimension: 1024,
            timeout: Duration::from_secs(30),
        }
    }

    /// What the environment says, with the key that it holds; none where it holds none.
    ///
    /// # Errors
    /// [`ConfigError`].
    pub fn from_env(environment: &Environment) -> Result<Option<Self>, ConfigError> {
        // A wrong address is named also where it is not used yet.
        let without_key = Self::with_key(environment, Secret::new(""))?;
        let key = environment.optional("VOYAGE_API_KEY");
        Ok(key.map(|key| Self {
            api_key: Secret::new(key).into(),
            ..without_key
        }))
    }

    /// What the environment says, with this key.
    ///
    /// # Errors
    /// [`ConfigError`].
    pub fn with_key(
        environment: &Environment,
        api_key: impl Into<Key>,
    ) -> Result<Self, ConfigError> {
        let usual = Self::new(api_key);
        Ok(Self {
            model: environment.optional("VOYAGE_MODEL").unwrap_or(usual.model),
            base_url: environment
                .url("VOYAGE_BASE_URL")?
                .unwrap_or(usual.base_url),
            ..usual
        })
    }
}

/// Why Voyage cannot be set up.
#[derive(Debug, thiserror::Error)]
pub enum VoyageConfigError {
    #[error("Voyage needs a key; set one, or leave Voyage out")]
    NoKey,
    /// The model's name is missing.
    #[error("the embedding model has no name; name one, such as voyage-4")]
    NoModel,
    #[error("the embedding's dimension must be at least 1")]
    Dimension,
    /// The base URL cannot be used.
    #[error("Voyage's base URL cannot be used: {0}")]
    BaseUrl(#[from] http::InvalidBaseUrl),
}

impl From<VoyageConfigError> for ConfigError {
    fn from(error: VoyageConfigError) -> Self {
        let setting = match error {
            VoyageConfigError::BaseUrl(_) => "VOYAGE_BASE_URL",
            VoyageConfigError::NoKey => "VOYAGE_API_KEY",
            VoyageConfigError::NoModel | VoyageConfigError::Dimension => "VOYAGE_MODEL",
        };
        Self::new(setting, error)
    }
}

/// The embedder of the cloud: Voyage AI. Both sides are embedded as `document`s, because posts
/// are compared with posts: the similarity must not depend on which one came first.
pub struct Voyage {
    client: reqwest::Client,
    url: Url,
    config: VoyageConfig,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
}

enum Failure {
    Passing {
        detail: String,
        retry_after: Option<Span>,
    },
    Final(EmbedError),
}

impl Voyage {
    /// Sets up the client; nothing is sent yet.
    ///
    /// # Errors
    /// [`VoyageConfigError`] says what is missing or wrong in the configuration.
    pub fn new(
        config: VoyageConfig,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn Ids>,
    ) -> Result<Self, VoyageConfigError> {
        if matches!(&config.api_key, Key::Given(key) if key.expose().trim().is_empty()) {
            return Err(VoyageConfigError::NoKey);
        }
        if config.model.trim().is_empty() {
            return Err(VoyageConfigError::NoModel);
        }
        if config.dimension == 0 {
            return Err(VoyageConfigError::Dimension);
        }
        let base = http::base_url(&config.base_url)?;
        let url = base.join("v1/embeddings");
        Ok(Self {
            client: http::client(config.timeout),
            url: url.map_err(|_| http::InvalidBaseUrl::NotAUrl)?,
            config,
            clock,
            ids,
        })
    }

    async fn batch(&self, texts: &[String]) -> Result<Embedded, EmbedError> {
        let mut pauses = Pauses::new(Arc::clone(&self.clock), Arc::clone(&self.ids));
        loop {
            match self.send(texts).await {
                Ok(embedded) => return Ok(embedded),
                Err(Failure::Final(error)) => return Err(error),
                Err(Failure::Passing {
                    detail,
                    retry_after,
                }) => {
                    if !pauses.again(retry_after).await {
                        return Err(EmbedError::Unavailable {
                            detail,
                            retry_after,
                        });
                    }
                }
            }
        }
    }

    async fn send(&self, texts: &[String]) -> Result<Embedded, Failure> {
        let body = EmbedBody {
            input: texts,
            model: &self.config.model,
            input_type: INPUT_TYPE,
            output_dimension: self.config.dimension,
            truncation: true,
        };
        let key = self.config.api_key.secret().await;
        let key = key.map_err(|error| passing(&error.to_string()))?;
        let key = key.ok_or_else(|| {
            let words = "Voyage's key has not been put into the secret store yet".to_owned();
            Failure::Final(EmbedError::Misconfigured(words))
        })?;
        let request = self.client.post(self.url.clone());
        let request = request.bearer_auth(key.expose()).json(&body);
        let response = request.send().await.map_err(|error| broken(&error))?;
        let status = response.status();
        if !status.is_success() {
            let detail = format!("status {}", status.as_u16());
            let retry_after = retry::retry_after(response.headers(), self.clock.now());
            return Err(if retry::is_passing(status) {
                Failure::Passing {
                    detail,
                    retry_after,
                }
            } else {
                Failure::Final(EmbedError::Misconfigured(format!(
                    "Voyage answers {detail}"
                )))
            });
        }
        let bytes = http::read_limited(response, LARGEST_ANSWER)
            .await
            .map_err(|error| passing(&error.to_string()))?;
        let answer: EmbedResponse = serde_json::from_slice(&bytes)
            .map_err(|_| passing("the answer is not the embeddings' JSON"))?;
        let tokens = answer.usage.total_tokens;
        let vectors = answer
            .vectors(texts.len(), self.config.dimension)
            .map_err(|mismatch| Failure::Final(EmbedError::Misconfigured(mismatch.to_string())))?;
        Ok(Embedded { vectors, tokens })
    }
}

#[async_trait]
impl Embedder for Voyage {
    fn name(&self) -> String {
        format!("{}@{}", self.config.model, self.config.dimension)
    }

    fn threshold(&self) -> f32 {
        THRESHOLD
    }

    fn near(&self) -> f32 {
        NEAR
    }

    async fn embed(&self, texts: &[String]) -> Result<Embedded, EmbedError> {
        let mut embedded = Embedded::default();
        let mut rest = texts;
        while !rest.is_empty() {
            let (batch, later) = rest.split_at(batch_len(rest));
            let of_batch = self.batch(batch).await?;
            embedded.vectors.extend(of_batch.vectors);
            embedded.tokens += of_batch.tokens;
            rest = later;
        }
        Ok(embedded)
    }
}

/// How many of the texts go into one request; at least one.
fn batch_len(texts: &[String]) -> usize {
    let mut chars = 0;
    let fits = |text: &&String| {
        chars += text.chars().count();
        chars <= BATCH_CHARS
    };
    texts
        .iter()
        .take(BATCH_TEXTS)
        .take_while(fits)
        .count()
        .max(1)
}

fn passing(detail: &str) -> Failure {
    let (detail, retry_after) = (detail.to_owned(), None);
    Failure::Passing {
        detail,
        retry_after,
    }
}

fn broken(error: &reqwest::Error) -> Failure {
    if error.is_builder() {
        let what = "the key or the address cannot be sent".to_owned();
        return Failure::Final(EmbedError::Misconfigured(what));
    }
    passing(http::failure(error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_batch_is_bounded_by_texts_and_by_characters() {
        let short = vec!["a".to_owned(); 300];
        assert_eq!(batch_len(&short), 128);
        let long = vec!["a".repeat(100_000); 3];
        assert_eq!(batch_len(&long), 2);
        let endless = vec!["a".repeat(300_000)];
        assert_eq!(batch_len(&endless), 1);
    }
}
