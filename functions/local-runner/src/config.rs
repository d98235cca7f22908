//! What the environment says on one machine: read once, checked at the start.

use adapters::{
    embeddings::VoyageConfig,
    gong::{GongApp, WITH_WORKSPACES},
    llm::LlmConfig,
    qdrant::QdrantConfig,
};
use domain::{moment::Span, usage::Prices};
use environment::{ConfigError, Environment};
use runtime::config::{concurrency, poll_every, prices};

use crate::local_models::{self, LocalServer};

/// Everything that the environment says.
#[derive(Debug, Clone)]
pub struct Config {
    /// Gong; the sandbox when none.
    pub gong: Option<GongApp>,
    /// Whether the sandbox is asked for the right to read workspaces too.
    pub with_workspaces: bool,
    /// The origin that browsers use, on this machine too: the sign-in here asks for no password.
    pub public_url: Option<String>,
    /// The time from one poll to the next.
    pub poll_every: Span,
    /// The language model; the built-in engine when none.
    pub llm: Option<LlmConfig>,
    /// Who is asked for models when none is set.
    pub local_models: Vec<LocalServer>,
    /// Voyage; the local model when none.
    pub voyage: Option<VoyageConfig>,
    /// Qdrant; exact search in memory when none.
    pub qdrant: Option<QdrantConfig>,
    /// A folder with the local model's weights.
    pub minilm_dir: Option<String>,
    /// Calls analysed at once.
    pub concurrency: usize,
    /// What models cost.
    pub prices: Prices,
}

impl Config {
    /// Reads the environment.
    ///
    /// # Errors
    /// [`ConfigError`] names the first variable that is wrong.
    pub fn read(environment: &Environment) -> Result<Self, ConfigError> {
        Ok(Self {
            gong: GongApp::from_env(environment)?,
            with_workspaces: environment.flag(WITH_WORKSPACES)?,
            public_url: environment.origin_on_this_machine("PUBLIC_URL")?,
            poll_every: poll_every(environment)?,
            llm: LlmConfig::from_env(environment)?,
            local_models: local_models::from_env(environment)?,
            voyage: VoyageConfig::from_env(environment)?,
            qdrant: QdrantConfig::from_env(environment)?,
            minilm_dir: environment.optional("MINILM_DIR"),
            concurrency: concurrency(environment)?,
            prices: prices(environment)?,
        })
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test may panic")]
mod tests {
    use std::sync::{Arc, Mutex};

    use environment::{Reader, VARIABLES};

    use super::*;

    fn read(pairs: &[(&str, &str)]) -> Result<Config, ConfigError> {
        let pairs: Vec<_> = pairs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        Config::read(&Environment::new(move |name| {
            let pair = pairs.iter().find(|(known, _)| known == name);
            pair.map(|(_, value)| value.clone())
        }))
    }

    #[test]
    fn an_empty_environment_is_the_one_machine_default() {
        let config = read(&[("LLM_MODEL", "  ")]).unwrap();
        assert!(config.gong.is_none() && config.llm.is_none());
        assert!(config.voyage.is_none() && config.qdrant.is_none());
        assert_eq!(config.poll_every, Span::hours(3));
    }

    #[test]
    fn every_variable_of_the_one_process_is_read() {
        let asked = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&asked);
        // With a model named, so that its stages are asked for.
        let environment = Environment::new(move |name| {
            seen.lock().unwrap().push(name.to_owned());
            (name == "LLM_MODEL").then(|| "m".to_owned())
        });
        Config::read(&environment).unwrap();
        let asked = asked.lock().unwrap();
        let here = VARIABLES
            .iter()
            .filter(|v| v.is_read_by(Reader::OneMachine));
        // That one is read where logging starts.
        for variable in here.filter(|variable| variable.name != "RUST_LOG") {
            assert!(
                asked.iter().any(|name| name == variable.name),
                "{}",
                variable.name
            );
        }
    }

    #[test]
    fn each_problem_names_its_variable() {
        for (pairs, setting) in [
            (vec![("GONG_CLIENT_ID", "x")], "GONG_CLIENT_SECRET"),
            (vec![("GONG_CLIENT_SECRET", "x")], "GONG_CLIENT_ID"),
            (vec![("POLL_EVERY_HOURS", "0")], "POLL_EVERY_HOURS"),
            (vec![("POLL_EVERY_HOURS", "3.5")], "POLL_EVERY_HOURS"),
            (vec![("PUBLIC_URL", "https://a.example")], "PUBLIC_URL"),
            (vec![("PUBLIC_URL", "http://127.0.0.1/x")], "PUBLIC_URL"),
            (
                vec![("GONG_OAUTH_URL", "http://a.example")],
                "GONG_OAUTH_URL",
            ),
            (
                vec![("VOYAGE_BASE_URL", "http://10.0.0.7")],
                "VOYAGE_BASE_URL",
            ),
            (vec![("LOCAL_MODELS", "ollama")], "LOCAL_MODELS"),
            (vec![("MODEL_PRICES", "gpt=cheap")], "MODEL_PRICES"),
            (vec![("QDRANT_API_KEY", "x")], "QDRANT_URL"),
            (vec![("QDRANT_URL", "http://q.example:6334")], "QDRANT_URL"),
            (
                vec![("QDRANT_URL", "http://10.0.0.7"), ("QDRANT_API_KEY", "x")],
                "QDRANT_URL",
            ),
            (vec![("QDRANT_URL", "https://q.example/x")], "QDRANT_URL"),
            (
                vec![("GONG_WORKSPACES_SCOPE", "maybe")],
                "GONG_WORKSPACES_SCOPE",
            ),
        ] {
            assert_eq!(read(&pairs).unwrap_err().setting, setting);
        }
    }

    #[test]
    fn secrets_do_not_show_in_debug() {
        let config = read(&[
            ("QDRANT_URL", "https://q.example:6334"),
            ("QDRANT_API_KEY", "hush"),
            ("GONG_CLIENT_ID", "id"),
            ("GONG_CLIENT_SECRET", "hush"),
            ("VOYAGE_API_KEY", "hush"),
            ("LLM_MODEL", "m"),
            ("LLM_API_KEY", "hush"),
        ]);
        assert!(config.is_ok(), "{config:?}");
        assert!(!format!("{config:?}").contains("hush"));
    }
}
