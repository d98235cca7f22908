//! The language model behind the pipeline's stages, by the providers' own HTTP interfaces.
//!
//! Whatever a model answers is outside input: it is fitted here to the stage's schema and checked
//! against it, and the domain checks quotes and ids. Nothing of a transcript or an answer is logged
//! or put into an error here.

use std::{cmp::Reverse, sync::Arc};

use async_trait::async_trait;
use domain::{
    feedback::{Board, EngineStamp, Product, Request, RequestText, Tag},
    findings::{Detection, Finding, Judgement, Placement},
    ports::{
        analysis::{AnalysisError, Analyst, MOST_FINDINGS, Reading},
        system::{Clock, Ids},
    },
    usage::Meter,
};
use serde_json::Value;

mod answers;
mod caching;
mod clean;
mod config;
mod failure;
mod given;
mod judge;
mod lists;
mod provider;
mod providers;
mod refusal;
mod repair;
mod schema;
mod shape;
mod stage;
mod transcript;
mod wire;

use self::{
    answers::{Body, DetectBody, ExtractBody, OrganizeBody},
    given::given,
    judge::JudgeBody,
    provider::{Provider, Question},
    repair::RepairBody,
    schema::Flaw,
    stage::{DETECT, EXTRACT, JUDGE, ORGANIZE, REPAIR, Stage},
    wire::{Answer, Stop},
};
pub use clean::{FENCE_CLOSE, FENCE_OPEN};
pub use config::{LlmConfig, LlmConfigError, Protocol};
pub use stage::PROMPTS_VERSION;

/// How many lines of a part stand again at the head of the next.
const OVERLAP_LINES: usize = 6;
/// A broken answer is asked for once more.
const ASKED: usize = 2;

/// The pipeline's analyst: a language model of any provider that is known by name or address.
pub struct LlmAnalyst {
    config: LlmConfig,
    provider: Provider,
}

impl LlmAnalyst {
    /// Sets up the client; nothing is sent yet.
    ///
    /// # Errors
    /// [`LlmConfigError`] says what is missing or wrong in the configuration.
    pub fn new(
        config: LlmConfig,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn Ids>,
    ) -> Result<Self, LlmConfigError> {
        let provider = Provider::new(&config, clock, ids)?;
        Ok(Self { config, provider })
    }

    /// What detect and extract are given, in parts: the same for both.
    fn parts(&self, reading: Reading<'_>) -> Vec<Given> {
        let parts = transcript::parts(reading.conversation, self.config.part_chars, OVERLAP_LINES);
        // Of several parts detect may read the first alone.
        let is_kept = parts.len() == 1
            && self.config.detect_model == self.config.extract_model
            && caching::pays(reading.read_again);
        let part = |part: String| Given {
            text: given(reading.product, &part),
            is_kept,
        };
        parts.into_iter().map(part).collect()
    }

    /// Asks until the answer holds, at most twice. The second question says what was wrong with
    /// the first answer but does not repeat it: it may hold words of the call.
    async fn ask<B: Body>(
        &self,
        (stage, model): (&Stage, &str),
        given: &Given,
        meter: &Meter,
    ) -> Result<B::Into, AnalysisError> {
        let (system, task) = (stage.system(), stage.task());
        let (schema, own_schema) = (stage.schema(), stage.own_schema());
        let mut flaw = None::<Flaw>;
        for _ in 0..ASKED {
            let again = flaw.map(|Flaw(what)| {
                format!(
                    "An earlier answer could not be used: {what}. Answer with one complete JSON \
                     object of the form described, and nothing else."
                )
            });
            let below: Vec<String> = task.iter().cloned().chain(again).collect();
            let question = Question {
                model,
                name: stage.name,
                system: &system,
                given: &given.text,
                is_kept: given.is_kept,
                task: &below.join("\n\n"),
                schema: &schema,
            };
            let answer = self.provider.ask(&question, meter).await?;
            match answer.and_then(|answer| read::<B>(&own_schema, &answer)) {
                Ok(value) => return Ok(value),
                Err(found) => flaw = Some(found),
            }
        }
        let what = flaw.map_or_else(String::new, |Flaw(what)| format!("{}: {what}", stage.name));
        Err(AnalysisError::Unusable(what))
    }
}

#[async_trait]
impl Analyst for LlmAnalyst {
    fn engine(&self) -> EngineStamp {
        EngineStamp {
            llm: self.config.models(),
            version: format!("prompts {PROMPTS_VERSION}"),
            product: None,
        }
    }

    fn model(&self, stage: domain::call::stages::Stage) -> String {
        use domain::call::stages::Stage;
        match stage {
            Stage::Detect => &self.config.detect_model,
            Stage::Judge => &self.config.judge_model,
            Stage::Organize => &self.config.organize_model,
            _ => &self.config.extract_model,
        }
        .clone()
    }

    async fn detect(
        &self,
        reading: Reading<'_>,
        meter: &Meter,
    ) -> Result<Detection, AnalysisError> {
        let mut none_in = Vec::new();
        for part in self.parts(reading) {
            let of = (&DETECT, self.config.detect_model.as_str());
            let value = self.ask::<DetectBody>(of, &part, meter).await?;
            if value.feedback {
                return Ok(value);
            }
            none_in.push(value.reason);
        }
        Ok(Detection {
            feedback: false,
            reason: match none_in.len() {
                0 => "Nobody says anything in this call.".to_owned(),
                _ => none_in.join(" "),
            },
        })
    }

    async fn extract(
        &self,
        reading: Reading<'_>,
        meter: &Meter,
    ) -> Result<Vec<Finding>, AnalysisError> {
        let mut found = Vec::new();
        for part in self.parts(reading) {
            let of = (&EXTRACT, self.config.extract_model.as_str());
            found.push(self.ask::<ExtractBody>(of, &part, meter).await?);
        }
        Ok(strongest(found, MOST_FINDINGS))
    }

    async fn repair(
        &self,
        request: &Request,
        unsaid: &[String],
        product: &Product,
        meter: &Meter,
    ) -> Result<Option<Request>, AnalysisError> {
        let given = Given::once(product, &repair::material(request, unsaid));
        let of = (&REPAIR, self.config.extract_model.as_str());
        let repaired = self.ask::<RepairBody>(of, &given, meter).await?;
        Ok(Some(Request {
            title: repaired.title,
            description: repaired.description,
            pain_points: repaired.pain_points,
            ..request.clone()
        }))
    }

    fn judges(&self) -> bool {
        true
    }

    async fn judge(
        &self,
        request: RequestText<'_>,
        others: &[RequestText<'_>],
        product: &Product,
        meter: &Meter,
    ) -> Result<Vec<Option<Judgement>>, AnalysisError> {
        if others.is_empty() {
            return Ok(Vec::new());
        }
        let given = Given::once(product, &judge::material(request, others));
        let of = (&JUDGE, self.config.judge_model.as_str());
        let judged = self.ask::<JudgeBody>(of, &given, meter).await?;
        Ok(judged.of(others.len()))
    }

    async fn organize(
        &self,
        finding: &Finding,
        (boards, tags): (&[Board], &[Tag]),
        product: &Product,
        meter: &Meter,
    ) -> Result<Placement, AnalysisError> {
        let given = Given::once(product, &lists::material(finding, boards, tags));
        let of = (&ORGANIZE, self.config.organize_model.as_str());
        self.ask::<OrganizeBody>(of, &given, meter).await
    }
}

/// What a model is given to read.
struct Given {
    text: String,
    /// Whether the provider shall keep it, for the next stage that reads the same.
    is_kept: bool,
}

impl Given {
    fn once(product: &Product, material: &str) -> Self {
        Self {
            text: given(product, material),
            is_kept: false,
        }
    }
}

/// Reads what a model wrote. What is still missing when it ran into its limit is missing for that.
fn read<B: Body>(schema: &Value, answer: &Answer) -> Result<B::Into, Flaw> {
    answers::read::<B>(schema, &answer.text).map_err(|flaw| match answer.stop {
        Stop::Limit => Flaw::new("it is longer than the tokens that are allowed for it"),
        Stop::Done | Stop::Refused => flaw,
    })
}

/// The findings of all parts, the strongest first. One part keeps the model's own order; several
/// are ordered by priority, then by their place in their part. Findings of one title, as the
/// overlap brings them, become one.
fn strongest(found: Vec<Vec<Finding>>, at_most: usize) -> Vec<Finding> {
    let parts = found.len();
    let ranked = found
        .into_iter()
        .flat_map(|part| part.into_iter().enumerate());
    let mut ranked: Vec<(usize, Finding)> = ranked.collect();
    if parts > 1 {
        ranked.sort_by_key(|(rank, finding)| (Reverse(finding.request.priority), *rank));
    }
    let mut kept: Vec<Finding> = Vec::new();
    for (_, finding) in ranked {
        let title = finding.request.title.to_lowercase();
        match kept
            .iter_mut()
            .find(|kept| kept.request.title.to_lowercase() == title)
        {
            Some(same) => {
                let new = |quote: &String| !same.quotes.contains(quote);
                let quotes: Vec<String> = finding.quotes.into_iter().filter(new).collect();
                same.quotes.extend(quotes);
            }
            None => kept.push(finding),
        }
    }
    kept.truncate(at_most);
    kept
}

#[cfg(test)]
mod tests {
    use domain::feedback::{Priority, Request};

    use super::*;

    fn finding(title: &str, priority: Option<Priority>, quote: &str) -> Finding {
        Finding {
            request: Request {
                title: title.into(),
                description: String::new(),
                sentiment: None,
                priority,
                feature_area: None,
                pain_points: Vec::new(),
            },
            quotes: vec![quote.into()],
            confidence: None,
            doubts: Vec::new(),
        }
    }

    #[test]
    fn parts_are_joined_by_priority_and_repeats_become_one() {
        let found = vec![
            vec![
                finding("Export", Some(Priority::Medium), "a"),
                finding("Sign-in", None, "b"),
            ],
            vec![
                finding("Offline", Some(Priority::Critical), "c"),
                finding("export", Some(Priority::High), "d"),
            ],
        ];
        let all = strongest(found, 2);
        let titles: Vec<_> = all.iter().map(|f| f.request.title.as_str()).collect();
        assert_eq!(titles, ["Offline", "export"]);
        assert_eq!(all[1].quotes, ["d", "a"]);
    }

    #[test]
    fn one_part_keeps_the_models_order() {
        let part = vec![
            finding("First", Some(Priority::Low), "a"),
            finding("Second", Some(Priority::Critical), "b"),
        ];
        let all = strongest(vec![part], 1);
        assert_eq!(all[0].request.title, "First");
    }
}
