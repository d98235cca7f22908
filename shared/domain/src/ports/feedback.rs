//! The `feedback` table and the vector index beside it.

use std::cmp::Ordering;

use async_trait::async_trait;

use super::StoreError;
use crate::{
    call::Call,
    feedback::{
        Activity, AlsoHeard, Board, Evidence, Post, Product, ProductVersion, Settings, Tag, Unmerge,
    },
    ids::{BoardId, CallId, OrgId, PostId},
    moment::Timestamp,
    usage::{Month, Usage},
};

/// A post's place in the vector space, as the database keeps it.
#[derive(Debug, Clone, PartialEq)]
pub struct PostVector {
    pub org_id: OrgId,
    pub post_id: PostId,
    /// The post's revision that this vector belongs to.
    pub revision: u64,
    /// The embedder's name, with its dimension.
    pub embedder: String,
    /// The vector, normalised to length 1.
    pub vector: Vec<f32>,
}

/// A vector on its way into the index; `None` = on its way out.
#[derive(Debug, Clone, PartialEq)]
pub struct Pending {
    pub org_id: OrgId,
    pub post_id: PostId,
    pub revision: u64,
    /// The vector to be put in, or nothing when the post leaves the search.
    pub vector: Option<Vec<f32>>,
}

/// Why a commit did not take place (or may not have).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CommitError {
    /// Another commit came between the search and this one: search again.
    #[error("another post was made at the same time")]
    EpochMoved,
    /// A post to be merged into changed or is no longer live: search again.
    #[error("the post to merge into was changed at the same time")]
    PostChanged,
    /// The call is no longer this worker's.
    #[error("the call is no longer this worker's")]
    CallLost,
    /// Nothing was written because others were writing: try again.
    #[error("others were writing at the same time")]
    Conflict,
    /// The outcome is not known, or the database refused: read the ledger before trying again.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// All effects of one call, written in one transaction or not at all.
#[derive(Debug, Clone, PartialEq)]
pub struct Commit {
    /// The call in its final state; conditional on the owner's lease and the generation.
    pub call: Call,
    /// The worker that has the call.
    pub owner: String,
    /// The epoch that the search read; checked and bumped when there are searchable new posts.
    pub epoch: u64,
    /// New posts; those with a vector become searchable.
    pub posts: Vec<(Post, Option<PostVector>)>,
    /// Posts that get evidence: live at this revision; how much.
    pub merges: Vec<Merge>,
    pub evidence: Vec<Evidence>,
    /// What else was raised in it; takes the place of what an earlier analysis kept.
    pub also_heard: Option<AlsoHeard>,
}

/// Evidence for a post that exists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merge {
    pub post_id: PostId,
    /// The revision that the search read.
    pub revision: u64,
    /// How many pieces of evidence were moved out of it when the search read it: a
    /// person's decision that comes between makes the search repeat.
    pub unmerges: u32,
    /// Posts merged into it by which it was found, with their revisions: still merged.
    pub via: Vec<(PostId, u64)>,
    /// How many pieces of evidence are added.
    pub evidence_added: u64,
}

/// What becomes of a post's place in the search.
#[derive(Debug, Clone, PartialEq)]
pub enum VectorChange {
    Keep,
    /// The post becomes searchable, or moves; the vector's revision is the post's new one.
    Put(PostVector),
    /// The post leaves the search at this revision, one above the one it had.
    Remove(u64),
}

/// A post before and after a change.
#[derive(Debug, Clone, PartialEq)]
pub struct PostChange {
    /// As it was read: the condition.
    pub read: Post,
    /// As it shall be; nothing when it is deleted.
    pub next: Option<Post>,
    /// What becomes of its place in the search.
    pub vector: VectorChange,
}

impl PostChange {
    /// A change that leaves the search alone.
    #[must_use]
    pub const fn of(read: Post, next: Post) -> Self {
        Self {
            read,
            next: Some(next),
            vector: VectorChange::Keep,
        }
    }
}

/// A call of the ledger before and after a change.
#[derive(Debug, Clone, PartialEq)]
pub struct CallChange {
    /// As it was read: the condition.
    pub read: Call,
    /// As it shall be.
    pub next: Call,
}

/// What was also heard in a call, before and after a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeardChange {
    /// As it was read: the condition.
    pub read: AlsoHeard,
    /// As it shall be; nothing when it is deleted.
    pub next: Option<AlsoHeard>,
}

/// Something that a person decided, or the withdrawal of a call's evidence, written in one
/// transaction or not at all.
#[derive(Debug, Clone, PartialEq)]
pub struct FeedbackChange {
    pub org_id: OrgId,
    pub at: Timestamp,
    /// The epoch that the decision rests on; none when it rests on no search.
    pub epoch: Option<u64>,
    pub calls: Vec<CallChange>,
    pub posts: Vec<PostChange>,
    /// Posts that do not, all of them searchable.
    pub new_posts: Vec<(Post, PostVector)>,
    pub evidence: Vec<Evidence>,
    pub gone: Vec<Evidence>,
    /// What people moved out of a post.
    pub unmerges: Vec<Unmerge>,
    /// What no longer counts as moved out: post, call, and which of its pieces of feedback.
    pub moved_back: Vec<(PostId, CallId, u32)>,
    pub also_heard: Vec<HeardChange>,
    /// Who did what.
    pub activity: Vec<Activity>,
}

impl FeedbackChange {
    /// A change of nothing yet.
    #[must_use]
    pub const fn new(org_id: OrgId, at: Timestamp) -> Self {
        Self {
            org_id,
            at,
            epoch: None,
            calls: Vec::new(),
            posts: Vec::new(),
            new_posts: Vec::new(),
            evidence: Vec::new(),
            gone: Vec::new(),
            unmerges: Vec::new(),
            moved_back: Vec::new(),
            also_heard: Vec::new(),
            activity: Vec::new(),
        }
    }

    /// Whether the search changes by it, so that looks begun before it must be repeated.
    #[must_use]
    pub fn moves_search(&self) -> bool {
        let moves = |change: &PostChange| {
            change.vector != VectorChange::Keep
                || change.next.as_ref().map(|next| next.moderation) != Some(change.read.moderation)
        };
        self.epoch.is_some() || !self.new_posts.is_empty() || self.posts.iter().any(moves)
    }
}

/// Which posts a list shows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PostFilter {
    /// Of this board.
    pub board: Option<BoardId>,
    pub tag: Option<crate::ids::TagId>,
    pub status: Option<crate::feedback::PostStatus>,
    /// Of this moderation; when none, those that are published or in review.
    pub moderation: Option<crate::feedback::Moderation>,
    /// Whether rejected and merged posts pass too, when no moderation is named.
    pub hidden_too: bool,
    /// Whose title or description holds this text, whatever the case.
    pub text: Option<String>,
}

/// Posts, evidence, boards, tags and settings of an organization.
#[async_trait]
pub trait FeedbackStore: Send + Sync {
    /// The boards, oldest first.
    async fn boards(&self, org: &OrgId) -> Result<Vec<Board>, StoreError>;
    async fn put_board(&self, board: &Board) -> Result<(), StoreError>;
    /// The tags, by name.
    async fn tags(&self, org: &OrgId) -> Result<Vec<Tag>, StoreError>;
    async fn put_tag(&self, tag: &Tag) -> Result<(), StoreError>;
    /// The settings; defaults when none were stored.
    async fn settings(&self, org: &OrgId) -> Result<Settings, StoreError>;
    async fn put_settings(&self, org: &OrgId, settings: &Settings) -> Result<(), StoreError>;
    /// What the organization says about its product now, read consistently.
    async fn product(&self, org: &OrgId) -> Result<Product, StoreError>;
    /// One version of it with who wrote it; nothing when there is no such version.
    async fn product_at(
        &self,
        org: &OrgId,
        version: u32,
    ) -> Result<Option<ProductVersion>, StoreError>;
    /// Writes a version with its entry in the log, by whose person and time it is kept; lost when
    /// there is such a version already.
    async fn put_product(
        &self,
        next: &Product,
        entry: &Activity,
    ) -> Result<(), super::connections::ChangeError>;
    /// One post, read consistently.
    async fn post(&self, org: &OrgId, id: &PostId) -> Result<Option<Post>, StoreError>;
    /// The posts that pass the filter, newest first.
    async fn posts(&self, org: &OrgId, filter: &PostFilter) -> Result<Vec<Post>, StoreError>;
    /// A post's evidence, oldest first.
    async fn evidence(&self, org: &OrgId, post: &PostId) -> Result<Vec<Evidence>, StoreError>;
    /// All evidence of the organization, for an erasure alone (it reads all of it).
    async fn all_evidence(&self, org: &OrgId) -> Result<Vec<Evidence>, StoreError>;
    /// What was also heard in a call, read consistently.
    async fn also_heard(&self, org: &OrgId, call: &CallId)
    -> Result<Option<AlsoHeard>, StoreError>;
    /// All that was also heard in the organization's calls, for an erasure alone (it reads all of
    /// it).
    async fn all_also_heard(&self, org: &OrgId) -> Result<Vec<AlsoHeard>, StoreError>;
    /// What people moved out of a post, read consistently.
    async fn unmerges(&self, org: &OrgId, post: &PostId) -> Result<Vec<Unmerge>, StoreError>;
    /// What people did with a post, newest first.
    async fn history(&self, org: &OrgId, post: &PostId) -> Result<Vec<Activity>, StoreError>;
    /// What people did with feedback, newest first: at most `limit` entries, those before `before`
    /// when it is given, and the token of the next page.
    async fn activity(
        &self,
        org: &OrgId,
        before: Option<&str>,
        limit: usize,
    ) -> Result<(Vec<Activity>, Option<String>), StoreError>;
}

/// What the analysis of an organization's calls used, by month, and which models answered.
#[async_trait]
pub trait UsageStore: Send + Sync {
    async fn add_usage(&self, org: &OrgId, month: Month, usage: &Usage) -> Result<(), StoreError>;
    /// A month's use, read consistently; nothing when there is none.
    async fn usage(&self, org: &OrgId, month: Month) -> Result<Usage, StoreError>;
    /// Every month with its use, newest first.
    async fn usages(&self, org: &OrgId) -> Result<Vec<(Month, Usage)>, StoreError>;
    /// Keeps that a model answered for one of the organization's calls.
    async fn note_answer(&self, org: &OrgId, model: &str, at: Timestamp) -> Result<(), StoreError>;
    /// When a model last answered for one of the organization's calls, read consistently.
    async fn last_answer(&self, org: &OrgId, model: &str) -> Result<Option<Timestamp>, StoreError>;
}

impl dyn UsageStore + '_ {
    /// Adds to the month of `now`: spent is spent, whatever became of what it was used for. What
    /// fails here is no error.
    pub async fn record_usage(&self, org: &OrgId, now: Timestamp, used: &Usage) {
        if *used == Usage::default() {
            return;
        }
        if let Err(error) = self.add_usage(org, Month::of(now), used).await {
            tracing::warn!(%org, %error, "what the models took is not in the month's sum");
        }
    }
}

/// The epoch protocol: one post for one request.
#[async_trait]
pub trait DedupeStore: Send + Sync {
    /// The organization's epoch, read consistently; 0 when there is none.
    async fn epoch(&self, org: &OrgId) -> Result<u64, StoreError>;
    /// The vectors on their way into the index, read consistently.
    async fn pending(&self, org: &OrgId) -> Result<Vec<Pending>, StoreError>;
    /// Writes all effects of a call, or nothing.
    async fn commit(&self, commit: &Commit) -> Result<(), CommitError>;
    /// Writes a person's post with its vector and bumps the epoch; `false` when a post with this
    /// id is there already (which stays as it is).
    async fn create_post(&self, post: &Post, vector: &PostVector) -> Result<bool, StoreError>;
    /// Writes a change when the calls and the posts still are as they were read, and the epoch
    /// where it names one; where the search changes, the vectors' way into or out of the index is
    /// made pending and the epoch bumped.
    async fn change(&self, change: &FeedbackChange) -> Result<(), super::connections::ChangeError>;
    /// Removes a pending vector when it is still of this revision.
    async fn clear_pending(
        &self,
        org: &OrgId,
        post: &PostId,
        revision: u64,
    ) -> Result<(), StoreError>;
    /// Up to `limit` posts with a pending vector that is due, over all organizations.
    async fn due_pending(
        &self,
        now: Timestamp,
        limit: usize,
    ) -> Result<Vec<(OrgId, PostId)>, StoreError>;
    /// A page of all posts' vectors over all organizations, for `reindex` alone (it scans).
    async fn all_vectors(
        &self,
        after: Option<&str>,
    ) -> Result<(Vec<PostVector>, Option<String>), StoreError>;
    /// Replaces a post's vector after a re-embedding: revision + 1 on post and vector, pending
    /// written, epoch bumped; lost when the post is no longer at `read_revision`.
    async fn replace_vector(
        &self,
        vector: &PostVector,
        read_revision: u64,
    ) -> Result<(), super::connections::ChangeError>;
}

/// What the vector index may answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IndexError {
    /// The collection is not there: `reindex` makes it. Never "no match".
    #[error("the vector index does not exist yet; run `reindex`")]
    Missing,
    /// It did not answer.
    #[error("the vector index did not answer ({0})")]
    Unavailable(String),
}

/// A post that the index found.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    pub post_id: PostId,
    pub revision: u64,
    /// The cosine similarity, from -1 to 1.
    pub score: f32,
}

impl Hit {
    /// The order in which a search names posts: the most similar first, and of two that are as
    /// similar the one with the lesser id, so that the same search always finds the same.
    #[must_use]
    pub fn before(&self, other: &Self) -> Ordering {
        let by_score = other.score.total_cmp(&self.score);
        by_score.then_with(|| self.post_id.cmp(&other.post_id))
    }
}

/// The search by similarity. Every search is filtered by the organization inside the engine.
///
/// A collection is made by `prepare`, filled, and searchable from `publish` on. Until then every
/// search answers [`IndexError::Missing`], to whoever filled it as well: half an index would say
/// "no match" of posts that are there. What is put in meanwhile is in when it is published.
#[async_trait]
pub trait VectorIndex: Send + Sync {
    /// Makes the collection for this embedder where it is missing, and leaves one that is there as
    /// it is, searchable or not: points of posts that changed since are harmless, because a hit
    /// counts only after a read of its post. Only the deploy step and `reindex` call it.
    async fn prepare(&self) -> Result<(), IndexError>;
    /// Makes the prepared collection searchable; nothing changes when it is already.
    async fn publish(&self) -> Result<(), IndexError>;
    /// Puts a vector in, unless a higher revision is there; visible to a search when this returns.
    async fn upsert(&self, vector: &PostVector) -> Result<(), IndexError>;
    /// Takes a post out that left the search at this revision, unless a higher one is there;
    /// success when it is not there.
    async fn remove(&self, org: &OrgId, post: &PostId, revision: u64) -> Result<(), IndexError>;
    /// The nearest posts of the organization, best first.
    async fn nearest(
        &self,
        org: &OrgId,
        vector: &[f32],
        limit: usize,
    ) -> Result<Vec<Hit>, IndexError>;
}
