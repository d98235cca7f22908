//! What the operator says about the language model.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use domain::secret::Secret;
use genai::{
    Client, ModelIden, ServiceTarget,
    adapter::AdapterKind,
    resolver::{AuthData, Endpoint},
};
use url::Url;

use crate::{
    http,
    keys::{Key, KeyUnavailable},
};

/// The protocol that a base URL speaks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Protocol {
    /// OpenAI's chat completions, which most servers and gateways speak.
    #[default]
    OpenAi,
    /// Anthropic's messages.
    Anthropic,
}

impl Protocol {
    /// Reads `openai` or `anthropic`, in any case.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        match text.trim().to_ascii_lowercase().as_str() {
            "openai" => Some(Self::OpenAi),
            "anthropic" => Some(Self::Anthropic),
            _ => None,
        }
    }

    const fn adapter(self) -> AdapterKind {
        match self {
            Self::OpenAi => AdapterKind::OpenAI,
            Self::Anthropic => AdapterKind::Anthropic,
        }
    }
}

/// What the operator says about the language model.
#[derive(Debug, Clone)]
pub struct LlmConfig {
    /// The model of detect; a small one is enough.
    pub detect_model: String,
    /// The model of extract.
    pub extract_model: String,
    /// The model of organize.
    pub organize_model: String,
    /// Where requests go, with the version in the path (`https://llm.example/v1`; `/v1` is added
    /// to a bare host). None: `genai` chooses the provider by the model's name (`gpt-…`,
    /// `claude-…`, `gemini-…`, or `groq::…`, `bedrock_api::…`, `ollama::…` and the like).
    pub base_url: Option<String>,
    /// The key. None: with a base URL, a server that wants none; without, the provider's usual
    /// environment variable.
    pub api_key: Option<Key>,
    /// The base URL's protocol, OpenAI's when none is named; without a base URL it means nothing.
    pub protocol: Option<Protocol>,
    /// The most tokens that an answer may take, a reasoning model's thoughts included.
    pub max_output_tokens: u32,
    /// How long one request may take.
    pub timeout: Duration,
    /// The most characters of transcript in one request; a longer call is read in parts.
    pub part_chars: usize,
}

impl LlmConfig {
    /// The same model for every stage, at its provider's usual address with its usual key.
    #[must_use]
    pub fn new(model: impl Into<String>) -> Self {
        let model = model.into();
        Self {
            detect_model: model.clone(),
            extract_model: model.clone(),
            organize_model: model,
            base_url: None,
            api_key: None,
            protocol: None,
            max_output_tokens: 8_000,
            timeout: Duration::from_secs(120),
            part_chars: 200_000,
        }
    }

    /// The models in words.
    pub(super) fn models(&self) -> String {
        let (detect, extract) = (&self.detect_model, &self.extract_model);
        let organize = &self.organize_model;
        if detect == extract && extract == organize {
            return detect.clone();
        }
        format!("detect {detect}, extract {extract}, organize {organize}")
    }
}

/// Why the language model cannot be set up.
#[derive(Debug, thiserror::Error)]
pub enum LlmConfigError {
    /// A model's name is missing.
    #[error("no language model is named for {0}; name one")]
    NoModel(&'static str),
    /// No provider is known for the model's name.
    #[error(
        "“{0}” does not say which provider it belongs to; set a base URL, or put the provider before the name, such as ollama::{0}"
    )]
    UnknownProvider(String),
    /// The provider's key is missing.
    #[error("the model “{model}” needs a key; set {variable} or name a key in the configuration")]
    NoKey {
        /// The model.
        model: String,
        /// The provider's usual environment variable.
        variable: &'static str,
    },
    /// The base URL cannot be used.
    #[error("the language model's base URL cannot be used: {0}")]
    BaseUrl(#[from] http::InvalidBaseUrl),
    /// The client cannot be made: a fault of the program.
    #[error("the language model's client cannot be made; this is a fault of the program")]
    Client,
}

/// Where requests go and with which key.
#[derive(Debug, Clone)]
pub(super) struct Destination {
    own: Option<(AdapterKind, Url)>,
    key: Option<Key>,
    /// The key as it was last fetched.
    fetched: Arc<Mutex<Option<Secret>>>,
}

impl Destination {
    pub(super) fn new(config: &LlmConfig) -> Result<Self, LlmConfigError> {
        let protocol = config.protocol.unwrap_or_default();
        let own = match &config.base_url {
            Some(text) => Some((protocol.adapter(), with_version(http::base_url(text)?))),
            None => None,
        };
        let key = config.api_key.clone();
        let fetched = Arc::default();
        let destination = Self { own, key, fetched };
        for (stage, model) in [
            ("detect", &config.detect_model),
            ("extract", &config.extract_model),
            ("organize", &config.organize_model),
        ] {
            destination.check(stage, model)?;
        }
        Ok(destination)
    }

    /// Whether it is an address of the operator's that speaks OpenAI's protocol.
    pub(super) const fn is_own_openai(&self) -> bool {
        matches!(self.own, Some((AdapterKind::OpenAI, _)))
    }

    /// The provider's kind for a model.
    pub(super) fn kind(&self, model: &str) -> AdapterKind {
        let usual = || AdapterKind::from_model(model).unwrap_or(AdapterKind::Ollama);
        self.own.as_ref().map_or_else(usual, |(kind, _)| *kind)
    }

    fn check(&self, stage: &'static str, model: &str) -> Result<(), LlmConfigError> {
        if model.trim().is_empty() {
            return Err(LlmConfigError::NoModel(stage));
        }
        if self.own.is_some() {
            return Ok(());
        }
        // genai sends every name that it does not know to an Ollama on this machine.
        let kind = self.kind(model);
        if kind == AdapterKind::Ollama && !model.starts_with("ollama::") {
            return Err(LlmConfigError::UnknownProvider(model.to_owned()));
        }
        let set = |variable| std::env::var(variable).is_ok_and(|key| !key.trim().is_empty());
        match kind.default_key_env_name() {
            Some(variable) if self.key.is_none() && !set(variable) => {
                let model = model.to_owned();
                Err(LlmConfigError::NoKey { model, variable })
            }
            _ => Ok(()),
        }
    }

    /// Fetches the key for the requests that follow.
    pub(super) async fn fetch_key(&self) -> Result<(), KeyUnavailable> {
        let Some(key) = &self.key else {
            return Ok(());
        };
        let secret = key.secret().await?;
        *self.fetched.lock().unwrap_or_else(PoisonError::into_inner) = secret;
        Ok(())
    }

    /// The client that sends there.
    pub(super) fn client(self, timeout: Duration) -> Result<Client, LlmConfigError> {
        let resolve = move |mut target: ServiceTarget| -> genai::resolver::Result<ServiceTarget> {
            if let Some((kind, url)) = &self.own {
                target.model = ModelIden::new(*kind, target.model.model_name);
                target.endpoint = Endpoint::from_owned(url.as_str());
                // A key header is always sent; a server without keys does not read it.
                target.auth = AuthData::from_single("none");
            }
            let key = self.fetched.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(key) = key.as_ref() {
                target.auth = AuthData::from_single(key.expose());
            }
            Ok(target)
        };
        Client::builder()
            .with_reqwest(http::client(timeout))
            .with_service_target_resolver_fn(resolve)
            .build()
            .map_err(|_| LlmConfigError::Client)
    }
}

/// `/v1/` where the path is empty; genai wants the slash at the end.
fn with_version(mut url: Url) -> Url {
    if url.path() == "/" {
        url.set_path("/v1/");
    }
    url
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own(base_url: &str) -> Result<Destination, LlmConfigError> {
        let base_url = Some(base_url.to_owned());
        Destination::new(&LlmConfig {
            base_url,
            ..LlmConfig::new("some-model")
        })
    }

    #[test]
    fn a_bare_host_gets_its_version() {
        for (given, used) in [
            ("http://127.0.0.1:8080", "http://127.0.0.1:8080/v1/"),
            ("https://llm.example/v1", "https://llm.example/v1/"),
            (
                "https://llm.example/openai/v2/",
                "https://llm.example/openai/v2/",
            ),
        ] {
            let url = own(given).ok().and_then(|d| d.own).map(|(_, url)| url);
            assert_eq!(url.as_ref().map(Url::as_str), Some(used));
        }
        assert!(matches!(
            own("llm.example"),
            Err(LlmConfigError::BaseUrl(_))
        ));
    }

    #[test]
    fn a_name_that_no_provider_knows_is_not_sent_to_this_machine() {
        let made = Destination::new(&LlmConfig::new("sonnet-claude"));
        assert!(matches!(made, Err(LlmConfigError::UnknownProvider(_))));
        assert!(Destination::new(&LlmConfig::new("ollama::llama3")).is_ok());
        let made = Destination::new(&LlmConfig::new(" "));
        assert!(matches!(made, Err(LlmConfigError::NoModel("detect"))));
    }

    #[test]
    fn a_missing_key_is_named() {
        let made = Destination::new(&LlmConfig::new("heabsy::qwen38"));
        assert!(matches!(
            made,
            Err(LlmConfigError::NoKey {
                variable: "HEABSY_API_KEY",
                ..
            })
        ));
    }

    #[test]
    fn different_models_are_named_by_stage() {
        let mut config = LlmConfig::new("big");
        assert_eq!(config.models(), "big");
        config.detect_model = "small".into();
        assert_eq!(config.models(), "detect small, extract big, organize big");
    }
}
