//! The built-in engine: detect, extract and organize without a language model, on one machine.
//!
//! A linear model over the words of a sentence and of those around it says how much a customer's
//! sentence looks like feedback, and one over all words whether the whole sounds like a vendor and
//! its customer. They were trained on made-up calls about many products in five languages and know
//! none of them. The engine reads phrases, not meaning: what it is unsure of waits in
//! review, the title is the customer's own clause, and every post that it makes names it.

pub mod classes;
pub mod features;
pub mod matter;
pub mod model;
mod organize;
#[cfg(test)]
mod tests;
pub mod text;
pub mod whole;
mod wording;

use std::sync::{Arc, LazyLock};

use async_trait::async_trait;
use domain::{
    conversation::Conversation,
    feedback::{Board, EngineStamp, Product, Tag},
    findings::{Detection, Finding, Placement},
    ports::analysis::{AnalysisError, Analyst, EmbedError, Embedder, MOST_FINDINGS, Reading},
    usage::Meter,
};

use crate::{
    matter::{DOUBTFUL, Matter, Scored, lines, matters, scored, threshold},
    model::Model,
};

/// The engine's name, as posts show it.
pub const NAME: &str = "built-in engine";
/// Its version; grows whenever it answers differently.
pub const VERSION: &str = "3";

/// The weights that `cargo run --release -p builtin --bin train` makes.
pub static WEIGHTS: &[u8] = include_bytes!("../weights.bin");

static MODEL: LazyLock<Model> = LazyLock::new(|| Model::read(WEIGHTS));

/// Why something waits in review.
const DOUBT: &str = "The built-in engine is not sure that a customer asks for this; a language model would read the call as a whole.";

/// The built-in engine. It uses no tokens but those of an embedding model that counts them.
#[derive(Clone)]
pub struct BuiltInEngine {
    /// Says what a board's, category's or tag's name is like.
    pub embedder: Arc<dyn Embedder>,
}

/// Is there actionable product feedback from the customer's side?
#[must_use]
pub fn detect(conversation: &Conversation) -> Detection {
    let lines = lines(conversation);
    let model = &*MODEL;
    let scored = scored(&lines, model);
    let said = |one: &Scored| wording::tidy(lines[one.at].text);
    match matters(&lines, &scored, threshold(&lines, &scored, model)).first() {
        Some(matter) => Detection {
            feedback: true,
            reason: format!("A customer says: “{}”", said(&matter.heart)),
        },
        None => Detection {
            feedback: false,
            reason: without(nearest(&scored), said),
        },
    }
}

fn nearest(scored: &[Scored]) -> Option<&Scored> {
    scored
        .iter()
        .max_by(|a, b| a.answer.feedback.total_cmp(&b.answer.feedback))
}

fn without(nearest: Option<&Scored>, said: impl Fn(&Scored) -> String) -> String {
    let none =
        "No sentence of the customer's side reads like a request or a complaint about the product";
    match nearest {
        Some(nearest) => format!("{none}; the nearest is: “{}”", said(nearest)),
        None => format!("{none}."),
    }
}

/// What is it? At most `at_most` findings, the strongest first; none where detect finds none.
#[must_use]
pub fn extract(conversation: &Conversation, at_most: usize) -> Vec<Finding> {
    let model = &*MODEL;
    let lines = lines(conversation);
    let scored = scored(&lines, model);
    let threshold = threshold(&lines, &scored, model);
    let matters = matters(&lines, &scored, threshold);
    let finding = |matter: &Matter| {
        let mut finding = wording::finding(matter, &lines, model);
        if matter.strength < threshold + DOUBTFUL {
            finding.doubts.push(DOUBT.to_owned());
        }
        finding
    };
    matters.iter().take(at_most).map(finding).collect()
}

/// Name and version, for the posts that it makes.
#[must_use]
pub fn stamp() -> EngineStamp {
    EngineStamp {
        llm: NAME.to_owned(),
        version: VERSION.to_owned(),
        product: None,
    }
}

#[async_trait]
impl Analyst for BuiltInEngine {
    fn engine(&self) -> EngineStamp {
        stamp()
    }

    fn is_metered(&self) -> bool {
        false
    }

    fn reads_product(&self) -> bool {
        false
    }

    async fn detect(&self, reading: Reading<'_>, _: &Meter) -> Result<Detection, AnalysisError> {
        Ok(detect(reading.conversation))
    }

    async fn extract(
        &self,
        reading: Reading<'_>,
        _: &Meter,
    ) -> Result<Vec<Finding>, AnalysisError> {
        Ok(extract(reading.conversation, MOST_FINDINGS))
    }

    async fn organize(
        &self,
        finding: &Finding,
        (boards, tags): (&[Board], &[Tag]),
        _: &Product,
        meter: &Meter,
    ) -> Result<Placement, AnalysisError> {
        let texts = organize::texts(finding, boards, tags);
        let embedded = self.embedder.embed(&texts).await.map_err(without_places)?;
        meter.add(embedded.used());
        Ok(organize::placement(&embedded.vectors, boards, tags))
    }
}

fn without_places(error: EmbedError) -> AnalysisError {
    match error {
        EmbedError::Unavailable {
            detail,
            retry_after,
        } => AnalysisError::Unavailable {
            detail,
            retry_after,
        },
        EmbedError::Misconfigured(detail) => AnalysisError::Misconfigured(detail),
    }
}
