//! Events as an HTTP API sends them: whom the API and the pages believe behind its authorizer.

use dashboard::ApiAccess;
use domain::principal::Role;
use lambda_http::request;
use serde_json::{Value, json};

use crate::site::{Answer, ORIGIN, Site};

async fn behind_a_gateway() -> Site {
    let app = Site::with(|dashboard| dashboard.api = ApiAccess::GatewayClaims).await;
    app.furnish().await;
    app
}

/// An event of payload format 2.0; what is given replaces or adds members.
fn event(method: &str, path: &str, more: Value) -> Value {
    let mut event = json!({
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": path,
        "rawQueryString": "",
        "headers": {"host": "127.0.0.1:8080", "accept": "*/*"},
        "requestContext": {
            "accountId": "123456789012",
            "apiId": "a1b2c3",
            "domainName": "127.0.0.1:8080",
            "domainPrefix": "a1b2c3",
            "http": {
                "method": method,
                "path": path,
                "protocol": "HTTP/1.1",
                "sourceIp": "192.0.2.1",
                "userAgent": "curl/8",
            },
            "requestId": "id",
            "routeKey": "$default",
            "stage": "$default",
            "time": "20/Nov/2026:14:03:00 +0000",
            "timeEpoch": 1_795_183_380_000_i64,
        },
        "isBase64Encoded": false,
    });
    merge(&mut event, more);
    event
}

fn merge(into: &mut Value, from: Value) {
    match (into, from) {
        (Value::Object(into), Value::Object(from)) => {
            for (name, value) in from {
                merge(into.entry(name).or_insert(Value::Null), value);
            }
        }
        (into, from) => *into = from,
    }
}

fn claims(claims: Value) -> Value {
    json!({"requestContext": {"authorizer": {"jwt": {"claims": claims, "scopes": ["feedback/read"]}}}})
}

fn ada() -> Value {
    json!({"org_id": "demo", "role": "viewer", "sub": "auth0|ada", "iss": "https://a.example", "exp": "1"})
}

async fn send(app: &Site, event: &Value) -> Answer {
    let request = request::from_str(&event.to_string()).unwrap();
    app.answer(request).await
}

#[tokio::test]
async fn the_api_believes_the_claims_that_the_gateway_has_checked() {
    let app = behind_a_gateway().await;
    let posts = send(&app, &event("GET", "/api/posts", claims(ada()))).await;
    assert_eq!(posts.status, 200);
    assert_eq!(posts.json()["items"].as_array().unwrap().len(), 4);
    let mut other = ada();
    other["org_id"] = "acme".into();
    let none = send(&app, &event("GET", "/api/posts", claims(other))).await;
    assert_eq!(none.json()["items"], json!([]));
}

#[tokio::test]
async fn the_api_does_not_believe_a_session() {
    let app = behind_a_gateway().await;
    let cookie = app.cookie(Role::Admin);
    for cookies in [
        json!({"cookies": [cookie]}),
        json!({"headers": {"cookie": cookie}}),
    ] {
        for path in ["/api/posts", "/api", "/api/nothing", "/api/"] {
            let refused = send(&app, &event("GET", path, cookies.clone())).await;
            assert_eq!(refused.status, 401, "{path}");
            assert_eq!(refused.json()["error"]["code"], "no_token");
            refused.shows("Authorization: Bearer");
        }
    }
    // Claims decide, also where a session says more.
    let mut both = event("GET", "/api/posts", claims(ada()));
    merge(&mut both, json!({"cookies": [cookie]}));
    both["requestContext"]["authorizer"]["jwt"]["claims"]["org_id"] = "acme".into();
    assert_eq!(send(&app, &both).await.json()["items"], json!([]));
}

#[tokio::test]
async fn pages_believe_a_session_alone() {
    let app = behind_a_gateway().await;
    let cookie = app.cookie(Role::Viewer);
    for cookies in [
        json!({"cookies": ["theme=dark", cookie]}),
        json!({"headers": {"cookie": format!("theme=dark; {cookie}")}}),
    ] {
        let page = send(&app, &event("GET", "/feedback", cookies.clone())).await;
        page.shows("ada · viewer · demo");
        let progress = event("GET", "/integrations/gong/progress", cookies);
        assert_eq!(send(&app, &progress).await.status, 200);
    }
    let page = send(&app, &event("GET", "/feedback", claims(ada()))).await;
    assert_eq!((page.status.as_u16(), page.location()), (303, "/sign-in"));
}

#[tokio::test]
async fn claims_that_do_not_say_who_asks_are_told() {
    let app = behind_a_gateway().await;
    for (name, value) in [
        ("org_id", None),
        ("org_id", Some("a#b")),
        ("role", None),
        ("role", Some("[admin viewer]")),
        ("sub", None),
        ("sub", Some("")),
    ] {
        let mut wrong = ada();
        let members = wrong.as_object_mut().unwrap();
        match value {
            Some(value) => members.insert(name.into(), value.into()),
            None => members.remove(name),
        };
        let refused = send(&app, &event("GET", "/api/posts", claims(wrong))).await;
        assert_eq!(refused.status, 403, "{name} {value:?}");
        assert_eq!(refused.json()["error"]["code"], "bad_claims");
        refused.shows(&format!("the claim {name} "));
        if let Some(value @ ("a#b" | "[admin viewer]")) = value {
            refused.hides(value);
        }
    }
    for authorizer in [
        json!({}),
        json!({"lambda": {"org_id": "demo", "role": "admin", "sub": "ada"}}),
    ] {
        let more = json!({"requestContext": {"authorizer": authorizer}});
        let refused = send(&app, &event("GET", "/api/posts", more)).await;
        assert_eq!(refused.status, 401);
    }
}

#[tokio::test]
async fn a_request_that_came_by_no_gateway_is_not_believed() {
    let app = behind_a_gateway().await;
    let refused = app.get(Role::Admin, "/api/posts").await;
    assert_eq!(refused.status, 401);
}

#[tokio::test]
async fn a_program_needs_no_origin_and_a_form_comes_in_base64() {
    let app = behind_a_gateway().await;
    let change = send(&app, &event("POST", "/api/posts", claims(ada()))).await;
    assert_eq!(change.status, 405);

    let form = json!({
        "cookies": [app.cookie(Role::Admin)],
        "headers": {"origin": ORIGIN, "content-type": "application/x-www-form-urlencoded"},
        "body": "bmFtZT1uZXctdGFn",
        "isBase64Encoded": true,
    });
    let saved = send(&app, &event("POST", "/tags", form.clone())).await;
    assert_eq!(saved.status, 303);
    assert!(saved.location().contains("done=tag-saved"));
    let mut foreign = event("POST", "/tags", form);
    foreign["headers"]["origin"] = "https://evil.example".into();
    assert_eq!(send(&app, &foreign).await.status, 403);
}

#[tokio::test]
async fn the_pages_script_asks_at_the_pages_own_address() {
    let app = behind_a_gateway().await;
    let page = app.get(Role::Viewer, "/integrations/gong").await;
    page.hides("data-progress=\"/api/");
    let signed_out = app.get(None, "/integrations/gong/progress").await;
    assert_eq!(signed_out.status, 401);
    assert_eq!(signed_out.json()["error"]["code"], "signed_out");
}
