//! Evidence: what a post rests on, and how it came to lie there.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{
    post::{Author, EngineStamp},
    request::Request,
    similarity::MergeCheck,
};
use crate::{
    ids::{CallId, OrgId, PostId, UserId},
    moment::Timestamp,
};

/// A sentence or more that a customer said, found word for word in the transcript.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quote {
    /// The words as the transcript has them.
    pub text: String,
    /// Who said them, by the transcript.
    pub speaker: String,
    /// Where they start in the call, in milliseconds.
    pub start_ms: i64,
    /// The moment in the call at its source; none when the call has no page.
    pub link: Option<String>,
}

/// One call's support for a post.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    pub org_id: OrgId,
    pub post_id: PostId,
    pub call_id: CallId,
    /// Which of the call's pieces of feedback, from 0.
    pub n: u32,
    /// The call's page at its source.
    pub call_url: Option<String>,
    pub call_title: Option<String>,
    /// When the call started.
    pub call_started: Option<Timestamp>,
    pub author: Author,
    /// What this call's feedback said.
    #[serde(flatten)]
    pub request: Request,
    pub quotes: Vec<Quote>,
    /// How many of the quotes that the engine extracted are not in the customer's words.
    #[serde(default)]
    pub rejected_quotes: u32,
    /// Why it lies with this post; none for the call that made the post.
    pub merge: Option<MergeCheck>,
    /// What analysed the call.
    pub engine: EngineStamp,
    pub created: Timestamp,
    /// Where people moved it from, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub moves: Vec<Move>,
}

/// A person put evidence from one post to another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Move {
    pub from: PostId,
    pub by: UserId,
    pub at: Timestamp,
}

/// A person's word that the like of this evidence does not belong with a post.
#[derive(Debug, Clone, PartialEq)]
pub struct Unmerge {
    pub org_id: OrgId,
    /// The post that it was moved out of.
    pub post_id: PostId,
    pub call_id: CallId,
    /// Which of the call's pieces of feedback.
    pub n: u32,
    /// Where it went; the like of it follows while that post is live.
    pub to: PostId,
    /// The text that stands for the evidence in the vector space.
    pub text: String,
    /// The embedder of `vector`.
    pub embedder: String,
    /// Its place in the vector space.
    pub vector: Vec<f32>,
}

impl Evidence {
    /// Whether this is the same evidence, wherever it lies.
    #[must_use]
    pub fn is(&self, call: &CallId, n: u32) -> bool {
        self.call_id == *call && self.n == n
    }
}

/// What a post says of the call of this evidence.
#[must_use]
pub fn call_facts(evidence: &Evidence) -> BTreeMap<String, Value> {
    let (url, title) = (evidence.call_url.as_ref(), evidence.call_title.as_ref());
    facts(&evidence.call_id, url, title, evidence.call_started)
}

/// What a post says of its call.
#[must_use]
pub fn facts(
    id: &CallId,
    url: Option<&String>,
    title: Option<&String>,
    started: Option<Timestamp>,
) -> BTreeMap<String, Value> {
    let started = started.map(Timestamp::to_rfc3339);
    let fact = |name: &str, value: Value| (call_fact(id, name), value);
    BTreeMap::from([
        fact("url", json!(url)),
        fact("id", json!(id)),
        fact("title", json!(title)),
        fact("started", json!(started)),
    ])
}

/// The name of a fact of a call, such as `gong_call_url`; without a name, what those of its source
/// begin with.
#[must_use]
pub fn call_fact(call: &CallId, name: &str) -> String {
    format!("{}_call_{name}", call.source())
}

/// The name of the fact by which connection a call was read.
#[must_use]
pub fn connection_fact(call: &CallId) -> String {
    format!("{}_connection_generation", call.source())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test may panic")]
mod tests {
    use super::*;

    #[test]
    fn the_facts_of_a_call_are_named_after_its_source() {
        let url = &"https://calls.example/7".to_owned();
        let title = &"Harbour weekly".to_owned();
        let started = Timestamp(1_500);
        for (call, given, expected) in [
            (
                "7",
                (Some(url), Some(title), Some(started)),
                json!({
                    "gong_call_id": "7",
                    "gong_call_started": "1970-01-01T00:00:01.5Z",
                    "gong_call_title": "Harbour weekly",
                    "gong_call_url": "https://calls.example/7",
                }),
            ),
            (
                "chat:7",
                (Some(url), None, None),
                json!({
                    "chat_call_id": "chat:7",
                    "chat_call_started": null,
                    "chat_call_title": null,
                    "chat_call_url": "https://calls.example/7",
                }),
            ),
            (
                "98765432109876543210",
                (None, None, None),
                json!({
                    "gong_call_id": "98765432109876543210",
                    "gong_call_started": null,
                    "gong_call_title": null,
                    "gong_call_url": null,
                }),
            ),
        ] {
            let (url, title, started) = given;
            let id = CallId::parse(call).unwrap();
            let facts = facts(&id, url, title, started);
            let prefix = call_fact(&id, "");
            assert!(facts.keys().all(|name| name.starts_with(&prefix)), "{call}");
            assert_eq!(json!(facts), expected, "{call}");
        }
    }

    #[test]
    fn the_fact_of_the_connection_is_none_of_the_facts_of_a_call() {
        for (call, name) in [
            ("7", "gong_connection_generation"),
            ("chat:7", "chat_connection_generation"),
        ] {
            let call = CallId::parse(call).unwrap();
            assert_eq!(connection_fact(&call), name);
            assert!(!name.starts_with(&call_fact(&call, "")), "{call}");
        }
    }
}
