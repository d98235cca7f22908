//! Erasing what a call gave.

use std::collections::BTreeSet;

use domain::{
    call::{Call, SkipCause},
    feedback::{Evidence, Post, Request},
    ids::{CallId, PostId},
    ports::feedback::{CallChange, FeedbackChange, PostChange, VectorChange},
    principal::{Action, Principal},
};

use super::{
    Curate, CurateError, Planned,
    merge::without_merged,
    support::{delete_also_heard, detach_evidence, resting_on, support},
};

/// Why a post of a person's making waits that rested on erased evidence.
pub const ALONE: &str = "The evidence that this post rested on was erased; decide whether the request stands without it.";
/// The title of a post whose words were erased and that rests on nothing that has others.
const NO_TITLE: &str = "Erased";

impl Curate {
    /// Erases what a call gave: its evidence, what was also heard in it, the posts that rest on nothing else, its words in
    /// posts that stay, its title and the analysis in the ledger. The ledger keeps that the call
    /// was erased, so it is never read again.
    ///
    /// # Errors
    /// [`CurateError`]; nothing was erased.
    pub async fn erase_call(&self, me: &Principal, id: &CallId) -> Result<(), CurateError> {
        me.require(Action::EraseCall)?;
        self.decide(|once| async move {
            let read = once.ledger.call(&me.org_id, id).await?;
            let read = read.ok_or_else(|| CurateError::NoCall(id.clone()))?;
            if read.state.is_open() {
                return Err(CurateError::CallOpen(id.clone()));
            }
            once.plan_erasure(me, read).await
        })
        .await
    }

    pub(super) async fn plan_erasure(&self, me: &Principal, read: Call) -> Planned<()> {
        let at = self.clock.now();
        let mut change = FeedbackChange::new(me.org_id.clone(), at);
        let holders: BTreeSet<_> = read.outcomes.iter().map(|o| o.post_id.clone()).collect();
        let mut touched = Vec::new();
        for id in &holders {
            let (post, rest) = detach_evidence(&*self.feedback, &mut change, id, &read.id).await?;
            touched.extend(post.map(|post| (post, rest)));
        }
        for post in self.left_behind(&change, &holders).await? {
            let rest = self.feedback.evidence(&me.org_id, &post.id).await?;
            touched.push((post, rest));
        }
        let mut merged_and_gone = Vec::new();
        for (post, rest) in touched {
            let of = Erasure {
                call: &read.id,
                rest: &rest,
            };
            let post = self.plan_erased_post(&change, post, &of).await?;
            if let (None, Some(merged)) = (&post.next, &post.read.merged_into) {
                merged_and_gone.push((post.read.id.clone(), merged.into.clone()));
            }
            change.posts.push(post);
        }
        for (merged, into) in merged_and_gone {
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
        delete_also_heard(&*self.feedback, &mut change, &read.id).await?;
        let posts: Vec<&PostId> = holders.iter().collect();
        let did = format!("erased what call {} gave", read.id);
        change.activity.push(self.activity(me, at, &posts, did));
        change.calls.push(CallChange {
            next: read.skip(SkipCause::Erased, at),
            read,
        });
        Ok(((), Some(change)))
    }

    /// The posts that the call's evidence was moved out of, with those merged into them: one of
    /// them may have been made of its words.
    async fn left_behind(
        &self,
        change: &FeedbackChange,
        holders: &BTreeSet<PostId>,
    ) -> Result<Vec<Post>, CurateError> {
        let mut seen = holders.clone();
        let mut posts = Vec::new();
        for (left, _, _) in &change.moved_back {
            let Some(post) = self.feedback.post(&change.org_id, left).await? else {
                continue;
            };
            let merged = support(&*self.feedback, &post).await?.merged;
            let new = std::iter::once(post).chain(merged);
            posts.extend(new.filter(|post| seen.insert(post.id.clone())));
        }
        Ok(posts)
    }

    /// What becomes of a post that held a call's evidence, or once did.
    async fn plan_erased_post(
        &self,
        change: &FeedbackChange,
        read: Post,
        of: &Erasure<'_>,
    ) -> Result<PostChange, CurateError> {
        let words = words_of(&read, &change.gone);
        if rests_on_it_alone(&read, words, of) {
            return Ok(PostChange {
                vector: VectorChange::Remove(read.revision + 1),
                read,
                next: None,
            });
        }
        let mut changed = resting_on(read, of.call, of.rest, change.at, ALONE);
        let Some(next) = &mut changed.next else {
            return Ok(changed);
        };
        let left = change.moved_back.iter().filter(|(id, _, _)| *id == next.id);
        let left = u32::try_from(left.count()).unwrap_or(u32::MAX);
        next.unmerges = next.unmerges.saturating_sub(left);
        if words != Words::None {
            self.take_other_words(next, of, &change.gone).await?;
            if next.moderation.is_searched() {
                next.revision += 1;
                changed.vector = VectorChange::Put(self.embed_post(next).await?);
            }
        }
        Ok(changed)
    }

    /// Replaces the words that a post has of erased evidence by those of the oldest that is left.
    /// What people wrote into it stays.
    async fn take_other_words(
        &self,
        post: &mut Post,
        of: &Erasure<'_>,
        gone: &[Evidence],
    ) -> Result<(), CurateError> {
        let mut others = of.rest.to_vec();
        if others.is_empty() {
            others = support(&*self.feedback, post).await?.evidence;
            others.retain(|one| one.call_id != *of.call);
        }
        replace_words(&mut post.request, others.first(), gone);
        Ok(())
    }
}

/// The call that is erased, as one post sees it.
struct Erasure<'a> {
    call: &'a CallId,
    /// The post's own evidence of other calls.
    rest: &'a [Evidence],
}

/// What of a post's words the engine took from some evidence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Words {
    None,
    PainPoints,
    Request,
}

fn words_of(post: &Post, gone: &[Evidence]) -> Words {
    let says = |one: &Evidence| {
        one.request.title == post.request.title
            || (!one.request.description.is_empty()
                && one.request.description == post.request.description)
    };
    let hurts = |one: &Evidence| shares(&one.request.pain_points, &post.request.pain_points);
    if post.engine.is_none() {
        Words::None
    } else if gone.iter().any(says) {
        Words::Request
    } else if gone.iter().any(hurts) {
        Words::PainPoints
    } else {
        Words::None
    }
}

/// Whether nothing is left of a post without the call that is erased.
fn rests_on_it_alone(post: &Post, words: Words, of: &Erasure<'_>) -> bool {
    let made_by_it = words == Words::Request || (post.engine.is_some() && post.is_of_call(of.call));
    made_by_it && of.rest.is_empty() && post.merged_from.is_empty()
}

/// Replaces what a request has of erased evidence by what another evidence says.
fn replace_words(request: &mut Request, other: Option<&Evidence>, gone: &[Evidence]) {
    let other = other.map(|one| &one.request);
    let is_gone = |same: &dyn Fn(&Request) -> bool| gone.iter().any(|one| same(&one.request));
    if is_gone(&|gone| gone.title == request.title) {
        request.title = other.map_or_else(|| NO_TITLE.to_owned(), |one| one.title.clone());
    }
    if is_gone(&|gone| gone.description == request.description) {
        request.description = other.map_or_else(String::new, |one| one.description.clone());
    }
    if is_gone(&|gone| shares(&gone.pain_points, &request.pain_points)) {
        request.pain_points = other.map_or_else(Vec::new, |one| one.pain_points.clone());
    }
    if is_gone(&|gone| gone.feature_area == request.feature_area) {
        request.feature_area = other.and_then(|one| one.feature_area.clone());
    }
}

fn shares(some: &[String], others: &[String]) -> bool {
    some.iter().any(|one| others.contains(one))
}

#[cfg(test)]
mod tests;
