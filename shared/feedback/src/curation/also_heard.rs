//! What people decide about requests that were also heard in a call.

use domain::{
    call::{Call, Outcome, OutcomeResult},
    feedback::{
        AlsoHeard, Evidence, Heard, HeardDecision, MergeCheck, Post, Similar,
        board::default_board,
        evidence::{call_facts, connection_fact},
    },
    ids::{BoardId, CallId, PostId, post_id},
    moment::Timestamp,
    ports::feedback::{FeedbackChange, HeardChange, PostVector},
    principal::{Action, Principal},
};
use serde_json::json;

use super::{Curate, CurateError, Planned, redecided};
use crate::matching::duplicates::duplicates;

/// Why a post that is like another was not added to it.
const OF_ITS_OWN: &str = "a person made a post of its own of what was also heard in a call";

/// One request that was also heard, by its call and its place there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeardKey {
    pub call_id: CallId,
    /// Which of the call's pieces of feedback.
    pub n: u32,
}

impl Curate {
    /// Makes a published post of a request that was also heard, on the default board where none is
    /// chosen. Of two who do so at once both get the same post.
    ///
    /// # Errors
    /// [`CurateError`]; no post was made.
    pub async fn post_also_heard(
        &self,
        me: &Principal,
        key: &HeardKey,
        board: Option<&BoardId>,
    ) -> Result<PostId, CurateError> {
        me.require(Action::DecideAlsoHeard)?;
        let own = &post_id(self.ids.uuid());
        self.decide(|once| async move { once.plan_heard_post(me, key, (board, own)).await })
            .await
    }

    async fn plan_heard_post(
        &self,
        me: &Principal,
        key: &HeardKey,
        (board, own): (Option<&BoardId>, &PostId),
    ) -> Planned<PostId> {
        let (read, item) = self.heard(me, key).await?;
        if let Some(post) = item.post_id() {
            return Ok((post.clone(), None));
        }
        if item.decided.is_some() {
            return Err(CurateError::HeardDecided);
        }
        let call = self.ledger.call(&me.org_id, &key.call_id).await?;
        let call = call.ok_or(CurateError::NotHeard)?;
        let at = self.clock.now();
        let board = self.board(me, board).await?;
        let evidence = evidence(&call, &item, own, at);
        let mut post = post(&call, &evidence, board);
        let place = self.embed_post(&post).await?;
        post.similar = self.like(&place).await?;
        let mut outcomes = call.outcomes.clone();
        outcomes.push(Outcome {
            result: OutcomeResult::Posted,
            post_id: own.clone(),
            score: None,
            n: Some(key.n),
        });
        let did = format!("{} made a post of what was also heard", me.user_id);
        let call = redecided(call, outcomes, at, &did).ok_or(CurateError::NotHeard)?;
        let did = format!(
            "made post {own} of what was also heard in call {}",
            key.call_id
        );
        let change = FeedbackChange {
            calls: vec![call],
            new_posts: vec![(post, place)],
            evidence: vec![evidence],
            also_heard: vec![decided(read, key.n, Some(by(me, at, Some(own))))],
            activity: vec![self.activity(me, at, &[own], did)],
            ..FeedbackChange::new(me.org_id.clone(), at)
        };
        Ok((own.clone(), Some(change)))
    }

    /// Dismisses a request that was also heard.
    ///
    /// # Errors
    /// [`CurateError`]; nothing was dismissed.
    pub async fn dismiss_also_heard(
        &self,
        me: &Principal,
        key: &HeardKey,
    ) -> Result<(), CurateError> {
        self.turn(me, key, true).await
    }

    /// Takes a dismissal back.
    ///
    /// # Errors
    /// [`CurateError`]; it stays dismissed.
    pub async fn undo_dismissal(&self, me: &Principal, key: &HeardKey) -> Result<(), CurateError> {
        self.turn(me, key, false).await
    }

    /// Dismisses or opens a request, unless a post was made of it.
    async fn turn(&self, me: &Principal, key: &HeardKey, dismiss: bool) -> Result<(), CurateError> {
        me.require(Action::DecideAlsoHeard)?;
        self.decide(|once| async move {
            let (read, item) = once.heard(me, key).await?;
            if item.post_id().is_some() {
                return Err(CurateError::HeardDecided);
            }
            if item.is_dismissed() == dismiss {
                return Ok(((), None));
            }
            let at = once.clock.now();
            let did = match dismiss {
                true => "dismissed a request that was also heard in call",
                false => "took back the dismissal of a request that was also heard in call",
            };
            let did = format!("{did} {}", key.call_id);
            let change = FeedbackChange {
                also_heard: vec![decided(read, key.n, dismiss.then(|| by(me, at, None)))],
                activity: vec![once.activity(me, at, &[], did)],
                ..FeedbackChange::new(me.org_id.clone(), at)
            };
            Ok(((), Some(change)))
        })
        .await
    }

    async fn heard(
        &self,
        me: &Principal,
        key: &HeardKey,
    ) -> Result<(AlsoHeard, Heard), CurateError> {
        let read = self.feedback.also_heard(&me.org_id, &key.call_id).await?;
        let read = read.ok_or(CurateError::NotHeard)?;
        let item = read.item(key.n).cloned().ok_or(CurateError::NotHeard)?;
        Ok((read, item))
    }

    async fn board(&self, me: &Principal, id: Option<&BoardId>) -> Result<BoardId, CurateError> {
        let boards = self.feedback.boards(&me.org_id).await?;
        let board = match id {
            Some(id) => boards.iter().find(|board| board.id == *id),
            None => default_board(&boards),
        };
        let board = board.ok_or(CurateError::NotInList("board"))?;
        Ok(board.id.clone())
    }

    /// The posts that may ask for the same as one at this place.
    async fn like(&self, place: &PostVector) -> Result<Vec<Similar>, CurateError> {
        let search = (&*self.dedupe, &*self.index);
        let near = duplicates(search, &*self.feedback, &self.post_embedder, place).await?;
        let similar = near.into_iter().map(|candidate| Similar {
            post_id: candidate.post.id,
            check: MergeCheck {
                reason: OF_ITS_OWN.to_owned(),
                basis: None,
                score: candidate.score,
                threshold: self.post_embedder.embedder.threshold(),
                embedder: place.embedder.clone(),
                guards: Vec::new(),
                guarded: false,
                judged: None,
            },
        });
        Ok(similar.collect())
    }
}

fn by(me: &Principal, at: Timestamp, post: Option<&PostId>) -> HeardDecision {
    HeardDecision {
        by: me.user_id.clone(),
        at,
        post_id: post.cloned(),
    }
}

fn decided(read: AlsoHeard, n: u32, decision: Option<HeardDecision>) -> HeardChange {
    HeardChange {
        next: Some(read.with_decision(n, decision)),
        read,
    }
}

/// The evidence that the request is for a post.
fn evidence(call: &Call, item: &Heard, post: &PostId, at: Timestamp) -> Evidence {
    Evidence {
        org_id: call.org_id.clone(),
        post_id: post.clone(),
        call_id: call.id.clone(),
        n: item.n,
        call_url: call.url.clone(),
        call_title: call.title.clone(),
        call_started: call.started,
        author: item.author.clone(),
        request: item.request.clone(),
        quotes: item.quotes.clone(),
        rejected_quotes: item.rejected_quotes,
        merge: None,
        engine: item.engine.clone(),
        created: at,
        moves: Vec::new(),
    }
}

/// The post that rests on this evidence of a call.
fn post(call: &Call, evidence: &Evidence, board: BoardId) -> Post {
    let mut metadata = call_facts(evidence);
    metadata.insert(connection_fact(&call.id), json!(call.generation));
    Post {
        source: call.id.source().into(),
        source_type: "integration".into(),
        origin: Some(call.id.clone()),
        author: evidence.author.clone(),
        metadata,
        engine: Some(evidence.engine.clone()),
        evidence_count: 1,
        ..Post::new(
            evidence.org_id.clone(),
            evidence.post_id.clone(),
            evidence.request.clone(),
            board,
            evidence.created,
        )
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test may panic")]
mod tests {
    use domain::{call::Details, ids::BoardId};

    use super::*;
    use crate::samples::{call_id, heard, org};

    #[test]
    fn a_post_and_its_evidence_are_of_the_call_and_as_it_was_heard() {
        for (id, source) in [("7", "gong"), ("chat:7", "chat")] {
            let details = Details {
                title: Some("Harbour weekly".into()),
                ..Details::default()
            };
            let call = Call::listed(org(), call_id(id), 4, details, Timestamp(1));
            let item = heard(3, "Reports as PDF", "Lin");
            let own = PostId::parse("own").unwrap();
            let evidence = evidence(&call, &item, &own, Timestamp(9));
            let post = post(&call, &evidence, BoardId::parse("product").unwrap());
            assert!(
                evidence.is(&call.id, 3) && evidence.post_id == post.id,
                "{id}"
            );
            assert_eq!(
                (&evidence.quotes, &evidence.request),
                (&item.quotes, &item.request)
            );
            assert_eq!((&post.request, &post.author), (&item.request, &item.author));
            assert_eq!((&*post.source, post.evidence_count), (source, 1));
            assert_eq!(
                (post.is_of_call(&call.id), post.created),
                (true, Timestamp(9))
            );
            let fact = |name: &str| post.metadata[&format!("{source}_{name}")].clone();
            assert_eq!(fact("call_title"), json!("Harbour weekly"), "{id}");
            assert_eq!(fact("connection_generation"), json!(4), "{id}");
        }
    }
}
