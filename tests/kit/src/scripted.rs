//! A server that answers what a test wrote down, one reply a request, and keeps what it was asked.
//! It speaks OpenAI's `/v1/chat/completions`, Anthropic's `/v1/messages` and Voyage's
//! `/v1/embeddings`; it knows nothing of the crates under test.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
};

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode, Uri, header::CONTENT_TYPE},
    response::{Html, IntoResponse, Json, Response},
};
use serde_json::{Value, json};
use tokio::task::JoinHandle;

/// What every answer of a model says that it used.
pub const PROMPT_TOKENS: u64 = 100;
/// What every answer of a model says that it wrote.
pub const COMPLETION_TOKENS: u64 = 10;

#[derive(Clone)]
pub enum Reply {
    /// The model's text, in the protocol of the path that is asked.
    Text(String),
    /// The model's text, stopped by the limit of tokens.
    CutOff(String),
    Refusal,
    /// The model says nothing.
    Empty,
    /// A web page with status 200.
    Page,
    /// A JSON body with status 200.
    Raw(Value),
    /// A failure: status, `Retry-After`, body.
    Status(u16, Option<String>, Value),
    /// A JSON body made from the request's.
    Made(fn(&Value) -> Value),
}

impl Reply {
    pub fn text(value: &Value) -> Self {
        Self::Text(value.to_string())
    }

    /// A failure without more to say.
    pub fn status(status: u16) -> Self {
        Self::Status(status, None, json!({}))
    }

    /// A failure with `Retry-After`.
    pub fn wait(status: u16, retry_after: &str) -> Self {
        Self::Status(status, Some(retry_after.to_owned()), json!({}))
    }
}

/// A request as it came.
#[derive(Debug, Clone)]
pub struct Seen {
    pub path: String,
    pub headers: HeaderMap,
    pub body: Value,
}

impl Seen {
    /// A header as text; empty when it is not there.
    pub fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name);
        value
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    }

    /// The instructions, in either protocol.
    pub fn system(&self) -> &str {
        let first = &self.body["messages"][0];
        let openai = (first["role"] == "system").then_some(&first["content"]);
        openai
            .unwrap_or(&self.body["system"])
            .as_str()
            .unwrap_or_default()
    }

    /// The last message, in either protocol; of one in several blocks the first.
    pub fn user(&self) -> &str {
        let last = self.body["messages"].as_array().and_then(|all| all.last());
        last.and_then(|last| {
            last["content"]
                .as_str()
                .or_else(|| last["content"][0]["text"].as_str())
        })
        .unwrap_or_default()
    }

    /// The schema of the answer, in either protocol; null when there is none.
    pub fn schema(&self) -> &Value {
        match &self.body["response_format"]["json_schema"]["schema"] {
            Value::Null => &self.body["output_config"]["format"]["schema"],
            schema => schema,
        }
    }
}

/// What answers a request after the replies that were written down.
type Improviser = Box<dyn Fn(&Seen) -> Reply + Send + Sync>;

#[derive(Default)]
struct Script {
    replies: VecDeque<Reply>,
    improviser: Option<Improviser>,
    seen: Vec<Seen>,
}

/// The server; it ends when this is dropped.
pub struct Scripted {
    /// Where it listens, such as `http://127.0.0.1:4711`.
    pub url: String,
    script: Arc<Mutex<Script>>,
    task: JoinHandle<()>,
}

impl Scripted {
    /// Starts on a free port of the loopback address.
    pub async fn start(replies: impl IntoIterator<Item = Reply>) -> Self {
        Self::serve(Script {
            replies: replies.into_iter().collect(),
            ..Script::default()
        })
        .await
    }

    /// Starts a server whose every reply is made from the request, whatever the order.
    pub async fn answering(improviser: impl Fn(&Seen) -> Reply + Send + Sync + 'static) -> Self {
        Self::serve(Script {
            improviser: Some(Box::new(improviser)),
            ..Script::default()
        })
        .await
    }

    async fn serve(script: Script) -> Self {
        let script = Arc::new(Mutex::new(script));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await;
        let listener = listener.expect("a free port on the loopback address");
        let address = listener
            .local_addr()
            .expect("a bound listener has an address");
        let router = Router::new()
            .fallback(answer)
            .with_state(Arc::clone(&script));
        let task = tokio::spawn(async move {
            axum::serve(listener, router)
                .await
                .expect("axum serves until it is aborted");
        });
        let url = format!("http://{address}");
        Self { url, script, task }
    }

    /// What it was asked so far.
    pub fn seen(&self) -> Vec<Seen> {
        self.lock().seen.clone()
    }

    /// How many replies nobody asked for.
    pub fn left(&self) -> usize {
        self.lock().replies.len()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Script> {
        self.script.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Scripted {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn answer(
    State(script): State<Arc<Mutex<Script>>>,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let body: Value = serde_json::from_slice(&body).unwrap_or_default();
    let path = uri.path().to_owned();
    let reply = {
        let mut script = script.lock().unwrap_or_else(PoisonError::into_inner);
        let seen = Seen {
            path: path.clone(),
            headers,
            body: body.clone(),
        };
        let written = script.replies.pop_front();
        let reply =
            written.or_else(|| script.improviser.as_ref().map(|improvise| improvise(&seen)));
        script.seen.push(seen);
        reply
    };
    match reply {
        Some(Reply::Text(text)) => says(&path, &text, End::Normal),
        Some(Reply::CutOff(text)) => says(&path, &text, End::Limit),
        Some(Reply::Refusal) => says(&path, "", End::Refused),
        Some(Reply::Empty) => says(&path, "", End::Normal),
        Some(Reply::Page) => Html("<html><body>Sign in</body></html>").into_response(),
        Some(Reply::Raw(value)) => Json(value).into_response(),
        Some(Reply::Made(make)) => Json(make(&body)).into_response(),
        Some(Reply::Status(status, retry_after, body)) => {
            let status = StatusCode::from_u16(status).expect("a status of three digits");
            let mut response = (
                status,
                [(CONTENT_TYPE, "application/json")],
                body.to_string(),
            )
                .into_response();
            if let Some(wait) = retry_after {
                let wait = wait.parse().expect("a header's text");
                response.headers_mut().insert("retry-after", wait);
            }
            response
        }
        None => (StatusCode::IM_A_TEAPOT, "the script is at its end").into_response(),
    }
}

#[derive(Clone, Copy, PartialEq)]
enum End {
    Normal,
    Limit,
    Refused,
}

fn says(path: &str, text: &str, end: End) -> Response {
    match path {
        "/v1/chat/completions" => Json(openai(text, end)).into_response(),
        "/v1/messages" => Json(anthropic(text, end)).into_response(),
        _ => (StatusCode::NOT_FOUND, "no model here").into_response(),
    }
}

fn openai(text: &str, end: End) -> Value {
    let mut message = json!({"role": "assistant", "content": text, "refusal": null});
    if end == End::Refused {
        message["content"] = Value::Null;
        message["refusal"] = json!("I cannot help with that.");
    }
    json!({
        "id": "chatcmpl-1", "object": "chat.completion", "created": 0, "model": "scripted",
        "choices": [{
            "index": 0, "message": message, "logprobs": null,
            "finish_reason": if end == End::Limit { "length" } else { "stop" }
        }],
        "usage": {
            "prompt_tokens": PROMPT_TOKENS, "completion_tokens": COMPLETION_TOKENS,
            "total_tokens": PROMPT_TOKENS + COMPLETION_TOKENS
        }
    })
}

fn anthropic(text: &str, end: End) -> Value {
    let content = if text.is_empty() {
        json!([])
    } else {
        json!([{"type": "text", "text": text}])
    };
    json!({
        "id": "msg_1", "type": "message", "role": "assistant", "model": "scripted",
        "content": content, "stop_sequence": null,
        "stop_reason": match end {
            End::Normal => "end_turn",
            End::Limit => "max_tokens",
            End::Refused => "refusal",
        },
        "usage": {"input_tokens": PROMPT_TOKENS, "output_tokens": COMPLETION_TOKENS}
    })
}
