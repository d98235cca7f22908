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
use runtime::config::ConfigError;
use serde::Deserialize;
use tokio::sync::Mutex;

use crate::settings::Settings;

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
    settings: Settings,
    clock: Arc<dyn Clock>,
    fetched: Mutex<HashMap<&'static str, (Timestamp, Document)>>,
}

impl StoredServiceKeys {
    /// The secrets that the settings name; nothing is fetched yet.
    #[must_use]
    pub fn new(client: Client, settings: Settings, clock: Arc<dyn Clock>) -> Self {
        Self {
            client,
            settings,
            clock,
            fetched: Mutex::default(),
        }
    }

    /// # Errors
    /// [`ConfigError`] when the setting that names the key's secret is missing.
    pub fn check(&self, name: KeyName) -> Result<(), ConfigError> {
        self.settings.required(setting(name)).map(drop)
    }

    async fn fetch(&self, setting: &'static str) -> Result<Document, KeyUnavailable> {
        let secret = self.settings.required(setting);
        let secret = secret.map_err(|error| KeyUnavailable(error.to_string()))?;
        let request = self.client.get_secret_value().secret_id(secret);
        let answer = match request.send().await {
            Ok(answer) => answer,
            Err(error) => match error.as_service_error() {
                // It was made without a value, and nobody has put one in.
                Some(GetSecretValueError::ResourceNotFoundException(_)) => {
                    return Ok(Document::default());
                }
                _ => return Err(KeyUnavailable(DisplayErrorContext(error).to_string())),
            },
        };
        let text = answer.secret_string.unwrap_or_default();
        // serde's words could name what stands in the secret.
        serde_json::from_str(&text).map_err(|_| {
            let words = format!("the secret that {setting} names is not a JSON object of texts");
            KeyUnavailable(words)
        })
    }
}

const fn setting(name: KeyName) -> &'static str {
    match name {
        KeyName::GongClient => "GONG_APP_SECRET",
        KeyName::Llm | KeyName::Voyage | KeyName::Qdrant | KeyName::SignIn => {
            "PROVIDER_KEYS_SECRET"
        }
    }
}

#[async_trait]
impl KeySource for StoredServiceKeys {
    async fn key(&self, name: KeyName) -> Result<Option<Secret>, KeyUnavailable> {
        let setting = setting(name);
        let mut fetched = self.fetched.lock().await;
        let now = self.clock.now();
        if let Some((at, document)) = fetched.get(setting)
            && now < *at + KEPT
        {
            return Ok(document.key(name));
        }
        let document = self.fetch(setting).await?;
        let key = document.key(name);
        // A key that is not there yet is looked for again at the next use.
        if key.is_some() {
            fetched.insert(setting, (now, document));
        }
        Ok(key)
    }
}
