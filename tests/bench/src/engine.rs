//! A language model over HTTP that takes as long as it is told, and an embedding model that takes
//! none.

use std::{sync::Arc, time::Duration};

use adapters::{
    llm::{LlmAnalyst, LlmConfig, Protocol},
    system::{SystemClock, SystemIds},
};
use async_trait::async_trait;
use axum::{Json, Router, extract::State, routing::post};
use domain::{
    ports::analysis::{EmbedError, Embedded, Embedder},
    secret::Secret,
};
use serde_json::{Value, json};

#[derive(Clone)]
struct Model {
    takes: Duration,
}

/// An analyst before such a model.
pub async fn analyst(takes: Duration) -> Arc<LlmAnalyst> {
    let app = Router::new()
        .route("/v1/chat/completions", post(answer))
        .with_state(Model { takes });
    before(app, Protocol::OpenAi, |_| ()).await
}

/// An analyst before a provider that lives as long as the process; `change` sets its models.
pub async fn before(
    app: Router,
    protocol: Protocol,
    change: impl FnOnce(&mut LlmConfig),
) -> Arc<LlmAnalyst> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await;
    let listener = listener.expect("a free port on the loopback address");
    let address = listener.local_addr().expect("a bound listener");
    tokio::spawn(async move { axum::serve(listener, app).await });
    let mut config = LlmConfig::new("bench-model");
    config.base_url = Some(format!("http://{address}"));
    config.api_key = Some(Secret::new("key-of-the-bench").into());
    config.protocol = Some(protocol);
    change(&mut config);
    let analyst = LlmAnalyst::new(config, Arc::new(SystemClock), Arc::new(SystemIds));
    Arc::new(analyst.expect("a loopback address"))
}

async fn answer(State(model): State<Model>, Json(body): Json<Value>) -> Json<Value> {
    tokio::time::sleep(model.takes).await;
    let user = body["messages"][1]["content"].as_str().unwrap_or_default();
    let stage = body["response_format"]["json_schema"]["name"].as_str();
    let said = if stage == Some("detect") {
        json!({"feedback": true, "reason": "So says the model of the benchmark.", "findings": []})
    } else if stage == Some("extract") {
        // The line in which the customer asks, as a good model would quote it.
        let asked = user.lines().find_map(|line| {
            let line = line.strip_prefix("C1> ")?;
            line.contains("need").then(|| line.to_owned())
        });
        let asked = asked.unwrap_or_default();
        let title: String = asked.chars().take(100).collect();
        json!({"feedback": true, "reason": "", "findings": [{
            "title": title, "description": asked, "sentiment": "neutral", "priority": "medium",
            "feature_area": "", "pain_points": [], "quotes": [asked], "confidence": "high",
        }]})
    } else if stage == Some("judge") {
        json!({"judgements": []})
    } else {
        json!({"board_id": "none", "category_id": "none", "tag_ids": []})
    };
    Json(json!({
        "id": "1", "object": "chat.completion", "created": 1, "model": "bench-model",
        "choices": [{"index": 0, "finish_reason": "stop",
                     "message": {"role": "assistant", "content": said.to_string()}}],
        "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2},
    }))
}

/// Every text at a place of its own, by its hash; no two are near each other.
pub struct Scattered(pub usize);

#[async_trait]
impl Embedder for Scattered {
    fn name(&self) -> String {
        format!("scattered@{}", self.0)
    }

    fn threshold(&self) -> f32 {
        0.85
    }

    async fn embed(&self, texts: &[String]) -> Result<Embedded, EmbedError> {
        let vectors = texts.iter().map(|text| place(text, self.0)).collect();
        Ok(Embedded { vectors, tokens: 0 })
    }
}

/// A unit vector that follows from the text.
pub fn place(text: &str, dimension: usize) -> Vec<f32> {
    use rand::{Rng as _, SeedableRng as _};
    let seed = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    let mut random = rand::rngs::StdRng::seed_from_u64(seed);
    let vector: Vec<f32> = (0..dimension)
        .map(|_| random.random_range(-1.0_f32..1.0))
        .collect();
    let length = vector.iter().map(|x| x * x).sum::<f32>().sqrt();
    vector.iter().map(|x| x / length).collect()
}
