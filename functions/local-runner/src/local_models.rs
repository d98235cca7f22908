//! Language models that run on this machine: named at the start, when none is configured, with the
//! line that uses one.

use std::time::Duration;

use adapters::http;
use dashboard::Offer;
use environment::{ConfigError, Environment};
use futures::{FutureExt as _, future::join_all};
use reqwest::{Client, StatusCode};
use serde_json::Value;

/// How long the start may be held up by all servers together.
pub const PATIENCE: Duration = Duration::from_millis(200);
/// The largest answer that is read, in bytes; a model takes some 400 of it.
const LARGEST_ANSWER: usize = 256 << 10;
/// The most names that are shown of one server.
const MOST_NAMES: usize = 5;
/// In bytes; no longer one is offered.
const LONGEST_NAME: usize = 100;

/// A program that serves models, and how it lists them.
#[derive(Debug, PartialEq, Eq)]
struct Kind {
    name: &'static str,
    /// What `LOCAL_MODELS` calls it.
    setting: &'static str,
    usual_port: u16,
    path: &'static str,
    /// The field of the answer that holds the models.
    list: &'static str,
    /// The field of a model that holds its name.
    field: &'static str,
}

/// By Ollama's API ("List local models") and LM Studio's OpenAI-compatible endpoints. Both speak
/// OpenAI's protocol below `/v1`.
static KINDS: [Kind; 2] = [
    Kind {
        name: "Ollama",
        setting: "ollama",
        usual_port: 11434,
        path: "/api/tags",
        list: "models",
        field: "name",
    },
    Kind {
        name: "LM Studio",
        setting: "lm_studio",
        usual_port: 1234,
        path: "/v1/models",
        list: "data",
        field: "id",
    },
];

/// Where one of them may run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LocalServer {
    kind: &'static Kind,
    /// On 127.0.0.1.
    port: u16,
}

/// `LOCAL_MODELS`: the servers to ask.
///
/// # Errors
/// [`ConfigError`] where it is neither `off` nor a list of ports.
pub fn from_env(environment: &Environment) -> Result<Vec<LocalServer>, ConfigError> {
    const SETTING: &str = "LOCAL_MODELS";
    let Some(text) = environment.optional(SETTING) else {
        let usual = |kind: &'static Kind| LocalServer {
            kind,
            port: kind.usual_port,
        };
        return Ok(KINDS.iter().map(usual).collect());
    };
    if text == "off" {
        return Ok(Vec::new());
    }
    let wrong = "must be off, or ports such as ollama=11434,lm_studio=1234";
    text.split(',')
        .map(|entry| LocalServer::parse(entry).ok_or_else(|| ConfigError::new(SETTING, wrong)))
        .collect()
}

/// Asks all servers at once and offers what those have that answer before `end`.
pub async fn look(servers: &[LocalServer], end: impl Future<Output = ()>) -> Vec<Offer> {
    if servers.is_empty() {
        return Vec::new();
    }
    // The end comes long before.
    let client = http::client(Duration::from_secs(10));
    before(end, servers.iter().map(|server| server.ask(&client))).await
}

/// What came before the end, in the order of asking.
async fn before<T>(
    end: impl Future<Output = ()>,
    asked: impl Iterator<Item = impl Future<Output = Option<T>>>,
) -> Vec<T> {
    let end = end.shared();
    let raced = asked.map(|answer| {
        let end = end.clone();
        async move {
            tokio::select! {
                biased;
                answer = answer => answer,
                () = end => None,
            }
        }
    });
    join_all(raced).await.into_iter().flatten().collect()
}

impl LocalServer {
    fn parse(entry: &str) -> Option<Self> {
        let (setting, port) = entry.split_once('=')?;
        let kind = KINDS.iter().find(|kind| kind.setting == setting.trim())?;
        let port = port.trim().parse().ok().filter(|port| *port != 0)?;
        Some(Self { kind, port })
    }

    /// None whatever else than a list of models it answers.
    async fn ask(&self, client: &Client) -> Option<Offer> {
        let address = format!("http://127.0.0.1:{}{}", self.port, self.kind.path);
        let answer = client.get(address).send().await.ok()?;
        if answer.status() != StatusCode::OK {
            return None;
        }
        let body = http::read_limited(answer, LARGEST_ANSWER).await.ok()?;
        self.offer(&serde_json::from_slice(&body).ok()?)
    }

    fn offer(&self, answer: &Value) -> Option<Offer> {
        let models = answer[self.kind.list].as_array()?;
        let names: Vec<_> = models
            .iter()
            .filter(|model| stays_here(model) && !is_bert(model))
            .filter_map(|model| model[self.kind.field].as_str())
            .filter(|name| is_plain(name) && writes(name))
            .collect();
        let first = names.first()?;
        let shown = &names[..names.len().min(MOST_NAMES)];
        let more = match names.len() - shown.len() {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        Some(Offer {
            words: format!(
                "{} on this machine has {}{more}; to use {first}, start with",
                self.kind.name,
                shown.join(", ")
            ),
            // By address for both kinds: it is the one that answered.
            command: format!(
                "LLM_BASE_URL=http://127.0.0.1:{}/v1 LLM_MODEL={first} cargo run",
                self.port
            ),
        })
    }
}

/// Whether it is computed on this machine: Ollama also lists models of its cloud.
fn stays_here(model: &Value) -> bool {
    let name = model["name"].as_str().unwrap_or_default();
    let elsewhere = model["remote_host"].as_str().unwrap_or_default();
    elsewhere.is_empty() && !name.ends_with(":cloud") && !name.ends_with("-cloud")
}

/// Whether Ollama says that it is of an architecture that only embeds.
fn is_bert(model: &Value) -> bool {
    let family = model["details"]["family"].as_str().unwrap_or_default();
    family.contains("bert")
}

/// Whether a name can be shown anywhere and means nothing but itself to a shell, and to us: `::`
/// would part a provider from it.
fn is_plain(name: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._:/-".contains(&byte);
    (1..=LONGEST_NAME).contains(&name.len()) && name.bytes().all(plain) && !name.contains("::")
}

/// Whether a model of this name writes text, rather than embedding, ranking or hearing it.
fn writes(name: &str) -> bool {
    const PARTS: [&str; 5] = ["embed", "minilm", "mpnet", "rerank", "whisper"];
    const WORDS: [&str; 6] = ["bge", "e5", "gte", "gtr", "labse", "tts"];
    let name = name.to_lowercase();
    let mut words = name.split(|c: char| !c.is_ascii_alphanumeric());
    !PARTS.iter().any(|part| name.contains(part)) && !words.any(|word| WORDS.contains(&word))
}

#[cfg(test)]
#[path = "local_models/tests.rs"]
mod tests;
