//! The built-in rules: detect, extract and organize without a language model, on one machine.
//!
//! Deterministic and explainable: cue phrases, the sides of the conversation and how it is built.
//! Honest about its limits: it knows English best, German, French, Spanish and Portuguese modestly,
//! and it reads phrases, not meaning. Every post it makes names it.

mod concepts;
mod context;
mod cues;
mod data;
mod findings;
mod grade;
mod matter;
mod organize;
mod pattern;
mod reason;
mod score;
mod segments;
mod sentence;
#[cfg(test)]
mod tests;
mod text;
mod tidy;
mod token;
mod topics;
mod utterance;
mod wording;
mod words;

use async_trait::async_trait;
use domain::{
    conversation::Conversation,
    feedback::{Board, EngineStamp, Tag},
    findings::{Detection, Finding, Placement},
    ports::analysis::{AnalysisError, Analyst},
    usage::Meter,
};

/// The engine's name, as posts show it.
pub const NAME: &str = "built-in rules";
/// The rules' version; grows whenever they answer differently.
pub const VERSION: &str = "rules v1";

/// A matter with fewer points is not feedback.
const THRESHOLD: u32 = 25;

/// The built-in rules. It has no state, uses no tokens and never fails.
#[derive(Debug, Clone, Copy, Default)]
pub struct BuiltInRules;

impl BuiltInRules {
    /// Is there actionable product feedback from the customer's side?
    #[must_use]
    pub fn detect(&self, conversation: &Conversation) -> Detection {
        let utterances = utterance::utterances(conversation);
        let units = score::scored(&utterances);
        let matters = matter::matters(&utterances, &units);
        match matters.first().filter(|matter| matter.score >= THRESHOLD) {
            Some(matter) => Detection {
                feedback: true,
                reason: reason::for_feedback(matter),
            },
            None => Detection {
                feedback: false,
                reason: reason::against(&utterances, &units),
            },
        }
    }

    /// What is it? At most `at_most` findings, the strongest first; none where detect finds none.
    #[must_use]
    pub fn extract(&self, conversation: &Conversation, at_most: usize) -> Vec<Finding> {
        let utterances = utterance::utterances(conversation);
        let units = score::scored(&utterances);
        matter::matters(&utterances, &units)
            .iter()
            .filter(|matter| matter.score >= THRESHOLD)
            .filter_map(|matter| findings::finding(matter, &utterances, &units))
            .take(at_most)
            .collect()
    }

    /// Where does it belong? Only ids of the lists; nothing where nothing fits.
    #[must_use]
    pub fn organize(&self, finding: &Finding, boards: &[Board], tags: &[Tag]) -> Placement {
        organize::place(finding, boards, tags)
    }
}

#[async_trait]
impl Analyst for BuiltInRules {
    fn engine(&self) -> EngineStamp {
        EngineStamp {
            llm: NAME.to_owned(),
            version: VERSION.to_owned(),
        }
    }

    fn is_metered(&self) -> bool {
        false
    }

    async fn detect(
        &self,
        conversation: &Conversation,
        _: &Meter,
    ) -> Result<Detection, AnalysisError> {
        Ok(Self::detect(self, conversation))
    }

    async fn extract(
        &self,
        conversation: &Conversation,
        at_most: usize,
        _: &Meter,
    ) -> Result<Vec<Finding>, AnalysisError> {
        Ok(Self::extract(self, conversation, at_most))
    }

    async fn organize(
        &self,
        finding: &Finding,
        (boards, tags): (&[Board], &[Tag]),
        _: &Meter,
    ) -> Result<Placement, AnalysisError> {
        Ok(Self::organize(self, finding, boards, tags))
    }
}
