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
use tokio::{net::TcpListener, sync::oneshot};

/// The API on a port of this machine.
pub struct RuntimeApi {
    /// Host and port.
    pub address: String,
    next: Next,
}

/// When a function asked for its first event, and when it answered.
pub struct Visit {
    pub asked: oneshot::Receiver<Instant>,
    pub answered: oneshot::Receiver<Instant>,
}

struct Expected {
    event: String,
    asked: Option<oneshot::Sender<Instant>>,
    answered: Option<oneshot::Sender<Instant>>,
}

type Next = Arc<Mutex<Option<Expected>>>;

impl RuntimeApi {
    /// Starts it.
    pub async fn start() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        // Without this every answer of every function waits for 44 ms.
        let listener = listener.tap_io(|stream| stream.set_nodelay(true).unwrap());
        let next = Next::default();
        let router = Router::new()
            .route("/2018-06-01/runtime/invocation/next", get(invocation))
            .route("/2018-06-01/runtime/invocation/{id}/response", post(answer))
            .route("/2018-06-01/runtime/invocation/{id}/error", post(answer))
            .with_state(Arc::clone(&next));
        tokio::spawn(async { axum::serve(listener, router).await });
        Self { address, next }
    }

    /// The next function that asks gets this event.
    pub fn expect(&self, event: &Value) -> Visit {
        let (tell_asked, asked) = oneshot::channel();
        let (tell_answered, answered) = oneshot::channel();
        *self.next.lock().unwrap() = Some(Expected {
            event: event.to_string(),
            asked: Some(tell_asked),
            answered: Some(tell_answered),
        });
        Visit { asked, answered }
    }
}

async fn invocation(State(next): State<Next>) -> impl IntoResponse {
    let now = Instant::now();
    let asked = next.lock().unwrap().as_mut().and_then(|next| {
        let asked = next.asked.take()?;
        Some((asked, next.event.clone()))
    });
    let Some((asked, event)) = asked else {
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

async fn answer(State(next): State<Next>) -> StatusCode {
    let now = Instant::now();
    let answered = next
        .lock()
        .unwrap()
        .as_mut()
        .and_then(|next| next.answered.take());
    answered.map(|answered| answered.send(now));
    StatusCode::ACCEPTED
}
