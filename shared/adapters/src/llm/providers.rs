//! The providers that a model's name alone leads to, with their usual variables.

use super::wire::Wire;

/// A provider: what stands before `::` in a model's name, its address, the variable that holds its
/// key, and its protocol. Most have an endpoint that speaks OpenAI's.
struct Provider {
    namespace: &'static str,
    base: &'static str,
    /// None: it wants no key.
    variable: Option<&'static str>,
    wire: Wire,
}

const fn provider(
    namespace: &'static str,
    base: &'static str,
    variable: &'static str,
    wire: Wire,
) -> Provider {
    Provider {
        namespace,
        base,
        variable: Some(variable),
        wire,
    }
}

const GEMINI: &str = "https://generativelanguage.googleapis.com/v1beta/openai/";

#[rustfmt::skip]
static PROVIDERS: [Provider; 40] = [
    provider("openai", "https://api.openai.com/v1/", "OPENAI_API_KEY", Wire::Chat),
    provider("openai_resp", "https://api.openai.com/v1/", "OPENAI_API_KEY", Wire::Responses),
    provider("anthropic", "https://api.anthropic.com/v1/", "ANTHROPIC_API_KEY", Wire::Messages),
    provider("gemini", GEMINI, "GEMINI_API_KEY", Wire::Chat),
    provider("gemini_ix", GEMINI, "GEMINI_API_KEY", Wire::Chat),
    provider("fireworks", "https://api.fireworks.ai/inference/v1/", "FIREWORKS_API_KEY", Wire::Chat),
    provider("together", "https://api.together.xyz/v1/", "TOGETHER_API_KEY", Wire::Chat),
    provider("groq", "https://api.groq.com/openai/v1/", "GROQ_API_KEY", Wire::Chat),
    provider("aihubmix", "https://aihubmix.com/v1/", "AIHUBMIX_API_KEY", Wire::Chat),
    provider("kimi", "https://api.moonshot.ai/v1/", "KIMI_API_KEY", Wire::Chat),
    provider("moonshot", "https://api.moonshot.cn/v1/", "MOONSHOT_API_KEY", Wire::Chat),
    provider("mimo", "https://api.mimo.com/openai/v1/", "MIMO_API_KEY", Wire::Chat),
    provider("nebius", "https://api.studio.nebius.ai/v1/", "NEBIUS_API_KEY", Wire::Chat),
    provider("xai", "https://api.x.ai/v1/", "XAI_API_KEY", Wire::Chat),
    provider("deepseek", "https://api.deepseek.com/v1/", "DEEPSEEK_API_KEY", Wire::Chat),
    provider("mistral", "https://api.mistral.ai/v1/", "MISTRAL_API_KEY", Wire::Chat),
    provider("zai", "https://api.z.ai/api/paas/v4/", "ZAI_API_KEY", Wire::Chat),
    provider("zai_coding", "https://api.z.ai/api/coding/paas/v4/", "ZAI_API_KEY", Wire::Chat),
    provider("bigmodel", "https://open.bigmodel.cn/api/paas/v4/", "BIGMODEL_API_KEY", Wire::Chat),
    provider("aliyun", "https://dashscope.aliyuncs.com/compatible-mode/v1/", "ALIYUN_API_KEY", Wire::Chat),
    provider("qwen_cloud", "https://dashscope-intl.aliyuncs.com/compatible-mode/v1/", "QWEN_CLOUD_API_KEY", Wire::Chat),
    provider("baidu", "https://qianfan.baidubce.com/v2/", "BAIDU_API_KEY", Wire::Chat),
    provider("baidu-coding-openai", "https://qianfan.baidubce.com/v2/coding/", "BAIDU_API_KEY", Wire::Chat),
    provider("baidu-coding-anthropic", "https://qianfan.baidubce.com/anthropic/coding/", "BAIDU_API_KEY", Wire::Messages),
    provider("cohere", "https://api.cohere.ai/compatibility/v1/", "COHERE_API_KEY", Wire::Chat),
    Provider { namespace: "ollama", base: "http://localhost:11434/v1/", variable: None, wire: Wire::Chat },
    provider("ollama_cloud", "https://ollama.com/v1/", "OLLAMA_API_KEY", Wire::Chat),
    provider("omlx", "", "OMLX_API_KEY", Wire::Chat),
    provider("vertex", "", "VERTEX_API_KEY", Wire::Chat),
    provider("github_copilot", "https://models.github.ai/inference/", "GITHUB_TOKEN", Wire::Chat),
    provider("opencode_go", "https://opencode.ai/zen/go/v1/", "OPENCODE_GO_API_KEY", Wire::Chat),
    provider("bedrock_api", "", "BEDROCK_API_KEY", Wire::Converse),
    provider("open_router", "https://openrouter.ai/api/v1/", "OPEN_ROUTER_API_KEY", Wire::Chat),
    provider("atlascloud", "https://api.atlascloud.ai/v1/", "ATLASCLOUD_API_KEY", Wire::Chat),
    provider("requesty", "https://router.requesty.ai/v1/", "REQUESTY_API_KEY", Wire::Chat),
    provider("api_route", "https://global.api-route.com/v1/", "API_ROUTE_API_KEY", Wire::Chat),
    provider("heabsy", "https://api.heabsy.com/v1/", "HEABSY_API_KEY", Wire::Chat),
    provider("runcrate", "https://api.runcrate.ai/v1/", "RUNCRATE_API_KEY", Wire::Chat),
    provider("cloudgpu", "https://cloudgpu.app/v1/", "CLOUDGPU_API_KEY", Wire::Chat),
    provider("minimax", "https://api.minimax.io/anthropic/v1/", "MINIMAX_API_KEY", Wire::Messages),
];

/// Names that tell their provider without `::`; the first that fits counts.
static BEGINNINGS: [(&str, &str); 20] = [
    ("o1", "openai"),
    ("o3", "openai"),
    ("o4", "openai"),
    ("chatgpt", "openai"),
    ("codex", "openai"),
    ("gpt-oss", ""),
    ("gpt", "openai"),
    ("gemini", "gemini"),
    ("claude", "anthropic"),
    ("accounts/fireworks/", "fireworks"),
    ("kimi-", "kimi"),
    ("mimo-", "mimo"),
    ("command", "cohere"),
    ("grok", "xai"),
    ("glm", "zai"),
    ("deepseek-", "deepseek"),
    ("moonshot-", "moonshot"),
    ("MiniMax-", "minimax"),
    ("minimax-", "minimax"),
    ("omlx-", "omlx"),
];

/// Where a model is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Route {
    pub(super) wire: Wire,
    pub(super) url: String,
    /// The model, as the provider calls it.
    pub(super) model: String,
    /// How much it shall think, when its name says so.
    pub(super) effort: Option<&'static str>,
    /// The variables that may hold the key; none when it needs none.
    pub(super) variables: Vec<String>,
    /// Whether it works without a key as well.
    pub(super) anonymous: bool,
}

/// The way to a model by its name alone; none when the name tells no provider.
pub(super) fn route(model: &str, get: &dyn Fn(&str) -> Option<String>) -> Option<Route> {
    let (namespace, name) = match model.split_once("::") {
        Some((namespace, name)) => (namespace, name),
        None => (by_beginning(model)?, model),
    };
    // `genai_1::…` to `genai_255::…`: servers whose addresses stand in variables.
    if let Some(number) = namespace.strip_prefix("genai_") {
        return numbered(number.parse().ok()?, name, get);
    }
    let mut known = PROVIDERS.iter();
    let known = known.find(|known| known.namespace == namespace)?;
    let (name, effort) = effort(namespace, name);
    let mut route = Route {
        wire: known.wire,
        url: String::new(),
        model: name.to_owned(),
        effort,
        variables: known.variable.iter().map(|&name| name.to_owned()).collect(),
        anonymous: known.variable.is_none(),
    };
    let mut base = known.base.to_owned();
    match namespace {
        "openai" if !model.contains("::") && wants_responses(name) => route.wire = Wire::Responses,
        "fireworks" if !name.contains('/') => {
            route.model = format!("accounts/fireworks/models/{name}");
        }
        "opencode_go" if name.to_lowercase().starts_with("minimax-") => {
            route.wire = Wire::Messages;
        }
        "omlx" => {
            base = get("OMLX_ENDPOINT").unwrap_or_else(|| "http://127.0.0.1:8000/v1/".to_owned());
            route.anonymous = true;
        }
        "bedrock_api" => {
            let region = get("AWS_REGION").or_else(|| get("AWS_DEFAULT_REGION"));
            let region = region.unwrap_or_else(|| "us-east-1".to_owned());
            base = format!("https://bedrock-runtime.{region}.amazonaws.com/");
            route.variables.push("AWS_BEARER_TOKEN_BEDROCK".to_owned());
        }
        "vertex" => {
            base = vertex_base(get)?;
            match name {
                name if name.starts_with("claude") => route.wire = Wire::VertexMessages,
                name if name.starts_with("gemini") => {
                    route.model = format!("google/{name}");
                    base.push_str("endpoints/openapi/");
                }
                _ => return None,
            }
        }
        _ => {}
    }
    route.url = address(route.wire, &base, &route.model);
    Some(route)
}

/// The address of a request below a base address.
pub(super) fn address(wire: Wire, base: &str, model: &str) -> String {
    let slash = if base.ends_with('/') { "" } else { "/" };
    let end = match wire {
        Wire::Chat => "chat/completions".to_owned(),
        Wire::Responses => "responses".to_owned(),
        Wire::Messages => "messages".to_owned(),
        Wire::VertexMessages => format!("publishers/anthropic/models/{model}:rawPredict"),
        Wire::Converse => format!("model/{}/converse", segment(model)),
    };
    format!("{base}{slash}{end}")
}

/// A model's name as one segment of a path; names of Bedrock hold `:` and may hold `/`.
fn segment(name: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    name.bytes()
        .map(|byte| match plain(byte) {
            true => char::from(byte).to_string(),
            false => format!("%{byte:02X}"),
        })
        .collect()
}

fn by_beginning(model: &str) -> Option<&'static str> {
    let mut beginnings = BEGINNINGS.iter();
    let found = beginnings.find(|(beginning, _)| model.starts_with(beginning));
    match found {
        Some((_, "")) => None,
        Some((_, namespace)) => Some(*namespace),
        None => model.contains("fireworks").then_some("fireworks"),
    }
}

/// OpenAI's models from GPT-5 on, its codex and its pro models.
fn wants_responses(name: &str) -> bool {
    let Some(rest) = name.strip_prefix("gpt-") else {
        return false;
    };
    let digits = rest.split(|c: char| !c.is_ascii_digit()).next();
    let version = digits.and_then(|digits| digits.parse::<u32>().ok());
    version.is_some_and(|version| version >= 5) || rest.contains("codex") || rest.contains("pro")
}

/// The effort that a name ends with, at providers none of whose models are called so.
fn effort<'a>(namespace: &str, name: &'a str) -> (&'a str, Option<&'static str>) {
    const EFFORTS: [(&str, &str); 8] = [
        ("-zero", "none"),
        ("-none", "none"),
        ("-minimal", "minimal"),
        ("-low", "low"),
        ("-medium", "medium"),
        ("-xhigh", "xhigh"),
        ("-high", "high"),
        ("-max", "max"),
    ];
    if !matches!(namespace, "openai" | "openai_resp" | "gemini" | "anthropic") {
        return (name, None);
    }
    let mut found = EFFORTS.iter();
    let found = found.find_map(|(end, effort)| Some((name.strip_suffix(end)?, *effort)));
    found.map_or((name, None), |(name, effort)| (name, Some(effort)))
}

/// A server of the operator's: `GENAI_1_ENDPOINT`, and `GENAI_1_API_KEY` if it wants one.
fn numbered(number: u8, name: &str, get: &dyn Fn(&str) -> Option<String>) -> Option<Route> {
    let base = get(&format!("GENAI_{number}_ENDPOINT"))?;
    Some(Route {
        wire: Wire::Chat,
        url: address(Wire::Chat, &base, name),
        model: name.to_owned(),
        effort: None,
        variables: vec![format!("GENAI_{number}_API_KEY")],
        anonymous: true,
    })
}

fn vertex_base(get: &dyn Fn(&str) -> Option<String>) -> Option<String> {
    let project = get("VERTEX_PROJECT_ID")?;
    let location = get("VERTEX_LOCATION");
    let host = location
        .as_ref()
        .map_or(String::new(), |location| format!("{location}-"));
    let location = location.unwrap_or_else(|| "global".to_owned());
    Some(format!(
        "https://{host}aiplatform.googleapis.com/v1/projects/{project}/locations/{location}/"
    ))
}

#[cfg(test)]
#[path = "providers/tests.rs"]
mod tests;
