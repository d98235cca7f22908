//! What each stage did with a call: the ledger's answer to "why?".

use serde::{Deserialize, Serialize};

use super::Call;
use crate::{usage::Usage, words::words};

words!(
    Stage {
        /// The transcript becomes a conversation with sides, and is redacted.
        Normalize = "normalize",
        /// Is there product feedback?
        Detect = "detect",
        /// What is it, and in which words?
        Extract = "extract",
        Deduplicate = "deduplicate",
        /// Of the requests near it, which are the same?
        Judge = "judge",
        /// Where does it belong?
        Organize = "organize",
    }
);

/// What one stage said of a call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StageRecord {
    pub stage: Stage,
    /// The model that it asked; none where none (code) decides.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// The version of the prompts or rules that it asked with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// What it found, in a sentence.
    pub says: String,
    #[serde(default)]
    pub usage: Usage,
}

impl Call {
    /// Puts a stage's record in the place of an earlier one.
    pub fn record(&mut self, record: StageRecord) {
        self.stages.retain(|known| known.stage != record.stage);
        self.stages.push(record);
    }

    /// Completes a stage's record with what it found.
    pub fn set_summary(&mut self, stage: Stage, summary: &str) {
        if let Some(known) = self.stages.iter_mut().find(|known| known.stage == stage) {
            summary.clone_into(&mut known.says);
        }
    }
}
