//! What people decide about posts: edit, move evidence, merge, review, erase, import. Every decision
//! is one transaction on what was read, is written down in the activity log, and is never undone by
//! the pipeline. Beside them what a source decides: to withdraw a call that turned private.

use std::sync::Arc;

use domain::{
    call::{Call, Outcome, OutcomeResult, summary},
    feedback::{Activity, Post, Unmerge, board::InvalidName, post::LONGEST_CHAIN},
    ids::{CallId, OrgId, PostId},
    moment::Timestamp,
    ports::{
        StoreError,
        analysis::EmbedError,
        connections::ChangeError,
        feedback::{
            CallChange, DedupeStore, FeedbackChange, FeedbackStore, PostVector, VectorIndex,
        },
        ledger::Ledger,
        system::{Clock, Ids},
    },
    principal::{NotAllowed, Principal},
};

use crate::matching::{
    candidates::CandidatesError,
    index::{PostEmbedder, PostEmbedderError, apply_to_index, unmerges_embedded_anew},
};

mod also_heard;
pub mod edit;
mod erase;
mod erase_person;
pub mod import;
mod merge;
mod move_evidence;
pub mod review;
pub mod support;
pub mod withdraw;

pub use also_heard::HeardKey;
pub use edit::PostForm;
pub use erase_person::Erased;
pub use move_evidence::EvidenceKey;
pub use review::{Approval, Approved};

/// How often a decision that meets other changes is planned anew.
const TRIES: u32 = 5;

/// Why a decision was not carried out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CurateError {
    #[error(transparent)]
    NotAllowed(#[from] NotAllowed),
    /// No such post.
    #[error("There is no such post. It may have been erased; go back to the list.")]
    NoPost,
    /// The post is not published, so nothing can be put into it.
    #[error(
        "That post is not published, so nothing can be merged into it. Choose a published post; a post in review must be approved first."
    )]
    NotPublished,
    /// The post waits for a person or was rejected, so its evidence stays together.
    #[error(
        "This post is in review or was rejected, so its evidence cannot be moved on its own. Nothing was moved. Approve the post or merge it into another one first."
    )]
    Waits,
    /// The post is not in the state that the decision is about.
    #[error("Someone else has already decided about this post. Open it again to see the result.")]
    Decided,
    /// A merge of a post with itself.
    #[error("A post can't be merged into itself. Choose another post.")]
    IntoItself,
    /// The evidence is there already.
    #[error(
        "This evidence already belongs to that post. Choose another post, or leave the field empty to create a new one."
    )]
    Same,
    /// No such evidence.
    #[error(
        "This evidence is no longer with the post: someone moved or erased it. Open the post again."
    )]
    NoEvidence,
    /// No such request.
    #[error(
        "This request is no longer kept with its call: it was erased, or withdrawn with the call. Open the call again."
    )]
    NotHeard,
    /// A person has decided about the request.
    #[error(
        "Someone else has already decided about this request. Open the call again to see the result."
    )]
    HeardDecided,
    /// No such call.
    #[error("There is no call {0} in the ledger. Copy the id from the Calls page.")]
    NoCall(CallId),
    /// A call that is being worked on.
    #[error("Call {0} is still being worked on. Wait until it is done, then repeat.")]
    CallOpen(CallId),
    /// Nobody by this name.
    #[error("Enter the person's e-mail address or full name.")]
    NoPerson,
    #[error(transparent)]
    Name(#[from] InvalidName),
    #[error("The {0} is too long. Nothing was saved.")]
    TooLong(&'static str),
    /// Not one of the list.
    #[error("The {0} is not in the list. Choose again; nothing was saved.")]
    NotInList(&'static str),
    /// Someone else edited it meanwhile.
    #[error(
        "Someone else edited this post after you opened it. Their version is shown below; compare it with yours, then save again if yours still holds."
    )]
    Edited,
    /// Others change it all the time.
    #[error("Others were changing the same post at the same time, so nothing was done. Try again.")]
    Busy,
    #[error(
        "Nothing was saved, because the embedding model that finds similar posts is not available: {0}"
    )]
    Embedding(#[from] EmbedError),
    #[error(
        "Nothing was saved, because similar posts could not be looked for: {0}. Try again in a few minutes."
    )]
    Candidates(String),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<PostEmbedderError> for CurateError {
    fn from(error: PostEmbedderError) -> Self {
        match error {
            PostEmbedderError::Embedding(error) => Self::Embedding(error),
            PostEmbedderError::Store(error) => Self::Store(error),
        }
    }
}

impl From<CandidatesError> for CurateError {
    fn from(error: CandidatesError) -> Self {
        match error {
            CandidatesError::Store(error) => Self::Store(error),
            CandidatesError::Index(error) => Self::Candidates(error.to_string()),
        }
    }
}

/// What a decision comes to, and what is written for it; nothing when there is nothing to change.
type Planned<T> = Result<(T, Option<FeedbackChange>), CurateError>;

#[derive(Clone)]
pub struct Curate {
    /// Posts and evidence.
    pub feedback: Arc<dyn FeedbackStore>,
    pub dedupe: Arc<dyn DedupeStore>,
    pub index: Arc<dyn VectorIndex>,
    pub post_embedder: PostEmbedder,
    pub ledger: Arc<dyn Ledger>,
    pub clock: Arc<dyn Clock>,
    pub ids: Arc<dyn Ids>,
}

impl Curate {
    async fn post(&self, org: &OrgId, id: &PostId) -> Result<Post, CurateError> {
        let post = self.feedback.post(org, id).await?;
        post.ok_or(CurateError::NoPost)
    }

    /// The post that holds what this one was merged into, or itself.
    async fn root(&self, mut post: Post) -> Result<Post, CurateError> {
        for _ in 0..=LONGEST_CHAIN {
            match post.taken_in_by() {
                Some(into) => post = self.post(&post.org_id, into).await?,
                None => return Ok(post),
            }
        }
        Err(CurateError::NoPost)
    }

    /// The post's place in the search at the revision it has.
    async fn embed_post(&self, post: &Post) -> Result<PostVector, CurateError> {
        Ok(self.post_embedder.embed_post(post).await?)
    }

    /// What people moved out of a post that enters the search.
    async fn unmerges_embedded_anew(&self, post: &Post) -> Result<Vec<Unmerge>, CurateError> {
        Ok(unmerges_embedded_anew(&self.post_embedder, &*self.feedback, post).await?)
    }

    /// Writes what `plan` makes of what is stored; when others changed that meanwhile, it is planned
    /// anew. Every plan is given the same decisions, which remember what they had embedded.
    async fn decide<T, P>(&self, plan: impl Fn(Self) -> P + Send) -> Result<T, CurateError>
    where
        T: Send,
        P: Future<Output = Planned<T>> + Send,
    {
        let once = Self {
            post_embedder: self.post_embedder.for_one_decision(),
            ..self.clone()
        };
        for _ in 0..TRIES {
            let (done, change) = plan(once.clone()).await?;
            let Some(change) = change else {
                return Ok(done);
            };
            if self.write(&change).await? {
                return Ok(done);
            }
        }
        Err(CurateError::Busy)
    }

    /// Writes a change; `false` when something was not as it was read any more.
    async fn write(&self, change: &FeedbackChange) -> Result<bool, CurateError> {
        match self.dedupe.change(change).await {
            Ok(()) => {
                apply_to_index(&*self.index, &*self.dedupe, change).await;
                Ok(true)
            }
            Err(ChangeError::Lost) => Ok(false),
            Err(ChangeError::Store(error)) => Err(error.into()),
        }
    }

    fn activity(&self, me: &Principal, at: Timestamp, posts: &[&PostId], did: String) -> Activity {
        let posts = posts.iter().map(|id| (*id).clone()).collect();
        Activity::new(me, self.ids.uuid(), at, posts, did)
    }

    /// The calls whose evidence lies with a post, their outcomes there changed by `change`.
    async fn calls_of(
        &self,
        post: &Post,
        at: Timestamp,
        did: &str,
        change: impl Fn(&mut Outcome) + Copy,
    ) -> Result<Vec<CallChange>, CurateError> {
        let evidence = self.feedback.evidence(&post.org_id, &post.id).await?;
        let mut ids: Vec<_> = evidence.into_iter().map(|one| one.call_id).collect();
        ids.sort();
        ids.dedup();
        let mut changes = Vec::new();
        for chunk in ids.chunks(100) {
            for read in self.ledger.calls(&post.org_id, chunk).await? {
                changes.extend(with_outcomes(read, at, did, |outcome| {
                    if outcome.post_id == post.id {
                        change(outcome);
                    }
                }));
            }
        }
        Ok(changes)
    }
}

/// A final call whose outcomes a person changed; `None` when nothing of it changes. `did` says what
/// the person did, for the ledger.
fn with_outcomes(
    read: Call,
    at: Timestamp,
    did: &str,
    mut change: impl FnMut(&mut Outcome),
) -> Option<CallChange> {
    let mut outcomes = read.outcomes.clone();
    outcomes.iter_mut().for_each(&mut change);
    redecided(read, outcomes, at, did)
}

/// A final call with other outcomes than it had.
fn redecided(read: Call, outcomes: Vec<Outcome>, at: Timestamp, did: &str) -> Option<CallChange> {
    if outcomes == read.outcomes {
        return None;
    }
    let reason = match outcomes.len() {
        1 => did.to_owned(),
        _ => format!("{}. At last {did}", summary(&outcomes)),
    };
    let next = read.redecide(outcomes, reason, at).ok()?;
    Some(CallChange { read, next })
}

fn now_is(result: OutcomeResult) -> impl Fn(&mut Outcome) + Copy {
    move |outcome| outcome.result = result
}

#[cfg(test)]
mod tests;
