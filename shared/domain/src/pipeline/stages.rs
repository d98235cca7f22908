//! What each stage did with a call: the ledger's answer to "why?".

use std::{
    collections::BTreeSet,
    sync::{Mutex, PoisonError},
};

use serde::{Deserialize, Serialize};

use crate::{
    usage::{Meter, Usage},
    words::words,
};

words!(
    /// A stage of the pipeline.
    Stage {
        /// The transcript becomes a conversation with sides, and is redacted.
        Normalize = "normalize",
        /// Is there product feedback?
        Detect = "detect",
        /// What is it, and in which words?
        Extract = "extract",
        /// Is it known?
        Deduplicate = "deduplicate",
        /// Where does it belong?
        Organize = "organize",
    }
);

/// What one stage said of a call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StageRecord {
    /// The stage.
    pub stage: Stage,
    /// The model that it asked; none where code alone decides.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// The version of the prompts or rules that it asked with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// What it found, in a sentence.
    pub says: String,
    /// What it used.
    #[serde(default)]
    pub usage: Usage,
}

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
    organize: Meter,
    /// The models that gave an answer that could be used.
    pub answered: Models,
}

impl Meters {
    /// The stages that have one.
    pub const STAGES: [Stage; 3] = [Stage::Detect, Stage::Extract, Stage::Organize];

    /// The meter of a stage; that of extract for those without one, which use nothing.
    #[must_use]
    pub const fn of(&self, stage: Stage) -> &Meter {
        match stage {
            Stage::Detect => &self.detect,
            Stage::Organize => &self.organize,
            Stage::Normalize | Stage::Extract | Stage::Deduplicate | Stage::Newer(_) => {
                &self.extract
            }
        }
    }
}
