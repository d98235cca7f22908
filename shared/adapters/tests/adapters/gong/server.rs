//! A server that gives scripted answers and keeps what it was asked.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
    time::Duration,
};

use adapters::{gong::GongClient, http};
use async_trait::async_trait;
use axum::{
    Router,
    body::{Body, to_bytes},
    extract::{Request, State},
    http::HeaderMap,
    response::Response,
};
use domain::{
    gong::base_url::BaseUrlRule,
    moment::Timestamp,
    ports::{gong::Access, system::Clock},
    secret::Secret,
};
use serde_json::Value;
use tokio::net::TcpListener;

/// The access token of every test.
pub const TOKEN: &str = "eyJ-the-access-token";

/// A request as it came.
pub struct Seen {
    pub method: String,
    pub path: String,
    pub query: Option<String>,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Seen {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }
}

#[derive(Clone, Default)]
pub struct Answer {
    status: u16,
    headers: Vec<(&'static str, String)>,
    body: Vec<u8>,
    never: bool,
}

impl Answer {
    pub fn new(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self {
            status,
            body: body.into(),
            ..Self::default()
        }
    }

    pub fn json(body: &Value) -> Self {
        Self::new(200, body.to_string()).header("content-type", "application/json")
    }

    pub fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// An answer that does not come.
    pub fn never() -> Self {
        Self {
            never: true,
            ..Self::default()
        }
    }
}

type Script = Arc<Mutex<(VecDeque<Answer>, Vec<Seen>)>>;

/// The server; it answers 599 when the script has ended.
pub struct Server {
    pub origin: String,
    script: Script,
}

impl Server {
    pub async fn start(answers: impl IntoIterator<Item = Answer>) -> Self {
        let script: Script = Arc::new(Mutex::new((answers.into_iter().collect(), Vec::new())));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let app = Router::new().fallback(answer).with_state(script.clone());
        tokio::spawn(async move { axum::serve(listener, app).await });
        Self { origin, script }
    }

    /// What was asked so far.
    pub fn seen(&self) -> Vec<Seen> {
        std::mem::take(&mut self.script.lock().unwrap().1)
    }

    /// The one request that was asked so far.
    pub fn only(&self) -> Seen {
        let mut seen = self.seen();
        assert_eq!(seen.len(), 1);
        seen.remove(0)
    }
}

async fn answer(State(script): State<Script>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap().to_vec();
    let answer = {
        let mut script = script.lock().unwrap();
        script.1.push(Seen {
            method: parts.method.to_string(),
            path: parts.uri.path().to_owned(),
            query: parts.uri.query().map(str::to_owned),
            headers: parts.headers,
            body,
        });
        script.0.pop_front().unwrap_or_else(|| Answer::new(599, ""))
    };
    if answer.never {
        std::future::pending::<()>().await;
    }
    let mut response = Response::builder().status(answer.status);
    for (name, value) in answer.headers {
        response = response.header(name, value);
    }
    response.body(Body::from(answer.body)).unwrap()
}

/// A clock that stands still.
struct Standing(Timestamp);

#[async_trait]
impl Clock for Standing {
    fn now(&self) -> Timestamp {
        self.0
    }

    async fn sleep_until(&self, _at: Timestamp) {}
}

pub fn now() -> Timestamp {
    Timestamp::parse_rfc3339("2026-11-23T12:00:00Z").unwrap()
}

pub fn client() -> GongClient {
    client_with_timeout(Duration::from_secs(30))
}

pub fn client_with_timeout(timeout: Duration) -> GongClient {
    GongClient::new(http::client(timeout), Arc::new(Standing(now())))
}

pub fn access(origin: &str) -> Access {
    access_with(origin, TOKEN)
}

pub fn access_with(origin: &str, token: &str) -> Access {
    let rule = BaseUrlRule::with_sandbox(origin).unwrap();
    Access {
        base_url: rule.check(origin).unwrap(),
        token: Secret::new(token),
    }
}
