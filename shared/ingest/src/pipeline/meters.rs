//! What the stages of one analysis use, and which models answered.

use std::{
    collections::BTreeSet,
    sync::{Mutex, PoisonError},
};

use domain::{call::stages::Stage, usage::Meter};

/// Names of models, each noted once.
#[derive(Debug, Default)]
pub struct Models(Mutex<BTreeSet<String>>);

impl Models {
    /// Notes a model; `false` when it was noted already.
    pub fn note(&self, model: &str) -> bool {
        let mut models = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        models.insert(model.to_owned())
    }

    /// Those that were noted.
    #[must_use]
    pub fn all(&self) -> BTreeSet<String> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

/// One meter for each stage that asks a language model.
#[derive(Debug, Default)]
pub struct Meters {
    detect: Meter,
    extract: Meter,
    judge: Meter,
    organize: Meter,
    /// The models that gave an answer that could be used.
    pub answered: Models,
}

impl Meters {
    /// The stages that have one.
    pub const STAGES: [Stage; 4] = [Stage::Detect, Stage::Extract, Stage::Judge, Stage::Organize];

    /// The meter of a stage; that of extract for those without one, which use nothing.
    #[must_use]
    pub const fn of(&self, stage: Stage) -> &Meter {
        match stage {
            Stage::Detect => &self.detect,
            Stage::Judge => &self.judge,
            Stage::Organize => &self.organize,
            Stage::Normalize | Stage::Extract | Stage::Deduplicate | Stage::Newer(_) => {
                &self.extract
            }
        }
    }
}
