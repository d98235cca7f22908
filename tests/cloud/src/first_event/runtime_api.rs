//! Lambda's Runtime API for one function at a time, as its documentation has it: an event is asked
//! for, and answered. It writes down when.

use std::{
    sync::{Arc, Mutex},
    time::Instant,
};

use axum::{
    Router,
    extract::State,
    http::{HeaderName, StatusCode},
    response::IntoResponse,
    routing::{get, post},
    serve::ListenerExt,
};
use serde_json::Value;
use tokio::{net::TcpListener, sync::oneshot, task::JoinHandle};

/// The API on a port of its own, with one event.
pub struct RuntimeApi {
    /// Host and port.
    pub address: String,
    /// When the function asked for the event.
    pub asked: oneshot::Receiver<Instant>,
    pub answered: oneshot::Receiver<Instant>,
    server: JoinHandle<()>,
}

struct Visit {
    event: String,
    asked: Option<oneshot::Sender<Instant>>,
    answered: Option<oneshot::Sender<Instant>>,
}

type Shared = Arc<Mutex<Visit>>;

impl RuntimeApi {
    pub async fn start(event: &Value) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        // Without this every answer of every function waits for 44 ms.
        let listener = listener.tap_io(|stream| stream.set_nodelay(true).unwrap());
        let (tell_asked, asked) = oneshot::channel();
        let (tell_answered, answered) = oneshot::channel();
        let visit = Visit {
            event: event.to_string(),
            asked: Some(tell_asked),
            answered: Some(tell_answered),
        };
        let router = Router::new()
            .route("/2018-06-01/runtime/invocation/next", get(invocation))
            .route("/2018-06-01/runtime/invocation/{id}/response", post(answer))
            .route("/2018-06-01/runtime/invocation/{id}/error", post(answer))
            .with_state(Arc::new(Mutex::new(visit)));
        let server = tokio::spawn(async { axum::serve(listener, router).await.unwrap() });
        Self {
            address,
            asked,
            answered,
            server,
        }
    }

    /// Ends it, with whoever still waits for a second event.
    pub fn stop(self) {
        self.server.abort();
    }
}

async fn invocation(State(visit): State<Shared>) -> impl IntoResponse {
    let now = Instant::now();
    let Some((asked, event)) = first(&visit) else {
        // There is no second event.
        return std::future::pending().await;
    };
    asked.send(now).unwrap();
    let header = |name, value: &str| (HeaderName::from_static(name), value.to_owned());
    let headers = [
        header(
            "lambda-runtime-aws-request-id",
            "8476a536-e9f4-11e8-9739-2dfe598c3fcd",
        ),
        header("lambda-runtime-deadline-ms", "4102444800000"),
        header(
            "lambda-runtime-invoked-function-arn",
            "arn:aws:lambda:us-east-1:123456789012:function:function",
        ),
        header(
            "lambda-runtime-trace-id",
            "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700",
        ),
        header("content-type", "application/json"),
    ];
    (headers, event)
}

fn first(visit: &Shared) -> Option<(oneshot::Sender<Instant>, String)> {
    let mut visit = visit.lock().unwrap();
    Some((visit.asked.take()?, visit.event.clone()))
}

async fn answer(State(visit): State<Shared>) -> StatusCode {
    let now = Instant::now();
    if let Some(answered) = visit.lock().unwrap().answered.take() {
        answered.send(now).unwrap();
    }
    StatusCode::ACCEPTED
}
