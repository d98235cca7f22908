//! A feedback post and the evidence that it rests on.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    ids::{BoardId, CallId, CategoryId, OrgId, PostId, TagId, UserId},
    moment::Timestamp,
};

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum $name {
            $($(#[$vdoc])* #[serde(rename = $word)] $variant),+
        }

        impl $name {
            /// All values, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The value's word, as stored and shown.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            /// Reads a value's word.
            #[must_use]
            pub fn parse(text: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|value| value.as_str() == text)
            }
        }
    };
}

words!(
    /// How the customer feels about it.
    Sentiment {
        /// Pleased.
        Positive = "positive",
        /// Neither, or both.
        Neutral = "neutral",
        /// Annoyed or worried.
        Negative = "negative",
    }
);

words!(
    /// How much it matters to the customer.
    Priority {
        /// Nice to have.
        Low = "low",
        /// Wanted.
        Medium = "medium",
        /// Hurts now.
        High = "high",
        /// Decides whether they buy or stay.
        Critical = "critical",
    }
);

words!(
    /// Where the product team stands with a post.
    PostStatus {
        /// New.
        Open = "open",
        /// Being looked at.
        UnderReview = "under review",
        /// Will be done.
        Planned = "planned",
        /// Is being done.
        InProgress = "in progress",
        /// Done.
        Complete = "complete",
        /// Will not be done.
        Closed = "closed",
    }
);

words!(
    /// Whether a post is shown as fact.
    Moderation {
        /// Shown, searched, merged into.
        Published = "published",
        /// Waits for a person; not searched, never merged into.
        InReview = "in_review",
    }
);

/// The customer who said it, or the person who wrote the post.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Author {
    /// The person's name.
    pub name: Option<String>,
    /// The person's e-mail address.
    pub email: Option<String>,
    /// The company, by CRM where known.
    pub account: Option<String>,
}

/// What analysed a call: shown on every post it made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EngineStamp {
    /// The language model of each stage in words, or "built-in rules".
    pub llm: String,
    /// The version of the prompts or rules.
    pub version: String,
}

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

/// How a merge, or its refusal, was decided.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MergeCheck {
    /// The similarity, from -1 to 1.
    pub score: f32,
    /// The threshold that held.
    pub threshold: f32,
    /// The embedder's name.
    pub embedder: String,
    /// What kept the pair apart, in words; empty when nothing did.
    pub guards: Vec<String>,
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
    /// The customer's words.
    pub quotes: Vec<Quote>,
    /// Why it lies with this post; none for the call that made the post.
    pub merge: Option<MergeCheck>,
    /// What analysed the call.
    pub engine: EngineStamp,
    /// When it was added.
    pub created: Timestamp,
}

/// A feedback post.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Post {
    /// The organization.
    pub org_id: OrgId,
    /// The post.
    pub id: PostId,
    /// Grows whenever the post's vector changes or it enters or leaves the search.
    pub revision: u64,
    /// Title.
    pub title: String,
    /// Details.
    pub description: String,
    /// How customers feel about it.
    pub sentiment: Option<Sentiment>,
    /// How much it matters.
    pub priority: Option<Priority>,
    /// The part of the product.
    pub feature_area: Option<String>,
    /// What hurts.
    #[serde(default)]
    pub pain_points: Vec<String>,
    /// The board.
    pub board_id: BoardId,
    /// The board's category.
    pub category_id: Option<CategoryId>,
    /// Tags.
    #[serde(default)]
    pub tag_ids: Vec<TagId>,
    /// Where the product team stands.
    pub status: PostStatus,
    /// Whether it is shown as fact.
    pub moderation: Moderation,
    /// Why it waits for a person, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub review_reason: Option<String>,
    /// Where it came from: `gong`, `manual` or what an import names.
    pub source: String,
    /// How it came: `integration`, `manual` or `import`.
    pub source_type: String,
    /// The first customer who asked, or the person who wrote it.
    pub author: Author,
    /// Facts of the source, such as `gong_call_url`.
    #[serde(default)]
    pub metadata: BTreeMap<String, Value>,
    /// What made it; none for a post made by a person.
    pub engine: Option<EngineStamp>,
    /// How many evidences it has.
    #[serde(default)]
    pub evidence_count: u64,
    /// Posts like it that were kept apart.
    #[serde(default)]
    pub similar: Vec<Similar>,
    /// When it was made.
    pub created: Timestamp,
    /// The last change.
    pub updated: Timestamp,
    /// The person who made it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_by: Option<UserId>,
}

impl Post {
    /// The text that is embedded: title, description and pain points.
    #[must_use]
    pub fn embedding_text(&self) -> String {
        embedding_text(&self.title, &self.description, &self.pain_points)
    }
}

/// The text that stands for a feedback in the vector space.
#[must_use]
pub fn embedding_text(title: &str, description: &str, pain_points: &[String]) -> String {
    let mut text = title.trim().to_owned();
    for part in std::iter::once(description).chain(pain_points.iter().map(String::as_str)) {
        let part = part.trim();
        if !part.is_empty() {
            text.push('\n');
            text.push_str(part);
        }
    }
    text
}
