//! Configuration: read once, checked at the start, every problem named with its setting.

mod address;

use domain::{
    gong::base_url::BaseUrlRule, moment::Span, secret::Secret, service_url::ServiceUrl,
    usage::Prices,
};

pub use self::address::{origin, url};

/// A setting that is missing or malformed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{setting}: {problem}")]
pub struct ConfigError {
    /// The environment variable.
    pub setting: &'static str,
    /// What is wrong, and what to do.
    pub problem: String,
}

/// The Gong app.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GongApp {
    /// `GONG_CLIENT_ID`.
    pub client_id: String,
    /// `GONG_CLIENT_SECRET`.
    pub client_secret: Secret,
    /// `GONG_OAUTH_URL`: where the consent page and the token endpoint are.
    pub oauth_url: String,
}

/// The language model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LlmSettings {
    /// `LLM_MODEL`, or the stage's own.
    pub detect_model: String,
    /// `LLM_MODEL`, or the stage's own.
    pub extract_model: String,
    /// `LLM_MODEL`, or the stage's own.
    pub organize_model: String,
    /// `LLM_BASE_URL`.
    pub base_url: Option<String>,
    /// `LLM_API_KEY`.
    pub api_key: Option<Secret>,
    /// `LLM_PROTOCOL`: `openai` or `anthropic`, with `LLM_BASE_URL`.
    pub protocol: Option<String>,
}

/// Voyage AI.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VoyageSettings {
    /// `VOYAGE_API_KEY`.
    pub api_key: Secret,
    /// `VOYAGE_MODEL`.
    pub model: String,
    /// `VOYAGE_BASE_URL`.
    pub base_url: String,
}

/// The Qdrant server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QdrantSettings {
    /// `QDRANT_URL`: its gRPC face.
    pub url: ServiceUrl,
    /// `QDRANT_API_KEY`.
    pub api_key: Option<Secret>,
}

/// Everything that the environment says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// Gong; the sandbox when none.
    pub gong: Option<GongApp>,
    /// `GONG_WORKSPACES_SCOPE`: also ask for `api:workspaces:read`.
    pub with_workspaces: bool,
    /// `PUBLIC_URL`: the origin that browsers use, on this machine too: the one-machine sign-in
    /// asks for no password.
    pub public_url: Option<String>,
    /// `POLL_EVERY_HOURS`.
    pub poll_every: Span,
    /// The language model; the built-in rules when none.
    pub llm: Option<LlmSettings>,
    /// Voyage; the local model when none.
    pub voyage: Option<VoyageSettings>,
    /// Qdrant; exact search in memory when none.
    pub qdrant: Option<QdrantSettings>,
    /// `MINILM_DIR`: a folder with the local model's weights.
    pub minilm_dir: Option<String>,
    /// `PIPELINE_CONCURRENCY`: calls analysed at once.
    pub concurrency: usize,
    /// `MODEL_PRICES`.
    pub prices: Prices,
}

impl Config {
    /// Reads the environment through `get`; an empty value counts as not set.
    ///
    /// # Errors
    /// [`ConfigError`] names the first setting that is wrong.
    pub fn read(get: impl Fn(&str) -> Option<String>) -> Result<Self, ConfigError> {
        let get = |name: &str| {
            get(name)
                .map(|v| v.trim().to_owned())
                .filter(|v| !v.is_empty())
        };
        Ok(Self {
            gong: gong(&get)?,
            with_workspaces: flag(&get, "GONG_WORKSPACES_SCOPE")?,
            public_url: address::on_this_machine(&get, "PUBLIC_URL")?,
            poll_every: poll_every(&get)?,
            llm: llm(&get)?,
            voyage: voyage(&get)?,
            qdrant: qdrant(&get)?,
            minilm_dir: get("MINILM_DIR"),
            concurrency: concurrency(&get)?,
            prices: prices(&get)?,
        })
    }

    /// Which API base URLs may be called: Gong's, and the sandbox where one runs.
    ///
    /// # Errors
    /// [`ConfigError`] when the sandbox's origin is not a loopback one.
    pub fn base_urls(sandbox: Option<&str>) -> Result<BaseUrlRule, ConfigError> {
        sandbox.map_or_else(
            || Ok(BaseUrlRule::gong_only()),
            |origin| {
                BaseUrlRule::with_sandbox(origin).map_err(|error| ConfigError {
                    setting: "the sandbox's origin",
                    problem: error.to_string(),
                })
            },
        )
    }
}

/// Where Gong's consent page and token endpoint are when no other place is named.
pub const GONG_OAUTH_URL: &str = "https://app.gong.io";

/// `POLL_EVERY_HOURS`: the time from one poll to the next.
///
/// # Errors
/// [`ConfigError`] where it is not a whole number from 1 to 24.
pub fn poll_every(get: &impl Fn(&str) -> Option<String>) -> Result<Span, ConfigError> {
    Ok(Span::hours(whole(get, "POLL_EVERY_HOURS", 3, 1, 24)?))
}

/// `PIPELINE_CONCURRENCY`: calls of a batch analysed at once.
///
/// # Errors
/// [`ConfigError`] where it is not a whole number from 1 to 64.
pub fn concurrency(get: &impl Fn(&str) -> Option<String>) -> Result<usize, ConfigError> {
    let calls = whole(get, "PIPELINE_CONCURRENCY", 4, 1, 64)?;
    Ok(usize::try_from(calls).unwrap_or(4))
}

/// `MODEL_PRICES`: what the models cost, such as `gpt-5-mini=0.25/2,voyage-4=0.06`.
///
/// # Errors
/// [`ConfigError`] names the entry that is no price.
pub fn prices(get: &impl Fn(&str) -> Option<String>) -> Result<Prices, ConfigError> {
    let text = get("MODEL_PRICES").unwrap_or_default();
    Prices::parse(&text).map_err(|error| ConfigError {
        setting: "MODEL_PRICES",
        problem: error.to_string(),
    })
}

fn gong(get: &impl Fn(&str) -> Option<String>) -> Result<Option<GongApp>, ConfigError> {
    let missing = |setting, other: &str| ConfigError {
        setting,
        problem: format!("is not set although {other} is; set both, or neither to use the sandbox"),
    };
    let oauth_url = origin(get, "GONG_OAUTH_URL")?;
    match (get("GONG_CLIENT_ID"), get("GONG_CLIENT_SECRET")) {
        (Some(client_id), Some(secret)) => Ok(Some(GongApp {
            client_id,
            client_secret: Secret::new(secret),
            oauth_url: oauth_url.unwrap_or_else(|| GONG_OAUTH_URL.into()),
        })),
        (None, None) => Ok(None),
        (None, Some(_)) => Err(missing("GONG_CLIENT_ID", "GONG_CLIENT_SECRET")),
        (Some(_), None) => Err(missing("GONG_CLIENT_SECRET", "GONG_CLIENT_ID")),
    }
}

/// `LLM_MODEL` and what belongs to it; none where no model is named.
///
/// # Errors
/// [`ConfigError`].
pub fn llm(get: &impl Fn(&str) -> Option<String>) -> Result<Option<LlmSettings>, ConfigError> {
    let base_url = url(get, "LLM_BASE_URL")?;
    let protocol = get("LLM_PROTOCOL");
    if protocol
        .as_deref()
        .is_some_and(|p| !matches!(p, "openai" | "anthropic"))
    {
        return Err(ConfigError {
            setting: "LLM_PROTOCOL",
            problem: "must be openai or anthropic".into(),
        });
    }
    let Some(model) = get("LLM_MODEL") else {
        if base_url.is_some() || get("LLM_API_KEY").is_some() {
            return Err(ConfigError {
                setting: "LLM_MODEL",
                problem: "is not set although LLM_BASE_URL or LLM_API_KEY is; name the model, or unset both to use the built-in rules".into(),
            });
        }
        return Ok(None);
    };
    let stage = |name| get(name).unwrap_or_else(|| model.clone());
    Ok(Some(LlmSettings {
        detect_model: stage("LLM_DETECT_MODEL"),
        extract_model: stage("LLM_EXTRACT_MODEL"),
        organize_model: stage("LLM_ORGANIZE_MODEL"),
        base_url,
        api_key: get("LLM_API_KEY").map(Secret::new),
        protocol,
    }))
}

fn voyage(get: &impl Fn(&str) -> Option<String>) -> Result<Option<VoyageSettings>, ConfigError> {
    let base_url = url(get, "VOYAGE_BASE_URL")?;
    Ok(get("VOYAGE_API_KEY").map(|key| VoyageSettings {
        api_key: Secret::new(key),
        model: get("VOYAGE_MODEL").unwrap_or_else(|| "voyage-4".into()),
        base_url: base_url.unwrap_or_else(|| "https://api.voyageai.com".into()),
    }))
}

fn qdrant(get: &impl Fn(&str) -> Option<String>) -> Result<Option<QdrantSettings>, ConfigError> {
    let api_key = get("QDRANT_API_KEY").map(Secret::new);
    let Some(text) = get("QDRANT_URL") else {
        if api_key.is_some() {
            return Err(ConfigError {
                setting: "QDRANT_URL",
                problem: "is not set although QDRANT_API_KEY is; set it, or unset the key to search in memory".into(),
            });
        }
        return Ok(None);
    };
    let url = ServiceUrl::parse(&text).map_err(|error| ConfigError {
        setting: "QDRANT_URL",
        problem: error.to_string(),
    })?;
    Ok(Some(QdrantSettings { url, api_key }))
}

/// A setting that is true or false; false where it is not set.
///
/// # Errors
/// [`ConfigError`] where it is neither.
pub fn flag(
    get: &impl Fn(&str) -> Option<String>,
    setting: &'static str,
) -> Result<bool, ConfigError> {
    match get(setting).as_deref() {
        None | Some("0" | "false" | "no") => Ok(false),
        Some("1" | "true" | "yes") => Ok(true),
        Some(_) => Err(ConfigError {
            setting,
            problem: "must be true or false".into(),
        }),
    }
}

fn whole(
    get: &impl Fn(&str) -> Option<String>,
    setting: &'static str,
    default: i64,
    least: i64,
    most: i64,
) -> Result<i64, ConfigError> {
    let Some(text) = get(setting) else {
        return Ok(default);
    };
    let value = text.parse().ok().filter(|n| (least..=most).contains(n));
    value.ok_or_else(|| ConfigError {
        setting,
        problem: format!("must be a whole number from {least} to {most}"),
    })
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test may panic")]
mod tests {
    use super::*;

    fn read(pairs: &[(&str, &str)]) -> Result<Config, ConfigError> {
        let find = |name: &str| {
            let pair = pairs.iter().find(|(known, _)| *known == name);
            pair.map(|(_, value)| (*value).to_owned())
        };
        Config::read(find)
    }

    #[test]
    fn an_empty_environment_is_the_one_machine_default() {
        let config = read(&[("LLM_MODEL", "  ")]).unwrap();
        assert_eq!((config.gong, config.llm, config.voyage), (None, None, None));
        assert_eq!(config.qdrant, None);
        assert_eq!(config.poll_every, Span::hours(3));
    }

    #[test]
    fn each_problem_names_its_setting() {
        for (pairs, setting) in [
            (vec![("GONG_CLIENT_ID", "x")], "GONG_CLIENT_SECRET"),
            (vec![("GONG_CLIENT_SECRET", "x")], "GONG_CLIENT_ID"),
            (vec![("LLM_API_KEY", "x")], "LLM_MODEL"),
            (vec![("LLM_BASE_URL", "ftp://x")], "LLM_BASE_URL"),
            (
                vec![("LLM_PROTOCOL", "soap"), ("LLM_MODEL", "m")],
                "LLM_PROTOCOL",
            ),
            (vec![("POLL_EVERY_HOURS", "0")], "POLL_EVERY_HOURS"),
            (vec![("POLL_EVERY_HOURS", "3.5")], "POLL_EVERY_HOURS"),
            (vec![("PUBLIC_URL", "https://a.example")], "PUBLIC_URL"),
            (vec![("PUBLIC_URL", "http://127.0.0.1/x")], "PUBLIC_URL"),
            (
                vec![("GONG_OAUTH_URL", "http://a.example")],
                "GONG_OAUTH_URL",
            ),
            (
                vec![("LLM_BASE_URL", "http://a.example/v1")],
                "LLM_BASE_URL",
            ),
            (
                vec![("VOYAGE_BASE_URL", "http://10.0.0.7")],
                "VOYAGE_BASE_URL",
            ),
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
