//! Every name that led to a provider, with the variables that it goes by.

use super::{PROVIDERS, Route, Wire, route};

fn to(model: &str) -> Option<Route> {
    route(model, &|name| match name {
        "VERTEX_PROJECT_ID" => Some("p".into()),
        "GENAI_3_ENDPOINT" => Some("https://own.example/v1".into()),
        _ => None,
    })
}

#[test]
fn every_provider_is_reached_by_its_namespace() {
    for known in &PROVIDERS {
        let name = match known.namespace {
            "vertex" => "gemini-3.8-flash",
            _ => "some/model",
        };
        let route = to(&format!("{}::{name}", known.namespace));
        let Some(route) = route else {
            panic!("{} leads nowhere", known.namespace);
        };
        assert!(route.url.starts_with(known.base), "{}", route.url);
        let local = matches!(known.namespace, "ollama" | "omlx");
        assert_eq!(route.url.starts_with("https://"), !local, "{}", route.url);
        assert!(route.model.ends_with(name), "{}", route.model);
        assert_eq!(route.variables.first().map(String::as_str), known.variable);
        assert_eq!(route.anonymous, local);
    }
}

#[test]
fn names_lead_to_addresses() {
    for (model, wire, url, name, variable) in [
        (
            "gpt-4o-mini",
            Wire::Chat,
            "https://api.openai.com/v1/chat/completions",
            "gpt-4o-mini",
            "OPENAI_API_KEY",
        ),
        (
            "o3-mini",
            Wire::Chat,
            "https://api.openai.com/v1/chat/completions",
            "o3-mini",
            "OPENAI_API_KEY",
        ),
        (
            "gpt-5-mini",
            Wire::Responses,
            "https://api.openai.com/v1/responses",
            "gpt-5-mini",
            "OPENAI_API_KEY",
        ),
        (
            "gpt-4o-codex",
            Wire::Responses,
            "https://api.openai.com/v1/responses",
            "gpt-4o-codex",
            "OPENAI_API_KEY",
        ),
        (
            "openai::gpt-5",
            Wire::Chat,
            "https://api.openai.com/v1/chat/completions",
            "gpt-5",
            "OPENAI_API_KEY",
        ),
        (
            "claude-haiku-4-5",
            Wire::Messages,
            "https://api.anthropic.com/v1/messages",
            "claude-haiku-4-5",
            "ANTHROPIC_API_KEY",
        ),
        (
            "gemini-3-flash",
            Wire::Chat,
            "https://generativelanguage.googleapis.com/v1beta/openai/chat/completions",
            "gemini-3-flash",
            "GEMINI_API_KEY",
        ),
        (
            "grok-4",
            Wire::Chat,
            "https://api.x.ai/v1/chat/completions",
            "grok-4",
            "XAI_API_KEY",
        ),
        (
            "glm-5",
            Wire::Chat,
            "https://api.z.ai/api/paas/v4/chat/completions",
            "glm-5",
            "ZAI_API_KEY",
        ),
        (
            "command-r",
            Wire::Chat,
            "https://api.cohere.ai/compatibility/v1/chat/completions",
            "command-r",
            "COHERE_API_KEY",
        ),
        (
            "deepseek-chat",
            Wire::Chat,
            "https://api.deepseek.com/v1/chat/completions",
            "deepseek-chat",
            "DEEPSEEK_API_KEY",
        ),
        (
            "kimi-k2",
            Wire::Chat,
            "https://api.moonshot.ai/v1/chat/completions",
            "kimi-k2",
            "KIMI_API_KEY",
        ),
        (
            "MiniMax-M2",
            Wire::Messages,
            "https://api.minimax.io/anthropic/v1/messages",
            "MiniMax-M2",
            "MINIMAX_API_KEY",
        ),
        (
            "fireworks::kimi",
            Wire::Chat,
            "https://api.fireworks.ai/inference/v1/chat/completions",
            "accounts/fireworks/models/kimi",
            "FIREWORKS_API_KEY",
        ),
        (
            "accounts/fireworks/models/kimi",
            Wire::Chat,
            "https://api.fireworks.ai/inference/v1/chat/completions",
            "accounts/fireworks/models/kimi",
            "FIREWORKS_API_KEY",
        ),
        (
            "opencode_go::minimax-m2",
            Wire::Messages,
            "https://opencode.ai/zen/go/v1/messages",
            "minimax-m2",
            "OPENCODE_GO_API_KEY",
        ),
        (
            "open_router::a/b:free",
            Wire::Chat,
            "https://openrouter.ai/api/v1/chat/completions",
            "a/b:free",
            "OPEN_ROUTER_API_KEY",
        ),
        (
            "bedrock_api::anthropic.claude-v1:0",
            Wire::Converse,
            "https://bedrock-runtime.us-east-1.amazonaws.com/model/anthropic.claude-v1%3A0/converse",
            "anthropic.claude-v1:0",
            "BEDROCK_API_KEY",
        ),
        (
            "vertex::claude-sonnet",
            Wire::VertexMessages,
            "https://aiplatform.googleapis.com/v1/projects/p/locations/global/publishers/anthropic/models/claude-sonnet:rawPredict",
            "claude-sonnet",
            "VERTEX_API_KEY",
        ),
        (
            "vertex::gemini-3",
            Wire::Chat,
            "https://aiplatform.googleapis.com/v1/projects/p/locations/global/endpoints/openapi/chat/completions",
            "google/gemini-3",
            "VERTEX_API_KEY",
        ),
        (
            "omlx::m",
            Wire::Chat,
            "http://127.0.0.1:8000/v1/chat/completions",
            "m",
            "OMLX_API_KEY",
        ),
        (
            "genai_3::m",
            Wire::Chat,
            "https://own.example/v1/chat/completions",
            "m",
            "GENAI_3_API_KEY",
        ),
    ] {
        let Some(route) = to(model) else {
            panic!("{model} leads nowhere");
        };
        assert_eq!(
            (route.wire, route.url.as_str(), route.model.as_str()),
            (wire, url, name),
            "{model}"
        );
        assert_eq!(route.variables[0], variable, "{model}");
    }
    for nowhere in [
        "llama3",
        "gpt-oss-120b",
        "nobody::m",
        "genai_4::m",
        "genai_x::m",
        "vertex::llama",
    ] {
        assert_eq!(to(nowhere), None, "{nowhere}");
    }
}

#[test]
fn an_effort_is_cut_off_where_no_model_is_called_so() {
    for (model, name, effort) in [
        ("gpt-5-mini-low", "gpt-5-mini", Some("low")),
        ("claude-opus-4-6-max", "claude-opus-4-6", Some("max")),
        ("gemini-3-flash-none", "gemini-3-flash", Some("none")),
        ("gpt-5-xhigh", "gpt-5", Some("xhigh")),
        ("aliyun::qwen3-max", "qwen3-max", None),
        ("mistral::mistral-medium", "mistral-medium", None),
    ] {
        let route = to(model);
        let told = route
            .as_ref()
            .map(|route| (route.model.as_str(), route.effort));
        assert_eq!(told, Some((name, effort)), "{model}");
    }
}
