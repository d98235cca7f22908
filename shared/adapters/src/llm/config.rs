//! What the operator says about the language model.

use std::time::Duration;

use domain::{secret::Secret, service_url::is_private};
use environment::{ConfigError, Environment};
use url::Url;

use super::{
    providers::{self, Route},
    wire::Wire,
};
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
    Anthropic,
}

impl Protocol {
    const fn wire(self) -> Wire {
        match self {
            Self::OpenAi => Wire::Chat,
            Self::Anthropic => Wire::Messages,
        }
    }
}

/// What the operator says about the language model.
#[derive(Debug, Clone)]
pub struct LlmConfig {
    /// The model of detect; a small one is enough.
    pub detect_model: String,
    pub extract_model: String,
    /// The model that judges which requests are the same.
    pub judge_model: String,
    pub organize_model: String,
    /// Where requests go, with the version in the path (`https://llm.example/v1`; `/v1` is added
    /// to a bare host). None: the model's name tells the provider (`gpt-…`, `claude-…`,
    /// `gemini-…`, or `groq::…`, `bedrock_api::…`, `ollama::…` and the like).
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
            judge_model: model.clone(),
            organize_model: model,
            base_url: None,
            api_key: None,
            protocol: None,
            max_output_tokens: 8_000,
            timeout: Duration::from_secs(120),
            part_chars: 200_000,
        }
    }

    /// What the environment says, with the key that it holds; none where no model is named.
    ///
    /// # Errors
    /// [`ConfigError`].
    pub fn from_env(environment: &Environment) -> Result<Option<Self>, ConfigError> {
        let base_url = environment.url("LLM_BASE_URL")?;
        let api_key = environment.optional("LLM_API_KEY");
        let protocol = match environment.optional("LLM_PROTOCOL").as_deref() {
            None => None,
            Some("openai") => Some(Protocol::OpenAi),
            Some("anthropic") => Some(Protocol::Anthropic),
            Some(_) => {
                let wrong = "must be openai or anthropic";
                return Err(ConfigError::new("LLM_PROTOCOL", wrong));
            }
        };
        let Some(model) = environment.optional("LLM_MODEL") else {
            if base_url.is_some() || api_key.is_some() {
                let missing = "is not set although LLM_BASE_URL or LLM_API_KEY is; name the model, \
                               or unset both to use the built-in engine";
                return Err(ConfigError::new("LLM_MODEL", missing));
            }
            return Ok(None);
        };
        let stage = |name| environment.optional(name).unwrap_or_else(|| model.clone());
        Ok(Some(Self {
            detect_model: stage("LLM_DETECT_MODEL"),
            extract_model: stage("LLM_EXTRACT_MODEL"),
            judge_model: stage("LLM_JUDGE_MODEL"),
            organize_model: stage("LLM_ORGANIZE_MODEL"),
            base_url,
            api_key: api_key.map(|key| Secret::new(key).into()),
            protocol,
            ..Self::new(model.clone())
        }))
    }

    pub(super) fn models(&self) -> String {
        let (detect, extract) = (&self.detect_model, &self.extract_model);
        let (judge, organize) = (&self.judge_model, &self.organize_model);
        if [extract, judge, organize]
            .iter()
            .all(|model| *model == detect)
        {
            return detect.clone();
        }
        format!("detect {detect}, extract {extract}, judge {judge}, organize {organize}")
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
        model: String,
        /// The provider's usual environment variable.
        variable: String,
    },
    /// The base URL cannot be used.
    #[error("the language model's base URL cannot be used: {0}")]
    BaseUrl(#[from] http::InvalidBaseUrl),
}

impl From<LlmConfigError> for ConfigError {
    fn from(error: LlmConfigError) -> Self {
        let setting = match error {
            LlmConfigError::BaseUrl(_) => "LLM_BASE_URL",
            _ => "LLM_MODEL",
        };
        Self::new(setting, error)
    }
}

/// Where requests go and with which key.
#[derive(Debug, Clone)]
pub(super) struct Destination {
    /// The operator's own address.
    own: Option<(Wire, Url)>,
    key: Option<Key>,
}

impl Destination {
    pub(super) fn new(config: &LlmConfig) -> Result<Self, LlmConfigError> {
        let wire = config.protocol.unwrap_or_default().wire();
        let own = match &config.base_url {
            Some(text) => Some((wire, with_version(http::base_url(text)?))),
            None => None,
        };
        let key = config.api_key.clone();
        let destination = Self { own, key };
        for (stage, model) in [
            ("detect", &config.detect_model),
            ("extract", &config.extract_model),
            ("judge", &config.judge_model),
            ("organize", &config.organize_model),
        ] {
            destination.check(stage, model)?;
        }
        Ok(destination)
    }

    fn check(&self, stage: &'static str, model: &str) -> Result<(), LlmConfigError> {
        if model.trim().is_empty() {
            return Err(LlmConfigError::NoModel(stage));
        }
        let route = self.route(model)?;
        let url = Url::parse(&route.url).map_err(|_| http::InvalidBaseUrl::NotAUrl)?;
        if !is_private(&url) {
            return Err(http::InvalidBaseUrl::InClear.into());
        }
        let set = self.key.is_some() || route.variables.iter().any(|name| variable(name).is_some());
        if set || route.anonymous {
            return Ok(());
        }
        Err(LlmConfigError::NoKey {
            model: model.to_owned(),
            variable: route.variables.join(" or "),
        })
    }

    pub(super) fn route(&self, model: &str) -> Result<Route, LlmConfigError> {
        let Some((wire, base)) = &self.own else {
            let unknown = || LlmConfigError::UnknownProvider(model.to_owned());
            return providers::route(model, &variable).ok_or_else(unknown);
        };
        // What stands before `::` names a provider, and never belongs to the model's own name.
        let name = model.rsplit_once("::").map_or(model, |(_, name)| name);
        Ok(Route {
            wire: *wire,
            url: providers::address(*wire, base.as_str(), name),
            model: name.to_owned(),
            effort: None,
            variables: Vec::new(),
            anonymous: true,
        })
    }

    /// The key for a request, as it is now; none where none is needed.
    pub(super) async fn key(&self, route: &Route) -> Result<Option<Secret>, KeyUnavailable> {
        if let Some(key) = &self.key
            && let Some(secret) = key.secret().await?
        {
            return Ok(Some(secret));
        }
        let mut names = route.variables.iter();
        Ok(names.find_map(|name| variable(name)).map(Secret::new))
    }
}

/// A variable of the environment that is set to something.
fn variable(name: &str) -> Option<String> {
    let value = std::env::var(name).ok();
    value.filter(|value| !value.trim().is_empty())
}

/// `/v1/` where the path is empty.
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
            Err(LlmConfigError::NoKey { variable, .. }) if variable == "HEABSY_API_KEY"
        ));
    }

    fn read(pairs: &'static [(&str, &str)]) -> Result<Option<LlmConfig>, ConfigError> {
        let find = |name: &str| {
            let pair = pairs.iter().find(|(known, _)| *known == name);
            pair.map(|(_, value)| (*value).to_owned())
        };
        LlmConfig::from_env(&Environment::new(find))
    }

    #[test]
    fn each_problem_of_the_environment_names_its_variable() {
        assert!(matches!(read(&[("LLM_MODEL", " ")]), Ok(None)));
        for (pairs, setting) in [
            (&[("LLM_API_KEY", "x")][..], "LLM_MODEL"),
            (&[("LLM_BASE_URL", "https://a.example")], "LLM_MODEL"),
            (&[("LLM_BASE_URL", "ftp://x")], "LLM_BASE_URL"),
            (&[("LLM_BASE_URL", "http://a.example/v1")], "LLM_BASE_URL"),
            (
                &[("LLM_PROTOCOL", "soap"), ("LLM_MODEL", "m")],
                "LLM_PROTOCOL",
            ),
        ] {
            assert_eq!(read(pairs).err().map(|e| e.setting), Some(setting));
        }
    }

    #[test]
    fn a_stage_has_its_own_model_or_that_of_all() {
        let config = read(&[
            ("LLM_MODEL", "big"),
            ("LLM_DETECT_MODEL", "small"),
            ("LLM_PROTOCOL", "anthropic"),
            ("LLM_API_KEY", "hush"),
        ]);
        let config = config.ok().flatten();
        assert!(!format!("{config:?}").contains("hush"));
        let config = config.map(|c| (c.detect_model, c.organize_model, c.protocol));
        let told = ("small".into(), "big".into(), Some(Protocol::Anthropic));
        assert_eq!(config, Some(told));
    }

    #[test]
    fn different_models_are_named_by_stage() {
        let mut config = LlmConfig::new("big");
        assert_eq!(config.models(), "big");
        config.detect_model = "small".into();
        assert_eq!(
            config.models(),
            "detect small, extract big, judge big, organize big"
        );
    }
}
