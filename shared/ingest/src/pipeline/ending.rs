//! How the analysis of a call ends.

use domain::{
    call::{Call, NotPossible, refusals::Refusal, stages::Stage},
    moment::{Span, Timestamp},
    ports::{
        StoreError,
        analysis::{AnalysisError, EmbedError},
    },
};
use feedback::matching::candidates::CandidatesError;

/// When a provider does not say how long to wait.
pub const PROVIDER_WAIT: Span = Span::minutes(10);
/// A call whose analysis never ends in time is begun again at least this often: it is not given up,
/// and what it costs stays small.
const LONGEST_WAIT: Span = Span::hours(24);
/// When a provider refuses this installation.
pub(super) const OPERATOR_WAIT: Span = Span::hours(1);
/// The log line of a key or a model that its provider refuses; `template.yaml` counts it.
pub const PROVIDER_REFUSED: &str = "a provider does not accept this installation's key or model";

/// How a call's analysis ended.
#[derive(Debug, Clone, PartialEq)]
pub enum Ending {
    Committed,
    /// Another worker has it, or has finished it.
    Lost,
    /// A provider refuses one of its requests, and whether the call is the reason is to be found out.
    Refused(Refusal),
    /// It holds no feedback; why, in words.
    Discarded(String),
    /// It cannot be analysed; why, in words.
    Failed(String),
    /// Its source has nothing to read yet; why, in words.
    AwaitsTranscript(String),
    /// It waits this long for something that is not its fault; for what, in words.
    Deferred(String, Span),
}

impl Ending {
    pub(super) fn deferred(reason: impl Into<String>, after: Span) -> Self {
        Self::Deferred(reason.into(), after)
    }

    /// After an analysis that did not end within its run, as so many before it.
    pub(super) fn not_in_time(overruns: u32) -> Self {
        let wait = Span(PROVIDER_WAIT.0 << overruns.min(10));
        Self::deferred(
            "a provider did not answer before the time of the run was over",
            wait.min(LONGEST_WAIT),
        )
    }

    /// What it makes of the call; `None` where that is written already, or another's to write.
    pub(super) fn of(self, call: &Call, now: Timestamp) -> Option<Result<Call, NotPossible>> {
        match self {
            Self::Committed | Self::Lost | Self::Refused(_) => None,
            Self::AwaitsTranscript(reason) => Some(call.await_transcript(&reason, now)),
            Self::Deferred(reason, after) => Some(call.defer(&reason, after, now)),
            Self::Discarded(reason) => Some(call.discard(&reason, now)),
            Self::Failed(reason) => Some(call.fail(&reason, now)),
        }
    }
}

impl From<StoreError> for Ending {
    fn from(error: StoreError) -> Self {
        Self::deferred(error.to_string(), Span::minutes(1))
    }
}

impl From<CandidatesError> for Ending {
    fn from(error: CandidatesError) -> Self {
        match error {
            CandidatesError::Store(error) => error.into(),
            CandidatesError::Index(error) => Self::deferred(error.to_string(), Span::minutes(5)),
        }
    }
}

impl Ending {
    /// After a stage that has no answer from its model.
    pub(super) fn without_answer(error: AnalysisError, stage: Stage, model: String) -> Self {
        match error {
            AnalysisError::Refused(detail) => Self::Refused(Refusal {
                stage,
                model,
                detail,
            }),
            AnalysisError::Unusable(what) => Self::Failed(format!(
                "the language model's answer could not be used: {what}; an admin may retry the call"
            )),
            AnalysisError::Unavailable { retry_after, .. } => {
                Self::deferred(error.to_string(), retry_after.unwrap_or(PROVIDER_WAIT))
            }
            AnalysisError::Misconfigured(_) => {
                tracing::error!(%error, "{PROVIDER_REFUSED}");
                Self::deferred(error.to_string(), OPERATOR_WAIT)
            }
        }
    }
}

impl From<EmbedError> for Ending {
    fn from(error: EmbedError) -> Self {
        match error {
            EmbedError::Unavailable { retry_after, .. } => {
                Self::deferred(error.to_string(), retry_after.unwrap_or(PROVIDER_WAIT))
            }
            EmbedError::Misconfigured(_) => {
                tracing::error!(%error, "{PROVIDER_REFUSED}");
                Self::deferred(error.to_string(), OPERATOR_WAIT)
            }
        }
    }
}

#[cfg(test)]
mod tests;
