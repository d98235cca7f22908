//! What the tests of people's decisions share: a product with three requests, and models
//! that know them.

use std::sync::Arc;

use adapters::llm::Protocol;
use domain::{connection::History, moment::Span, ports::feedback::FeedbackStore};
use gong_sandbox::SandboxCall;
use kit::{
    Browser, TestApp, TestOptions,
    calls::{CallBuilder, call},
    test_app::{admin, member},
};
use serde_json::{Value, json};

use crate::model::{DIMENSION, Stage, detects, finds, good, model, places, voyage};
use kit::scripted::{Reply, Scripted};

/// A request: the word by which the models know it, its title, and what a customer says.
#[derive(Clone, Copy)]
pub struct Wish {
    pub word: &'static str,
    pub title: &'static str,
    pub said: &'static str,
    place: [f32; DIMENSION],
}

pub const REPORT: Wish = Wish {
    word: "report",
    title: "Export the weekly report",
    said: "We really need to export the weekly report.",
    place: [1.0, 0.0],
};
/// Near enough to [`REPORT`] to be merged by the rules.
pub const INVOICE: Wish = Wish {
    word: "invoice",
    title: "Export each invoice",
    said: "We would like to export each invoice.",
    place: [0.95, 0.312_25],
};
/// As near to [`INVOICE`] as can be, and the opposite of it.
pub const NO_INVOICE: Wish = Wish {
    word: "not export",
    title: "Do not export each invoice",
    said: "Please do not export each invoice.",
    place: INVOICE.place,
};
pub const NIGHT: Wish = Wish {
    word: "night",
    title: "A theme for the night shift",
    said: "Our night shift wants another theme.",
    place: [0.0, 1.0],
};
const WISHES: [Wish; 4] = [NO_INVOICE, INVOICE, REPORT, NIGHT];

fn wish(text: &str) -> Option<Wish> {
    WISHES.into_iter().find(|wish| text.contains(wish.word))
}

/// A call in which a customer asks for this.
pub fn asks(id: &str, wish: Wish) -> CallBuilder {
    call(id)
        .internal("How is it going?")
        .customer(wish.said)
        .internal("I will pass that on.")
}

/// Detects, extracts and places the three wishes.
pub fn knows(stage: Stage, material: &str) -> Reply {
    let Some(wish) = wish(material) else {
        return detects(false);
    };
    match stage {
        Stage::Detect => detects(true),
        Stage::Extract => finds(wish.title, &[wish.said]),
        Stage::Repair | Stage::Judge => good(stage, material),
        Stage::Organize => places("feature-requests", "", &[]),
    }
}

fn embeds(texts: &[String]) -> Reply {
    let data: Vec<Value> = texts
        .iter()
        .enumerate()
        .map(|(index, text)| {
            let text = text.to_lowercase();
            let place = wish(&text).map_or([0.0, -1.0], |wish| wish.place);
            json!({"index": index, "embedding": place})
        })
        .collect();
    let tokens = 20 * texts.len();
    Reply::Raw(json!({"object": "list", "data": data, "usage": {"total_tokens": tokens}}))
}

/// A connected company whose calls ask for these things.
pub struct Company {
    pub test: TestApp,
    pub servers: [Scripted; 2],
    calls: Vec<SandboxCall>,
}

impl Company {
    pub async fn with(calls: Vec<SandboxCall>) -> Self {
        Self::start(calls, knows, |_| ()).await
    }

    pub async fn start(
        calls: Vec<SandboxCall>,
        play: impl Fn(Stage, &str) -> Reply + Send + Sync + 'static,
        change: impl FnOnce(&mut TestOptions),
    ) -> Self {
        Self::start_on(Protocol::OpenAi, calls, play, change).await
    }

    pub async fn start_on(
        protocol: Protocol,
        calls: Vec<SandboxCall>,
        play: impl Fn(Stage, &str) -> Reply + Send + Sync + 'static,
        change: impl FnOnce(&mut TestOptions),
    ) -> Self {
        let (llm, analyst) = model(protocol, play).await;
        let (vectors, embedder) = voyage(embeds).await;
        let mut options = TestOptions {
            calls: calls.clone(),
            analyst: Some(analyst),
            index: Some(Arc::new(local::exact_index::ExactIndex::new(DIMENSION))),
            embedder: Some(embedder),
            ..TestOptions::default()
        };
        change(&mut options);
        Self {
            test: TestApp::start(options).await,
            servers: [llm, vectors],
            calls,
        }
    }

    /// Changes the settings as an admin does.
    pub async fn set(&self, fields: &[(&str, &str)]) {
        let mut form = vec![
            ("feedback_per_call", "1"),
            ("merging", "automatic"),
            ("redact", "on"),
            ("withdraw_private", "on"),
            ("review", "off"),
            ("own_domains", ""),
            ("monthly_tokens", ""),
            ("monthly_dollars", ""),
        ];
        form.retain(|(name, _)| fields.iter().all(|(other, _)| other != name));
        form.extend(fields);
        let mut ada = self.test.browser(&admin()).await;
        let page = ada.post("/integrations/gong/settings", &form).await;
        assert!(
            page.location().contains("settings-saved"),
            "{}",
            page.text()
        );
    }

    pub async fn connect(&self) -> Browser {
        self.test.connected(History::Days(30)).await;
        self.max().await
    }

    /// A member, signed in now.
    pub async fn max(&self) -> Browser {
        self.test.browser(&member()).await
    }

    /// More calls, found by the next poll.
    pub async fn hears(&mut self, more: Vec<SandboxCall>) {
        self.calls.extend(more);
        self.test.sandbox.set_calls(self.calls.clone());
        self.test.later(Span::hours(4)).await;
    }

    /// The page of the only post with this title.
    pub async fn page_of(&self, title: &str) -> String {
        let posts = self.test.all_posts().await;
        let mut with: Vec<_> = posts
            .iter()
            .filter(|post| post.request.title == title)
            .collect();
        assert_eq!(with.len(), 1, "{posts:#?}");
        format!("/feedback/{}", with.remove(0).id)
    }

    /// Titles with the number of pieces of evidence that lie with them, of listed posts, by title.
    pub async fn counts(&self) -> Vec<(String, u64)> {
        let mut counts = Vec::new();
        for post in self.test.all_posts().await {
            let evidence = self
                .test
                .app
                .store
                .evidence(&self.test.org(), &post.id)
                .await;
            let stored = evidence.unwrap().len() as u64;
            assert_eq!(stored, post.evidence_count, "{}", post.request.title);
            counts.push((post.request.title, stored));
        }
        counts.sort();
        counts
    }
}

/// Such counts, written down.
pub fn counted(pairs: &[(Wish, u64)]) -> Vec<(String, u64)> {
    let mut counts: Vec<_> = pairs
        .iter()
        .map(|(w, n)| (w.title.to_owned(), *n))
        .collect();
    counts.sort();
    counts
}
