//! What the stages of an analysis work with, and how they account for what they ask.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use domain::{
    call::{
        Call,
        stages::{Stage, StageRecord},
    },
    feedback::{Board, Product, Settings, Tag},
    findings::Feedback,
    ids::OrgId,
    ports::{
        analysis::{AnalysisError, Analyst, Embedder},
        feedback::{DedupeStore, FeedbackStore, VectorIndex},
        ledger::Ledger,
        system::{Clock, Ids},
    },
    usage::{Prices, Usage},
};
use feedback::matching::candidates::{Candidates, CandidatesError, find_candidates};

use super::{ending::Ending, judging::Judging, meters::Meters};

/// What all calls of a batch share.
pub struct Context {
    pub settings: Settings,
    pub product: Product,
    pub boards: Vec<Board>,
    pub tags: Vec<Tag>,
    /// See [`Reading::read_again`](domain::ports::analysis::Reading::read_again).
    pub read_again: Option<f64>,
}

/// Turns conversations into posts and evidence.
#[derive(Clone)]
pub struct Analysis {
    pub feedback: Arc<dyn FeedbackStore>,
    pub dedupe: Arc<dyn DedupeStore>,
    pub index: Arc<dyn VectorIndex>,
    pub embedder: Arc<dyn Embedder>,
    pub analyst: Arc<dyn Analyst>,
    /// What its models cost.
    pub prices: Prices,
    /// The ledger, read after an unknown outcome.
    pub ledger: Arc<dyn Ledger>,
    pub clock: Arc<dyn Clock>,
    pub ids: Arc<dyn Ids>,
    /// One commit of an organization at a time in this process.
    pub locks: Arc<CommitLocks>,
    pub judging: Arc<Judging>,
}

/// The locks by organization.
#[derive(Default)]
pub struct CommitLocks(Mutex<HashMap<OrgId, Arc<futures::lock::Mutex<()>>>>);

impl CommitLocks {
    pub(super) fn of(&self, org: &OrgId) -> Arc<futures::lock::Mutex<()>> {
        let mut locks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(locks.entry(org.clone()).or_default())
    }
}

impl Analysis {
    /// Books what a stage's answer took, whether it can be used or not.
    pub(super) fn spend<T>(
        &self,
        call: &mut Call,
        stage: Stage,
        meters: &Meters,
        answer: Result<T, AnalysisError>,
    ) -> Result<T, AnalysisError> {
        let says = match &answer {
            Ok(_) => {
                meters.answered.note(&self.analyst.model(stage));
                call.refused.take_if(|refused| refused.stage == stage);
                String::new()
            }
            Err(error) => error.to_string(),
        };
        self.record_usage(call, stage, meters.of(stage).take(), says);
        answer
    }

    /// How a call ends whose stage has no answer.
    pub(super) fn without_answer(&self, stage: Stage, error: AnalysisError) -> Ending {
        Ending::without_answer(error, stage, self.analyst.model(stage))
    }

    /// A model that is paid for and whose price is not known.
    pub(super) fn unpriced(&self) -> Option<String> {
        let asked = Meters::STAGES.map(|stage| self.analyst.model(stage));
        let asked = asked.into_iter().filter(|_| self.analyst.is_metered());
        let embeds = self.embedder.is_metered().then(|| self.embedder.model());
        asked.chain(embeds).find(|model| !self.prices.knows(model))
    }

    /// Books what stages used whose answers were not waited for.
    pub(super) fn record_the_rest(&self, call: &mut Call, meters: &Meters) {
        for stage in Meters::STAGES {
            let used = meters.of(stage).take();
            if used != Usage::default() {
                self.record_usage(call, stage, used, "it was broken off".to_owned());
            }
        }
    }

    fn record_usage(&self, call: &mut Call, stage: Stage, used: Usage, says: String) {
        let model = self.analyst.model(stage);
        let used = self.prices.priced(&model, used);
        call.usage += used;
        match call.stages.iter_mut().find(|known| known.stage == stage) {
            Some(known) => known.usage += used,
            None => call.stages.push(StageRecord {
                stage,
                model: Some(model),
                version: Some(self.analyst.engine().version),
                says,
                usage: used,
            }),
        }
    }

    pub(super) async fn find_candidates(
        &self,
        org: &OrgId,
        pieces: &[Feedback],
    ) -> Result<Candidates, CandidatesError> {
        let vectors: Vec<_> = pieces.iter().map(|f| f.vector.clone()).collect();
        let name = self.embedder.name();
        let texts = (name.as_str(), vectors.as_slice());
        find_candidates(&*self.dedupe, &*self.index, &*self.feedback, org, texts).await
    }
}
