//! The search, the decision and the commit, repeated until one stands.

use std::collections::BTreeMap;

use domain::{
    call::{Call, stages::Stage},
    conversation::Conversation,
    feedback::{EngineStamp, Heard},
    findings::{Feedback, Placement},
    ids::{PostId, post_id},
    moment::Span,
    ports::{
        analysis::AnalysisError,
        feedback::{Commit, CommitError},
    },
};
use feedback::matching::{
    bearing::MergeRule,
    decide::{Target, decisions},
    index::index_post,
};

use super::{
    analysis::{Analysis, Context},
    effects::{Effects, Taxonomy, Uncommitted},
    ending::{Ending, OPERATOR_WAIT},
    judge::Judge,
    meters::Meters,
};

/// How often a commit is tried after conflicts.
const COMMIT_TRIES: u32 = 12;
/// The pause after a conflict is random below this, doubled each time up to [`MAX_PAUSE`].
const FIRST_PAUSE: Span = Span::millis(50);
const MAX_PAUSE: Span = Span::seconds(2);

/// One call's commit, with what it needs at hand.
pub(super) struct Job<'a> {
    pub(super) analysis: &'a Analysis,
    pub(super) owner: &'a str,
    pub(super) conversation: &'a Conversation,
    pub(super) pieces: &'a [Feedback],
    pub(super) also_heard: &'a [Heard],
    pub(super) context: &'a Context,
    pub(super) engine: &'a EngineStamp,
    pub(super) meters: &'a Meters,
}

impl Job<'_> {
    pub(super) async fn commit(&self, call: &mut Call) -> Result<Ending, Ending> {
        let parts = self.analysis;
        let settings = &self.context.settings;
        let rule = MergeRule::of(&*parts.embedder, settings, parts.analyst.judges());
        let new_ids: Vec<PostId> = self
            .pieces
            .iter()
            .map(|_| post_id(parts.ids.uuid()))
            .collect();
        let lock = parts.locks.of(&call.org_id);
        let mut judge = Judge::of(
            call,
            self.pieces,
            (&rule, &self.context.product),
            (parts, self.meters),
        );
        let mut placements = BTreeMap::new();
        for attempt in 0..COMMIT_TRIES {
            let first = parts.find_candidates(&call.org_id, self.pieces).await?;
            judge.ask(call, &first).await?;
            let targets = judge.plan(&first);
            self.organize(call, &targets, &mut placements).await?;
            let held = lock.lock().await;
            let deciding = parts.find_candidates(&call.org_id, self.pieces).await?;
            let targets = judge.plan(&deciding);
            if judge.is_open(&deciding) || unplaced(&targets, &placements).next().is_some() {
                continue;
            }
            call.set_summary(Stage::Deduplicate, &decisions(&targets, &deciding, &rule));
            let effects = Effects {
                call,
                owner: self.owner,
                conversation: self.conversation,
                pieces: self.pieces,
                also_heard: self.also_heard,
                targets: &targets,
                placements: &placements,
                new_ids: &new_ids,
                taxonomy: Taxonomy {
                    boards: &self.context.boards,
                    tags: &self.context.tags,
                },
                engine: self.engine,
                embedder: &rule.embedder,
                now: parts.clock.now(),
            };
            let commit = match effects.commit(deciding.epoch) {
                Ok(commit) => commit,
                Err(why @ Uncommitted::NoBoard) => {
                    return Err(Ending::deferred(why.to_string(), OPERATOR_WAIT));
                }
                Err(Uncommitted::NotPossible(_)) => return Ok(Ending::Lost),
            };
            let written = parts.dedupe.commit(&commit).await;
            drop(held);
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
        Err(Ending::deferred(why, Span::minutes(2)))
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
            let finding = &self.pieces[n].finding;
            let (boards, tags) = (&self.context.boards, &self.context.tags);
            let analysis = self.analysis;
            let meter = self.meters.of(Stage::Organize);
            let lists = (boards.as_slice(), tags.as_slice());
            let answer = analysis
                .analyst
                .organize(finding, lists, &self.context.product, meter)
                .await;
            let placement = match analysis.spend(call, Stage::Organize, self.meters, answer) {
                Ok(placement) => {
                    call.set_summary(Stage::Organize, "chose a place for each new post");
                    placement
                }
                // A post without a good place is still a post: the default board takes it.
                Err(AnalysisError::Unusable(_)) => {
                    call.set_summary(Stage::Organize, "no usable answer: the default board");
                    Placement::default()
                }
                Err(error) => return Err(analysis.without_answer(Stage::Organize, error)),
            };
            placements.insert(n, placement);
        }
        Ok(())
    }

    /// After an unknown outcome the ledger tells.
    async fn took_place(&self, call: &Call) -> Result<bool, Ending> {
        let stored = self.analysis.ledger.call(&call.org_id, &call.id).await?;
        Ok(stored.is_some_and(|stored| !stored.state.is_open()))
    }

    async fn index(&self, commit: &Commit) {
        for vector in commit
            .posts
            .iter()
            .filter_map(|(_, vector)| vector.as_ref())
        {
            index_post(&*self.analysis.index, &*self.analysis.dedupe, vector).await;
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
    let new = |target: &Target| matches!(target, Target::New { .. } | Target::Review { .. });
    (0..targets.len()).filter(move |n| new(&targets[*n]) && !placements.contains_key(n))
}
