//! One call from its transcript to its final state.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, Mutex, PoisonError},
};

use super::{
    conversation::Conversation,
    effects::{Effects, House},
    findings::{Finding, Placement},
    look::{Look, LookError, look},
    normalize::{OwnPeople, normalize},
    plan::{Feedback, MergeRule, Target, plan},
    quotes::QuoteFinder,
    text::bounded,
};
use crate::{
    call::{Call, CallState, EMPTY_TRANSCRIPT_PATIENCE},
    feedback::{
        Board, EngineStamp, Settings, Tag, desk::post_id, indexing::put_in, post::embedding_text,
    },
    gong::shapes::Transcript,
    ids::{OrgId, PostId},
    moment::Span,
    ports::{
        StoreError,
        analysis::{AnalysisError, Analyst, EmbedError, Embedder},
        feedback::{Commit, CommitError, DedupeStore, FeedbackStore, VectorIndex},
        ledger::Ledger,
        system::{Clock, Ids},
    },
    usage::Usage,
};

/// How often a commit is tried after conflicts.
const COMMIT_TRIES: u32 = 12;
/// The pause after a conflict is random below this, doubled each time up to [`MAX_PAUSE`].
const FIRST_PAUSE: Span = Span::millis(50);
const MAX_PAUSE: Span = Span::seconds(2);
/// When a provider does not say how long to wait.
pub const PROVIDER_WAIT: Span = Span::minutes(10);
/// A longer transcript, in bytes, is no conversation: a day of talk has fewer.
const LONGEST_TRANSCRIPT: usize = 1_500_000;
/// The log line of a key or a model that its provider refuses; `template.yaml` counts it.
pub const PROVIDER_REFUSED: &str = "a provider does not accept this installation's key or model";
/// When a provider refuses this installation.
const OPERATOR_WAIT: Span = Span::hours(1);

/// How a call's analysis ended, when not in a commit.
#[derive(Debug, Clone, PartialEq)]
pub enum Ending {
    /// Its effects are written.
    Committed,
    /// Another worker has it, or has finished it.
    Lost,
    /// A final or waiting state to be written; for how long it waits.
    State {
        /// The state.
        state: CallState,
        /// Why, in words.
        reason: String,
        /// When to come back, for a deferred call.
        after: Option<Span>,
    },
}

/// What all calls of a batch share.
pub struct Context {
    /// Who belongs to the organization.
    pub own: OwnPeople,
    /// The settings.
    pub settings: Settings,
    /// The boards.
    pub boards: Vec<Board>,
    /// The tags.
    pub tags: Vec<Tag>,
}

/// Turns transcripts into posts and evidence.
#[derive(Clone)]
pub struct Analysis {
    /// Posts.
    pub feedback: Arc<dyn FeedbackStore>,
    /// The epoch protocol.
    pub dedupe: Arc<dyn DedupeStore>,
    /// The index.
    pub index: Arc<dyn VectorIndex>,
    /// The embedding model.
    pub embedder: Arc<dyn Embedder>,
    /// The engine.
    pub analyst: Arc<dyn Analyst>,
    /// The ledger, read after an unknown outcome.
    pub ledger: Arc<dyn Ledger>,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Ids.
    pub ids: Arc<dyn Ids>,
    /// One commit of an organization at a time in this process.
    pub locks: Arc<CommitLocks>,
}

/// The locks by organization.
#[derive(Default)]
pub struct CommitLocks(Mutex<HashMap<OrgId, Arc<futures::lock::Mutex<()>>>>);

impl CommitLocks {
    fn of(&self, org: &OrgId) -> Arc<futures::lock::Mutex<()>> {
        let mut locks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(locks.entry(org.clone()).or_default())
    }
}

fn discarded(reason: impl Into<String>) -> Ending {
    Ending::State {
        state: CallState::Discarded,
        reason: reason.into(),
        after: None,
    }
}

fn deferred(reason: impl Into<String>, after: Span) -> Ending {
    Ending::State {
        state: CallState::Deferred,
        reason: reason.into(),
        after: Some(after),
    }
}

fn failed(reason: impl Into<String>) -> Ending {
    Ending::State {
        state: CallState::Failed,
        reason: reason.into(),
        after: None,
    }
}

impl From<StoreError> for Ending {
    fn from(error: StoreError) -> Self {
        deferred(error.to_string(), Span::minutes(1))
    }
}

impl From<LookError> for Ending {
    fn from(error: LookError) -> Self {
        match error {
            LookError::Store(error) => error.into(),
            LookError::Index(error) => deferred(error.to_string(), Span::minutes(5)),
        }
    }
}

impl Analysis {
    /// Analyses a leased call and commits what it gave; `usage` counts what it took, whatever
    /// the ending.
    pub async fn run(
        &self,
        call: &mut Call,
        owner: &str,
        transcript: &Transcript,
        context: &Context,
    ) -> Ending {
        if transcript.bytes() > LONGEST_TRANSCRIPT {
            return failed(
                "the transcript is longer than a day of talk; it was not read, since it cannot be a conversation",
            );
        }
        let conversation = normalize(call, transcript, &context.own);
        if conversation.turns.is_empty() {
            return self.no_speech(call);
        }
        if conversation.customer_turns().next().is_none() {
            return discarded("nobody who is known to be from the customer's side speaks");
        }
        let engine = self.analyst.engine();
        call.engine = Some(engine.clone());
        match self.find(call, &conversation, context).await {
            Ok(feedbacks) => {
                let job = Job {
                    analysis: self,
                    owner,
                    conversation: &conversation,
                    feedbacks: &feedbacks,
                    context,
                    engine: &engine,
                };
                job.commit(call).await.unwrap_or_else(|ending| ending)
            }
            Err(ending) => ending,
        }
    }

    fn no_speech(&self, call: &Call) -> Ending {
        let recent = |at| at + EMPTY_TRANSCRIPT_PATIENCE > self.clock.now();
        if call.started.is_some_and(recent) {
            return Ending::State {
                state: CallState::AwaitingTranscript,
                reason: "Gong's transcript is still empty; a call this recent may be filled yet"
                    .into(),
                after: None,
            };
        }
        discarded("the transcript holds no speech")
    }

    /// Detect, extract, verify, embed.
    async fn find(
        &self,
        call: &mut Call,
        conversation: &Conversation,
        context: &Context,
    ) -> Result<Vec<Feedback>, Ending> {
        let detection = self.analyst.detect(conversation).await;
        let detection = spend(&mut call.usage, detection)?;
        let reason = bounded(&detection.reason, 400);
        if !detection.feedback {
            return Err(discarded(reason));
        }
        let at_most = usize::from(context.settings.feedback_per_call.clamp(1, 5));
        let findings = self.analyst.extract(conversation, at_most).await;
        let findings = spend(&mut call.usage, findings)?;
        let findings: Vec<Finding> = findings
            .into_iter()
            .filter_map(within_bounds)
            .take(at_most)
            .collect();
        if findings.is_empty() {
            let words = "feedback was detected but none could be extracted";
            return Err(discarded(format!("{words} ({reason})")));
        }
        let texts: Vec<_> = findings
            .iter()
            .map(|f| embedding_text(&f.title, &f.description, &f.pain_points))
            .collect();
        let vectors = self
            .embedder
            .embed(&texts)
            .await
            .map_err(embedding_failed)?;
        call.usage.embedded_texts += u64::try_from(texts.len()).unwrap_or(0);
        let finder = QuoteFinder::new(conversation);
        let feedbacks = findings
            .into_iter()
            .zip(vectors)
            .map(|(finding, vector)| Feedback {
                quotes: finder.verify(&finding.quotes),
                finding,
                vector,
            });
        Ok(feedbacks.collect())
    }

    async fn look(&self, org: &OrgId, feedbacks: &[Feedback]) -> Result<Look, LookError> {
        let vectors: Vec<_> = feedbacks.iter().map(|f| f.vector.clone()).collect();
        look(&*self.dedupe, &*self.index, &*self.feedback, org, &vectors).await
    }
}

/// One call's commit, with what it needs at hand.
struct Job<'a> {
    analysis: &'a Analysis,
    owner: &'a str,
    conversation: &'a Conversation,
    feedbacks: &'a [Feedback],
    context: &'a Context,
    engine: &'a EngineStamp,
}

impl Job<'_> {
    async fn commit(&self, call: &mut Call) -> Result<Ending, Ending> {
        let parts = self.analysis;
        let rule = MergeRule {
            threshold: parts.embedder.threshold(),
            embedder: parts.embedder.name(),
            guards: self.context.settings.merge_guards,
        };
        let new_ids: Vec<PostId> = self
            .feedbacks
            .iter()
            .map(|_| post_id(parts.ids.uuid()))
            .collect();
        let lock = parts.locks.of(&call.org_id);
        let mut placements = BTreeMap::new();
        for attempt in 0..COMMIT_TRIES {
            let first = parts.look(&call.org_id, self.feedbacks).await?;
            let targets = plan(self.feedbacks, &first, &rule);
            self.organize(call, &targets, &mut placements).await?;
            let guard = lock.lock().await;
            let deciding = parts.look(&call.org_id, self.feedbacks).await?;
            let targets = plan(self.feedbacks, &deciding, &rule);
            if unplaced(&targets, &placements).next().is_some() {
                continue;
            }
            let effects = Effects {
                call,
                owner: self.owner,
                conversation: self.conversation,
                feedbacks: self.feedbacks,
                targets: &targets,
                placements: &placements,
                new_ids: &new_ids,
                house: House {
                    boards: &self.context.boards,
                    tags: &self.context.tags,
                },
                engine: self.engine,
                embedder: &rule.embedder,
                now: parts.clock.now(),
            };
            let commit = effects.commit(deciding.epoch).ok_or_else(|| {
                let why = "there is no board that a post could go to; make one under Boards";
                deferred(why, OPERATOR_WAIT)
            })?;
            let written = parts.dedupe.commit(&commit).await;
            drop(guard);
            match written {
                Ok(()) => {
                    self.index(&commit).await;
                    *call = commit.call;
                    return Ok(Ending::Committed);
                }
                Err(CommitError::CallLost) => return Ok(Ending::Lost),
                Err(CommitError::Store(error)) => {
                    if self.took_place(call).await? {
                        return Ok(Ending::Committed);
                    }
                    tracing::warn!(org = %call.org_id, call = %call.id, %error, "a commit is tried again");
                }
                Err(_) => {}
            }
            self.pause(attempt).await;
        }
        let why = "the database was too busy to write the result; tried again later";
        Err(deferred(why, Span::minutes(2)))
    }

    /// Asks the engine where each new post belongs; its answer is kept over later looks.
    async fn organize(
        &self,
        call: &mut Call,
        targets: &[Target],
        placements: &mut BTreeMap<usize, Placement>,
    ) -> Result<(), Ending> {
        let wanted: Vec<_> = unplaced(targets, placements).collect();
        for n in wanted {
            let finding = &self.feedbacks[n].finding;
            let (boards, tags) = (&self.context.boards, &self.context.tags);
            let answer = self.analysis.analyst.organize(finding, boards, tags).await;
            let placement = match answer {
                // A post without a good place is still a post: the default board takes it.
                Err(AnalysisError::Unusable { usage, .. }) => {
                    call.usage += usage;
                    Placement::default()
                }
                other => spend(&mut call.usage, other)?,
            };
            placements.insert(n, placement);
        }
        Ok(())
    }

    /// After an unknown outcome the ledger tells.
    async fn took_place(&self, call: &Call) -> Result<bool, Ending> {
        let ids = std::slice::from_ref(&call.id);
        let stored = self.analysis.ledger.calls(&call.org_id, ids).await?;
        Ok(stored.first().is_some_and(|stored| !stored.state.is_open()))
    }

    async fn index(&self, commit: &Commit) {
        for vector in commit
            .posts
            .iter()
            .filter_map(|(_, vector)| vector.as_ref())
        {
            put_in(&*self.analysis.index, &*self.analysis.dedupe, vector).await;
        }
    }

    async fn pause(&self, attempt: u32) {
        let below = Span(FIRST_PAUSE.0 << attempt.min(10)).min(MAX_PAUSE);
        let clock = &self.analysis.clock;
        let until = clock.now() + self.analysis.ids.jitter(below);
        clock.sleep_until(until).await;
    }
}

fn unplaced<'a>(
    targets: &'a [Target],
    placements: &'a BTreeMap<usize, Placement>,
) -> impl Iterator<Item = usize> + 'a {
    let new = |target: &Target| matches!(target, Target::New { .. } | Target::Review);
    (0..targets.len()).filter(move |n| new(&targets[*n]) && !placements.contains_key(n))
}

fn spend<T>(
    usage: &mut Usage,
    answer: Result<crate::ports::analysis::Answer<T>, AnalysisError>,
) -> Result<T, Ending> {
    match answer {
        Ok(answer) => {
            *usage += answer.usage;
            Ok(answer.value)
        }
        Err(AnalysisError::Unusable { what, usage: spent }) => {
            *usage += spent;
            Err(failed(format!(
                "the language model's answer could not be used: {what}; an admin may retry the call"
            )))
        }
        Err(error @ AnalysisError::Unavailable { retry_after, .. }) => Err(deferred(
            error.to_string(),
            retry_after.unwrap_or(PROVIDER_WAIT),
        )),
        Err(error @ AnalysisError::Misconfigured(_)) => {
            tracing::error!(%error, "{PROVIDER_REFUSED}");
            Err(deferred(error.to_string(), OPERATOR_WAIT))
        }
    }
}

fn embedding_failed(error: EmbedError) -> Ending {
    match error {
        EmbedError::Unavailable { retry_after, .. } => {
            deferred(error.to_string(), retry_after.unwrap_or(PROVIDER_WAIT))
        }
        EmbedError::Misconfigured(_) => {
            tracing::error!(%error, "{PROVIDER_REFUSED}");
            deferred(error.to_string(), OPERATOR_WAIT)
        }
    }
}

/// Bounds every text of a finding; `None` when it has no title.
fn within_bounds(finding: Finding) -> Option<Finding> {
    let title = bounded(&finding.title, 120);
    if !title.chars().any(char::is_alphanumeric) {
        return None;
    }
    let texts = |texts: Vec<String>, most, max| -> Vec<String> {
        let texts = texts.iter().map(|text| bounded(text, max));
        texts.filter(|text| !text.is_empty()).take(most).collect()
    };
    Some(Finding {
        title,
        description: bounded(&finding.description, 2_000),
        feature_area: finding
            .feature_area
            .map(|area| bounded(&area, 80))
            .filter(|area| !area.is_empty()),
        pain_points: texts(finding.pain_points, 5, 400),
        quotes: finding.quotes.into_iter().take(10).collect(),
        ..finding
    })
}
