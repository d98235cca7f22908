//! What is done with a batch of messages: claim the calls, read them together (see
//! [`super::source`]; Gong is `crate::gong::source`), analyse each, write how it ended.

use std::{
    collections::{BTreeMap, BTreeSet},
    panic::AssertUnwindSafe,
    pin::pin,
};

use domain::{
    call::{ALONE_FROM_ATTEMPTS, Call, CallMessage, CallState, NotClaimed},
    feedback::Settings,
    ids::{CallId, OrgId},
    lease::Lease,
    moment::Span,
    ports::{StoreError, connections::ChangeError},
    verdict::{Deadline, LEASE, Verdict},
};
use futures::{
    FutureExt, StreamExt,
    future::{Either, join_all, select},
    stream,
};

use super::{
    analysis::Context,
    batch::{Batch, Pipeline},
    ending::Ending,
    meters::{Meters, Models},
    source::{Halt, Normalize},
    spending::BUDGET_WAIT,
    worker::{REFUSED_WAIT, Worker},
};

/// This many calls are read together: what one of Gong's transcript requests takes.
const CALLS_A_REQUEST: usize = 100;
/// A call is begun only with this much time left.
const TIME_FOR_A_CALL: Span = Span::seconds(60);
/// An analysis that has not ended with this much time left is put off: a provider that never
/// answers must not take the run, and with it every call of the batch, down.
const TIME_TO_PUT_OFF: Span = Span::seconds(5);
/// After this many refusals of a run without an answer it is the source that has trouble, not a call.
const MAX_REFUSALS: usize = 12;
/// How often a call that others write at the same time is looked at before it is left to maintenance.
const CLAIM_TRIES: usize = 5;
/// How many ledger operations of a batch run at once.
const AT_ONCE: usize = 8;

impl Pipeline {
    /// Handles messages, of any organizations; one verdict each, in order.
    pub async fn handle(&self, messages: &[CallMessage], deadline: Deadline) -> Vec<Verdict> {
        let mut groups: BTreeMap<Group, BTreeSet<&CallId>> = BTreeMap::new();
        for message in messages {
            let group = groups.entry(Group::of(message));
            group.or_default().insert(&message.call_id);
        }
        // With others in the batch, more calls of one organization would take the others' time.
        let alone = groups.len() == 1;
        let mut failed: BTreeSet<Group> = BTreeSet::new();
        for (group, ids) in groups {
            let Some(source) = self.sources.iter().find(|s| s.name() == group.source) else {
                tracing::error!(org = %group.org, source = group.source, "calls of a source that this version does not know were left as they are");
                continue;
            };
            let batch = Batch {
                pipeline: self,
                source: &**source,
                worker: Worker {
                    org: group.org,
                    owner: self.ids.uuid().to_string(),
                    deadline,
                    ledger: &*self.ledger,
                    clock: &*self.clock,
                },
                noted: Models::default(),
            };
            if let Err(error) = batch.run(group.generation, &ids, alone).await {
                tracing::warn!(org = %group.org, %error, "a batch stops at the database; its calls are taken up again");
                failed.insert(group);
            }
        }
        let verdict = |message: &CallMessage| {
            if failed.contains(&Group::of(message)) {
                Verdict::Retry
            } else {
                Verdict::Done
            }
        };
        messages.iter().map(verdict).collect()
    }
}

/// Calls that are read together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Group<'a> {
    org: &'a OrgId,
    source: &'a str,
    generation: u64,
}

impl<'a> Group<'a> {
    fn of(message: &'a CallMessage) -> Self {
        Self {
            org: &message.org_id,
            source: message.call_id.source(),
            generation: message.generation,
        }
    }
}

impl Batch<'_> {
    async fn run(
        &self,
        generation: u64,
        ids: &BTreeSet<&CallId>,
        alone: bool,
    ) -> Result<(), StoreError> {
        // Another generation's messages are dropped; a connection that waits for a reconnect
        // keeps its calls queued in the ledger.
        let org = self.worker.org;
        if !self.source.may_be_read(org, generation).await? {
            return Ok(());
        }
        let ids: Vec<CallId> = ids.iter().map(|id| (*id).clone()).collect();
        let mut calls = self.claim(generation, ids).await?;
        if alone && !calls.is_empty() && calls.len() < CALLS_A_REQUEST {
            let more = self.fill(generation, &calls).await?;
            calls.extend(more);
        }
        // Begun in the order in which they were held, whatever was claimed first.
        calls.sort_by(|a, b| (a.started, &a.id).cmp(&(b.started, &b.id)));
        for chunk in calls.chunks(CALLS_A_REQUEST) {
            self.work(chunk.to_vec()).await?;
        }
        Ok(())
    }

    /// Claims those of the calls that wait for a worker. One that someone else, such as a listing,
    /// writes at the same time is looked at again.
    async fn claim(&self, generation: u64, mut ids: Vec<CallId>) -> Result<Vec<Call>, StoreError> {
        let ledger = &self.pipeline.ledger;
        let mut claimed = Vec::new();
        for _ in 0..CLAIM_TRIES {
            let now = self.worker.now();
            let lease = Lease {
                owner: self.worker.owner.clone(),
                until: now + LEASE,
            };
            let mut known = Vec::new();
            for chunk in ids.chunks(CALLS_A_REQUEST) {
                known.extend(ledger.calls(self.worker.org, chunk).await?);
            }
            let claim = |read: &Call| match read.claim(generation, &lease, now) {
                Ok(next) => Some(next),
                Err(NotClaimed::Exhausted) => read.give_up(now).ok(),
                // Decided, leased or of another generation: the message has no work to do.
                Err(_) => None,
            };
            let writes: Vec<_> = known
                .iter()
                .filter_map(|read| Some((read, claim(read)?)))
                .map(|(read, next)| async move { (ledger.replace(read, &next).await, next) })
                .collect();
            let written: Vec<_> = stream::iter(writes)
                .buffer_unordered(AT_ONCE)
                .collect()
                .await;
            ids.clear();
            for (result, next) in written {
                match result {
                    Ok(()) if next.state.is_open() => claimed.push(next),
                    Ok(()) => {}
                    Err(ChangeError::Lost) => ids.push(next.id),
                    Err(ChangeError::Store(error)) => return Err(error),
                }
            }
            if ids.is_empty() {
                break;
            }
        }
        Ok(claimed)
    }

    /// Other open calls of the connection that can be read with these.
    async fn fill(&self, generation: u64, claimed: &[Call]) -> Result<Vec<Call>, StoreError> {
        let ledger = &self.pipeline.ledger;
        let open = ledger
            .open_calls(
                self.worker.org,
                Some(CallState::Queued),
                None,
                2 * CALLS_A_REQUEST,
            )
            .await?;
        let room = CALLS_A_REQUEST - claimed.len();
        let fits = |call: &&Call| {
            call.id.source() == self.source.name()
                && call.generation == generation
                && call.attempts < ALONE_FROM_ATTEMPTS
        };
        let ids = open.iter().filter(fits).map(|call| call.id.clone());
        let ids = ids
            .filter(|id| claimed.iter().all(|c| c.id != *id))
            .take(room)
            .collect();
        self.claim(generation, ids).await
    }

    /// Reads and analyses calls that are read together. What the source refuses is asked for in
    /// halves, so that one call that cannot be had does not keep the others from being read.
    async fn work(&self, calls: Vec<Call>) -> Result<(), StoreError> {
        let settings = self
            .pipeline
            .analysis
            .feedback
            .settings(self.worker.org)
            .await?;
        if let Some(reason) = self.budget_used_up(&settings.budget).await? {
            return self.worker.defer_all(&calls, &reason, BUDGET_WAIT).await;
        }
        let (mut parts, mut refusals, mut served) = (vec![calls], 0, false);
        while let Some(mut part) = parts.pop() {
            let read = self.source.read(&self.worker, part.clone(), &settings);
            match read.await {
                Ok(read) => {
                    served = true;
                    self.go_on(read, &settings).await?;
                }
                Err(Halt::Store(error)) => return Err(error),
                Err(Halt::Defer(reason, after)) => {
                    self.worker.defer_all(&part, &reason, after).await?;
                }
                Err(Halt::Refused(reason)) if part.len() > 1 => {
                    refusals += 1;
                    if refusals > MAX_REFUSALS && !served {
                        self.worker.defer_all(&part, &reason, REFUSED_WAIT).await?;
                    } else {
                        parts.push(part.split_off(part.len() / 2));
                        parts.push(part);
                    }
                }
                Err(Halt::Refused(reason)) => {
                    refusals += 1;
                    for call in &part {
                        self.worker.refused(call, &reason).await?;
                    }
                }
            }
        }
        Ok(())
    }

    async fn go_on(
        &self,
        read: Vec<(Call, Normalize)>,
        settings: &Settings,
    ) -> Result<(), StoreError> {
        if read.is_empty() {
            return Ok(());
        }
        let store = &self.pipeline.analysis.feedback;
        let context = Context {
            settings: settings.clone(),
            product: store.product(self.worker.org).await?,
            boards: store.boards(self.worker.org).await?,
            tags: store.tags(self.worker.org).await?,
            read_again: self.read_again().await?,
        };
        // A call that was begun twice without an end runs alone, after the others.
        let (alone, together): (Vec<_>, Vec<_>) = read
            .into_iter()
            .partition(|(call, _)| call.attempts > ALONE_FROM_ATTEMPTS);
        // Those that wait for their turn are not begun: what kills the worker before must not be
        // counted against them.
        let mut waiting = Vec::new();
        for (call, normalize) in alone {
            if let Ok(next) = call.stand_by(self.worker.now())
                && let Some(call) = self.worker.hold(next).await?
            {
                waiting.push((call, normalize));
            }
        }
        let permits = &self.pipeline.permits;
        let runs = together.into_iter().map(async |(call, normalize)| {
            let _permit = permits.one().await;
            self.analyse(call, normalize, &context).await
        });
        let mut results = join_all(runs).await;
        for (call, normalize) in waiting {
            let _permits = permits.every().await;
            if let Ok(next) = call.begin(self.worker.now())
                && let Some(call) = self.worker.hold(next).await?
            {
                results.push(self.analyse(call, normalize, &context).await);
            }
        }
        results.into_iter().collect()
    }

    async fn analyse(
        &self,
        mut call: Call,
        normalize: Normalize,
        context: &Context,
    ) -> Result<(), StoreError> {
        if self.worker.deadline.left(self.worker.now()) < TIME_FOR_A_CALL {
            return self.give_back(&call).await;
        }
        if let Some(reason) = self.budget_used_up(&context.settings.budget).await? {
            return self.worker.defer(&call, &reason, BUDGET_WAIT).await;
        }
        let before = call.clone();
        let meters = Meters::default();
        let analysis = &self.pipeline.analysis;
        let owner = &self.worker.owner;
        let ended = {
            let run = async {
                let conversation = normalize(&call);
                let run = analysis.run(&mut call, owner, conversation, context, &meters);
                run.await
            };
            let run = pin!(AssertUnwindSafe(run).catch_unwind());
            let over = self
                .pipeline
                .clock
                .reached(self.worker.deadline.0 - TIME_TO_PUT_OFF);
            match select(run, over).await {
                Either::Left((ended, _)) => Some(ended),
                Either::Right(_) => None,
            }
        };
        analysis.record_the_rest(&mut call, &meters);
        let used = call.usage.since(&before.usage);
        let now = self.worker.now();
        self.pipeline
            .usage
            .record_usage(self.worker.org, now, &used)
            .await;
        let ending = match ended {
            Some(Ok(ending)) => ending,
            Some(Err(_)) => {
                tracing::error!(org = %self.worker.org, call = %before.id, "the analysis of a call panicked");
                let usage = call.usage;
                return self.after_panic(&Call { usage, ..before }).await;
            }
            None => {
                let ending = Ending::not_in_time(call.overruns);
                call.overruns += 1;
                ending
            }
        };
        let mut answered = meters.answered.all();
        let ending = match ending {
            Ending::Refused(refusal) => {
                // Its own answers in other stages are none for others.
                answered.remove(&refusal.model);
                self.weigh(&mut call, &refusal).await?
            }
            ending => ending,
        };
        self.note_answers(answered).await;
        match ending.of(&call, self.worker.now()) {
            Some(next) => self.worker.finish(next).await,
            None => Ok(()),
        }
    }
}
