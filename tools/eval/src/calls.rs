//! Folders of calls whose answers are known.

use std::{collections::BTreeMap, path::Path};

use anyhow::{Context as _, Result};
use domain::call::{Call, CallState};
use serde::Serialize;
use serde_json::Value;

use crate::score::Score;

/// What a folder's `expected.json` says.
#[derive(Debug, Clone, Default)]
pub struct Expected {
    calls: BTreeMap<String, ExpectedCall>,
}

#[derive(Debug, Clone)]
struct ExpectedCall {
    expect: String,
    cluster: Option<String>,
}

/// How an engine did on calls.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Accuracy {
    /// Does a call hold feedback?
    pub detection: Score,
    /// Pairs of feedback calls: do they raise the same request?
    pub merges: Score,
    /// What went wrong, in words.
    pub misses: Vec<String>,
}

impl Expected {
    /// The answers of several folders together.
    #[must_use]
    pub fn join(parts: impl IntoIterator<Item = Self>) -> Self {
        let calls = parts.into_iter().flat_map(|part| part.calls);
        Self {
            calls: calls.collect(),
        }
    }

    /// Reads `expected.json`.
    ///
    /// # Errors
    /// When it is missing or not of the documented shape.
    pub fn load(folder: &Path) -> Result<Self> {
        let path = folder.join("expected.json");
        let text = std::fs::read_to_string(&path)
            .with_context(|| format!("{} cannot be read", path.display()))?;
        let json: Value = serde_json::from_str(&text)
            .with_context(|| format!("{} is not JSON", path.display()))?;
        let list = json["calls"].as_array().context("`calls` is missing")?;
        let mut calls = BTreeMap::new();
        for entry in list {
            let id = entry["id"].as_str().context("an id is missing")?;
            let call = ExpectedCall {
                expect: entry["expect"]
                    .as_str()
                    .context("`expect` is missing")?
                    .to_owned(),
                cluster: entry["cluster"].as_str().map(str::to_owned),
            };
            calls.insert(id.to_owned(), call);
        }
        Ok(Self { calls })
    }

    /// The request that a call raises.
    #[must_use]
    pub fn cluster(&self, id: &str) -> Option<String> {
        self.calls.get(id)?.cluster.clone()
    }

    /// How many calls there are of a kind (`feedback`, `none`, `private`, `internal_only`).
    #[must_use]
    pub fn count(&self, expect: &str) -> usize {
        let of_kind = |call: &&ExpectedCall| call.expect == expect;
        self.calls.values().filter(of_kind).count()
    }

    /// Compares a run's ledger with what was expected.
    #[must_use]
    pub fn compare(&self, calls: &[Call]) -> Accuracy {
        let mut accuracy = Accuracy::default();
        let gives = |state| {
            matches!(
                state,
                CallState::Posted | CallState::Consolidated | CallState::InReview
            )
        };
        let mut posts: Vec<(&str, &str)> = Vec::new();
        for call in calls {
            let Some(expected) = self.calls.get(call.id.as_str()) else {
                continue;
            };
            if call.state == CallState::AwaitingTranscript {
                let words = format!("{} is not decided: {}", call.id, call.reason);
                accuracy.misses.push(words);
                continue;
            }
            let (is, said) = (expected.expect == "feedback", gives(call.state));
            accuracy.detection.count(is, said);
            if is != said {
                let words = format!("{} is {}: {}", call.id, expected.expect, call.reason);
                accuracy.misses.push(words);
            }
            if let (Some(cluster), Some(outcome)) = (&expected.cluster, call.outcomes.first()) {
                posts.push((cluster, outcome.post_id.as_str()));
            }
        }
        for (i, one) in posts.iter().enumerate() {
            for other in &posts[..i] {
                let (is, said) = (one.0 == other.0, one.1 == other.1);
                accuracy.merges.count(is, said);
                if !is && said {
                    let words = format!("merged by mistake: {} and {}", one.0, other.0);
                    accuracy.misses.push(words);
                }
            }
        }
        accuracy
    }
}
