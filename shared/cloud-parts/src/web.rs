//! HTTP API events in, answers out. An event that is no HTTP request gets an answer, too.

use lambda_http::{Adapter, Body, LambdaEvent, Request, Response, request::LambdaRequest};
use lambda_runtime::{Error, service_fn};
use serde_json::{Value, json, value::RawValue};
use tower::{Service, ServiceExt};

/// Serves a web function until Lambda ends the process.
///
/// # Errors
/// When Lambda's runtime API is gone.
pub async fn serve<H, F>(handler: H) -> Result<(), Error>
where
    H: Fn(Request) -> F + Clone + Send,
    F: Future<Output = Response<Body>> + Send,
{
    lambda_runtime::run(service_fn(move |event: LambdaEvent<Box<RawValue>>| {
        answer(handler.clone(), event)
    }))
    .await
}

/// Answers one event.
///
/// # Errors
/// When the answer cannot be written as JSON, which a fault of the program alone can bring about.
pub async fn answer<H, F>(handler: H, event: LambdaEvent<Box<RawValue>>) -> Result<Value, Error>
where
    H: Fn(Request) -> F,
    F: Future<Output = Response<Body>> + Send,
{
    // serde's words could name what stands in the event.
    let Ok(request) = serde_json::from_str::<LambdaRequest>(event.payload.get()) else {
        return Ok(unreadable());
    };
    let service = service_fn(|request| {
        let answer = handler(request);
        async { Ok::<_, Error>(answer.await) }
    });
    let mut adapter = Adapter::from(service);
    let adapter = ServiceExt::<LambdaEvent<LambdaRequest>>::ready(&mut adapter).await?;
    let response = adapter
        .call(LambdaEvent::new(request, event.context))
        .await?;
    Ok(serde_json::to_value(response)?)
}

fn unreadable() -> Value {
    tracing::error!("an event is not an HTTP API request (payload format 2.0)");
    let words = "The event is not an HTTP API request (payload format 2.0), so nothing was done.";
    json!({
        "statusCode": 400,
        "headers": {"content-type": "application/json", "cache-control": "no-store"},
        "body": json!({"error": {"code": "unreadable", "message": words}}).to_string(),
        "isBase64Encoded": false,
    })
}
