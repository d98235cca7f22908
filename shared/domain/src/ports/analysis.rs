//! The models: one that reads conversations, one that embeds texts.

use async_trait::async_trait;

use crate::{
    feedback::{Board, EngineStamp, Tag},
    moment::Span,
    pipeline::{
        conversation::Conversation,
        findings::{Detection, Finding, Placement},
    },
    usage::Usage,
};

/// Why a stage has no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AnalysisError {
    /// The provider is not there or asks to wait: not counted against the call.
    #[error("the language model's provider is not available ({detail})")]
    Unavailable {
        /// What it said, shortened.
        detail: String,
        /// How long it asked to wait.
        retry_after: Option<Span>,
    },
    /// The provider does not accept our key or knows no such model: the operator's matter.
    #[error(
        "the language model's provider refuses this installation ({0}); check the key and the model's name"
    )]
    Misconfigured(String),
    /// The answer is not what the stage's schema asks for, after a repair attempt.
    #[error("the language model's answer could not be used: {what}")]
    Unusable {
        /// What is wrong with it, without the answer's own words.
        what: String,
        /// What it cost all the same.
        usage: Usage,
    },
}

/// An answer and what it used.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer<T> {
    /// The answer.
    pub value: T,
    /// What it used.
    pub usage: Usage,
}

/// The engine of detect, extract and organize. Its answers are outside input: the pipeline
/// checks quotes and ids itself.
#[async_trait]
pub trait Analyst: Send + Sync {
    /// What it is, for the posts it makes.
    fn engine(&self) -> EngineStamp;
    /// Is there actionable product feedback from the customer's side?
    async fn detect(&self, conversation: &Conversation)
    -> Result<Answer<Detection>, AnalysisError>;
    /// What is it? At most `at_most` findings, the strongest first.
    async fn extract(
        &self,
        conversation: &Conversation,
        at_most: usize,
    ) -> Result<Answer<Vec<Finding>>, AnalysisError>;
    /// Where does it belong?
    async fn organize(
        &self,
        finding: &Finding,
        boards: &[Board],
        tags: &[Tag],
    ) -> Result<Answer<Placement>, AnalysisError>;
}

/// Why a text was not embedded.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EmbedError {
    /// The provider is not there or asks to wait.
    #[error("the embedding model is not available ({detail})")]
    Unavailable {
        /// What it said, shortened.
        detail: String,
        /// How long it asked to wait.
        retry_after: Option<Span>,
    },
    /// The provider does not accept our key, or answered with vectors of another dimension.
    #[error("the embedding model cannot be used ({0})")]
    Misconfigured(String),
}

/// The model that places texts in the vector space.
#[async_trait]
pub trait Embedder: Send + Sync {
    /// Name and dimension, as kept beside every vector, such as `voyage-4@1024`.
    fn name(&self) -> String;
    /// At or above this similarity two texts are the same request.
    fn threshold(&self) -> f32;
    /// One vector of length 1 for each text, in order.
    async fn embed(&self, texts: &[String]) -> Result<Vec<Vec<f32>>, EmbedError>;
}
