//! The language model and Voyage as scripts on loopback, speaking OpenAI's and Voyage's formats.
//!
//! The model finds feedback where a customer says "we need …"; the embedding places texts by their
//! words. Both answer from what they are sent, so that any call of a test will do.

use std::{
    collections::BTreeSet,
    hash::{DefaultHasher, Hash, Hasher},
    sync::{Arc, Mutex, PoisonError},
};

use axum::{
    Json, Router,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::post,
};
use serde_json::{Value, json};
use tokio::sync::watch;

/// The key that the model's provider wants.
pub const LLM_KEY: &str = "llm-key-of-the-local-cloud";
/// The key that Voyage wants.
pub const VOYAGE_KEY: &str = "voyage-key-of-the-local-cloud";

/// What a customer's sentence holds when it asks for something.
const WISH: &str = "we need";

#[derive(Default)]
struct Holds {
    wanted: Mutex<BTreeSet<String>>,
    reached: watch::Sender<BTreeSet<String>>,
    released: watch::Sender<u64>,
}

pub struct Providers {
    /// Where they listen.
    pub origin: String,
    holds: Arc<Holds>,
}

impl Providers {
    /// Starts them on a free port.
    ///
    /// # Panics
    /// When there is no free port.
    pub async fn start() -> Self {
        let holds = Arc::new(Holds::default());
        let router = Router::new()
            .route("/v1/chat/completions", post(chat))
            .route("/v1/embeddings", post(embeddings))
            .with_state(Arc::clone(&holds));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await;
        let listener = listener.expect("a free port");
        let origin = format!("http://{}", listener.local_addr().expect("it is bound"));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { origin, holds }
    }

    /// From now on requests about a text with these words are not answered until [`Self::release`].
    pub fn hold(&self, words: &str) {
        self.lock().insert(words.to_owned());
    }

    /// Returns when a request about each of the held words has arrived.
    ///
    /// # Panics
    /// Never: the sender lives as long as this.
    pub async fn all_reached(&self) {
        let wanted = self.lock().clone();
        let mut reached = self.holds.reached.subscribe();
        let all = reached.wait_for(|reached| reached.is_superset(&wanted));
        all.await.expect("the sender lives");
    }

    /// Lets everything go on.
    pub fn release(&self) {
        self.lock().clear();
        self.holds.released.send_modify(|count| *count += 1);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, BTreeSet<String>> {
        self.holds
            .wanted
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl Holds {
    async fn wait(&self, text: &str) {
        let mut released = self.released.subscribe();
        let held: Vec<String> = {
            let wanted = self.wanted.lock().unwrap_or_else(PoisonError::into_inner);
            let held = wanted.iter().filter(|words| text.contains(*words));
            held.cloned().collect()
        };
        if held.is_empty() {
            return;
        }
        let seen = *released.borrow_and_update();
        self.reached.send_modify(|reached| reached.extend(held));
        // An error would mean that the test is over.
        let _ = released.wait_for(|count| *count > seen).await;
    }
}

fn bearer_is(headers: &HeaderMap, key: &str) -> bool {
    let sent = headers.get(header::AUTHORIZATION);
    sent.is_some_and(|sent| sent == format!("Bearer {key}").as_str())
}

async fn chat(
    State(holds): State<Arc<Holds>>,
    headers: HeaderMap,
    Json(body): Json<Value>,
) -> Response {
    if !bearer_is(&headers, LLM_KEY) {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    let messages = body["messages"].as_array().cloned().unwrap_or_default();
    let user = messages
        .last()
        .map_or("", |m| m["content"].as_str().unwrap_or_default());
    holds.wait(user).await;
    let format = &body["response_format"]["json_schema"];
    let answer = match format["name"].as_str() {
        Some("detect") => {
            let feedback = !wishes(user).is_empty();
            json!({"feedback": feedback, "reason": "The customer says what is needed, or not."})
        }
        Some("extract") => {
            let findings: Vec<Value> = wishes(user)
                .iter()
                .take(1)
                .map(|wish| finding(wish))
                .collect();
            json!({ "findings": findings })
        }
        Some("judge") => json!({"judgements": []}),
        _ => placement(&format["schema"]),
    };
    let message = json!({"role": "assistant", "content": answer.to_string()});
    Json(json!({
        "id": "chatcmpl-1", "object": "chat.completion", "created": 0, "model": "scripted",
        "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 100, "completion_tokens": 10, "total_tokens": 110},
    }))
    .into_response()
}

/// The sentences of the customer's lines (`C1> …`) that hold a wish.
fn wishes(material: &str) -> Vec<String> {
    material
        .lines()
        .filter(|line| line.starts_with('C'))
        .filter_map(|line| line.split_once("> "))
        .flat_map(|(_, text)| text.split_inclusive(['.', '?', '!']))
        .map(|sentence| sentence.trim().to_owned())
        .filter(|sentence| sentence.to_lowercase().contains(WISH))
        .collect()
}

fn finding(wish: &str) -> Value {
    json!({
        "title": wish.trim_end_matches('.'), "description": "Today it is done by hand.",
        "sentiment": "negative", "priority": "high", "feature_area": "Reports",
        "pain_points": ["Work by hand"], "quotes": [wish], "confidence": "high",
    })
}

/// The first of the ids that the schema allows.
fn placement(schema: &Value) -> Value {
    let first = |name: &str| {
        let allowed = &schema["properties"][name]["enum"][0];
        allowed.as_str().unwrap_or_default().to_owned()
    };
    json!({"board_id": first("board_id"), "category_id": first("category_id"), "tag_ids": []})
}

async fn embeddings(headers: HeaderMap, Json(body): Json<Value>) -> Response {
    if !bearer_is(&headers, VOYAGE_KEY) {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    let dimension = body["output_dimension"].as_u64().unwrap_or(1024);
    let dimension = usize::try_from(dimension).unwrap_or(1024);
    let texts = body["input"].as_array().cloned().unwrap_or_default();
    let data: Vec<Value> = texts
        .iter()
        .enumerate()
        .map(|(index, text)| {
            let vector = place(text.as_str().unwrap_or_default(), dimension);
            json!({"object": "embedding", "index": index, "embedding": vector})
        })
        .collect();
    Json(json!({
        "object": "list", "data": data, "model": body["model"], "usage": {"total_tokens": 1},
    }))
    .into_response()
}

/// A bag of words: each word adds to one of the dimensions.
fn place(text: &str, dimension: usize) -> Vec<f32> {
    let mut vector = vec![0.0_f32; dimension];
    for word in text.to_lowercase().split(|c: char| !c.is_alphanumeric()) {
        let mut hasher = DefaultHasher::new();
        word.hash(&mut hasher);
        let at = usize::try_from(hasher.finish() % dimension as u64).unwrap_or(0);
        vector[at] += 1.0;
    }
    let length = vector.iter().map(|x| x * x).sum::<f32>().sqrt().max(1.0);
    vector.iter().map(|x| x / length).collect()
}
