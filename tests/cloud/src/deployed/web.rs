//! The deployed API as browsers and programs meet it.

use std::collections::BTreeMap;

use reqwest::{
    Method, StatusCode,
    header::{COOKIE, HeaderMap, HeaderValue, SET_COOKIE},
};
use serde_json::Value;
use url::Url;

/// The origin that the stack is told it is reached by; nothing answers there.
pub const PUBLIC_ORIGIN: &str = "https://productbridge.example";

#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

impl Answer {
    #[must_use]
    pub fn location(&self) -> &str {
        let location = self.headers.get("location");
        location.and_then(|l| l.to_str().ok()).unwrap_or_default()
    }

    /// The body as JSON.
    ///
    /// # Panics
    /// When it is none.
    #[must_use]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("no JSON: {}", self.body))
    }
}

/// A client of the API, which API Gateway finds by the host name.
#[derive(Debug, Clone)]
pub struct Web {
    client: reqwest::Client,
    endpoint: String,
    host: String,
    cookies: BTreeMap<String, String>,
}

impl Web {
    /// The API with this id at the local cloud's endpoint; without cookies.
    ///
    /// # Panics
    /// Never: the client's options are fixed.
    #[must_use]
    pub fn new(endpoint: &str, api: &str) -> Self {
        adapters::http::install_crypto();
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .build()
            .expect("fixed options");
        Self {
            client,
            endpoint: endpoint.to_owned(),
            host: format!("{api}.execute-api.localhost"),
            cookies: BTreeMap::new(),
        }
    }

    /// A page, with the cookies so far.
    pub async fn get(&mut self, path: &str) -> Answer {
        self.send(Method::GET, path, &[], None).await
    }

    /// A form from one of our own pages.
    pub async fn post(&mut self, path: &str, form: &[(&str, &str)]) -> Answer {
        self.post_from(PUBLIC_ORIGIN, path, form).await
    }

    /// A form from a page of this origin.
    ///
    /// # Panics
    /// Never: a form of texts is always a body.
    pub async fn post_from(&mut self, origin: &str, path: &str, form: &[(&str, &str)]) -> Answer {
        let body = serde_urlencoded::to_string(form).expect("texts");
        let headers = [
            ("origin", origin),
            ("content-type", "application/x-www-form-urlencoded"),
        ];
        self.send(Method::POST, path, &headers, Some(body)).await
    }

    /// An API request with a bearer token, without cookies.
    pub async fn api(&self, path: &str, token: &str) -> Answer {
        let mut other = self.clone();
        other.cookies.clear();
        let bearer = format!("Bearer {token}");
        let headers = [("authorization", bearer.as_str())];
        let headers = if token.is_empty() {
            &headers[..0]
        } else {
            &headers
        };
        other.send(Method::GET, path, headers, None).await
    }

    /// Path and query of an address of ours.
    ///
    /// # Panics
    /// When it is of another origin.
    #[must_use]
    pub fn own_path(address: &str) -> String {
        let path = address.strip_prefix(PUBLIC_ORIGIN);
        path.unwrap_or_else(|| panic!("{address} is not ours"))
            .to_owned()
    }

    /// Opens an address elsewhere and returns where it leads.
    ///
    /// # Panics
    /// When nobody answers there.
    pub async fn follow(&self, address: &str) -> Answer {
        let url = Url::parse(address).expect("an address");
        read(self.client.get(url).send().await.expect("an answer")).await
    }

    async fn send(
        &mut self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<String>,
    ) -> Answer {
        let mut request = self
            .client
            .request(method, format!("{}{path}", self.endpoint))
            .header("host", &self.host);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if !self.cookies.is_empty() {
            let pairs: Vec<_> = self
                .cookies
                .iter()
                .map(|(n, v)| format!("{n}={v}"))
                .collect();
            request = request.header(COOKIE, pairs.join("; "));
        }
        if let Some(body) = body {
            request = request.body(body);
        }
        let answer = read(request.send().await.expect("the API answers")).await;
        for line in answer.headers.get_all(SET_COOKIE) {
            self.keep(line);
        }
        answer
    }

    fn keep(&mut self, line: &HeaderValue) {
        let line = line.to_str().unwrap_or_default();
        let pair = line.split(';').next().and_then(|pair| pair.split_once('='));
        match pair {
            Some((name, "")) => drop(self.cookies.remove(name)),
            Some((name, value)) => drop(self.cookies.insert(name.into(), value.into())),
            None => {}
        }
    }
}

async fn read(answer: reqwest::Response) -> Answer {
    let (status, headers) = (answer.status(), answer.headers().clone());
    let body = answer.text().await.expect("a body of text");
    Answer {
        status,
        headers,
        body,
    }
}
