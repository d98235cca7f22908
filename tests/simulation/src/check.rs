//! What must hold at the end, whatever the seed.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    call::{Call, CallState, SkipCause},
    connection::Connection,
    feedback::{Evidence, Moderation, Post},
    ids::OrgId,
    moment::{Span, Timestamp},
    ports::{
        connections::{ConnectionStore, SyncStore, TokenStore},
        feedback::{DedupeStore, FeedbackStore, PostFilter, VectorIndex},
        ledger::Ledger,
        system::Clock,
    },
};

use crate::{
    engine::TOPICS,
    plan::PlannedCall,
    time::{BEGIN, duration},
    world::{World, admin},
};

mod also_heard;

/// What a run came to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Summary {
    pub calls: usize,
    pub posts: usize,
    pub evidence: usize,
    /// Calls that ended as failed after killed workers.
    pub failed: usize,
    pub requests: u64,
    /// Of these, for calls.
    pub listings: u64,
    /// And for transcripts.
    pub transcripts: u64,
    pub generation: u64,
    /// Steps to the outside, each of which could go wrong.
    pub steps: u64,
}

/// Everything that is stored of the organization which has the workspace.
struct State {
    connection: Connection,
    ledger: BTreeMap<String, Call>,
    posts: BTreeMap<String, Post>,
    evidence: Vec<Evidence>,
    /// The titles of what was also heard, by call.
    also_heard: BTreeMap<String, Vec<String>>,
}

impl World {
    /// When the run is over.
    #[must_use]
    pub fn end(&self) -> Timestamp {
        BEGIN + self.plan.trouble + self.plan.calm
    }

    async fn org(&self) -> Option<OrgId> {
        Some(admin(self.owner()?).org_id)
    }

    async fn state(&self) -> Option<State> {
        let org = self.org().await?;
        let (mut ledger, mut after) = (BTreeMap::new(), None);
        loop {
            let page = self.store.page(&org, None, after.as_deref(), 100).await;
            let page = page.expect("the ledger");
            let calls = page.calls.into_iter();
            ledger.extend(calls.map(|call| (call.id.to_string(), call)));
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        let posts = self.store.posts(&org, &PostFilter::default()).await;
        let posts = posts.expect("the posts");
        let mut evidence = Vec::new();
        for post in &posts {
            let of = self.store.evidence(&org, &post.id).await;
            evidence.extend(of.expect("the evidence"));
        }
        let heard = self.store.all_also_heard(&org).await;
        let heard = heard.expect("what was also heard").into_iter();
        let titles = heard.map(|heard| {
            let titles = heard.items.into_iter().map(|item| item.request.title);
            (heard.call_id.to_string(), titles.collect())
        });
        Some(State {
            also_heard: titles.collect(),
            connection: self.store.connection(&org).await.expect("it")?,
            ledger,
            posts: posts.into_iter().map(|p| (p.id.to_string(), p)).collect(),
            evidence,
        })
    }
}

/// Whether anything is still on its way.
pub async fn in_work(world: &World) -> bool {
    let Some(org) = world.org().await else {
        return true;
    };
    let windows = world.store.windows(&org).await.expect("the windows");
    let open = world.store.open_calls(&org, None, None, 10).await;
    let open = open.expect("the ledger");
    windows.iter().any(|window| window.finished.is_none())
        || open
            .iter()
            .any(|call| call.state != CallState::AwaitingTranscript)
}

/// Every property; what is broken, in words.
pub async fn all(world: &World) -> Vec<String> {
    let mut broken = world.wire.broken();
    broken.extend(world.sandbox.violations().iter().filter_map(|violation| {
        // That a call was private by then nobody could know: what was told is watched by the wire.
        let text = violation.to_string();
        (!text.contains("transcript of a private call")).then_some(text)
    }));
    let Some(state) = world.state().await else {
        broken.push("nobody is connected at the end".into());
        return broken;
    };
    for call in &world.plan.calls {
        broken.extend(each_call(world, call, &state));
    }
    broken.extend(also_heard::kept(world, &state));
    broken.extend(effects_once(&state));
    broken.extend(one_post_a_topic(&state));
    broken.extend(budget(world));
    broken.extend(one_refresh(world));
    broken.extend(nothing_left(world, &state).await);
    broken
}

/// What a call must have become.
fn each_call(world: &World, call: &PlannedCall, state: &State) -> Option<String> {
    let import_from = state.connection.import_from;
    let Some(known) = state.ledger.get(&call.id) else {
        let missed =
            call.started >= import_from && call.visible < world.clock.now() - world.plan.poll_every;
        return missed.then(|| format!("call {} was never seen: {call:?}", call.id));
    };
    let given = state.evidence.iter().any(|e| e.call_id == known.id);
    let is = |allowed: bool| {
        let (state, cause, reason) = (known.state, known.skip_cause, &known.reason);
        (!allowed).then(|| {
            format!(
                "call {} is {state} ({cause:?}: {reason}), due {:?}, lease {:?}, evidence {given}; {call:?}",
                call.id, known.due, known.lease
            )
        })
    };
    if known.state.is_open() {
        return is(false);
    }
    if call.private_at_last() {
        return is(known.state == CallState::Skipped && !given);
    }
    if !call.always_public() {
        return None;
    }
    let outside = if call.outsider {
        None
    } else {
        Some(SkipCause::InternalOnly)
    };
    let below = (call.started < import_from).then_some(SkipCause::BeforeImport);
    let silent = call
        .transcribed
        .is_none()
        .then_some(SkipCause::NoTranscript);
    // What an earlier connection with a lower import_from has decided stays as it is.
    let earlier = below.is_some() && state.connection.generation > 1;
    let left_below = known.skip_cause == below || known.skip_cause == Some(SkipCause::Disconnected);
    if below.is_some() && left_below {
        return is(!given);
    }
    // Three workers in a row that died with it in hand.
    let killed = known.state == CallState::Failed && world.plan.rates != Default::default();
    if let Some(cause) = below.filter(|_| !earlier).or(outside).or(silent) {
        let tried = killed && cause == SkipCause::NoTranscript;
        return is((tried || known.skip_cause == Some(cause)) && !given);
    }
    let asks = call.topic.is_some() && call.speaks();
    is(killed
        || match known.state {
            CallState::Posted | CallState::Consolidated => asks && given,
            CallState::Discarded => !asks && !given,
            _ => false,
        })
}

/// Ledger, posts and evidence tell the same, and each call gives its outcomes once.
fn effects_once(state: &State) -> Vec<String> {
    let mut broken = Vec::new();
    let mut counts: BTreeMap<String, u64> = BTreeMap::new();
    let mut of_calls: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for one in &state.evidence {
        *counts.entry(one.post_id.to_string()).or_default() += 1;
        let posts = of_calls.entry(one.call_id.to_string()).or_default();
        if !posts.insert(one.post_id.to_string()) {
            broken.push(format!(
                "call {} supports {} twice",
                one.call_id, one.post_id
            ));
        }
    }
    for (id, post) in &state.posts {
        let found = counts.get(id).copied().unwrap_or(0);
        if post.evidence_count != found {
            let told = post.evidence_count;
            broken.push(format!("post {id} tells {told} evidence and has {found}"));
        }
    }
    for (id, call) in &state.ledger {
        let outcomes: BTreeSet<_> = call
            .outcomes
            .iter()
            .map(|o| o.post_id.to_string())
            .collect();
        let found = of_calls.remove(id).unwrap_or_default();
        if outcomes != found {
            broken.push(format!(
                "call {id} tells {outcomes:?} and supports {found:?}"
            ));
        }
    }
    broken.extend(
        of_calls
            .keys()
            .map(|id| format!("evidence of an unknown call {id}")),
    );
    broken
}

/// Published posts of the same topic are one.
fn one_post_a_topic(state: &State) -> Vec<String> {
    let mut topics: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (id, post) in &state.posts {
        if post.moderation == Moderation::Published {
            topics.entry(&post.request.title).or_default().push(id);
        }
    }
    let twice = topics.iter().filter(|(_, posts)| posts.len() > 1);
    twice
        .map(|(topic, posts)| format!("{topic} has the posts {posts:?}"))
        .collect()
}

/// Never more than Gong allows, as long as all clocks agree and nobody else uses the budget: two
/// organizations that try for one workspace do not know yet that it is the same.
fn budget(world: &World) -> Vec<String> {
    let stats = world.sandbox.stats();
    let mut broken = Vec::new();
    if world.plan.skew == Span(0) && !world.plan.rival && stats.rate_limited > 0 {
        let n = stats.rate_limited;
        broken.push(format!("{n} requests were too many in their second"));
    }
    // What nobody needs to ask: each poll lists a page or two, each wait asks once more, and each
    // try to connect reads who it is.
    let polls = u64::try_from((world.plan.trouble + world.plan.calm).0 / world.plan.poll_every.0)
        .unwrap_or(0);
    let pages = 2 + world.plan.calls.len() as u64 / 50;
    let connects = stats.count("GET /v2/users");
    let most = 60 + polls * 4 * pages + 40 * world.plan.calls.len() as u64 + 4 * connects;
    let asked: u64 = stats.requests.values().sum();
    if asked > most {
        broken.push(format!(
            "{asked} requests were sent, where {most} are many: {:?}",
            stats.requests
        ));
    }
    broken
}

/// A refresh token is used once, as long as nobody dies and every answer arrives.
fn one_refresh(world: &World) -> Option<String> {
    let rates = world.plan.rates;
    let calm = rates.crash + rates.lost_answer + rates.stall + world.plan.moods.failing <= 0.0;
    let dead = world.sandbox.stats().dead_refresh_uses;
    (calm && dead > 0).then(|| format!("{dead} refresh tokens were used again"))
}

/// No queue, window, vector or secret is left over.
async fn nothing_left(world: &World, state: &State) -> Vec<String> {
    let org = &state.connection.org_id;
    let mut broken = Vec::new();
    for window in world.store.windows(org).await.expect("the windows") {
        if window.finished.is_none() {
            broken.push(format!("a window is not finished: {window:?}"));
        }
    }
    let pending = world.store.pending(org).await.expect("pending vectors");
    if !pending.is_empty() {
        broken.push(format!("{} vectors are pending", pending.len()));
    }
    let token = world.store.token(org).await.expect("the token");
    let named: Vec<_> = token
        .iter()
        .map(|token| token.secret_name.clone())
        .collect();
    if world.secrets.names() != named {
        let kept = world.secrets.names();
        broken.push(format!(
            "the secrets {kept:?} are kept, and {named:?} is in use"
        ));
    }
    for topic in 0..TOPICS {
        let mut vector = vec![0.0; TOPICS];
        vector[topic] = 1.0;
        let hits = world
            .index
            .nearest(org, &vector, 10)
            .await
            .expect("the index");
        let found: BTreeSet<_> = hits
            .into_iter()
            .filter(|hit| hit.score > 0.9)
            .map(|hit| hit.post_id.to_string())
            .collect();
        let title = format!("topic-{topic}");
        let searched =
            |post: &&Post| post.request.title == title && post.moderation == Moderation::Published;
        let posts: BTreeSet<_> = state
            .posts
            .values()
            .filter(searched)
            .map(|post| post.id.to_string())
            .collect();
        if found != posts {
            broken.push(format!(
                "{title}: the index finds {found:?}, and the posts are {posts:?}"
            ));
        }
    }
    broken
}

/// One poll more lists and changes nothing.
pub async fn another_poll_does_nothing(world: &World) -> Vec<String> {
    let Some(before) = world.state().await else {
        return vec!["nobody is connected at the end".into()];
    };
    let transcripts = world.wire.transcripts();
    let listings = world.sandbox.stats().count("POST /v2/calls/extensive");
    tokio::time::sleep(duration(world.plan.poll_every + Span::hours(1))).await;
    let Some(after) = world.state().await else {
        return vec!["another poll lost the connection".into()];
    };
    let mut broken = Vec::new();
    // A listing may note that it saw a call again, and nothing else of it.
    if before.ledger != after.ledger {
        broken.push("another poll changed the ledger".into());
    }
    if before.posts != after.posts || before.evidence != after.evidence {
        broken.push("another poll changed posts".into());
    }
    if before.also_heard != after.also_heard {
        broken.push("another poll changed what was also heard".into());
    }
    if world.wire.transcripts() != transcripts {
        broken.push("another poll asked for transcripts".into());
    }
    if world.sandbox.stats().count("POST /v2/calls/extensive") == listings {
        broken.push("no other poll took place".into());
    }
    broken
}

/// What the run came to.
///
/// # Panics
/// When nothing is stored.
pub async fn summary(world: &World) -> Summary {
    let state = world.state().await.expect("a connection");
    let failed = state.ledger.values();
    let stats = world.sandbox.stats();
    Summary {
        calls: state.ledger.len(),
        posts: state.posts.len(),
        evidence: state.evidence.len(),
        failed: failed.filter(|c| c.state == CallState::Failed).count(),
        requests: stats.requests.values().sum(),
        listings: stats.count("POST /v2/calls/extensive"),
        transcripts: stats.count("POST /v2/calls/transcript"),
        generation: state.connection.generation,
        steps: world.chaos.steps(),
    }
}
