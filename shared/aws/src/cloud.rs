//! What a function's entry point is made of. Each part reads the settings that it needs and no
//! others, is built once, and sends nothing until it is used.

use std::{sync::Arc, time::Duration};

use adapters::{
    dynamodb::{Dynamo, Tables},
    embeddings::{Voyage, VoyageConfig, VoyageConfigError},
    gong::{GongClient, GongOAuthClient, GongOAuthConfig},
    http,
    keys::{Key, KeyName},
    llm::{LlmAnalyst, LlmConfig, LlmConfigError, Protocol},
    qdrant::{QdrantConfig, QdrantIndex},
    system::{SystemClock, SystemIds},
};
use domain::{
    gong::base_url::BaseUrlRule,
    ports::{
        analysis::{Analyst, Embedder},
        gong::GongOAuth,
        secrets::Keyring,
        sign_in::IdentityProvider,
        system::{Clock, Ids},
    },
    service_url::ServiceUrl,
};
use runtime::{
    config::{self, Config, ConfigError},
    cookies::CookieStyle,
    telemetry,
    wiring::{Base, GongSide, Search},
};

use crate::{
    clients::Aws,
    key_chest::{KeyChest, Purpose},
    keyring::KmsKeyring,
    secrets::SecretsManager,
    settings::Settings,
    sign_in::{OpenIdSettings, OpenIdSignIn},
    sqs::SqsQueue,
    stored_keys::StoredServiceKeys,
};

/// The callback's path, as it is registered with Gong; `oauth-callback` has the same.
const CALLBACK_PATH: &str = "/oauth/gong/callback";
/// How long a read request to Gong may take.
const GONG_TIMEOUT: Duration = Duration::from_secs(30);
/// How long one request to the sign-in provider may take.
const SIGN_IN_TIMEOUT: Duration = Duration::from_secs(8);
/// How long a token request may take.
const TOKEN_TIMEOUT: Duration = Duration::from_secs(20);

/// The cloud as one function sees it.
pub struct Cloud {
    settings: Settings,
    aws: Aws,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
    keys: Arc<StoredServiceKeys>,
}

impl Cloud {
    /// Reads what all functions need.
    ///
    /// # Errors
    /// [`ConfigError`] names the setting that is missing or wrong.
    pub fn new(settings: Settings) -> Result<Self, ConfigError> {
        let aws = Aws::from_settings(&settings)?;
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let keys =
            StoredServiceKeys::new(aws.secrets_manager(), settings.clone(), Arc::clone(&clock));
        Ok(Self {
            settings,
            aws,
            clock,
            ids: Arc::new(SystemIds),
            keys: Arc::new(keys),
        })
    }

    /// Starts logging and builds what a function needs, or ends the process with a message that
    /// names the setting to be mended.
    pub fn ready<T>(build: impl FnOnce(&Self) -> Result<T, ConfigError>) -> T {
        let built = telemetry::start()
            .and_then(|()| Self::new(Settings::from_environment()))
            .and_then(|cloud| build(&cloud));
        built.unwrap_or_else(|error| {
            eprintln!("The function cannot start. {error}");
            std::process::exit(1)
        })
    }

    /// Time.
    #[must_use]
    pub fn clock(&self) -> Arc<dyn Clock> {
        Arc::clone(&self.clock)
    }

    /// AWS's clients.
    #[must_use]
    pub const fn aws(&self) -> &Aws {
        &self.aws
    }

    /// The settings.
    #[must_use]
    pub const fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The tables.
    ///
    /// # Errors
    /// [`ConfigError`].
    pub fn store(&self) -> Result<Arc<Dynamo>, ConfigError> {
        let tables = Tables {
            connections: self.settings.required("TABLE_CONNECTIONS")?,
            calls: self.settings.required("TABLE_CALLS")?,
            feedback: self.settings.required("TABLE_FEEDBACK")?,
        };
        Ok(Arc::new(Dynamo::new(self.aws.dynamodb(), tables)))
    }

    /// What every use case stands on.
    ///
    /// # Errors
    /// [`ConfigError`].
    pub fn base(&self, store: &Arc<Dynamo>) -> Result<Base, ConfigError> {
        let poll_every = config::poll_every(&self.settings.reader())?;
        Ok(Base::of(
            store,
            self.clock(),
            Arc::clone(&self.ids),
            poll_every,
        ))
    }

    /// The queue of sync windows.
    ///
    /// # Errors
    /// [`ConfigError`].
    pub fn windows(&self) -> Result<Arc<SqsQueue>, ConfigError> {
        self.queue("WINDOWS_QUEUE_URL")
    }

    /// The queue of calls.
    ///
    /// # Errors
    /// [`ConfigError`].
    pub fn calls(&self) -> Result<Arc<SqsQueue>, ConfigError> {
        self.queue("CALLS_QUEUE_URL")
    }

    fn queue(&self, setting: &'static str) -> Result<Arc<SqsQueue>, ConfigError> {
        let url = self.settings.url(setting)?;
        let (clock, ids) = (self.clock(), Arc::clone(&self.ids));
        Ok(Arc::new(SqsQueue::new(self.aws.sqs(), url, clock, ids)))
    }

    /// Where credentials of connections lie, for who deletes them.
    ///
    /// # Errors
    /// [`ConfigError`].
    pub fn secrets(&self) -> Result<Arc<SecretsManager>, ConfigError> {
        self.secrets_under(None)
    }

    fn secrets_under(&self, kms_key: Option<String>) -> Result<Arc<SecretsManager>, ConfigError> {
        let prefix = self.settings.required("SECRETS_PREFIX")?;
        let client = self.aws.secrets_manager();
        Ok(Arc::new(SecretsManager::new(client, prefix, kms_key)))
    }

    /// The keys of the seal over credentials.
    ///
    /// # Errors
    /// [`ConfigError`].
    pub fn credential_keys(&self) -> Result<Arc<dyn Keyring>, ConfigError> {
        self.keyring(Purpose::Credentials)
    }

    /// The keys of the seal over sessions.
    ///
    /// # Errors
    /// [`ConfigError`].
    pub fn session_keys(&self) -> Result<Arc<dyn Keyring>, ConfigError> {
        self.keyring(Purpose::Sessions)
    }

    fn keyring(&self, purpose: Purpose) -> Result<Arc<dyn Keyring>, ConfigError> {
        let chest = self.key_chest(purpose)?;
        Ok(Arc::new(KmsKeyring::new(chest, self.clock())))
    }

    /// The Fernet keys of one purpose, for the deploy step and the rotation.
    ///
    /// # Errors
    /// [`ConfigError`].
    pub fn key_chest(&self, purpose: Purpose) -> Result<KeyChest, ConfigError> {
        let secret = self.settings.required(match purpose {
            Purpose::Credentials => "CREDENTIAL_KEYS_SECRET",
            Purpose::Sessions => "SESSION_KEYS_SECRET",
        })?;
        let (secrets, kms) = (self.aws.secrets_manager(), self.aws.kms());
        Ok(KeyChest::new(secrets, kms, secret, purpose))
    }

    /// The stack's key at KMS.
    ///
    /// # Errors
    /// [`ConfigError`].
    pub fn kms_key(&self) -> Result<String, ConfigError> {
        self.settings.required("SECRETS_KMS_KEY")
    }

    /// A key of another service, fetched when it is needed.
    ///
    /// # Errors
    /// [`ConfigError`] when the secret that should hold it is not named.
    pub fn service_key(&self, name: KeyName) -> Result<Key, ConfigError> {
        self.keys.check(name)?;
        Ok(Key::Stored(name, self.keys.clone()))
    }

    /// The origin that browsers use.
    ///
    /// # Errors
    /// [`ConfigError`].
    pub fn public_origin(&self) -> Result<String, ConfigError> {
        self.settings.required("PUBLIC_URL")?;
        let origin = config::origin(&self.settings.reader(), "PUBLIC_URL")?;
        Ok(origin.unwrap_or_default())
    }

    /// How cookies are named and marked.
    ///
    /// # Errors
    /// [`ConfigError`].
    pub fn cookies(&self) -> Result<CookieStyle, ConfigError> {
        let secure = self.public_origin()?.starts_with("https:");
        Ok(CookieStyle { secure })
    }

    /// Gong's consent page and token endpoint; `client_secret` is fetched for a token request.
    ///
    /// # Errors
    /// [`ConfigError`].
    pub fn oauth(&self, client_secret: Key) -> Result<Arc<dyn GongOAuth>, ConfigError> {
        let reader = self.settings.reader();
        let oauth_base = config::origin(&reader, "GONG_OAUTH_URL")?;
        let config = GongOAuthConfig {
            oauth_base: oauth_base.unwrap_or_else(|| config::GONG_OAUTH_URL.to_owned()),
            client_id: self.settings.required("GONG_CLIENT_ID")?,
            client_secret,
            redirect_uri: format!("{}{CALLBACK_PATH}", self.public_origin()?),
            with_workspaces: config::flag(&reader, "GONG_WORKSPACES_SCOPE")?,
            timeout: TOKEN_TIMEOUT,
        };
        let client = GongOAuthClient::new(http::client(TOKEN_TIMEOUT), config);
        let client = client.map_err(|error| ConfigError {
            setting: "GONG_OAUTH_URL",
            problem: error.to_string(),
        })?;
        Ok(Arc::new(client))
    }

    /// The consent page alone, for a function that trades no code and no token.
    ///
    /// # Errors
    /// [`ConfigError`].
    pub fn consent(&self) -> Result<Arc<dyn GongOAuth>, ConfigError> {
        self.oauth(Key::Stored(KeyName::GongClient, self.keys.clone()))
    }

    /// Gong and the credentials for it.
    ///
    /// # Errors
    /// [`ConfigError`].
    pub fn gong(&self) -> Result<GongSide, ConfigError> {
        let oauth = self.oauth(self.service_key(KeyName::GongClient)?)?;
        Ok(GongSide {
            api: Arc::new(GongClient::new(http::client(GONG_TIMEOUT), self.clock())),
            oauth,
            secrets: self.secrets_under(Some(self.kms_key()?))?,
            keys: self.credential_keys()?,
            base_urls: self.base_urls()?,
        })
    }

    fn base_urls(&self) -> Result<BaseUrlRule, ConfigError> {
        let sandbox = self.settings.optional("GONG_SANDBOX_ORIGIN");
        if let Some(origin) = &sandbox {
            tracing::warn!(%origin, "a sandbox on this machine is accepted in Gong's place");
        }
        let rule = Config::base_urls(sandbox.as_deref());
        rule.map_err(|error| ConfigError {
            setting: "GONG_SANDBOX_ORIGIN",
            ..error
        })
    }

    /// The provider that people sign in with.
    ///
    /// # Errors
    /// [`ConfigError`].
    pub fn identity_provider(&self) -> Result<Arc<dyn IdentityProvider>, ConfigError> {
        let settings = OpenIdSettings {
            issuer: self.settings.required("SIGN_IN_ISSUER")?,
            client_id: self.settings.required("SIGN_IN_CLIENT_ID")?,
            public_url: self.public_origin()?,
        };
        let secret = Some(self.service_key(KeyName::SignIn)?);
        let http = http::client(SIGN_IN_TIMEOUT);
        let (clock, ids) = (self.clock(), Arc::clone(&self.ids));
        let provider = OpenIdSignIn::new(&settings, secret, http, clock, ids);
        let provider = provider.map_err(|error| ConfigError {
            setting: "SIGN_IN_ISSUER",
            problem: error.to_string(),
        })?;
        Ok(Arc::new(provider))
    }

    /// The search by similarity: Qdrant, over Voyage's vectors.
    ///
    /// # Errors
    /// [`ConfigError`].
    pub fn search(&self) -> Result<Search, ConfigError> {
        let embedder = self.embedder()?;
        Ok(Search {
            index: self.index_of(&*embedder)?,
            embedder,
            prices: config::prices(&self.settings.reader())?,
        })
    }

    /// The vector index.
    ///
    /// # Errors
    /// [`ConfigError`].
    pub fn index(&self) -> Result<Arc<QdrantIndex>, ConfigError> {
        self.index_of(&*self.embedder()?)
    }

    fn index_of(&self, embedder: &dyn Embedder) -> Result<Arc<QdrantIndex>, ConfigError> {
        let wrong = |problem: String| ConfigError {
            setting: "QDRANT_URL",
            problem,
        };
        let url = self.settings.required("QDRANT_URL")?;
        let config = QdrantConfig {
            url: ServiceUrl::parse(&url).map_err(|error| wrong(error.to_string()))?,
            api_key: Some(self.service_key(KeyName::Qdrant)?),
            embedder: embedder.name(),
        };
        let index = QdrantIndex::new(config, self.clock(), Arc::clone(&self.ids));
        let index = index.map_err(|error| wrong(error.to_string()))?;
        Ok(Arc::new(index))
    }

    /// The embedding model: Voyage, never a local one.
    fn embedder(&self) -> Result<Arc<dyn Embedder>, ConfigError> {
        let mut config = VoyageConfig::new(self.service_key(KeyName::Voyage)?);
        if let Some(model) = self.settings.optional("VOYAGE_MODEL") {
            config.model = model;
        }
        if let Some(base_url) = config::url(&self.settings.reader(), "VOYAGE_BASE_URL")? {
            config.base_url = base_url;
        }
        let voyage = Voyage::new(config, self.clock(), Arc::clone(&self.ids));
        let voyage = voyage.map_err(|error| ConfigError {
            setting: match error {
                VoyageConfigError::BaseUrl(_) => "VOYAGE_BASE_URL",
                _ => "VOYAGE_MODEL",
            },
            problem: error.to_string(),
        })?;
        Ok(Arc::new(voyage))
    }

    /// The language model, never the built-in rules.
    ///
    /// # Errors
    /// [`ConfigError`].
    pub fn analyst(&self) -> Result<Arc<dyn Analyst>, ConfigError> {
        self.settings.required("LLM_MODEL")?;
        let Some(settings) = config::llm(&self.settings.reader())? else {
            return Err(ConfigError {
                setting: "LLM_MODEL",
                problem: "is not set".into(),
            });
        };
        let mut config = LlmConfig::new(&settings.extract_model);
        config.detect_model = settings.detect_model;
        config.organize_model = settings.organize_model;
        config.base_url = settings.base_url;
        config.api_key = Some(self.service_key(KeyName::Llm)?);
        config.protocol = settings.protocol.as_deref().and_then(Protocol::parse);
        let analyst = LlmAnalyst::new(config, self.clock(), Arc::clone(&self.ids));
        let analyst = analyst.map_err(|error| ConfigError {
            setting: match error {
                LlmConfigError::BaseUrl(_) => "LLM_BASE_URL",
                _ => "LLM_MODEL",
            },
            problem: error.to_string(),
        })?;
        Ok(Arc::new(analyst))
    }
}

#[cfg(test)]
mod tests;
