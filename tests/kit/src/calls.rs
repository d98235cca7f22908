//! Synthetic calls for end-to-end tests.

use domain::moment::{Span, Timestamp};
use gong_sandbox::SandboxCall;
use serde_json::{Value, json};

use crate::system::BEGIN;

/// A call under construction: one internal and one external speaker.
#[derive(Debug, Clone)]
pub struct CallBuilder {
    id: String,
    started: Timestamp,
    private: Value,
    lines: Vec<(String, String)>,
    transcribed: bool,
    account: String,
    customer: String,
    colleague: Option<String>,
    affiliation: String,
}

/// A call with this id, started an hour before the test begins.
#[must_use]
pub fn call(id: &str) -> CallBuilder {
    CallBuilder {
        id: id.into(),
        started: BEGIN - Span::hours(1),
        private: json!(false),
        lines: Vec::new(),
        transcribed: true,
        account: "Northwind Traders".into(),
        customer: "Cleo Customer".into(),
        colleague: None,
        affiliation: "External".into(),
    }
}

impl CallBuilder {
    #[must_use]
    pub fn started(mut self, at: Timestamp) -> Self {
        self.started = at;
        self
    }

    /// The private flag as given; `Value::Null` leaves it out.
    #[must_use]
    pub fn private(mut self, flag: Value) -> Self {
        self.private = flag;
        self
    }

    /// The customer's company and name.
    #[must_use]
    pub fn from(mut self, account: &str, customer: &str) -> Self {
        (self.account, self.customer) = (account.into(), customer.into());
        self
    }

    /// The customer's affiliation as Gong gives it.
    #[must_use]
    pub fn affiliation(mut self, affiliation: &str) -> Self {
        self.affiliation = affiliation.into();
        self
    }

    /// Gong has no transcript yet.
    #[must_use]
    pub fn not_transcribed(mut self) -> Self {
        self.transcribed = false;
        self
    }

    #[must_use]
    pub fn customer(mut self, text: &str) -> Self {
        self.lines.push(("customer".into(), text.into()));
        self
    }

    /// A second customer of the same company says this.
    #[must_use]
    pub fn colleague(mut self, name: &str, text: &str) -> Self {
        self.colleague = Some(name.into());
        self.lines.push(("colleague".into(), text.into()));
        self
    }

    /// Our own person says this.
    #[must_use]
    pub fn internal(mut self, text: &str) -> Self {
        self.lines.push(("internal".into(), text.into()));
        self
    }

    #[must_use]
    pub fn transcript(&self) -> Value {
        let mut at = 0;
        let monologues = self.lines.iter().map(|(side, text)| {
            let sentences: Vec<_> = sentences(text)
                .into_iter()
                .map(|sentence| {
                    at += 2_000;
                    json!({"start": at, "end": at + 1_900, "text": sentence})
                })
                .collect();
            let speaker = match side.as_str() {
                "customer" => "111",
                "colleague" => "333",
                _ => "222",
            };
            json!({"speakerId": speaker, "topic": null, "sentences": sentences})
        });
        monologues.collect()
    }

    /// As the sandbox serves it.
    #[must_use]
    pub fn build(&self) -> SandboxCall {
        let started = self.started.to_rfc3339();
        let email = |name: &str, domain: &str| {
            let name = name.to_lowercase().replace(' ', ".");
            format!("{name}@{domain}.example")
        };
        let mut meta = json!({
            "id": self.id,
            "url": format!("https://us-00000.app.gong.io/call?id={}", self.id),
            "title": format!("{} / Fernhill", self.account),
            "scheduled": started, "started": started, "duration": 900,
            "direction": "Conference", "system": "Zoom", "scope": "External",
            "media": "Video", "language": "eng",
            "workspaceId": "4042227664642553970",
        });
        if !self.private.is_null() {
            meta["isPrivate"] = self.private.clone();
        }
        let domain = self.account.to_lowercase().replace(' ', "-");
        let mut body = json!({
            "metaData": meta,
            "context": [{"system": "Salesforce", "objects": [{
                "objectType": "Account", "objectId": "0013601230sV7grAAC", "timing": "Now",
                "fields": [{"name": "Name", "value": self.account}],
            }]}],
            "parties": [
                {"id": "1", "name": self.customer, "emailAddress": email(&self.customer, &domain),
                 "speakerId": "111", "affiliation": self.affiliation, "methods": ["Attendee"]},
                {"id": "2", "name": "Ingrid Internal", "userId": "5550001",
                 "emailAddress": "ingrid.internal@fernhill.example",
                 "speakerId": "222", "affiliation": "Internal", "methods": ["Attendee"]},
            ],
        });
        if let (Some(name), Some(parties)) = (&self.colleague, body["parties"].as_array_mut()) {
            parties.push(json!({
                "id": "3", "name": name, "emailAddress": email(name, &domain),
                "speakerId": "333", "affiliation": self.affiliation, "methods": ["Attendee"],
            }));
        }
        SandboxCall::new(body, self.transcribed.then(|| self.transcript()))
    }
}

/// The sentences of a text: they end where a space follows the punctuation.
fn sentences(text: &str) -> Vec<&str> {
    let mut sentences = Vec::new();
    let mut rest = text.trim();
    while let Some(end) = sentence_end(rest) {
        sentences.push(&rest[..=end]);
        rest = rest[end + 1..].trim_start();
    }
    if !rest.is_empty() {
        sentences.push(rest);
    }
    sentences
}

fn sentence_end(text: &str) -> Option<usize> {
    let pairs = text.as_bytes().windows(2);
    let ends = |pair: &[u8]| matches!(pair, [b'.' | b'?' | b'!', b' ']);
    pairs.into_iter().position(ends)
}

/// A call in which a customer asks for PDF export of the weekly report.
#[must_use]
pub fn pdf_call(id: &str) -> CallBuilder {
    call(id)
        .internal("Good to see you. How is the team?")
        .customer("Good, thanks. We had a busy week.")
        .customer("We really need to be able to export the weekly SLA report to PDF. Right now we take screenshots every Friday and it is painful.")
        .internal("Understood, I will pass that on.")
}

/// A call in which nothing but price is discussed.
#[must_use]
pub fn pricing_call(id: &str) -> CallBuilder {
    call(id)
        .internal("Did you see the quote?")
        .customer("Yes. Can you do better on the price for forty seats? And let us move the meeting to Tuesday.")
        .internal("Let me ask about a discount.")
}
