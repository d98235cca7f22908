//! Language and embedding models that a test plays, over HTTP and through the real clients.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use adapters::{
    embeddings::{Voyage, VoyageConfig},
    llm::{LlmAnalyst, LlmConfig, Protocol},
};
use domain::{
    ports::analysis::{Analyst, Embedder},
    secret::Secret,
};
use kit::system::{TestClock, TestIds};
use local_runner::recorded::requests;
use serde_json::{Value, json};

use kit::scripted::{Reply, Scripted, Seen};

/// Both protocols that a base URL may speak.
pub const BOTH: [Protocol; 2] = [Protocol::OpenAi, Protocol::Anthropic];

/// What a request asks for, told by the schema that comes with it, and of stages that share one, by
/// the task below what is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    Detect,
    Extract,
    Repair,
    Judge,
    Organize,
}

impl Stage {
    pub fn of(seen: &Seen) -> Self {
        let fields = &seen.schema()["properties"];
        if fields.get("findings").is_some() {
            match seen.user().contains("\n\nTask: decide") {
                true => Self::Detect,
                false => Self::Extract,
            }
        } else if fields.get("title").is_some() {
            Self::Repair
        } else if fields.get("judgements").is_some() {
            Self::Judge
        } else {
            Self::Organize
        }
    }
}

/// A server that answers each stage from what it is given to read, and the analyst that asks it.
pub async fn model(
    protocol: Protocol,
    play: impl Fn(Stage, &str) -> Reply + Send + Sync + 'static,
) -> (Scripted, Arc<dyn Analyst>) {
    let server = Scripted::answering(move |seen| play(Stage::of(seen), seen.user())).await;
    let analyst = analyst(protocol, &server.url);
    (server, analyst)
}

pub fn analyst(protocol: Protocol, url: &str) -> Arc<dyn Analyst> {
    let mut config = LlmConfig::new("scripted-model");
    config.base_url = Some(url.to_owned());
    config.api_key = Some(Secret::new("key-of-the-test").into());
    config.protocol = Some(protocol);
    let (clock, ids) = (Arc::<TestClock>::default(), Arc::<TestIds>::default());
    Arc::new(LlmAnalyst::new(config, clock, ids).unwrap())
}

pub fn detects(feedback: bool) -> Reply {
    Reply::text(&json!({"feedback": feedback, "reason": "So says the scripted model."}))
}

/// Extract's answer: one feedback.
pub fn finds(title: &str, quotes: &[&str]) -> Reply {
    Reply::text(&json!({"findings": [finding(title, quotes)]}))
}

/// One feedback of extract's answer.
pub fn finding(title: &str, quotes: &[&str]) -> Value {
    json!({
        "title": title, "description": format!("Customers ask for this: {title}."),
        "sentiment": "negative", "priority": "high", "feature_area": "Reports",
        "pain_points": ["Work by hand"], "quotes": quotes, "confidence": "high",
    })
}

pub fn places(board: &str, category: &str, tags: &[&str]) -> Reply {
    Reply::text(&json!({"board_id": board, "category_id": category, "tag_ids": tags}))
}

/// What a customer says in `pdf_call`, and what a good model finds in it.
pub const PDF_QUOTE: &str = "We really need to be able to export the weekly SLA report to PDF.";
pub const PDF_TITLE: &str = "Export the weekly SLA report to PDF";

/// A model that does its work well on calls that ask for PDF export.
pub fn good(stage: Stage, material: &str) -> Reply {
    match stage {
        Stage::Detect => detects(material.contains("PDF")),
        Stage::Extract => finds(PDF_TITLE, &[PDF_QUOTE]),
        Stage::Repair => Reply::text(&json!({
            "title": PDF_TITLE, "description": "Customers ask for this.", "pain_points": [],
        })),
        Stage::Judge => judges(material, |one, other| {
            let both = one.contains("PDF") && other.contains("PDF");
            if both || one == other {
                "same"
            } else {
                "different"
            }
        }),
        Stage::Organize => places("feature-requests", "reports", &["export"]),
    }
}

/// Judge's answer: what is found of the request and each of the others, by their titles.
pub fn judges(material: &str, find: impl Fn(&str, &str) -> &'static str) -> Reply {
    let (request, others) = requests(material);
    let title = |lines: &[&str]| lines[0].strip_prefix("title: ").unwrap().to_owned();
    let judgements = others.iter().map(|(id, other)| {
        json!({
            "id": id, "sameness": find(&title(&request), &title(other)),
            "reason": "So says the scripted model.", "confidence": "high",
        })
    });
    Reply::text(&json!({"judgements": judgements.collect::<Vec<_>>()}))
}

/// A switch that a test turns while a model runs.
#[derive(Clone, Default)]
pub struct Switch(Arc<AtomicBool>);

impl Switch {
    pub fn turned_on() -> Self {
        let switch = Self::default();
        switch.set(true);
        switch
    }

    pub fn is_on(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }

    pub fn set(&self, on: bool) {
        self.0.store(on, Ordering::SeqCst);
    }
}

/// The dimension of the scripted embedding model.
pub const DIMENSION: usize = 2;

/// Voyage's client before a server that answers from the texts.
pub async fn voyage(
    play: impl Fn(&[String]) -> Reply + Send + Sync + 'static,
) -> (Scripted, (Arc<dyn Embedder>, usize)) {
    let texts = |body: &Value| -> Vec<String> {
        serde_json::from_value(body["input"].clone()).unwrap_or_default()
    };
    let server = Scripted::answering(move |seen| play(&texts(&seen.body))).await;
    let mut config = VoyageConfig::new(Secret::new("key-of-the-test"));
    config.base_url.clone_from(&server.url);
    config.dimension = DIMENSION;
    let (clock, ids) = (Arc::<TestClock>::default(), Arc::<TestIds>::default());
    let voyage = Voyage::new(config, clock, ids).unwrap();
    (server, (Arc::new(voyage), DIMENSION))
}

/// Voyage's answer: texts that speak of PDF point one way, all others another.
pub fn embeds(texts: &[String]) -> Reply {
    let vector = |text: &String| {
        if text.contains("PDF") {
            [1.0, 0.0]
        } else {
            [0.0, 1.0]
        }
    };
    let data: Vec<Value> = texts
        .iter()
        .enumerate()
        .map(|(index, text)| json!({"index": index, "embedding": vector(text)}))
        .collect();
    Reply::Raw(json!({"object": "list", "data": data, "model": "voyage-4"}))
}
