//! All effects of one call, put together for one transaction.

use std::collections::BTreeMap;

use domain::{
    call::{Call, CallState, NotPossible, Outcome, OutcomeResult, state_of, summary},
    conversation::Conversation,
    feedback::{
        AlsoHeard, Board, EngineStamp, Evidence, Heard, MergeCheck, Moderation, Post, Tag,
        board::default_board,
        evidence::{connection_fact, facts},
    },
    findings::{Feedback, Placement},
    ids::PostId,
    moment::Timestamp,
    ports::feedback::{Commit, Merge, PostVector},
};
use feedback::matching::decide::Target;
use serde_json::{Value, json};

use super::also_heard;

/// What an engine's placement is checked against.
pub struct Taxonomy<'a> {
    pub boards: &'a [Board],
    pub tags: &'a [Tag],
}

impl Taxonomy<'_> {
    /// Keeps only ids of the organization's own lists; the default board where none fits.
    fn place(&self, placement: &Placement) -> Option<Placement> {
        let named = placement.board_id.as_ref();
        let board = named
            .and_then(|id| self.boards.iter().find(|board| board.id == *id))
            .or_else(|| default_board(self.boards))?;
        let category = placement.category_id.clone();
        let tags = placement.tag_ids.iter();
        Some(Placement {
            board_id: Some(board.id.clone()),
            category_id: category.filter(|id| board.categories.iter().any(|c| c.id == *id)),
            tag_ids: tags
                .filter(|id| self.tags.iter().any(|tag| tag.id == **id))
                .take(5)
                .cloned()
                .collect(),
        })
    }
}

/// Why there is no transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Uncommitted {
    /// The organization has no board for a new post.
    #[error("there is no board for posts; create one under Boards")]
    NoBoard,
    /// The call is not in work any more.
    #[error(transparent)]
    NotPossible(#[from] NotPossible),
}

/// Everything that a commit is made of.
pub struct Effects<'a> {
    /// The call, leased by `owner`.
    pub call: &'a Call,
    pub owner: &'a str,
    pub conversation: &'a Conversation,
    pub pieces: &'a [Feedback],
    /// What does not go on.
    pub also_heard: &'a [Heard],
    /// Where each goes.
    pub targets: &'a [Target],
    /// The engine's placement of each new post.
    pub placements: &'a BTreeMap<usize, Placement>,
    /// The id that each feedback's new post would have.
    pub new_ids: &'a [PostId],
    pub taxonomy: Taxonomy<'a>,
    /// What analysed the call.
    pub engine: &'a EngineStamp,
    pub embedder: &'a str,
    pub now: Timestamp,
}

impl Effects<'_> {
    /// The transaction.
    ///
    /// # Errors
    /// [`Uncommitted`]; nothing may be written.
    pub fn commit(&self, epoch: u64) -> Result<Commit, Uncommitted> {
        let mut posts = Vec::new();
        let mut merges: Vec<Merge> = Vec::new();
        let mut evidence = Vec::new();
        let mut outcomes = Vec::new();
        for (n, target) in self.targets.iter().enumerate() {
            let (post_id, check) = match target {
                Target::Existing { post, via, check } => {
                    match merges.iter_mut().find(|merge| merge.post_id == post.id) {
                        Some(merge) => {
                            merge.evidence_added += 1;
                            let new = |step: &&(PostId, u64)| !merge.via.contains(step);
                            let new: Vec<_> = via.iter().filter(new).cloned().collect();
                            merge.via.extend(new);
                        }
                        None => merges.push(Merge {
                            post_id: post.id.clone(),
                            revision: post.revision,
                            unmerges: post.unmerges,
                            via: via.clone(),
                            evidence_added: 1,
                        }),
                    }
                    (post.id.clone(), Some(check))
                }
                Target::SameCall { index, check } => (self.new_ids[*index].clone(), Some(check)),
                Target::New { .. } | Target::Review { .. } => {
                    posts.push(self.post(n, target).ok_or(Uncommitted::NoBoard)?);
                    (self.new_ids[n].clone(), None)
                }
            };
            evidence.push(self.evidence(n, &post_id, check));
            outcomes.push(self.outcome(target, post_id, check));
        }
        let reason = self.reason(state_of(&outcomes), &outcomes);
        Ok(Commit {
            call: self
                .call
                .commit(outcomes, self.engine.clone(), reason, self.now)?,
            owner: self.owner.to_owned(),
            epoch,
            posts,
            merges,
            evidence,
            also_heard: self.also_heard(),
        })
    }

    fn post(&self, n: usize, target: &Target) -> Option<(Post, Option<PostVector>)> {
        let feedback = &self.pieces[n];
        let finding = &feedback.finding;
        let none = Placement::default();
        let placement = self.placements.get(&n).unwrap_or(&none);
        let placement = self.taxonomy.place(placement)?;
        let also = |t: &&Target| matches!(t, Target::SameCall { index, .. } if *index == n);
        let others = self.targets.iter().filter(also).count();
        let (review_reason, proposed, similar) = match target {
            Target::Review {
                reasons,
                proposed,
                similar,
            } => (Some(reasons.join(" ")), proposed.clone(), similar.clone()),
            Target::New { similar } => (None, None, similar.clone()),
            _ => (None, None, Vec::new()),
        };
        let review = review_reason.is_some();
        let post = Post {
            category_id: placement.category_id,
            tag_ids: placement.tag_ids,
            moderation: if review {
                Moderation::InReview
            } else {
                Moderation::Published
            },
            review_reason,
            proposed,
            source: self.call.id.source().into(),
            source_type: "integration".into(),
            origin: Some(self.call.id.clone()),
            author: self.conversation.author_of(&feedback.quotes),
            metadata: self.metadata(),
            engine: Some(self.engine.clone()),
            evidence_count: 1 + u64::try_from(others).unwrap_or(0),
            similar,
            ..Post::new(
                self.call.org_id.clone(),
                self.new_ids[n].clone(),
                finding.request.clone(),
                placement.board_id?,
                self.now,
            )
        };
        let vector = (!review).then(|| PostVector {
            org_id: post.org_id.clone(),
            post_id: post.id.clone(),
            revision: post.revision,
            embedder: self.embedder.to_owned(),
            vector: feedback.vector.clone(),
        });
        Some((post, vector))
    }

    fn metadata(&self) -> BTreeMap<String, Value> {
        let call = self.call;
        let mut facts = facts(
            &call.id,
            call.url.as_ref(),
            call.title.as_ref(),
            call.started,
        );
        let generation = json!(call.generation);
        facts.insert(connection_fact(&call.id), generation);
        facts
    }

    fn evidence(&self, n: usize, post_id: &PostId, check: Option<&MergeCheck>) -> Evidence {
        let feedback = &self.pieces[n];
        Evidence {
            request: feedback.finding.request.clone(),
            org_id: self.call.org_id.clone(),
            post_id: post_id.clone(),
            call_id: self.call.id.clone(),
            n: u32::try_from(n).unwrap_or(u32::MAX),
            call_url: self.call.url.clone(),
            call_title: self.call.title.clone(),
            call_started: self.call.started,
            author: self.conversation.author_of(&feedback.quotes),
            quotes: feedback.quotes.clone(),
            rejected_quotes: feedback.rejected_quotes,
            merge: check.cloned(),
            engine: self.engine.clone(),
            created: self.now,
            moves: Vec::new(),
        }
    }

    fn outcome(&self, target: &Target, post_id: PostId, check: Option<&MergeCheck>) -> Outcome {
        let result = match target {
            Target::SameCall { index, .. }
                if matches!(self.targets[*index], Target::Review { .. }) =>
            {
                OutcomeResult::InReview
            }
            Target::Existing { .. } | Target::SameCall { .. } => OutcomeResult::Consolidated,
            Target::New { .. } => OutcomeResult::Posted,
            Target::Review { .. } => OutcomeResult::InReview,
        };
        Outcome {
            result,
            post_id,
            score: check.map(|check| check.score),
            n: None,
        }
    }

    fn also_heard(&self) -> Option<AlsoHeard> {
        (!self.also_heard.is_empty()).then(|| AlsoHeard {
            org_id: self.call.org_id.clone(),
            call_id: self.call.id.clone(),
            version: 0,
            items: self.also_heard.to_vec(),
        })
    }

    fn reason(&self, state: CallState, outcomes: &[Outcome]) -> String {
        let what = state_reason(state, self.targets);
        let reason = match state {
            _ if outcomes.len() == 1 => what,
            CallState::InReview => format!("{}. {what}", summary(outcomes)),
            _ => summary(outcomes),
        };
        match (self.also_heard.len(), reason.ends_with('.')) {
            (0, _) => reason,
            (more, true) => format!("{reason} {}.", also_heard::counted(more)),
            (more, false) => format!("{reason}; {}", also_heard::counted(more)),
        }
    }
}

fn state_reason(state: CallState, targets: &[Target]) -> String {
    match state {
        CallState::Posted => "gave a new post".into(),
        CallState::Consolidated => "supports a post that existed".into(),
        _ => {
            let reasons = targets.iter().find_map(|target| match target {
                Target::Review { reasons, .. } => Some(reasons.join(" ")),
                _ => None,
            });
            let reasons = reasons.unwrap_or_default();
            format!("gave feedback that a person has to look at. {reasons}")
        }
    }
}
