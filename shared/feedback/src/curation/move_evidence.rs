//! Moving evidence: the lossless un-merge.

use domain::{
    call::OutcomeResult,
    feedback::{
        Evidence, Moderation, Move, Post, Unmerge,
        evidence::{call_facts, connection_fact},
    },
    ids::{CallId, PostId, post_id},
    moment::Timestamp,
    ports::feedback::{FeedbackChange, PostChange, PostVector},
    principal::{Action, Principal},
};
use serde_json::json;

use super::{Curate, CurateError, support::resting_on, with_outcomes};

/// Why a post waits for a person whose last evidence was moved out.
pub const ALONE: &str =
    "Its last evidence was moved to another post; decide whether the request stands without it.";

/// One evidence, by where it lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EvidenceKey {
    pub post_id: PostId,
    pub call_id: CallId,
    /// Which of the call's pieces of feedback.
    pub n: u32,
}

impl Curate {
    /// Moves evidence out of its post into another, or into a new post of its own. Counters,
    /// the call's outcome, the search and the history follow; what is more like this evidence than
    /// like the post it left will go where it went.
    ///
    /// # Errors
    /// [`CurateError`]; nothing was moved.
    pub async fn move_evidence(
        &self,
        me: &Principal,
        key: &EvidenceKey,
        to: Option<&PostId>,
    ) -> Result<PostId, CurateError> {
        me.require(Action::MoveEvidence)?;
        let own = &post_id(self.ids.uuid());
        self.decide(|once| async move {
            let holder = once.post(&me.org_id, &key.post_id).await?;
            let mut evidence = once.feedback.evidence(&me.org_id, &key.post_id).await?;
            let at = evidence.iter().position(|e| e.is(&key.call_id, key.n));
            let moved = evidence.remove(at.ok_or(CurateError::NoEvidence)?);
            let root = once.root(holder.clone()).await?;
            if root.moderation != Moderation::Published {
                return Err(CurateError::Waits);
            }
            let target = match to {
                None => None,
                Some(id) => Some(once.target(me, id, &root).await?),
            };
            let plan = Plan {
                place: once
                    .post_embedder
                    .embed(&me.org_id, moved.request.embedding_text())
                    .await?,
                moved,
                rest: evidence,
                holder,
                root,
                target,
                at: once.clock.now(),
            };
            let (to, change) = once.plan_move(me, plan, own).await?;
            Ok((to, Some(change)))
        })
        .await
    }

    /// The published post that takes evidence of `root` in.
    async fn target(&self, me: &Principal, id: &PostId, root: &Post) -> Result<Post, CurateError> {
        let target = self.root(self.post(&me.org_id, id).await?).await?;
        if target.id == root.id {
            return Err(CurateError::Same);
        }
        if target.moderation != Moderation::Published {
            return Err(CurateError::NotPublished);
        }
        Ok(target)
    }

    async fn plan_move(
        &self,
        me: &Principal,
        plan: Plan,
        own: &PostId,
    ) -> Result<(PostId, FeedbackChange), CurateError> {
        let at = plan.at;
        let mut change = FeedbackChange::new(me.org_id.clone(), at);
        let to = plan.target.as_ref().map_or(own, |post| &post.id).clone();
        let from = plan.root.id.clone();
        let result = match &plan.target {
            Some(target) => {
                let mut next = Post {
                    evidence_count: target.evidence_count + 1,
                    updated: at,
                    ..target.clone()
                };
                if target.unmerges > 0 {
                    let known = self.feedback.unmerges(&me.org_id, &target.id).await?;
                    let back = known
                        .iter()
                        .filter(|out| out.call_id == plan.moved.call_id && out.n == plan.moved.n);
                    for out in back {
                        let key = (out.post_id.clone(), out.call_id.clone(), out.n);
                        change.moved_back.push(key);
                        next.unmerges -= 1;
                    }
                }
                change.posts.push(PostChange::of(target.clone(), next));
                OutcomeResult::Consolidated
            }
            None => {
                let post = of_its_own(&plan, own);
                let vector = PostVector {
                    org_id: me.org_id.clone(),
                    post_id: own.clone(),
                    revision: post.revision,
                    embedder: self.post_embedder.embedder.name(),
                    vector: plan.place.clone(),
                };
                change.new_posts.push((post, vector));
                OutcomeResult::Posted
            }
        };
        if let Some(call) = self.ledger.call(&me.org_id, &plan.moved.call_id).await? {
            let n = plan.moved.n;
            let mut place = 0;
            let where_to = match plan.target {
                Some(_) => "another post",
                None => "a post of its own",
            };
            let did = format!("{} moved its feedback to {where_to}", me.user_id);
            change
                .calls
                .extend(with_outcomes(call, at, &did, |outcome| {
                    if outcome.piece(place) == n {
                        outcome.post_id = to.clone();
                        outcome.result = result;
                        outcome.score = None;
                    }
                    place += 1;
                }));
        }
        change.unmerges.push(Unmerge {
            org_id: me.org_id.clone(),
            post_id: from.clone(),
            call_id: plan.moved.call_id.clone(),
            n: plan.moved.n,
            to: to.clone(),
            text: plan.moved.request.embedding_text(),
            embedder: self.post_embedder.embedder.name(),
            vector: plan.place,
        });
        change.evidence.push(Evidence {
            post_id: to.clone(),
            merge: None,
            moves: [
                plan.moved.moves.clone(),
                vec![Move {
                    from: from.clone(),
                    by: me.user_id.clone(),
                    at,
                }],
            ]
            .concat(),
            ..plan.moved.clone()
        });
        let same = plan.holder.id == plan.root.id;
        let mut left = resting_on(plan.holder, &plan.moved.call_id, &plan.rest, at, ALONE);
        if same {
            left.next = left.next.map(one_more_unmerge);
        } else {
            let next = one_more_unmerge(Post {
                updated: at,
                ..plan.root.clone()
            });
            change.posts.push(PostChange::of(plan.root, next));
        }
        change.posts.push(left);
        let did = format!(
            "moved the evidence of call {} from post {from} to post {to}",
            plan.moved.call_id
        );
        change.gone.push(plan.moved);
        change
            .activity
            .push(self.activity(me, at, &[&from, &to], did));
        Ok((to, change))
    }
}

/// What a move is planned on.
struct Plan {
    moved: Evidence,
    rest: Vec<Evidence>,
    holder: Post,
    root: Post,
    target: Option<Post>,
    place: Vec<f32>,
    at: Timestamp,
}

fn one_more_unmerge(post: Post) -> Post {
    Post {
        unmerges: post.unmerges + 1,
        ..post
    }
}

/// The post that the evidence would have made by itself.
fn of_its_own(plan: &Plan, id: &PostId) -> Post {
    let (moved, root) = (&plan.moved, &plan.root);
    let mut metadata = call_facts(moved);
    let connection = connection_fact(&moved.call_id);
    if let Some(generation) = root.metadata.get(&connection) {
        metadata.insert(connection, generation.clone());
    }
    metadata.insert("moved_out_of".into(), json!(root.id));
    Post {
        category_id: root.category_id.clone(),
        tag_ids: root.tag_ids.clone(),
        source: moved.call_id.source().into(),
        source_type: "integration".into(),
        origin: Some(moved.call_id.clone()),
        author: moved.author.clone(),
        metadata,
        engine: Some(moved.engine.clone()),
        evidence_count: 1,
        ..Post::new(
            root.org_id.clone(),
            id.clone(),
            moved.request.clone(),
            root.board_id.clone(),
            plan.at,
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{call_id, evidence, post, post_id};

    #[test]
    fn a_post_of_its_own_knows_its_call_and_the_post_that_it_left() {
        for (call, source, connection) in [("7", "gong", json!(2)), ("chat:7", "chat", json!(null))]
        {
            let mut root = post("root", "Reports as PDF");
            root.metadata.insert("gong_call_id".into(), json!("6"));
            root.metadata
                .insert("gong_connection_generation".into(), json!(2));
            let plan = Plan {
                moved: evidence("root", call, "Reports as CSV"),
                rest: Vec::new(),
                holder: root.clone(),
                root,
                target: None,
                place: Vec::new(),
                at: Timestamp(9),
            };
            let own = of_its_own(&plan, &post_id("own"));
            let facts = &own.metadata;
            let fact = |name: String| facts.get(&name).cloned().unwrap_or_default();
            assert_eq!(fact(format!("{source}_call_id")), json!(call), "{call}");
            let known = fact(format!("{source}_connection_generation"));
            assert_eq!(known, connection, "{call}");
            assert_eq!(fact("moved_out_of".into()), json!("root"), "{call}");
            let from = (own.origin, &*own.source);
            assert_eq!(from, (Some(call_id(call)), source), "{call}");
            assert_eq!(
                (own.evidence_count, own.created),
                (1, Timestamp(9)),
                "{call}"
            );
            assert_eq!(own.request, plan.moved.request, "{call}");
        }
    }
}
