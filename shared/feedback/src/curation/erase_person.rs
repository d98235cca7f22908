//! Erasing a person everywhere.

use std::collections::BTreeSet;

use domain::{
    call::{Call, CallState, OutcomeResult},
    feedback::{Author, Evidence, Heard, Moderation, Post, Quote},
    ids::{CallId, PostId},
    party::{Affiliation, Party},
    ports::feedback::{FeedbackChange, HeardChange, PostChange, PostFilter, VectorChange},
    principal::{Action, Principal},
};

use super::{Curate, CurateError, support::support};

/// Why a post waits whose last quote was of an erased person.
pub const NO_QUOTE: &str = "The last quote that this post rested on was erased; decide whether the request stands without it.";
/// How the names of those who share a microphone are joined.
const TOGETHER: &str = " / ";
/// How many calls of the ledger are read at once.
const PAGE: usize = 100;

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Erased {
    /// Calls whose evidence was deleted.
    pub calls: u64,
    /// Calls with the person that had given nothing yet: not analysed, or failed.
    pub unread: u64,
    /// Quotes of the person in the evidence of other people's calls.
    pub quotes: u64,
    /// Posts that do not name the person as author any more.
    pub authors: u64,
    /// Requests also heard in other calls that the person made, or is not quoted for any more.
    pub also_heard: u64,
}

/// Who is erased: the name or address that was typed, and what is known to belong to it.
struct Person {
    typed: String,
    /// The names that go with the typed address.
    names: BTreeSet<String>,
    /// The companies of those names: another person of the same name elsewhere is not meant.
    companies: BTreeSet<String>,
}

impl Person {
    fn is(&self, name: Option<&String>, email: Option<&String>) -> bool {
        let typed = |text: &str| text.to_lowercase() == self.typed;
        email.is_some_and(|email| typed(email))
            || name.is_some_and(|name| name.split(TOGETHER).any(typed))
    }

    fn is_author(&self, author: &Author) -> bool {
        self.is(author.name.as_ref(), author.email.as_ref())
    }

    fn took_part(&self, call: &Call) -> bool {
        let outside = |party: &&Party| party.affiliation != Affiliation::Internal;
        let mut parties = call.parties.iter().filter(outside);
        parties.any(|party| self.is(party.name.as_ref(), party.email.as_ref()))
    }

    fn learn(&mut self, name: Option<&String>, email: Option<&String>, account: Option<&String>) {
        if email.is_none_or(|email| email.to_lowercase() != self.typed) {
            return;
        }
        self.names.extend(name.map(|name| name.to_lowercase()));
        self.companies.extend(companies(email, account));
    }

    /// Whether a quote is theirs, beside others of this author's.
    fn said(&self, quote: &Quote, author: &Author) -> bool {
        let mut here = companies(author.email.as_ref(), author.account.as_ref());
        let colleagues = here.any(|company| self.companies.contains(&company));
        let speaker = quote.speaker.to_lowercase();
        speaker
            .split(TOGETHER)
            .any(|one| one == self.typed || (colleagues && self.names.contains(one)))
    }

    /// What is left of what was heard in a call without their requests and quotes, and of how many
    /// requests something goes.
    fn leaves(&self, items: &[Heard]) -> (Vec<Heard>, u64) {
        let left = |item: &Heard| {
            let mut left = item.clone();
            left.quotes.retain(|quote| !self.said(quote, &item.author));
            let theirs = self.is_author(&item.author) || left.quotes.is_empty();
            (!theirs).then_some(left)
        };
        let left: Vec<_> = items.iter().map(left).collect();
        let touched = items.iter().zip(&left);
        let touched = touched.filter(|(item, left)| left.as_ref() != Some(item));
        let touched = u64::try_from(touched.count()).unwrap_or(u64::MAX);
        (left.into_iter().flatten().collect(), touched)
    }
}

/// What names a company: the domain of an address, and the account.
fn companies<'a>(
    email: Option<&'a String>,
    account: Option<&'a String>,
) -> impl Iterator<Item = String> + 'a {
    let domain = email.and_then(|email| email.rsplit_once('@'));
    let domain = domain.map(|(_, domain)| domain.to_lowercase());
    domain
        .into_iter()
        .chain(account.map(|name| name.to_lowercase()))
}

impl Curate {
    /// Erases a person everywhere, by e-mail address or whole name: every call in which they were
    /// the customer, calls with them that were not analysed or failed, their quotes in other calls,
    /// what else they were heard to ask for, and their name on posts. Quotes carry names alone; those that go with an address are
    /// erased in the evidence of the same company.
    ///
    /// # Errors
    /// [`CurateError`]; what was erased before it stays erased, and the same request goes on.
    pub async fn erase_person(&self, me: &Principal, who: &str) -> Result<Erased, CurateError> {
        me.require(Action::ErasePerson)?;
        let typed = who.trim().to_lowercase();
        if typed.chars().count() < 3 {
            return Err(CurateError::NoPerson);
        }
        let mut person = Person {
            typed,
            names: BTreeSet::new(),
            companies: BTreeSet::new(),
        };
        let mut erased = Erased::default();
        for call in self.calls_with_parties(me).await? {
            if !person.took_part(&call) {
                continue;
            }
            for party in &call.parties {
                let (name, email) = (party.name.as_ref(), party.email.as_ref());
                person.learn(name, email, call.account.as_ref());
            }
            erased.unread += u64::from(self.erase_unread(me, &call.id).await?);
        }
        for one in self.feedback.all_evidence(&me.org_id).await? {
            let author = &one.author;
            let (name, email) = (author.name.as_ref(), author.email.as_ref());
            person.learn(name, email, author.account.as_ref());
        }
        let heard = self.feedback.all_also_heard(&me.org_id).await?;
        for item in heard.iter().flat_map(|heard| &heard.items) {
            let author = &item.author;
            let (name, email) = (author.name.as_ref(), author.email.as_ref());
            person.learn(name, email, author.account.as_ref());
        }
        for one in heard.iter().filter(|one| person.leaves(&one.items).1 > 0) {
            erased.also_heard += self.erase_heard(me, &one.call_id, &person).await?;
        }
        // Read again: a post may have been made of what was also heard meanwhile.
        let all = self.feedback.all_evidence(&me.org_id).await?;
        let (theirs, others): (Vec<_>, Vec<_>) = all
            .into_iter()
            .partition(|one| person.is_author(&one.author));
        for one in others {
            let spoke = |quote: &Quote| person.said(quote, &one.author);
            let quotes = one.quotes.iter().filter(|quote| spoke(quote)).count();
            if quotes > 0 {
                self.erase_quotes(me, &one, &spoke).await?;
                erased.quotes += u64::try_from(quotes).unwrap_or(0);
            }
        }
        // What tells who they are goes last, so that a request that broke off can go on.
        let calls: BTreeSet<_> = theirs.into_iter().map(|one| one.call_id).collect();
        for call in &calls {
            self.erase_call(me, call).await?;
            erased.calls += 1;
        }
        let every = PostFilter {
            hidden_too: true,
            ..PostFilter::default()
        };
        for post in self.feedback.posts(&me.org_id, &every).await? {
            if person.is_author(&post.author) {
                self.erase_author(me, &post.id).await?;
                erased.authors += 1;
            }
        }
        Ok(erased)
    }

    /// The calls of the ledger that still name who took part: those not decided yet, and failed
    /// ones, which an admin may retry.
    async fn calls_with_parties(&self, me: &Principal) -> Result<Vec<Call>, CurateError> {
        let mut found = Vec::new();
        let mut last: Option<CallId> = None;
        loop {
            let open = self
                .ledger
                .open_calls(&me.org_id, None, last.as_ref(), PAGE);
            let open = open.await?;
            let Some(end) = open.last() else { break };
            last = Some(end.id.clone());
            found.extend(open);
        }
        let mut after: Option<String> = None;
        loop {
            let failed = Some(CallState::Failed);
            let page = self.ledger.page(&me.org_id, failed, after.as_deref(), PAGE);
            let page = page.await?;
            found.extend(page.calls);
            after = page.next;
            if after.is_none() {
                return Ok(found);
            }
        }
    }

    /// Erases a call that has given nothing yet; whoever works on it finds that it is not theirs any
    /// more. `false` when it was decided meanwhile: what it gave then is found as evidence.
    async fn erase_unread(&self, me: &Principal, id: &CallId) -> Result<bool, CurateError> {
        self.decide(|once| async move {
            let read = once.ledger.call(&me.org_id, id).await?;
            let unread = |call: &Call| call.state.is_open() || call.state == CallState::Failed;
            let Some(read) = read.filter(unread) else {
                return Ok((false, None));
            };
            let ((), change) = once.plan_erasure(me, read).await?;
            Ok((true, change))
        })
        .await
    }

    /// Erases a person in what was also heard in a call; of how many requests something went.
    async fn erase_heard(
        &self,
        me: &Principal,
        call: &CallId,
        person: &Person,
    ) -> Result<u64, CurateError> {
        self.decide(|once| async move {
            let Some(read) = once.feedback.also_heard(&me.org_id, call).await? else {
                return Ok((0, None));
            };
            let (left, touched) = person.leaves(&read.items);
            if touched == 0 {
                return Ok((0, None));
            }
            let at = once.clock.now();
            let did = format!("erased a person in what was also heard in call {call}");
            let next = (!left.is_empty()).then(|| read.changed(left));
            let change = FeedbackChange {
                also_heard: vec![HeardChange { read, next }],
                activity: vec![once.activity(me, at, &[], did)],
                ..FeedbackChange::new(me.org_id.clone(), at)
            };
            Ok((touched, Some(change)))
        })
        .await
    }

    async fn erase_quotes(
        &self,
        me: &Principal,
        of: &Evidence,
        spoke: &(dyn Fn(&Quote) -> bool + Sync),
    ) -> Result<(), CurateError> {
        self.decide(|once| async move {
            let read = once.post(&me.org_id, &of.post_id).await?;
            let found = support(&*once.feedback, &read).await?.evidence;
            let (own, others): (Vec<_>, Vec<_>) =
                found.into_iter().partition(|e| e.is(&of.call_id, of.n));
            let Some(mut one) = own.into_iter().next() else {
                return Ok(((), None));
            };
            one.quotes.retain(|quote| !spoke(quote));
            let verified = others.iter().chain([&one]).any(|e| !e.quotes.is_empty());
            let did = format!(
                "erased a person's quotes in the evidence of call {}",
                of.call_id
            );
            let mut change = if verified || read.moderation != Moderation::Published {
                let next = once.touched(&read);
                once.one_post(me, PostChange::of(read, next), did)
            } else {
                once.back_to_review(me, read, did).await?
            };
            change.evidence = vec![one];
            Ok(((), Some(change)))
        })
        .await
    }

    /// Nothing that no customer is quoted for is shown as fact.
    async fn back_to_review(
        &self,
        me: &Principal,
        read: Post,
        did: String,
    ) -> Result<FeedbackChange, CurateError> {
        let at = self.clock.now();
        let revision = read.revision + 1;
        let next = Post {
            moderation: Moderation::InReview,
            review_reason: Some(NO_QUOTE.to_owned()),
            proposed: None,
            revision,
            updated: at,
            ..read.clone()
        };
        let why = "its post waits for a person again: its last quote was erased";
        let calls = self
            .calls_of(&read, at, why, |o| o.result = OutcomeResult::InReview)
            .await?;
        let post = PostChange {
            read,
            next: Some(next),
            vector: VectorChange::Remove(revision),
        };
        Ok(FeedbackChange {
            calls,
            ..self.one_post(me, post, did)
        })
    }

    async fn erase_author(&self, me: &Principal, id: &PostId) -> Result<(), CurateError> {
        self.decide(|once| async move {
            let read = once.post(&me.org_id, id).await?;
            let next = Post {
                author: Author::default(),
                ..once.touched(&read)
            };
            let did = format!("erased the author of post {id}");
            let post = PostChange::of(read, next);
            Ok(((), Some(once.one_post(me, post, did))))
        })
        .await
    }

    fn touched(&self, post: &Post) -> Post {
        Post {
            updated: self.clock.now(),
            ..post.clone()
        }
    }

    /// A change of one post alone.
    fn one_post(&self, me: &Principal, post: PostChange, did: String) -> FeedbackChange {
        let at = self.clock.now();
        FeedbackChange {
            activity: vec![self.activity(me, at, &[&post.read.id], did)],
            posts: vec![post],
            ..FeedbackChange::new(me.org_id.clone(), at)
        }
    }
}

#[cfg(test)]
mod tests;
