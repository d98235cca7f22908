//! An admin's browser before the running program: cookies, forms, no redirects by itself.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use reqwest::{Client, RequestBuilder, Response, StatusCode, header};
use serde_json::Value;
use url::Url;

use crate::program::{Server, until};

/// What came back.
pub struct Page {
    pub status: StatusCode,
    pub location: String,
    pub body: String,
}

/// A browser at one origin.
pub struct Browser {
    client: Client,
    origin: String,
    cookies: Mutex<BTreeMap<String, String>>,
}

impl Browser {
    pub fn new(server: &Server) -> Self {
        Self {
            client: adapters::http::client(Duration::from_secs(30)),
            origin: server.origin.clone(),
            cookies: Mutex::default(),
        }
    }

    /// Signed in as the admin of `demo`.
    pub async fn admin(server: &Server) -> Self {
        let browser = Self::new(server);
        let form = [("org", "demo"), ("name", "ada"), ("role", "admin")];
        let page = browser.post("/sign-in", &form).await;
        assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.body);
        browser
    }

    /// The same person, at the address of the program's next start.
    pub fn at(&self, server: &Server) -> Self {
        let cookies = self.cookies.lock().unwrap_or_else(PoisonError::into_inner);
        Self {
            cookies: Mutex::new(cookies.clone()),
            ..Self::new(server)
        }
    }

    pub async fn get(&self, path: &str) -> Page {
        self.send(self.client.get(format!("{}{path}", self.origin)))
            .await
    }

    pub async fn post(&self, path: &str, form: &[(&str, &str)]) -> Page {
        let request = self.client.post(format!("{}{path}", self.origin));
        self.send(filled(request, form).header(header::ORIGIN, &self.origin))
            .await
    }

    /// JSON of our API.
    pub async fn api(&self, path: &str) -> Value {
        let page = self.get(path).await;
        assert!(
            page.status.is_success(),
            "{path}: {} {}",
            page.status,
            page.body
        );
        serde_json::from_str(&page.body).unwrap()
    }

    /// All items of a list of our API.
    pub async fn items(&self, path: &str) -> Vec<Value> {
        let (mut items, mut cursor) = (Vec::new(), String::new());
        loop {
            let mut page = self.api(&format!("{path}?limit=100&cursor={cursor}")).await;
            items.append(page["items"].as_array_mut().unwrap());
            match page["cursor"].as_str() {
                Some(next) => {
                    cursor = url::form_urlencoded::byte_serialize(next.as_bytes()).collect()
                }
                None => return items,
            }
        }
    }

    /// Connects Gong through the sandbox's consent page; where the callback led.
    pub async fn connect(&self) -> Page {
        let form = [("history", "on"), ("days", "30")];
        let consent = self.post("/integrations/gong/connect", &form).await;
        let consent = Url::parse(&consent.location).unwrap();
        let pairs: Vec<(String, String)> = consent.query_pairs().into_owned().collect();
        let mut form: Vec<(&str, &str)> = pairs
            .iter()
            .map(|(n, v)| (n.as_str(), v.as_str()))
            .collect();
        form.push(("decision", "approve"));
        let origin = consent.origin().ascii_serialization();
        let approve = self.client.post(format!("{origin}/oauth2/authorize"));
        let answer = page(filled(approve, &form).send().await.unwrap()).await;
        let back = answer
            .location
            .strip_prefix(&self.origin)
            .expect("back to us");
        self.get(back).await
    }

    /// The calls of the ledger: state by id.
    pub async fn ledger(&self) -> BTreeMap<String, String> {
        let word = |call: &Value, field: &str| call[field].as_str().unwrap().to_owned();
        let calls = self.items("/api/calls").await;
        calls
            .iter()
            .map(|call| (word(call, "id"), word(call, "state")))
            .collect()
    }

    /// The ledger when `total` calls are in it and none is open.
    pub async fn all_decided(&self, total: usize) -> BTreeMap<String, String> {
        until("all calls are decided", async || {
            let ledger = self.ledger().await;
            let decided = ledger.values().filter(|state| !is_open(state)).count();
            (decided == total).then_some(ledger)
        })
        .await
    }

    async fn send(&self, request: RequestBuilder) -> Page {
        let cookies: Vec<String> = {
            let cookies = self.cookies.lock().unwrap_or_else(PoisonError::into_inner);
            cookies.iter().map(|(n, v)| format!("{n}={v}")).collect()
        };
        let answer = request
            .header(header::COOKIE, cookies.join("; "))
            .send()
            .await
            .unwrap();
        for line in answer.headers().get_all(header::SET_COOKIE) {
            let pair = line.to_str().unwrap().split(';').next().unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            let mut cookies = self.cookies.lock().unwrap_or_else(PoisonError::into_inner);
            cookies.insert(name.to_owned(), value.to_owned());
        }
        page(answer).await
    }
}

/// Whether work on a call in this state remains.
pub fn is_open(state: &str) -> bool {
    ["queued", "processing", "deferred", "awaiting_transcript"].contains(&state)
}

fn filled(request: RequestBuilder, form: &[(&str, &str)]) -> RequestBuilder {
    request
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(serde_urlencoded::to_string(form).unwrap())
}

async fn page(answer: Response) -> Page {
    let location = answer.headers().get(header::LOCATION);
    Page {
        status: answer.status(),
        location: location
            .map_or("", |value| value.to_str().unwrap())
            .to_owned(),
        body: answer.text().await.unwrap(),
    }
}
