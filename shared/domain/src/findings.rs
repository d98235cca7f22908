//! What the engine answers, before code has checked it.

use serde::{Deserialize, Serialize};

pub use crate::judgement::{Confidence, Judgement, Sameness};
use crate::{
    feedback::{Quote, Request, RequestText},
    ids::{BoardId, CategoryId, TagId},
};

/// Whether a call holds feedback.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Detection {
    pub feedback: bool,
    /// Why, in a sentence; goes to the ledger.
    pub reason: String,
}

/// One feedback as the engine words it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// What is asked for.
    #[serde(flatten)]
    pub request: Request,
    /// What the customer said, as the engine says.
    pub quotes: Vec<String>,
    /// How sure the engine is; none when it does not say.
    #[serde(default)]
    pub confidence: Option<Confidence>,
    /// Why it is never published unseen, whatever the settings, in sentences.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub doubts: Vec<String>,
}

/// One feedback of a call after its quotes were verified.
#[derive(Debug, Clone, PartialEq)]
pub struct Feedback {
    pub finding: Finding,
    /// What a customer said for it.
    pub quotes: Vec<Quote>,
    /// How many extracted quotes nobody of the customer's side said.
    pub rejected_quotes: u32,
    /// Its place in the vector space.
    pub vector: Vec<f32>,
}

impl Feedback {
    /// Without a verified quote it is never published as fact.
    #[must_use]
    pub fn is_verified(&self) -> bool {
        !self.quotes.is_empty()
    }
}

impl<'a> From<&'a Feedback> for RequestText<'a> {
    fn from(feedback: &'a Feedback) -> Self {
        (&feedback.finding.request).into()
    }
}

/// What an analysis found whose result could not be written: the next attempt goes on from here
/// instead of asking, and paying, again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// What it was found in and by which engine, as a hash: of anything else it says nothing.
    pub of: String,
    /// What was found, as the engine worded it.
    pub findings: Vec<Finding>,
}

/// Where the engine would put a post.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Placement {
    pub board_id: Option<BoardId>,
    pub category_id: Option<CategoryId>,
    pub tag_ids: Vec<TagId>,
}
