//! What a function's entry point is made of. Each part reads the settings that it needs and no
//! others, is built once, and sends nothing until it is used.

use std::{sync::Arc, time::Duration};

use adapters::{
    dynamodb::{Dynamo, Tables},
    embeddings::{Voyage, VoyageConfig},
    gong::{GongApp, GongClient, GongOAuthClient, READ_TIMEOUT},
    http,
    keys::{Key, KeyName},
    llm::{LlmAnalyst, LlmConfig},
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
};
use environment::Environment;
use runtime::{
    config,
    cookies::CookieStyle,
    telemetry,
    wiring::{Base, GongSide, Search},
};

use crate::{
    clients::Aws,
    keyring::KmsKeyring,
    secrets::SecretsManager,
    sign_in::{OpenIdSettings, OpenIdSignIn},
    sqs::SqsQueue,
    stored_keys::StoredServiceKeys,
    wrapped_keys::{Purpose, WrappedKeys},
};

pub use environment::ConfigError;

/// How long one request to the sign-in provider may take.
const SIGN_IN_TIMEOUT: Duration = Duration::from_secs(8);
/// The cloud as one function sees it.
pub struct Cloud {
    environment: Environment,
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
    pub fn new(environment: Environment) -> Result<Self, ConfigError> {
        let aws = Aws::from_env(&environment)?;
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let keys = StoredServiceKeys::new(
            aws.secrets_manager(),
            environment.clone(),
            Arc::clone(&clock),
        );
        Ok(Self {
            environment,
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
            .and_then(|()| Self::new(Environment::of_process()))
            .and_then(|cloud| build(&cloud));
        built.unwrap_or_else(|error| {
            eprintln!("The function cannot start. {error}");
            std::process::exit(1)
        })
    }

    #[must_use]
    pub fn clock(&self) -> Arc<dyn Clock> {
        Arc::clone(&self.clock)
    }

    #[must_use]
    pub const fn aws(&self) -> &Aws {
        &self.aws
    }

    #[must_use]
    pub const fn environment(&self) -> &Environment {
        &self.environment
    }

    /// The tables.
    ///
    /// # Errors
    /// [`ConfigError`].
    pub fn store(&self) -> Result<Arc<Dynamo>, ConfigError> {
        let tables = Tables {
            connections: self.environment.required("TABLE_CONNECTIONS")?,
            calls: self.environment.required("TABLE_CALLS")?,
            feedback: self.environment.required("TABLE_FEEDBACK")?,
        };
        Ok(Arc::new(Dynamo::new(self.aws.dynamodb(), tables)))
    }

    /// What every use case stands on.
    ///
    /// # Errors
    /// [`ConfigError`].
    pub fn base(&self, store: &Arc<Dynamo>) -> Result<Base, ConfigError> {
        let poll_every = config::poll_every(&self.environment)?;
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
        self.environment.required(setting)?;
        let url = self.environment.url(setting)?.unwrap_or_default();
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
        let prefix = self.environment.required("SECRETS_PREFIX")?;
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
        let wrapped = self.wrapped_keys(purpose)?;
        Ok(Arc::new(KmsKeyring::new(wrapped, self.clock())))
    }

    /// The Fernet keys of one purpose, for the deploy step and the rotation.
    ///
    /// # Errors
    /// [`ConfigError`].
    pub fn wrapped_keys(&self, purpose: Purpose) -> Result<WrappedKeys, ConfigError> {
        let secret = self.environment.required(match purpose {
            Purpose::Credentials => "CREDENTIAL_KEYS_SECRET",
            Purpose::Sessions => "SESSION_KEYS_SECRET",
        })?;
        let (secrets, kms) = (self.aws.secrets_manager(), self.aws.kms());
        Ok(WrappedKeys::new(secrets, kms, secret, purpose))
    }

    /// The stack's key at KMS.
    ///
    /// # Errors
    /// [`ConfigError`].
    pub fn kms_key(&self) -> Result<String, ConfigError> {
        self.environment.required("SECRETS_KMS_KEY")
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
        self.environment.required("PUBLIC_URL")?;
        Ok(self.environment.origin("PUBLIC_URL")?.unwrap_or_default())
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
        let client_id = self.environment.required("GONG_CLIENT_ID")?;
        let app = GongApp::with_secret(&self.environment, client_id, client_secret)?;
        let config = app.at(&self.public_origin()?);
        let client = GongOAuthClient::new(http::client(config.timeout), config)?;
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
            api: Arc::new(GongClient::new(http::client(READ_TIMEOUT), self.clock())),
            oauth,
            secrets: self.secrets_under(Some(self.kms_key()?))?,
            keys: self.credential_keys()?,
            base_urls: self.base_urls()?,
        })
    }

    fn base_urls(&self) -> Result<BaseUrlRule, ConfigError> {
        let sandbox = self.environment.optional("GONG_SANDBOX_ORIGIN");
        if let Some(origin) = &sandbox {
            tracing::warn!(%origin, "a sandbox on this machine is accepted in Gong's place");
        }
        let Some(origin) = sandbox else {
            return Ok(BaseUrlRule::gong_only());
        };
        BaseUrlRule::with_sandbox(&origin)
            .map_err(|error| ConfigError::new("GONG_SANDBOX_ORIGIN", error))
    }

    /// The provider that people sign in with.
    ///
    /// # Errors
    /// [`ConfigError`].
    pub fn identity_provider(&self) -> Result<Arc<dyn IdentityProvider>, ConfigError> {
        let settings = OpenIdSettings {
            issuer: self.environment.required("SIGN_IN_ISSUER")?,
            client_id: self.environment.required("SIGN_IN_CLIENT_ID")?,
            public_url: self.public_origin()?,
        };
        let secret = Some(self.service_key(KeyName::SignIn)?);
        let http = http::client(SIGN_IN_TIMEOUT);
        let (clock, ids) = (self.clock(), Arc::clone(&self.ids));
        let provider = OpenIdSignIn::new(&settings, secret, http, clock, ids);
        let provider = provider.map_err(|error| ConfigError::new("SIGN_IN_ISSUER", error))?;
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
            prices: config::prices(&self.environment)?,
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
        self.environment.required("QDRANT_URL")?;
        let config = QdrantConfig::from_env(&self.environment)?;
        let config = QdrantConfig {
            api_key: Some(self.service_key(KeyName::Qdrant)?),
            ..config.ok_or_else(|| ConfigError::new("QDRANT_URL", "is not set"))?
        };
        let (clock, ids) = (self.clock(), Arc::clone(&self.ids));
        let index = QdrantIndex::new(config, &embedder.name(), clock, ids);
        let index = index.map_err(|error| ConfigError::new("VOYAGE_MODEL", error))?;
        Ok(Arc::new(index))
    }

    /// The embedding model: Voyage, never a local one.
    fn embedder(&self) -> Result<Arc<dyn Embedder>, ConfigError> {
        let key = self.service_key(KeyName::Voyage)?;
        let config = VoyageConfig::with_key(&self.environment, key)?;
        let voyage = Voyage::new(config, self.clock(), Arc::clone(&self.ids))?;
        Ok(Arc::new(voyage))
    }

    /// The language model, never the built-in engine.
    ///
    /// # Errors
    /// [`ConfigError`].
    pub fn analyst(&self) -> Result<Arc<dyn Analyst>, ConfigError> {
        self.environment.required("LLM_MODEL")?;
        let config = LlmConfig::from_env(&self.environment)?;
        let config = LlmConfig {
            api_key: Some(self.service_key(KeyName::Llm)?),
            ..config.ok_or_else(|| ConfigError::new("LLM_MODEL", "is not set"))?
        };
        let analyst = LlmAnalyst::new(config, self.clock(), Arc::clone(&self.ids))?;
        Ok(Arc::new(analyst))
    }
}

#[cfg(test)]
mod tests;
