//! A language model whose provider keeps the beginnings of prompts, and counts what it bills for
//! them, as two providers do.
//!
//! OpenAI (<https://platform.openai.com/docs/guides/prompt-caching>): of itself, from 1,024 tokens
//! on, in steps of 128; the schema of the answer stands before the instructions and counts as their
//! beginning. Anthropic (<https://docs.anthropic.com/en/docs/build-with-claude/prompt-caching>):
//! what a request marks, from 1,024 tokens on.

use std::{
    collections::HashSet,
    sync::{Arc, Mutex, PoisonError},
};

use adapters::llm::{LlmAnalyst, LlmConfig, Protocol};
use axum::{Json, Router, extract::State, routing::post};
use domain::usage::Usage;
use serde_json::{Value, json};
use tiktoken_rs::{CoreBPE, o200k_base};

use crate::engine;

/// Nothing shorter is kept.
const SHORTEST: usize = 1_024;
const STEP: usize = 128;

/// Tokens as they are billed, in tokens of the plain price.
pub fn billed(used: &Usage) -> f64 {
    #[expect(
        clippy::cast_precision_loss,
        reason = "tokens of a call are far below 2^52"
    )]
    let [sent, cached, written] = [
        used.prompt_tokens,
        used.cached_tokens,
        used.cache_written_tokens,
    ]
    .map(|n| n as f64);
    sent - 0.9 * cached + 0.25 * written
}

/// What a provider keeps.
#[derive(Default)]
struct Kept {
    /// Token by token, of every request.
    sequences: Vec<Vec<u32>>,
    marked: HashSet<String>,
}

struct Provider {
    tokens: CoreBPE,
    kept: Mutex<Kept>,
}

/// An analyst before a provider that keeps prompts in its protocol's way; `change` sets its models.
pub async fn analyst(protocol: Protocol, change: impl FnOnce(&mut LlmConfig)) -> Arc<LlmAnalyst> {
    let provider = Arc::new(Provider {
        tokens: o200k_base().expect("the vocabulary is built in"),
        kept: Mutex::default(),
    });
    let app = Router::new()
        .route("/v1/chat/completions", post(chat))
        .route("/v1/messages", post(messages))
        .with_state(provider);
    engine::before(app, protocol, change).await
}

impl Provider {
    fn count(&self, text: &str) -> usize {
        self.tokens.encode_with_special_tokens(text).len()
    }

    /// Of a whole prompt of a model its tokens, and how many of them were kept.
    fn chat(&self, model: &str, prompt: &str) -> (usize, usize) {
        let prompt = self
            .tokens
            .encode_with_special_tokens(&format!("{model}\n{prompt}"));
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let shared = |known: &Vec<u32>| {
            known
                .iter()
                .zip(&prompt)
                .take_while(|(a, b)| a == b)
                .count()
        };
        let longest = kept.sequences.iter().map(shared).max().unwrap_or(0);
        let cached = if longest < SHORTEST {
            0
        } else {
            longest / STEP * STEP
        };
        let sent = prompt.len();
        kept.sequences.push(prompt);
        (sent, cached)
    }

    /// Of a marked beginning and the rest the tokens that are sent, kept before and kept now.
    fn messages(&self, model: &str, beginning: &str, rest: &str) -> (usize, usize, usize) {
        let marked = self.count(beginning);
        if marked < SHORTEST {
            return (marked + self.count(rest), 0, 0);
        }
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        match kept.marked.insert(format!("{model}\n{beginning}")) {
            true => (self.count(rest), 0, marked),
            false => (self.count(rest), marked, 0),
        }
    }
}

async fn chat(State(provider): State<Arc<Provider>>, Json(body): Json<Value>) -> Json<Value> {
    let text = |n: usize| body["messages"][n]["content"].as_str().unwrap_or_default();
    let schema = &body["response_format"]["json_schema"]["schema"];
    let prompt = format!("{schema}\n{}\n{}", text(0), text(1));
    let model = body["model"].as_str().unwrap_or_default();
    let (sent, cached) = provider.chat(model, &prompt);
    let said = said(schema).to_string();
    Json(json!({
        "id": "1", "object": "chat.completion", "created": 1, "model": model,
        "choices": [{"index": 0, "finish_reason": "stop",
                     "message": {"role": "assistant", "content": said}}],
        "usage": {"prompt_tokens": sent, "completion_tokens": provider.count(&said),
                  "prompt_tokens_details": {"cached_tokens": cached}},
    }))
}

async fn messages(State(provider): State<Arc<Provider>>, Json(body): Json<Value>) -> Json<Value> {
    let schema = &body["output_config"]["format"]["schema"];
    let before = format!(
        "{schema}\n{}\n",
        body["system"].as_str().unwrap_or_default()
    );
    let content = &body["messages"][0]["content"];
    let model = body["model"].as_str().unwrap_or_default();
    let (beginning, rest) = match content.as_str() {
        Some(text) => (String::new(), format!("{before}{text}")),
        None => {
            let block = |n: usize| content[n]["text"].as_str().unwrap_or_default();
            (format!("{before}{}", block(0)), block(1).to_owned())
        }
    };
    let (input, cached, written) = provider.messages(model, &beginning, &rest);
    let said = said(schema).to_string();
    Json(json!({
        "content": [{"type": "text", "text": said}], "stop_reason": "end_turn",
        "usage": {"input_tokens": input, "cache_read_input_tokens": cached,
                  "cache_creation_input_tokens": written, "output_tokens": provider.count(&said)},
    }))
}

/// An answer of the length that a good model's has.
fn said(schema: &Value) -> Value {
    let fields = &schema["properties"];
    if fields.get("findings").is_some() {
        let description = "They copy the rows of every report by hand into a sheet on Mondays, \
                           because there is no way to get them out of it, and it takes an hour.";
        json!({"feedback": true, "reason": "", "findings": [{
            "title": "Export the rows of a report as a file", "description": description,
            "sentiment": "negative", "priority": "high", "feature_area": "Reports",
            "pain_points": ["An hour of copying by hand every Monday"],
            "quotes": ["I copy them by hand into a sheet, every Monday, all of them."],
            "confidence": "high",
        }]})
    } else if fields.get("judgements").is_some() {
        json!({"judgements": [{"id": "o1", "sameness": "different", "confidence": "high",
            "reason": "One is about the rows of a report, the other about its layout on paper."}]})
    } else {
        json!({"board_id": "none", "category_id": "none", "tag_ids": []})
    }
}
