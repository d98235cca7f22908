//! HTTP API events in, answers out. An event that is no HTTP request gets an answer, too.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use lambda_http::{
    Adapter, Body, LambdaEvent, Request, Response,
    aws_lambda_events::apigw::ApiGatewayV2httpRequest,
    http::{HeaderName, Uri, header::HOST},
    request::LambdaRequest,
};
use lambda_runtime::{Error, service_fn};
use serde_json::{Value, json, value::RawValue};
use tower::{Service, ServiceExt};
use url::Url;

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
    let request = serde_json::from_str(event.payload.get()).ok();
    let Some(request) = request.filter(is_sound) else {
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

/// Whether `lambda_http` can make a request of the event: it panics where body or address are
/// broken (`Body::from_maybe_encoded`, `build_request_uri`).
fn is_sound(event: &LambdaRequest) -> bool {
    let LambdaRequest::ApiGatewayV2(event) = event else {
        return false;
    };
    let body = event.body.as_deref().unwrap_or_default();
    (!event.is_base64_encoded || STANDARD.decode(body).is_ok()) && has_address(event)
}

fn has_address(event: &ApiGatewayV2httpRequest) -> bool {
    let header = |name: HeaderName| {
        event
            .headers
            .get(name)
            .and_then(|value| value.to_str().ok())
    };
    let scheme = header(HeaderName::from_static("x-forwarded-proto")).unwrap_or("https");
    let host = header(HOST).or(event.request_context.domain_name.as_deref());
    let path = event.raw_path.as_deref().unwrap_or_default();
    let query = event.raw_query_string.as_deref().unwrap_or_default();
    let url = Url::parse(&format!("{scheme}://{}{path}", host.unwrap_or("localhost")));
    url.is_ok_and(|url| format!("{url}?{query}").parse::<Uri>().is_ok())
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

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use lambda_http::Context;

    use super::*;

    async fn echo(request: Request) -> Response<Body> {
        let path = request.uri().path().to_owned();
        let body = String::from_utf8_lossy(request.body()).into_owned();
        Response::new(format!("{path} {body}").into())
    }

    async fn status_and_body(change: impl FnOnce(&mut Value)) -> (u64, String) {
        let mut event = json!({
            "version": "2.0", "rawPath": "/feedback", "rawQueryString": "q=a",
            "headers": {"host": "api.example", "x-forwarded-proto": "https"},
            "requestContext": {"stage": "$default", "http": {"method": "POST", "path": "/feedback"}},
            "body": "words", "isBase64Encoded": false,
        });
        change(&mut event);
        let payload = RawValue::from_string(event.to_string()).unwrap();
        let event = LambdaEvent::new(payload, Context::default());
        let answer = answer(echo, event).await.unwrap();
        let body = answer["body"].as_str().unwrap_or_default().to_owned();
        (answer["statusCode"].as_u64().unwrap(), body)
    }

    #[tokio::test]
    async fn requests_reach_the_handler() {
        let (status, body) = status_and_body(|_| {}).await;
        assert_eq!((status, body.as_str()), (200, "/feedback words"));
        let (_, body) = status_and_body(|event| {
            event["body"] = json!("d29yZHM=");
            event["isBase64Encoded"] = json!(true);
        })
        .await;
        assert_eq!(body, "/feedback words");
        let (status, _) = status_and_body(|event| event["headers"] = json!({})).await;
        assert_eq!(status, 200, "without headers");
        let (_, body) = status_and_body(|event| event["rawPath"] = json!("/f\u{fc}r alle")).await;
        assert_eq!(body, "/f%C3%BCr%20alle words");
    }

    #[tokio::test]
    async fn what_is_no_request_is_told_so() {
        let broken: [fn(&mut Value); 6] = [
            |event| *event = json!({"Records": []}),
            |event| *event = json!("words"),
            |event| {
                event["body"] = json!("%%%");
                event["isBase64Encoded"] = json!(true);
            },
            |event| event["headers"]["x-forwarded-proto"] = json!("not a scheme"),
            |event| event["headers"]["host"] = json!("["),
            |event| event["rawQueryString"] = json!("a b"),
        ];
        for (case, change) in broken.into_iter().enumerate() {
            let (status, body) = status_and_body(change).await;
            assert_eq!(status, 400, "case {case}: {body}");
            assert!(body.contains("unreadable"), "case {case}: {body}");
        }
    }
}
