//! A sandbox, a clock and a client.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use gong_sandbox::{Limits, Options, Sandbox, SandboxCall, ViolationKind};
use reqwest::header::{CONTENT_LENGTH, HeaderMap, LOCATION};
use reqwest::{Client, Method, redirect};
use serde_json::{Value, json};
use url::Url;
use url::form_urlencoded::Serializer;

/// 2026-11-20T10:00:00Z
pub const START_MS: i64 = 1_795_168_800_000;
pub const HOUR_MS: i64 = 3_600_000;
pub const CLIENT_ID: &str = "gong-sandbox-client";
pub const CLIENT_SECRET: &str = "gong-sandbox-secret";
pub const REDIRECT: &str = "http://127.0.0.1:9/callback?org=7";
pub const SCOPES: &str =
    "api:calls:read:basic api:calls:read:extensive api:calls:read:transcript api:users:read";
pub const EXTENSIVE: &str = "/v2/calls/extensive";
pub const TRANSCRIPT: &str = "/v2/calls/transcript";
pub const TOKEN: &str = "/oauth2/generate-customer-token";

pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub text: String,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("not JSON: {}", self.text))
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    }

    /// The one error of the envelope.
    pub fn error(&self) -> String {
        let json = self.json();
        assert!(json["requestId"].is_string(), "no requestId: {json}");
        assert_eq!(json["errors"].as_array().map(Vec::len), Some(1), "{json}");
        json["errors"][0]
            .as_str()
            .expect("an error is a text")
            .to_owned()
    }
}

pub struct Visitor {
    pub sandbox: Sandbox,
    pub clock: Arc<AtomicI64>,
    pub http: Client,
    bearer: String,
}

/// A sandbox with room for many requests a second and a bearer for all four scopes.
pub async fn app(configure: impl FnOnce(&mut Options)) -> Visitor {
    let clock = Arc::new(AtomicI64::new(START_MS));
    let mut options = options(&clock);
    configure(&mut options);
    let sandbox = Sandbox::start(options).await.expect("the sandbox starts");
    let scopes: Vec<&str> = SCOPES.split(' ').collect();
    let bearer = sandbox
        .grant(&scopes)
        .expect("tokens are granted")
        .access_token;
    Visitor {
        sandbox,
        clock,
        http: client(),
        bearer,
    }
}

pub fn options(clock: &Arc<AtomicI64>) -> Options {
    let clock = Arc::clone(clock);
    let mut options = Options::new(Arc::new(move || clock.load(Ordering::SeqCst)));
    options.limits = Limits {
        per_second: 1_000,
        per_day: 10_000,
    };
    options
}

pub fn client() -> Client {
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder()
        .redirect(redirect::Policy::none())
        .build()
        .expect("a client for plain HTTP")
}

impl Visitor {
    pub fn advance(&self, by_ms: i64) {
        self.clock.fetch_add(by_ms, Ordering::SeqCst);
    }

    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.sandbox.origin())
    }

    pub async fn send(&self, request: reqwest::RequestBuilder) -> Answer {
        let response = request.send().await.expect("an answer");
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        Answer {
            status,
            headers,
            text: response.text().await.expect("a body"),
        }
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(self.http.get(self.url(path)).bearer_auth(&self.bearer))
            .await
    }

    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        self.post_as(&self.bearer, path, body).await
    }

    pub async fn post_as(&self, bearer: &str, path: &str, body: &Value) -> Answer {
        self.send(
            self.http
                .post(self.url(path))
                .bearer_auth(bearer)
                .json(body),
        )
        .await
    }

    pub async fn request(&self, verb: Method, path: &str) -> Answer {
        self.send(
            self.http
                .request(verb, self.url(path))
                .bearer_auth(&self.bearer),
        )
        .await
    }

    /// A token request as the contract wants it.
    pub async fn token(&self, parameters: &[(&str, &str)]) -> Answer {
        let url = Url::parse_with_params(&self.url(TOKEN), parameters).expect("a URL");
        let request = self
            .http
            .post(url)
            .basic_auth(CLIENT_ID, Some(CLIENT_SECRET))
            .header(CONTENT_LENGTH, 0);
        self.send(request).await
    }

    pub async fn redeem(&self, code: &str) -> Answer {
        self.token(&[
            ("grant_type", "authorization_code"),
            ("code", code),
            ("client_id", CLIENT_ID),
            ("redirect_uri", REDIRECT),
        ])
        .await
    }

    pub async fn refresh(&self, refresh_token: &str) -> Answer {
        self.token(&[
            ("grant_type", "refresh_token"),
            ("refresh_token", refresh_token),
        ])
        .await
    }

    /// Presses one of the consent page's buttons; yields the answer and where it leads.
    pub async fn decide(&self, decision: &str) -> (Answer, Url) {
        let answer = self.send(self.form(&consent(), decision)).await;
        let location = answer
            .headers
            .get(LOCATION)
            .and_then(|value| value.to_str().ok())
            .expect("a redirect");
        let location = Url::parse(location).expect("a URL");
        (answer, location)
    }

    pub fn form(&self, parameters: &[(&str, &str)], decision: &str) -> reqwest::RequestBuilder {
        let body = Serializer::new(String::new())
            .extend_pairs(parameters)
            .append_pair("decision", decision)
            .finish();
        let request = self.http.post(self.url("/oauth2/authorize")).body(body);
        request.header("content-type", "application/x-www-form-urlencoded")
    }

    pub async fn code(&self) -> String {
        let (_, location) = self.decide("approve").await;
        parameter(&location, "code").expect("a code")
    }

    pub fn violations(&self) -> Vec<ViolationKind> {
        self.sandbox
            .violations()
            .iter()
            .map(|violation| violation.kind)
            .collect()
    }
}

pub fn consent() -> Vec<(&'static str, &'static str)> {
    vec![
        ("client_id", CLIENT_ID),
        ("response_type", "code"),
        ("scope", SCOPES),
        ("redirect_uri", REDIRECT),
        ("state", "s t&te"),
    ]
}

pub fn parameter(url: &Url, name: &str) -> Option<String> {
    url.query_pairs()
        .find(|(key, _)| key == name)
        .map(|(_, value)| value.into_owned())
}

/// A public call that starts `minute` minutes after 2026-11-01T00:00:00Z, with a transcript of one sentence.
pub fn call(id: &str, minute: u32) -> SandboxCall {
    let (day, hour, minute) = (1 + minute / 1_440, minute / 60 % 24, minute % 60);
    let meta = json!({
        "id": id,
        "title": format!("Call {id}"),
        "started": format!("2026-11-{day:02}T{hour:02}:{minute:02}:00Z"),
        "isPrivate": false,
        "workspaceId": "6300000000000000001",
        "primaryUserId": "5120000000000000101",
    });
    let parties =
        json!([{"id": "9", "speakerId": "8", "name": "Ines Vogel", "affiliation": "External"}]);
    let transcript = json!([{"speakerId": "8", "topic": null, "sentences": [
        {"start": 1_200, "end": 3_400, "text": format!("Spoken in {id}.")},
    ]}]);
    SandboxCall::new(
        json!({"metaData": meta, "parties": parties, "context": []}),
        Some(transcript),
    )
}

/// Ids of the calls of an answer.
pub fn ids(answer: &Answer) -> Vec<String> {
    let json = answer.json();
    let calls = json["calls"]
        .as_array()
        .unwrap_or_else(|| panic!("no calls: {json}"));
    calls
        .iter()
        .map(|call| {
            call["metaData"]["id"]
                .as_str()
                .expect("an id is a text")
                .to_owned()
        })
        .collect()
}
