//! Evidence: what a post rests on, and how it came to lie there.

use serde::{Deserialize, Serialize};

use super::post::{Author, EngineStamp, Priority, Sentiment, embedding_text};
use crate::{
    ids::{CallId, OrgId, PostId, UserId},
    moment::Timestamp,
    words::words,
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
    /// The moment in the call at Gong; none when the call has no page.
    pub link: Option<String>,
}

words!(
    /// What a merge rests on.
    MergeBasis {
        /// Its post is similar enough.
        Similarity = "similarity",
        /// A person moved evidence that is similar enough to the post.
        PersonsMove = "persons_move",
    }
);

impl MergeBasis {
    /// The reason that a merge is stored with.
    #[must_use]
    pub const fn reason(self) -> &'static str {
        match self {
            Self::Similarity => "the similarity reaches the threshold",
            Self::PersonsMove => "a person moved evidence like this one here",
            Self::Newer(word) => word.as_str(),
        }
    }
}

/// How a merge, or its refusal, was decided.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MergeCheck {
    /// The decision in words.
    #[serde(default)]
    pub reason: String,
    /// What it rests on; none in what was stored before there was this field.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub basis: Option<MergeBasis>,
    /// The similarity, from -1 to 1.
    pub score: f32,
    /// The threshold that held.
    pub threshold: f32,
    /// The embedder's name.
    pub embedder: String,
    /// What kept the pair apart, in words; empty when nothing did.
    pub guards: Vec<String>,
    /// Whether the guards were asked; off by a setting.
    #[serde(default = "asked")]
    pub guarded: bool,
}

impl MergeCheck {
    /// What the merge rests on.
    #[must_use]
    pub fn basis(&self) -> MergeBasis {
        self.basis.unwrap_or_else(|| {
            if self.reason == MergeBasis::PersonsMove.reason() {
                MergeBasis::PersonsMove
            } else {
                MergeBasis::Similarity
            }
        })
    }
}

/// A post that is like this one but was kept apart.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Similar {
    /// The other post.
    pub post_id: PostId,
    /// How it was decided.
    pub check: MergeCheck,
}

/// One call's support for a post.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// The organization.
    pub org_id: OrgId,
    /// The post.
    pub post_id: PostId,
    /// The call.
    pub call_id: CallId,
    /// Which of the call's feedbacks, from 0.
    pub n: u32,
    /// The call's page at Gong.
    pub call_url: Option<String>,
    /// The call's title.
    pub call_title: Option<String>,
    /// When the call started.
    pub call_started: Option<Timestamp>,
    /// The customer.
    pub author: Author,
    /// What this call's feedback was called.
    pub title: String,
    /// What this call's feedback said.
    pub description: String,
    /// How the customer feels about it.
    #[serde(default)]
    pub sentiment: Option<Sentiment>,
    /// How much it matters to them.
    #[serde(default)]
    pub priority: Option<Priority>,
    /// The part of the product.
    #[serde(default)]
    pub feature_area: Option<String>,
    /// What hurts.
    #[serde(default)]
    pub pain_points: Vec<String>,
    /// The customer's words.
    pub quotes: Vec<Quote>,
    /// How many of the quotes that the engine claimed are not in the customer's words.
    #[serde(default)]
    pub rejected_quotes: u32,
    /// Why it lies with this post; none for the call that made the post.
    pub merge: Option<MergeCheck>,
    /// What analysed the call.
    pub engine: EngineStamp,
    /// When it was added.
    pub created: Timestamp,
    /// Where people moved it from, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub moves: Vec<Move>,
}

/// A person put evidence from one post to another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Move {
    /// Where it lay.
    pub from: PostId,
    /// Who moved it.
    pub by: UserId,
    /// When.
    pub at: Timestamp,
}

/// A person's word that the like of this evidence does not belong with a post.
#[derive(Debug, Clone, PartialEq)]
pub struct MovedOut {
    /// The organization.
    pub org_id: OrgId,
    /// The post that it was moved out of.
    pub post_id: PostId,
    /// The evidence's call.
    pub call_id: CallId,
    /// Which of the call's feedbacks.
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
    /// The text that stands for it in the vector space.
    #[must_use]
    pub fn embedding_text(&self) -> String {
        embedding_text(&self.title, &self.description, &self.pain_points)
    }

    /// Whether this is the same evidence, wherever it lies.
    #[must_use]
    pub fn is(&self, call: &CallId, n: u32) -> bool {
        self.call_id == *call && self.n == n
    }
}

const fn asked() -> bool {
    true
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test may panic")]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_check_that_was_stored_before_it_had_a_basis_rests_on_what_its_reason_says() {
        for (reason, basis) in [
            (MergeBasis::PersonsMove.reason(), MergeBasis::PersonsMove),
            (MergeBasis::Similarity.reason(), MergeBasis::Similarity),
            ("", MergeBasis::Similarity),
        ] {
            let stored = json!({
                "reason": reason, "score": 0.9, "threshold": 0.5, "embedder": "e", "guards": []
            });
            let mut check: MergeCheck = serde_json::from_value(stored).unwrap();
            assert_eq!(check.basis(), basis, "{reason}");
            check.basis = Some(MergeBasis::PersonsMove);
            assert_eq!(check.basis(), MergeBasis::PersonsMove);
        }
    }
}
