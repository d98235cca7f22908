//! How right an engine is on texts and calls whose answers are known.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::{Context as _, Result, bail};
use domain::{
    call::{Call, stages::Stage},
    conversation::Conversation,
    feedback::{Evidence, Request},
    findings::Finding,
    ports::analysis::{Analyst, Embedder, Reading},
    usage::{Meter, Prices, Usage},
};
use futures::{StreamExt, TryStreamExt, stream};
use ingest::pipeline::quotes::QuoteFinder;
use serde::Serialize;

pub mod calls;
pub mod dedupe;
pub mod lines;
pub mod score;
mod table;

use self::{
    calls::{Accuracy, Expected},
    dedupe::{Item, Point},
    lines::{DedupeLine, DetectLine, Label},
    score::{Score, share},
};

#[derive(Debug, Serialize)]
pub struct Evaluation {
    /// What read the texts.
    pub engine: String,
    /// What compared them.
    pub embedder: String,
    /// Each `detect*.jsonl`, and all together.
    pub detection: Vec<Detection>,
    /// Each `dedupe*.jsonl`.
    pub dedupe: Vec<Dedupe>,
    /// Each folder of calls.
    pub calls: Vec<Calls>,
    /// How many of the quotes that the engine gave are in the customer's words.
    pub grounding: Grounding,
    pub usage: Usage,
}

#[derive(Debug, Serialize)]
pub struct Detection {
    pub name: String,
    pub score: Score,
    /// The same where extract alone is asked, and what it finds nothing in is no feedback; when it
    /// was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fused: Option<Score>,
}

#[derive(Debug, Serialize)]
pub struct Dedupe {
    pub name: String,
    /// How many texts.
    pub texts: usize,
    /// Texts in which the engine found no feedback; they are compared as they are.
    pub not_extracted: usize,
    pub at_threshold: Point,
    /// The same without guards.
    pub without_guards: Score,
    /// The threshold of the curve with the highest F1.
    pub best: Point,
    /// See [`dedupe::recall_at_5`].
    pub recall_at_5: f64,
    /// From 0.30 to 0.95.
    pub curve: Vec<Point>,
}

/// A folder of calls through the whole system.
#[derive(Debug, Serialize)]
pub struct Calls {
    pub name: String,
    /// Detection, merges and misses.
    #[serde(flatten)]
    pub accuracy: Accuracy,
}

/// Quotes as an engine gives them. As JSON also the share that was rejected.
#[derive(Debug, Clone, Copy, Default, Serialize)]
#[serde(into = "GroundingFigures")]
pub struct Grounding {
    /// Quotes that the engine gave.
    pub claimed: u64,
    /// Those of them that verification rejected.
    pub rejected: u64,
}

#[derive(Serialize)]
struct GroundingFigures {
    claimed: u64,
    rejected: u64,
    rejected_share: f64,
}

impl From<Grounding> for GroundingFigures {
    fn from(grounding: Grounding) -> Self {
        Self {
            claimed: grounding.claimed,
            rejected: grounding.rejected,
            rejected_share: grounding.rejected_share(),
        }
    }
}

impl Grounding {
    /// The share that was rejected; 0 when none was given.
    #[must_use]
    pub fn rejected_share(&self) -> f64 {
        if self.claimed == 0 {
            return 0.0;
        }
        share(self.rejected, self.claimed)
    }
}

impl Evaluation {
    /// The figures as tables.
    #[must_use]
    pub fn text(&self) -> String {
        table::text(self)
    }
}

pub struct Engine {
    pub analyst: Arc<dyn Analyst>,
    pub embedder: Arc<dyn Embedder>,
    pub words: String,
    /// What the models cost.
    pub prices: Prices,
    /// Texts read at once.
    pub concurrency: usize,
    /// Whether detection by extract alone is measured too, which asks the engine once more for each
    /// text.
    pub fused: bool,
}

/// What a folder of calls came to in the whole system.
pub struct Ran {
    pub calls: Vec<Call>,
    /// What the posts rest on.
    pub evidence: Vec<Evidence>,
    pub usage: Usage,
}

struct Eval {
    engine: Engine,
    usage: Usage,
    grounding: Grounding,
}

/// Measures everything in a folder. Folders of calls go through the whole system by `run`.
///
/// # Errors
/// When nothing of the kinds is there, a file cannot be read, or the engine does not answer.
pub async fn evaluate(
    engine: Engine,
    folder: &Path,
    run: impl AsyncFn(&Path) -> Result<Ran>,
) -> Result<Evaluation> {
    let fused = engine.fused;
    let mut eval = Eval {
        engine,
        usage: Usage::default(),
        grounding: Grounding::default(),
    };
    let mut detection = Vec::new();
    for file in lines::files(folder, "detect")? {
        detection.push(eval.detection(&file).await?);
    }
    if detection.len() > 1 {
        detection.push(Detection {
            name: "together".into(),
            score: Score::sum(detection.iter().map(|part| part.score)),
            fused: fused.then(|| Score::sum(detection.iter().filter_map(|part| part.fused))),
        });
    }
    let mut dedupe = Vec::new();
    for file in lines::files(folder, "dedupe")? {
        dedupe.push(eval.dedupe(&file).await?);
    }
    let mut calls = Vec::new();
    for folder in call_folders(folder)? {
        let ran = run(&folder).await?;
        calls.push(eval.calls(&folder, &ran)?);
    }
    if detection.is_empty() && dedupe.is_empty() && calls.is_empty() {
        bail!(
            "{} holds nothing to measure: no detect*.jsonl, no dedupe*.jsonl, and no folder of calls with expected.json",
            folder.display()
        );
    }
    Ok(Evaluation {
        engine: eval.engine.words.clone(),
        embedder: eval.engine.embedder.name(),
        detection,
        dedupe,
        calls,
        grounding: eval.grounding,
        usage: eval.usage,
    })
}

/// The folder itself and those in it, where they have an `expected.json`.
fn call_folders(folder: &Path) -> Result<Vec<PathBuf>> {
    let read = std::fs::read_dir(folder)
        .with_context(|| format!("{} cannot be read", folder.display()))?;
    let mut folders = vec![folder.to_owned()];
    for entry in read {
        folders.push(entry?.path());
    }
    folders.retain(|folder| folder.join("expected.json").is_file());
    folders.sort();
    Ok(folders)
}

fn name_of(path: &Path) -> String {
    let name = path.file_name().and_then(|name| name.to_str());
    name.unwrap_or("texts").to_owned()
}

impl Eval {
    fn spend(&mut self, stage: Stage, meter: &Meter) {
        let model = self.engine.analyst.model(stage);
        self.usage += self.engine.prices.priced(&model, meter.take());
    }

    async fn detection(&mut self, file: &Path) -> Result<Detection> {
        let labelled: Vec<DetectLine> = lines::read(file)?;
        let texts: Vec<_> = labelled
            .iter()
            .map(|line| lines::conversation(&line.text))
            .collect();
        let analyst = Arc::clone(&self.engine.analyst);
        let meter = Meter::default();
        let asked = texts.iter().map(|text| detect(&*analyst, text, &meter));
        let asked: Vec<_> = asked.collect();
        let answers: Vec<_> = stream::iter(asked)
            .buffered(self.engine.concurrency)
            .try_collect()
            .await?;
        self.spend(Stage::Detect, &meter);
        let mut score = Score::default();
        for (line, answer) in labelled.iter().zip(answers) {
            let said = answer.is_some_and(|answer| answer.feedback);
            score.count(line.label == Label::Feedback, said);
        }
        let fused = if self.engine.fused {
            let found = self.findings(&texts).await?;
            let mut fused = Score::default();
            for (line, found) in labelled.iter().zip(found) {
                fused.count(line.label == Label::Feedback, !found.is_empty());
            }
            Some(fused)
        } else {
            None
        };
        Ok(Detection {
            name: name_of(file),
            score,
            fused,
        })
    }

    /// What extract finds in each text, one finding at most.
    async fn findings(&mut self, texts: &[Conversation]) -> Result<Vec<Vec<Finding>>> {
        let analyst = Arc::clone(&self.engine.analyst);
        let meter = Meter::default();
        let asked = texts
            .iter()
            .map(|text| analyst.extract(Reading::of(text), &meter));
        let asked: Vec<_> = asked.collect();
        let found = stream::iter(asked)
            .buffered(self.engine.concurrency)
            .try_collect()
            .await?;
        self.spend(Stage::Extract, &meter);
        Ok(found)
    }

    async fn dedupe(&mut self, file: &Path) -> Result<Dedupe> {
        let labelled: Vec<DedupeLine> = lines::read(file)?;
        let texts: Vec<_> = labelled
            .iter()
            .map(|line| lines::conversation(&line.text))
            .collect();
        let found = self.findings(&texts).await?;
        let (mut items, mut embedded, mut not_extracted) = (Vec::new(), Vec::new(), 0);
        for ((line, text), found) in labelled.into_iter().zip(&texts).zip(found) {
            let finding = found.into_iter().next();
            let request = match finding {
                Some(finding) => {
                    let verified = QuoteFinder::new(text).verify(&finding.quotes);
                    self.grounding.claimed += finding.quotes.len() as u64;
                    self.grounding.rejected += u64::from(verified.rejected);
                    finding.request
                }
                None => {
                    not_extracted += 1;
                    Request::titled(line.text)
                }
            };
            embedded.push(request.embedding_text());
            items.push(Item {
                cluster: line.cluster,
                title: request.title,
                description: request.description,
                vector: Vec::new(),
            });
        }
        let embedder = &self.engine.embedder;
        let (name, threshold) = (embedder.name(), embedder.threshold());
        let places = embedder.embed(&embedded).await?;
        let prices = &self.engine.prices;
        self.usage += prices.priced(&embedder.model(), places.used());
        for (item, vector) in items.iter_mut().zip(places.vectors) {
            item.vector = vector;
        }
        let curve = dedupe::curve(&items, true);
        let best = curve
            .iter()
            .max_by(|a, b| a.pairs.f1().total_cmp(&b.pairs.f1()));
        let rule = |guards| dedupe::rule(threshold, name.clone(), guards);
        let at_threshold = Point {
            threshold,
            pairs: dedupe::at(&items, &rule(true)),
        };
        Ok(Dedupe {
            name: name_of(file),
            texts: items.len(),
            not_extracted,
            at_threshold,
            without_guards: dedupe::at(&items, &rule(false)),
            best: *best.unwrap_or(&at_threshold),
            recall_at_5: dedupe::recall_at_5(&items),
            curve,
        })
    }

    fn calls(&mut self, folder: &Path, ran: &Ran) -> Result<Calls> {
        for one in &ran.evidence {
            let rejected = u64::from(one.rejected_quotes);
            self.grounding.claimed += one.quotes.len() as u64 + rejected;
            self.grounding.rejected += rejected;
        }
        self.usage += ran.usage;
        Ok(Calls {
            name: name_of(folder),
            accuracy: Expected::load(folder)?.compare(&ran.calls),
        })
    }
}

/// `None` for a text in which nobody says anything.
async fn detect(
    analyst: &dyn Analyst,
    text: &Conversation,
    meter: &Meter,
) -> Result<Option<domain::findings::Detection>> {
    if text.turns.is_empty() {
        return Ok(None);
    }
    Ok(Some(analyst.detect(Reading::of(text), meter).await?))
}
