//! Gong's consent page as a browser meets it, and the whole way through it.

use lambda_http::http::{StatusCode, header};
use url::{Position, Url};

use crate::browser::{Browser, Page};

/// The form that connects with the history of the last 30 days.
pub const THIRTY_DAYS: &[(&str, &str)] = &[("history", "on"), ("days", "30")];
/// The form that connects without history.
pub const NO_HISTORY: &[(&str, &str)] = &[("history", "off"), ("days", "")];
/// The form that renews a connection.
pub const RECONNECT: &[(&str, &str)] = &[("reconnect", "1")];

/// The consent page, as Gong showed it.
#[derive(Debug)]
pub struct Consent {
    pub page: Page,
    address: Url,
}

impl Consent {
    /// Opens the address that the Connect form leads to.
    ///
    /// # Panics
    /// When it is no address or nobody answers there.
    pub async fn open(address: &str) -> Self {
        let address = Url::parse(address).expect("an address of the consent page");
        let answer = gong().get(address.clone()).send().await;
        let page = page(answer.expect("Gong answers")).await;
        Self { page, address }
    }

    /// Presses Approve; where Gong sends the browser: path and query of the callback.
    pub async fn approve(&self) -> String {
        self.press("approve").await
    }

    pub async fn deny(&self) -> String {
        self.press("deny").await
    }

    /// Sends the page's own form with one of its buttons.
    async fn press(&self, button: &str) -> String {
        let mut form = hidden_fields(&self.page.body);
        let shown = format!("name=\"decision\" value=\"{button}\"");
        assert!(self.page.body.contains(&shown), "{}", self.page.text());
        form.push(("decision".into(), button.into()));
        let body = serde_urlencoded::to_string(&form).expect("a form of texts");
        let origin = &self.address[..Position::BeforePath];
        let answer = gong()
            .post(format!("{origin}/oauth2/authorize"))
            .header(header::ORIGIN, origin)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(body)
            .send()
            .await;
        let page = page(answer.expect("Gong answers")).await;
        assert!(page.status.is_redirection(), "{}", page.text());
        let back = Url::parse(page.location()).expect("an address to go back to");
        back[Position::BeforePath..].to_owned()
    }
}

impl Browser {
    /// Fills in the Connect form and opens the consent page that it leads to.
    ///
    /// # Panics
    /// When the form is refused.
    pub async fn begin_connect(&mut self, form: &[(&str, &str)]) -> Consent {
        let answer = self.post("/integrations/gong/connect", form).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
        Consent::open(answer.location()).await
    }

    /// Connects: form, consent page, Approve, callback; where the callback leads.
    pub async fn connect(&mut self, form: &[(&str, &str)]) -> String {
        let callback = self.begin_connect(form).await.approve().await;
        self.get(&callback).await.location().to_owned()
    }

    /// The integration's page in words.
    ///
    /// # Panics
    /// When it is refused.
    pub async fn gong_page(&mut self) -> String {
        let page = self.get("/integrations/gong").await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.text());
        page.text()
    }
}

/// A client that follows nothing by itself.
fn gong() -> reqwest::Client {
    adapters::http::install_crypto();
    reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .build()
        .expect("a client of fixed options")
}

async fn page(answer: reqwest::Response) -> Page {
    let (status, headers) = (answer.status(), answer.headers().clone());
    let body = answer.text().await.expect("a page of text");
    Page {
        status,
        headers,
        body,
    }
}

fn hidden_fields(html: &str) -> Vec<(String, String)> {
    let inputs = html.split("<input type=\"hidden\" ").skip(1);
    let attribute = |input: &str, name: &str| {
        let (_, rest) = input.split_once(&format!("{name}=\""))?;
        let (value, _) = rest.split_once('"')?;
        Some(value.replace("&quot;", "\"").replace("&amp;", "&"))
    };
    inputs
        .filter_map(|input| Some((attribute(input, "name")?, attribute(input, "value")?)))
        .collect()
}
