//! Erasing what a call or a person gave.

use super::{Curate, CurateError, Planned, merge::without_merged};
use crate::{
    call::SkipCause,
    feedback::{
        Author, Evidence, Post, Quote,
        support::{is_of_call, resting_on, take_out},
    },
    ids::{CallId, PostId},
    moment::Timestamp,
    ports::feedback::{CallChange, FeedbackChange, PostChange, PostFilter, VectorChange},
    principal::{Principal, Role},
    sync::settle::skipped,
};

/// Why a post of a person's making waits that rested on erased evidence.
pub const ALONE: &str = "The evidence that this post rested on was erased; decide whether the request stands without it.";

/// What was erased.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Erased {
    /// Calls whose evidence was deleted.
    pub calls: u64,
    /// Quotes of the person in the evidence of other people's calls.
    pub quotes: u64,
    /// Posts that do not name the person as author any more.
    pub authors: u64,
}

impl Curate {
    /// Erases what a call gave: its evidence, the posts that rest on nothing else, its title and
    /// the analysis in the ledger. The ledger keeps that the call was erased, so it is never read
    /// again.
    ///
    /// # Errors
    /// [`CurateError`]; nothing was erased.
    pub async fn erase_call(&self, me: &Principal, id: &CallId) -> Result<(), CurateError> {
        me.require(Role::Admin)?;
        self.decide(|| self.plan_erasure(me, id)).await
    }

    async fn plan_erasure(&self, me: &Principal, id: &CallId) -> Planned<()> {
        let read = self.ledger.call(&me.org_id, id).await?;
        let read = read.ok_or_else(|| CurateError::NoCall(id.clone()))?;
        if read.state.is_open() {
            return Err(CurateError::CallOpen(id.clone()));
        }
        let at = self.clock.now();
        let mut change = FeedbackChange::new(me.org_id.clone(), at);
        let mut gone = Vec::new();
        let mut ids: Vec<_> = read.outcomes.iter().map(|o| o.post_id.clone()).collect();
        ids.sort();
        ids.dedup();
        for post_id in &ids {
            let (post, rest) = take_out(&*self.feedback, &mut change, post_id, id).await?;
            if let Some(post) = post {
                let parts = (&mut change, &mut gone);
                self.plan_erased_post(parts, post, id, &rest, at).await?;
            }
        }
        for (merged, into) in gone {
            let known = change.posts.iter_mut().find(|post| post.read.id == into);
            match known.map(|post| &mut post.next) {
                Some(Some(next)) => next.merged_from.retain(|id| *id != merged),
                Some(None) => {}
                None => {
                    if let Some(target) = self.feedback.post(&me.org_id, &into).await? {
                        change.posts.push(without_merged(target, &merged, at));
                    }
                }
            }
        }
        let posts: Vec<&PostId> = ids.iter().collect();
        let did = format!("erased what call {id} gave");
        change.activity.push(self.activity(me, at, &posts, did));
        change.calls.push(CallChange {
            next: skipped(&read, SkipCause::Erased, at),
            read,
        });
        Ok(((), Some(change)))
    }

    async fn plan_erased_post(
        &self,
        (change, gone): (&mut FeedbackChange, &mut Vec<(PostId, PostId)>),
        post: Post,
        call: &CallId,
        rest: &[Evidence],
        at: Timestamp,
    ) -> Result<(), CurateError> {
        let of_call = is_of_call(&post, call);
        let made_by_it = of_call && post.engine.is_some();
        if made_by_it && rest.is_empty() && post.merged_from.is_empty() {
            if let Some(merged) = &post.merged_into {
                gone.push((post.id.clone(), merged.into.clone()));
            }
            change.posts.push(PostChange {
                vector: VectorChange::Remove(post.revision + 1),
                read: post,
                next: None,
            });
            return Ok(());
        }
        let unedited = post.edits == 0 && made_by_it;
        let mut changed = resting_on(post, call, rest, at, ALONE);
        if let (true, Some(oldest), Some(next)) = (unedited, rest.first(), &mut changed.next) {
            // Its words were drawn from the erased call: the oldest that is left has others.
            next.title.clone_from(&oldest.title);
            next.description.clone_from(&oldest.description);
            next.pain_points.clone_from(&oldest.pain_points);
            if next.moderation.is_searched() {
                next.revision += 1;
                changed.vector = VectorChange::Put(self.place(next).await?);
            }
        }
        change.posts.push(changed);
        Ok(())
    }

    /// Erases a person everywhere, by e-mail address or whole name: every call in which they were
    /// the customer, their quotes in other calls, and their name on posts.
    ///
    /// # Errors
    /// [`CurateError`]; what was erased before it stays erased, and the same request goes on.
    pub async fn erase_person(&self, me: &Principal, who: &str) -> Result<Erased, CurateError> {
        me.require(Role::Admin)?;
        let who = who.trim().to_lowercase();
        if who.chars().count() < 3 {
            return Err(CurateError::NoPerson);
        }
        let is = |name: Option<&String>| name.is_some_and(|name| name.to_lowercase() == who);
        let is_author = |author: &Author| is(author.name.as_ref()) || is(author.email.as_ref());
        let mut erased = Erased::default();
        let all = self.feedback.all_evidence(&me.org_id).await?;
        let (theirs, others): (Vec<_>, Vec<_>) =
            all.into_iter().partition(|one| is_author(&one.author));
        let mut calls: Vec<_> = theirs.into_iter().map(|one| one.call_id).collect();
        calls.sort();
        calls.dedup();
        for call in calls {
            self.erase_call(me, &call).await?;
            erased.calls += 1;
        }
        for one in others {
            let spoke = |quote: &Quote| quote.speaker.to_lowercase() == who;
            let quotes = one.quotes.iter().filter(|quote| spoke(quote)).count();
            if quotes > 0 {
                self.erase_quotes(me, &one, spoke).await?;
                erased.quotes += u64::try_from(quotes).unwrap_or(0);
            }
        }
        let every = PostFilter {
            hidden_too: true,
            ..PostFilter::default()
        };
        for post in self.feedback.posts(&me.org_id, &every).await? {
            if is_author(&post.author) {
                self.erase_author(me, &post.id).await?;
                erased.authors += 1;
            }
        }
        Ok(erased)
    }

    async fn erase_quotes(
        &self,
        me: &Principal,
        of: &Evidence,
        spoke: impl Fn(&Quote) -> bool + Sync,
    ) -> Result<(), CurateError> {
        self.decide(|| async {
            let read = self.post(&me.org_id, &of.post_id).await?;
            let found = self.feedback.evidence(&me.org_id, &of.post_id).await?;
            let found = found.into_iter().find(|e| e.is(&of.call_id, of.n));
            let Some(mut one) = found else {
                return Ok(((), None));
            };
            one.quotes.retain(|quote| !spoke(quote));
            let next = read.clone();
            let did = format!(
                "erased a person's quotes in the evidence of call {}",
                of.call_id
            );
            let change = FeedbackChange {
                evidence: vec![one],
                ..self.one_post(me, read, next, did)
            };
            Ok(((), Some(change)))
        })
        .await
    }

    async fn erase_author(&self, me: &Principal, id: &PostId) -> Result<(), CurateError> {
        self.decide(|| async {
            let read = self.post(&me.org_id, id).await?;
            let next = Post {
                author: Author::default(),
                ..read.clone()
            };
            let did = format!("erased the author of post {id}");
            Ok(((), Some(self.one_post(me, read, next, did))))
        })
        .await
    }

    /// A change of one post that leaves the search alone.
    fn one_post(&self, me: &Principal, read: Post, next: Post, did: String) -> FeedbackChange {
        let at = self.clock.now();
        let next = Post {
            updated: at,
            ..next
        };
        FeedbackChange {
            activity: vec![self.activity(me, at, &[&read.id], did)],
            posts: vec![PostChange::of(read, next)],
            ..FeedbackChange::new(me.org_id.clone(), at)
        }
    }
}
