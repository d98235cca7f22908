//! The models: one that reads conversations, one that embeds texts.

use async_trait::async_trait;

use crate::{
    call::stages::Stage,
    conversation::Conversation,
    feedback::{Board, EngineStamp, Product, Request, RequestText, Tag, product},
    findings::{Detection, Finding, Judgement, Placement},
    moment::Span,
    usage::{Meter, Usage},
};

/// Why a stage has no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AnalysisError {
    /// The provider is not there or asks to wait: not counted against the call.
    #[error("the language model's provider is not available ({detail})")]
    Unavailable {
        detail: String,
        /// How long it asked to wait.
        retry_after: Option<Span>,
    },
    /// The provider does not accept our key or knows no such model: the operator's matter.
    #[error(
        "the language model's provider refuses this installation ({0}); check the key and the model's name"
    )]
    Misconfigured(String),
    /// The provider refuses the request and does not say why in a way that we know, or answers
    /// without end: the call may be the reason, or something between the provider and this
    /// installation.
    #[error("the language model's provider gives no answer to this request ({0})")]
    Refused(String),
    /// The answer is not what the stage's schema asks for, after a repair attempt, or there is none
    /// because the call is too long for the model or its content is refused; what is wrong, without
    /// the answer's own words.
    #[error("the language model's answer could not be used: {0}")]
    Unusable(String),
}

/// Extract looks for at most so many requests in a call.
pub const MOST_FINDINGS: usize = 5;

/// What detect and extract read.
#[derive(Debug, Clone, Copy)]
pub struct Reading<'a> {
    pub conversation: &'a Conversation,
    /// What the organization says about its product.
    pub product: &'a Product,
    /// The share of calls that are read again, by extract, as measured; none where too few were.
    pub read_again: Option<f64>,
}

impl<'a> Reading<'a> {
    /// A conversation about a product that nothing is said about.
    #[must_use]
    pub fn of(conversation: &'a Conversation) -> Self {
        Self {
            conversation,
            product: &product::UNKNOWN,
            read_again: None,
        }
    }
}

/// The engine of detect, extract and organize. Its answers are outside input: the pipeline
/// checks quotes and ids itself. Whatever it uses, also for an answer that fails, it adds to the
/// meter at once.
#[async_trait]
pub trait Analyst: Send + Sync {
    /// What it is, for the posts it makes.
    fn engine(&self) -> EngineStamp;
    /// The model that a stage asks, by the name that its price goes by.
    fn model(&self, stage: Stage) -> String {
        let _ = stage;
        self.engine().llm
    }
    /// Whether its tokens are paid for.
    fn is_metered(&self) -> bool {
        true
    }
    /// Whether it reads what the organization says about its product.
    fn reads_product(&self) -> bool {
        true
    }
    /// Is there actionable product feedback from the customer's side?
    async fn detect(&self, reading: Reading<'_>, meter: &Meter)
    -> Result<Detection, AnalysisError>;
    /// What is it? At most [`MOST_FINDINGS`], the strongest first.
    async fn extract(
        &self,
        reading: Reading<'_>,
        meter: &Meter,
    ) -> Result<Vec<Finding>, AnalysisError>;
    /// The request without these claims, which nobody in the call made; none where it cannot be
    /// asked for.
    async fn repair(
        &self,
        request: &Request,
        unsaid: &[String],
        product: &Product,
        meter: &Meter,
    ) -> Result<Option<Request>, AnalysisError> {
        let _ = (request, unsaid, product, meter);
        Ok(None)
    }
    /// Whether it can be asked which requests are the same.
    fn judges(&self) -> bool {
        false
    }
    /// Which of these raise the same request, so that one change would settle both? One answer for
    /// each of `others`, in order; none for those that the model says nothing of.
    async fn judge(
        &self,
        request: RequestText<'_>,
        others: &[RequestText<'_>],
        product: &Product,
        meter: &Meter,
    ) -> Result<Vec<Option<Judgement>>, AnalysisError> {
        let _ = (request, product, meter);
        Ok(vec![None; others.len()])
    }
    /// Where does it belong?
    async fn organize(
        &self,
        finding: &Finding,
        lists: (&[Board], &[Tag]),
        product: &Product,
        meter: &Meter,
    ) -> Result<Placement, AnalysisError>;
}

/// Why a text was not embedded.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EmbedError {
    /// The provider is not there or asks to wait.
    #[error("the embedding model is not available ({detail})")]
    Unavailable {
        detail: String,
        /// How long it asked to wait.
        retry_after: Option<Span>,
    },
    /// The provider does not accept our key, or answered with vectors of another dimension.
    #[error("the embedding model cannot be used ({0})")]
    Misconfigured(String),
}

/// Places in the vector space, and what they took.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Embedded {
    /// One vector of length 1 for each text, in order.
    pub vectors: Vec<Vec<f32>>,
    /// The tokens that the model counted; 0 when it counts none.
    pub tokens: u64,
}

impl Embedded {
    /// What the embedding took.
    #[must_use]
    pub fn used(&self) -> Usage {
        Usage {
            embedded_texts: self.vectors.len() as u64,
            embedded_tokens: self.tokens,
            ..Usage::default()
        }
    }
}

/// The model that places texts in the vector space.
#[async_trait]
pub trait Embedder: Send + Sync {
    /// Name and dimension, as kept beside every vector, such as `voyage-4@1024`.
    fn name(&self) -> String;
    /// The model's name alone, by which its price goes.
    fn model(&self) -> String {
        let mut name = self.name();
        name.truncate(name.find('@').unwrap_or(name.len()));
        name
    }
    /// Whether its tokens are paid for.
    fn is_metered(&self) -> bool {
        true
    }
    /// At or above this similarity two texts are the same request.
    fn threshold(&self) -> f32;
    /// At or above this similarity two texts may be the same request: a language model judges.
    fn near(&self) -> f32 {
        self.threshold()
    }
    /// Whether it stands in, on one machine, for the model that the product is made for: what
    /// reaches its threshold may well be two requests.
    fn is_stand_in(&self) -> bool {
        false
    }
    async fn embed(&self, texts: &[String]) -> Result<Embedded, EmbedError>;
}
