//! A feedback post.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{
    request::{Request, RequestText},
    similarity::{MergeCheck, Similar},
};
use crate::{
    ids::{BoardId, CallId, CategoryId, OrgId, PostId, TagId, UserId},
    moment::Timestamp,
    words::words,
};

words!(
    /// Where the product team stands with a post.
    PostStatus {
        Open = "open",
        /// Being looked at.
        UnderReview = "under review",
        /// Will be done.
        Planned = "planned",
        InProgress = "in progress",
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
        /// Refused by a person; kept, so that the refusal can be explained and taken back.
        Rejected = "rejected",
        /// Merged into another post by a person: what is like it is like that one.
        Merged = "merged",
    }
);

impl Moderation {
    /// Whether lists show such posts unasked.
    #[must_use]
    pub const fn is_listed(self) -> bool {
        matches!(self, Self::Published | Self::InReview)
    }

    /// Whether such posts are found by the search: as themselves, or for the post that took them
    /// in.
    #[must_use]
    pub const fn is_searched(self) -> bool {
        matches!(self, Self::Published | Self::Merged)
    }
}

/// The customer who said it, or the person who wrote the post.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Author {
    pub name: Option<String>,
    /// The person's e-mail address.
    pub email: Option<String>,
    /// The company, by CRM where known.
    pub account: Option<String>,
}

/// What analysed a call: shown on every post it made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EngineStamp {
    /// The language model of each stage in words, or "built-in engine".
    pub llm: String,
    /// The version of the prompts or rules.
    pub version: String,
    /// The version of what the organization says about its product; none where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub product: Option<u32>,
}

/// Merges by hand are followed over this many posts.
pub const LONGEST_CHAIN: usize = 8;

/// A person's decision in review.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reviewed {
    pub by: UserId,
    pub at: Timestamp,
    /// Why, in the person's words.
    pub reason: Option<String>,
}

/// Where a merged post went.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Merged {
    pub into: PostId,
    pub by: UserId,
    pub at: Timestamp,
    /// What the rules had to say for it, when it was an approval in review.
    pub check: Option<MergeCheck>,
    /// What it was before: an undo puts it back there.
    #[serde(default)]
    pub before: Before,
}

/// What a post was before it was merged into another.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Before {
    /// Whether it was shown as fact.
    pub moderation: Moderation,
    /// Why it waited for a person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub review_reason: Option<String>,
    /// Where its call's feedback would have gone without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proposed: Option<Similar>,
}

impl Default for Before {
    fn default() -> Self {
        Self {
            moderation: Moderation::Published,
            review_reason: None,
            proposed: None,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Post {
    pub org_id: OrgId,
    pub id: PostId,
    /// Counts the changes that people made, for the condition of the next one.
    #[serde(default)]
    pub version: u64,
    /// Grows whenever the post's vector changes or it enters or leaves the search.
    pub revision: u64,
    /// What is asked for.
    #[serde(flatten)]
    pub request: Request,
    pub board_id: BoardId,
    pub category_id: Option<CategoryId>,
    #[serde(default)]
    pub tag_ids: Vec<TagId>,
    /// Where the product team stands.
    pub status: PostStatus,
    /// Whether it is shown as fact.
    pub moderation: Moderation,
    /// Why it waits for a person, in words; several reasons are separate sentences.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub review_reason: Option<String>,
    /// For a post in review: where its call's feedback would have gone without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proposed: Option<Similar>,
    /// What a person decided in review.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reviewed: Option<Reviewed>,
    /// The post that this one was merged into by a person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merged_into: Option<Merged>,
    /// The posts that people merged into this one; their evidence supports it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub merged_from: Vec<PostId>,
    /// How many pieces of evidence people moved out of it: what is like them does not come back.
    #[serde(default, rename = "moved_out")]
    pub unmerges: u32,
    /// Who looks after it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<UserId>,
    /// How often people have edited it: two who edit at once notice each other by it.
    #[serde(default)]
    pub edits: u64,
    /// Where it came from: `gong`, `manual` or what an import names.
    pub source: String,
    /// How it came: `integration`, `manual` or `import`.
    pub source_type: String,
    /// The call that its author and facts are of; none for a post that a person wrote.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<CallId>,
    /// The first customer who asked, or the person who wrote it.
    pub author: Author,
    /// Facts of the source, such as `gong_call_url`.
    #[serde(default)]
    pub metadata: BTreeMap<String, Value>,
    /// What made it; none for a post made by a person.
    pub engine: Option<EngineStamp>,
    /// How many pieces of evidence it has itself, without those of posts that were merged into it.
    #[serde(default)]
    pub evidence_count: u64,
    /// Posts like it that were kept apart.
    #[serde(default)]
    pub similar: Vec<Similar>,
    pub created: Timestamp,
    pub updated: Timestamp,
    /// The person who made it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_by: Option<UserId>,
}

impl Post {
    /// A published, open post of a request, and nothing else yet.
    #[must_use]
    pub fn new(org_id: OrgId, id: PostId, request: Request, board: BoardId, at: Timestamp) -> Self {
        Self {
            org_id,
            id,
            version: 0,
            revision: 1,
            request,
            board_id: board,
            category_id: None,
            tag_ids: Vec::new(),
            status: PostStatus::Open,
            moderation: Moderation::Published,
            review_reason: None,
            proposed: None,
            reviewed: None,
            merged_into: None,
            merged_from: Vec::new(),
            unmerges: 0,
            owner: None,
            edits: 0,
            source: "manual".into(),
            source_type: "manual".into(),
            origin: None,
            author: Author::default(),
            metadata: BTreeMap::new(),
            engine: None,
            evidence_count: 0,
            similar: Vec::new(),
            created: at,
            updated: at,
            created_by: None,
        }
    }

    /// The post that people merged it into, while it is merged.
    #[must_use]
    pub fn taken_in_by(&self) -> Option<&PostId> {
        let merged = self.merged_into.as_ref().map(|merged| &merged.into);
        merged.filter(|_| self.moderation == Moderation::Merged)
    }

    /// Whether its author and facts are of this call.
    #[must_use]
    pub fn is_of_call(&self, call: &CallId) -> bool {
        self.origin.as_ref() == Some(call)
    }
}

impl<'a> From<&'a Post> for RequestText<'a> {
    fn from(post: &'a Post) -> Self {
        (&post.request).into()
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test may panic")]
mod tests;
