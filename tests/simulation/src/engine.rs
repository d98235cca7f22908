//! Models whose answers follow from what was said: “We need topic-N in the product.” asks for that topic.

use std::sync::Arc;

use async_trait::async_trait;
use domain::{
    feedback::{Board, EngineStamp, Product, Request, Tag},
    findings::{Detection, Finding, Placement},
    ports::analysis::{
        AnalysisError, Analyst, EmbedError, Embedded, Embedder, MOST_FINDINGS, Reading,
    },
    usage::{Meter, Usage},
};

use crate::faults::{Chaos, Seam};

/// How many topics there can be.
pub const TOPICS: usize = 24;

/// What a customer says who wants this.
#[must_use]
pub fn wish(topic: usize) -> String {
    format!("We need topic-{topic} in the product.")
}

/// What a customer raises beside a topic: only who wants one of the odd ones has more to say.
#[must_use]
pub fn beside(topic: usize) -> Option<usize> {
    (topic % 2 == 1).then_some(topic + TOPICS / 2)
}

fn topics(text: &str) -> impl Iterator<Item = usize> + '_ {
    text.split("topic-").skip(1).filter_map(|rest| {
        let digits = rest.split(|c: char| !c.is_ascii_digit()).next()?;
        digits.parse().ok()
    })
}

/// Detect, extract and organize, and the embedding.
pub struct SimEngine(pub Arc<Chaos>);

impl SimEngine {
    async fn answer<T>(&self, value: T, meter: &Meter) -> Result<T, AnalysisError> {
        meter.add(Usage {
            llm_calls: 1,
            ..Usage::default()
        });
        let answer = self.0.step(Seam::Engine, async { value });
        answer.await.map_err(|_| AnalysisError::Unavailable {
            detail: "it did not answer".into(),
            retry_after: None,
        })
    }
}

#[async_trait]
impl Analyst for SimEngine {
    fn engine(&self) -> EngineStamp {
        EngineStamp {
            llm: "the simulation's engine".into(),
            version: "1".into(),
            product: None,
        }
    }

    async fn detect(
        &self,
        reading: Reading<'_>,
        meter: &Meter,
    ) -> Result<Detection, AnalysisError> {
        let asks = |text: String| topics(&text).next().is_some();
        let feedback = reading
            .conversation
            .customer_turns()
            .any(|turn| asks(turn.text()));
        let reason = if feedback { "a wish" } else { "no wish" };
        let reason = reason.into();
        self.answer(Detection { feedback, reason }, meter).await
    }

    async fn extract(
        &self,
        reading: Reading<'_>,
        meter: &Meter,
    ) -> Result<Vec<Finding>, AnalysisError> {
        let texts: Vec<_> = reading
            .conversation
            .customer_turns()
            .map(|t| t.text())
            .collect();
        let found = texts
            .iter()
            .flat_map(|text| topics(text))
            .take(MOST_FINDINGS);
        let findings = found.map(|topic| Finding {
            request: Request {
                title: format!("topic-{topic}"),
                description: String::new(),
                sentiment: None,
                priority: None,
                feature_area: None,
                pain_points: Vec::new(),
            },
            quotes: vec![wish(topic)],
            confidence: None,
            doubts: Vec::new(),
        });
        self.answer(findings.collect(), meter).await
    }

    async fn organize(
        &self,
        _: &Finding,
        (boards, _): (&[Board], &[Tag]),
        _: &Product,
        meter: &Meter,
    ) -> Result<Placement, AnalysisError> {
        let board_id = boards.first().map(|board| board.id.clone());
        let placement = Placement {
            board_id,
            ..Placement::default()
        };
        self.answer(placement, meter).await
    }
}

#[async_trait]
impl Embedder for SimEngine {
    fn name(&self) -> String {
        format!("topics@{TOPICS}")
    }

    fn threshold(&self) -> f32 {
        0.9
    }

    async fn embed(&self, texts: &[String]) -> Result<Embedded, EmbedError> {
        let vector = |text: &String| {
            let mut vector = vec![0.0; TOPICS];
            vector[topics(text).next().unwrap_or(0) % TOPICS] = 1.0;
            vector
        };
        let vectors = texts.iter().map(vector).collect();
        let answer = self
            .0
            .step(Seam::Engine, async { Embedded { vectors, tokens: 0 } })
            .await;
        answer.map_err(|_| EmbedError::Unavailable {
            detail: "it did not answer".into(),
            retry_after: None,
        })
    }
}
