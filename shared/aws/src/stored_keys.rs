//! The keys of other services, in two secrets that the platform team fills.

use std::{collections::HashMap, sync::Arc};

use adapters::keys::{KeyName, KeySource, KeyUnavailable};
use async_trait::async_trait;
use aws_sdk_secretsmanager::{
    Client, error::DisplayErrorContext, operation::get_secret_value::GetSecretValueError,
};
use domain::{
    moment::{Span, Timestamp},
    ports::system::Clock,
    secret::Secret,
};
use environment::ConfigError;
use serde::Deserialize;
use tokio::sync::Mutex;

use environment::Environment;

/// How long a fetched secret is used before it is fetched again, so that a changed key is taken
/// over without a deploy.
const KEPT: Span = Span::minutes(15);

/// The two secrets' texts; each names what it holds.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
struct Document {
    client_secret: Option<Secret>,
    llm_api_key: Option<Secret>,
    voyage_api_key: Option<Secret>,
    qdrant_api_key: Option<Secret>,
    sign_in_client_secret: Option<Secret>,
}

impl Document {
    fn key(&self, name: KeyName) -> Option<Secret> {
        let secret = match name {
            KeyName::GongClient => &self.client_secret,
            KeyName::Llm => &self.llm_api_key,
            KeyName::Voyage => &self.voyage_api_key,
            KeyName::Qdrant => &self.qdrant_api_key,
            KeyName::SignIn => &self.sign_in_client_secret,
        };
        secret
            .clone()
            .filter(|secret| !secret.expose().trim().is_empty())
    }
}

/// `GONG_APP_SECRET` and `PROVIDER_KEYS_SECRET`, each read when a key of it is first needed.
pub struct StoredServiceKeys {
    client: Client,
    environment: Environment,
    clock: Arc<dyn Clock>,
    fetched: Mutex<HashMap<&'static str, (Timestamp, Document)>>,
}

impl StoredServiceKeys {
    /// The secrets that the settings name; nothing is fetched yet.
    #[must_use]
    pub fn new(client: Client, environment: Environment, clock: Arc<dyn Clock>) -> Self {
        Self {
            client,
            environment,
            clock,
            fetched: Mutex::default(),
        }
    }

    /// # Errors
    /// [`ConfigError`] when the setting that names the key's secret is missing.
    pub fn check(&self, name: KeyName) -> Result<(), ConfigError> {
        self.environment.required(setting(name)).map(drop)
    }

    async fn fetch(&self, setting: &'static str) -> Result<Document, KeyUnavailable> {
        let secret = self.environment.required(setting);
        let secret = secret.map_err(|error| KeyUnavailable(error.to_string()))?;
        let text = read(&self.client, &secret).await?;
        if text.is_empty() {
            return Ok(Document::default());
        }
        // serde's words could name what stands in the secret.
        serde_json::from_str(&text).map_err(|_| {
            let words = format!("the secret that {setting} names is not a JSON object of texts");
            KeyUnavailable(words)
        })
    }
}

/// Which of the two secrets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ServiceSecret {
    /// `{"client_secret"}` of the Gong app.
    GongApp,
    /// `{"llm_api_key", "voyage_api_key", "qdrant_api_key", "sign_in_client_secret"}`, each where
    /// the service wants one.
    ProviderKeys,
}

impl ServiceSecret {
    const fn setting(self) -> &'static str {
        match self {
            Self::GongApp => "GONG_APP_SECRET",
            Self::ProviderKeys => "PROVIDER_KEYS_SECRET",
        }
    }

    const fn fields(self) -> &'static [&'static str] {
        match self {
            Self::GongApp => &["client_secret"],
            Self::ProviderKeys => &[
                "llm_api_key",
                "voyage_api_key",
                "qdrant_api_key",
                "sign_in_client_secret",
            ],
        }
    }
}

/// A secret was not put in; the text says what to do and holds nothing of the secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("nothing was put in: {0}")]
pub struct PutRefused(String);

/// Checks a secret's text and puts its fields in; other fields stay as they are, and an empty text
/// removes its field. Functions take it over within a quarter of an hour.
///
/// # Errors
/// [`PutRefused`] where the text is not an object of the secret's fields, or the store refuses.
pub async fn put(
    client: &Client,
    environment: &Environment,
    which: ServiceSecret,
    text: &str,
) -> Result<(), PutRefused> {
    let fields = which.fields();
    let given: HashMap<String, String> = serde_json::from_str(text).map_err(|_| {
        let wanted = fields.join(", ");
        PutRefused(format!(
            "it has to be one JSON object of texts, with {wanted}"
        ))
    })?;
    if let Some(unknown) = given.keys().find(|field| !fields.contains(&field.as_str())) {
        let wanted = fields.join(", ");
        return Err(PutRefused(format!(
            "it has no field “{unknown}”; it takes {wanted}"
        )));
    }
    let secret = environment.required(which.setting());
    let secret = secret.map_err(|error| PutRefused(error.to_string()))?;
    let known = read(client, &secret).await;
    let known = known.map_err(|error| PutRefused(error.to_string()))?;
    // What is there and cannot be read is replaced.
    let mut kept: HashMap<String, String> = serde_json::from_str(&known).unwrap_or_default();
    kept.extend(given);
    kept.retain(|_, value| !value.trim().is_empty());
    if kept.is_empty() {
        return Err(PutRefused("every field would be empty".to_owned()));
    }
    let text = serde_json::json!(kept).to_string();
    let request = client.put_secret_value().secret_id(secret);
    let answer = request.secret_string(text).send().await;
    answer
        .map(drop)
        .map_err(|error| PutRefused(DisplayErrorContext(error).to_string()))
}

/// A secret's text; empty where nobody has put one in.
async fn read(client: &Client, secret: &str) -> Result<String, KeyUnavailable> {
    match client.get_secret_value().secret_id(secret).send().await {
        Ok(answer) => Ok(answer.secret_string.unwrap_or_default()),
        Err(error) => match error.as_service_error() {
            Some(GetSecretValueError::ResourceNotFoundException(_)) => Ok(String::new()),
            _ => Err(KeyUnavailable(DisplayErrorContext(error).to_string())),
        },
    }
}

const fn setting(name: KeyName) -> &'static str {
    match name {
        KeyName::GongClient => ServiceSecret::GongApp.setting(),
        KeyName::Llm | KeyName::Voyage | KeyName::Qdrant | KeyName::SignIn => {
            ServiceSecret::ProviderKeys.setting()
        }
    }
}

#[async_trait]
impl KeySource for StoredServiceKeys {
    async fn forget(&self, name: KeyName) {
        // It is kept for when it cannot be read.
        if let Some((at, _)) = self.fetched.lock().await.get_mut(setting(name)) {
            *at = self.clock.now() - KEPT;
        }
    }

    async fn key(&self, name: KeyName) -> Result<Option<Secret>, KeyUnavailable> {
        let setting = setting(name);
        let mut fetched = self.fetched.lock().await;
        let now = self.clock.now();
        if let Some((at, document)) = fetched.get(setting)
            && now < *at + KEPT
        {
            return Ok(document.key(name));
        }
        let document = match (self.fetch(setting).await, fetched.get(setting)) {
            (Ok(document), _) => document,
            // What was right a quarter of an hour ago most likely still is.
            (Err(error), Some((_, known))) => {
                tracing::warn!(%error, "the keys of services are used as they were read before");
                return Ok(known.key(name));
            }
            (Err(error), None) => return Err(error),
        };
        let key = document.key(name);
        // A key that is not there yet is looked for again at the next use.
        if key.is_some() {
            fetched.insert(setting, (now, document));
        }
        Ok(key)
    }
}
