//! A browser that only speaks HTTP: it keeps cookies, sends Origin with forms and follows nothing
//! by itself.

use std::{collections::BTreeMap, sync::Arc};

use domain::{gong::CALLBACK_PATH, principal::Principal};
use lambda_http::{
    Body,
    http::{HeaderMap, Method, StatusCode, header, request::Builder},
};
use local_runner::app::App;

/// The origin of the pages in end-to-end tests.
pub const ORIGIN: &str = "http://127.0.0.1:9999";

/// What came back.
#[derive(Debug, Clone)]
pub struct Page {
    pub status: StatusCode,
    pub headers: HeaderMap,
    /// The body as text.
    pub body: String,
}

impl Page {
    /// Where a redirect leads; empty when it is none.
    #[must_use]
    pub fn location(&self) -> &str {
        let value = self.headers.get(header::LOCATION);
        value.and_then(|value| value.to_str().ok()).unwrap_or("")
    }

    /// The page's words without tags, white space folded, the common entities resolved.
    #[must_use]
    pub fn text(&self) -> String {
        let mut out = String::new();
        let mut inside = false;
        for c in self.body.chars() {
            match c {
                '<' => inside = true,
                '>' => {
                    inside = false;
                    out.push(' ');
                }
                c if !inside => out.push(c),
                _ => {}
            }
        }
        let out = out
            .replace("&quot;", "\"")
            .replace("&#39;", "'")
            .replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&amp;", "&");
        out.split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

/// One person's browser.
pub struct Browser {
    app: Arc<App>,
    cookies: BTreeMap<String, String>,
}

impl Browser {
    /// A browser without cookies.
    #[must_use]
    pub fn new(app: Arc<App>) -> Self {
        Self {
            app,
            cookies: BTreeMap::new(),
        }
    }

    /// Signs in through the page.
    ///
    /// # Panics
    /// When the page refuses.
    pub async fn sign_in(&mut self, principal: &Principal) {
        let form = [
            ("org", principal.org_id.as_str()),
            ("name", principal.user_id.as_str()),
            ("role", principal.role.as_str()),
        ];
        let page = self.post("/sign-in", &form).await;
        assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.text());
    }

    #[must_use]
    pub fn cookie(&self, name: &str) -> Option<&str> {
        self.cookies.get(name).map(String::as_str)
    }

    /// Sets a cookie as another browser would have it.
    pub fn set_cookie(&mut self, name: &str, value: &str) {
        self.cookies.insert(name.to_owned(), value.to_owned());
    }

    pub async fn get(&mut self, path: &str) -> Page {
        let request = self.request(Method::GET, path);
        self.send(request, Body::Empty).await
    }

    /// POST of a form, from our own origin.
    pub async fn post(&mut self, path: &str, form: &[(&str, &str)]) -> Page {
        self.post_from(ORIGIN, path, form).await
    }

    /// POST of a form, from this origin.
    ///
    /// # Panics
    /// When the form cannot be written.
    pub async fn post_from(&mut self, origin: &str, path: &str, form: &[(&str, &str)]) -> Page {
        let body = serde_urlencoded::to_string(form).expect("a form of texts");
        let request = self
            .request(Method::POST, path)
            .header(header::ORIGIN, origin)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(request, Body::Text(body)).await
    }

    fn request(&self, method: Method, path: &str) -> Builder {
        let cookies: Vec<_> = self
            .cookies
            .iter()
            .map(|(n, v)| format!("{n}={v}"))
            .collect();
        let request = lambda_http::http::Request::builder()
            .method(method)
            .uri(format!("{ORIGIN}{path}"));
        if cookies.is_empty() {
            request
        } else {
            request.header(header::COOKIE, cookies.join("; "))
        }
    }

    async fn send(&mut self, request: Builder, body: Body) -> Page {
        let request = request.body(body).expect("a request of plain texts");
        let response = if request.uri().path() == CALLBACK_PATH {
            oauth_callback::handle(&self.app.callback, request).await
        } else {
            dashboard::handle(&self.app.pages, request).await
        };
        let (parts, body) = response.into_parts();
        for value in parts.headers.get_all(header::SET_COOKIE) {
            let line = value.to_str().unwrap_or_default();
            let pair = line.split(';').next().unwrap_or_default();
            if let Some((name, value)) = pair.split_once('=') {
                if value.is_empty() {
                    self.cookies.remove(name);
                } else {
                    self.cookies.insert(name.to_owned(), value.to_owned());
                }
            }
        }
        Page {
            status: parts.status,
            headers: parts.headers,
            body: match body {
                Body::Text(text) => text,
                Body::Binary(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
                _ => String::new(),
            },
        }
    }
}
