//! Detect, extract, verify, embed: from a conversation to feedbacks.

use super::{
    analyse::{Analysis, Context},
    conversation::Conversation,
    ending::Ending,
    findings::Finding,
    plan::Feedback,
    quotes::QuoteFinder,
    stages::{Stage, StageRecord},
    text::bounded,
};
use crate::{
    call::Call,
    feedback::post::embedding_text,
    ports::analysis::{AnalysisError, Answer},
    usage::Usage,
};

/// The longest reason that the ledger keeps, in characters.
const LONGEST_REASON: usize = 400;

impl Analysis {
    /// What the customer's side gave, with verified quotes and vectors; or how the call ends
    /// without any.
    pub(super) async fn find(
        &self,
        call: &mut Call,
        conversation: &Conversation,
        context: &Context,
    ) -> Result<Vec<Feedback>, Ending> {
        let detection = self.analyst.detect(conversation).await;
        let detection = self.spend(call, Stage::Detect, detection)?;
        let reason = bounded(&detection.reason, LONGEST_REASON);
        said(call, Stage::Detect, &reason);
        if !detection.feedback {
            return Err(Ending::discarded(reason));
        }
        let at_most = usize::from(context.settings.feedback_per_call.clamp(1, 5));
        let findings = self.analyst.extract(conversation, at_most).await;
        let findings = self.spend(call, Stage::Extract, findings)?;
        let findings: Vec<Finding> = findings
            .into_iter()
            .filter_map(within_bounds)
            .take(at_most)
            .collect();
        if findings.is_empty() {
            let words = "feedback was detected but none could be extracted";
            said(call, Stage::Extract, words);
            return Err(Ending::discarded(format!("{words} ({reason})")));
        }
        let finder = QuoteFinder::new(conversation);
        let mut feedbacks: Vec<_> = findings
            .into_iter()
            .map(|finding| {
                let verified = finder.verify(&finding.quotes);
                Feedback {
                    quotes: verified.quotes,
                    rejected_quotes: verified.rejected,
                    finding,
                    vector: Vec::new(),
                }
            })
            .collect();
        said(call, Stage::Extract, &extracted(&feedbacks));
        self.embed(call, &mut feedbacks).await?;
        Ok(feedbacks)
    }

    async fn embed(&self, call: &mut Call, feedbacks: &mut [Feedback]) -> Result<(), Ending> {
        let text = |f: &Feedback| {
            let finding = &f.finding;
            embedding_text(&finding.title, &finding.description, &finding.pain_points)
        };
        let texts: Vec<_> = feedbacks.iter().map(text).collect();
        let embedded = self.embedder.embed(&texts).await?;
        let usage = Usage {
            embedded_texts: u64::try_from(texts.len()).unwrap_or(0),
            embedded_tokens: embedded.tokens,
            ..Usage::default()
        };
        let usage = self.prices.priced(&self.embedder.model(), usage);
        call.usage += usage;
        record(
            call,
            StageRecord {
                stage: Stage::Deduplicate,
                model: Some(self.embedder.name()),
                version: None,
                says: String::new(),
                usage,
            },
        );
        for (feedback, vector) in feedbacks.iter_mut().zip(embedded.vectors) {
            feedback.vector = vector;
        }
        Ok(())
    }

    /// Books what a stage's answer took, whether it can be used or not.
    pub(super) fn spend<T>(
        &self,
        call: &mut Call,
        stage: Stage,
        answer: Result<Answer<T>, AnalysisError>,
    ) -> Result<T, AnalysisError> {
        let used = match &answer {
            Ok(answer) => answer.usage,
            Err(AnalysisError::Unusable { usage, .. }) => *usage,
            Err(_) => Usage::default(),
        };
        let model = self.analyst.model(stage);
        let used = self.prices.priced(&model, used);
        call.usage += used;
        let says = match &answer {
            Ok(_) => String::new(),
            Err(error) => error.to_string(),
        };
        match call.stages.iter_mut().find(|known| known.stage == stage) {
            Some(known) => known.usage += used,
            None => call.stages.push(StageRecord {
                stage,
                model: Some(model),
                version: Some(self.analyst.engine().version),
                says,
                usage: used,
            }),
        }
        answer.map(|answer| answer.value)
    }
}

/// Puts a stage's record in the place of an earlier one.
pub(super) fn record(call: &mut Call, record: StageRecord) {
    call.stages.retain(|known| known.stage != record.stage);
    call.stages.push(record);
}

/// Completes a stage's record with what it found.
pub(super) fn said(call: &mut Call, stage: Stage, words: &str) {
    if let Some(known) = call.stages.iter_mut().find(|known| known.stage == stage) {
        words.clone_into(&mut known.says);
    }
}

/// Such as "2 feedbacks; 3 of 4 claimed quotes are in the customer's words".
fn extracted(feedbacks: &[Feedback]) -> String {
    let verified: usize = feedbacks.iter().map(|f| f.quotes.len()).sum();
    let rejected: u32 = feedbacks.iter().map(|f| f.rejected_quotes).sum();
    let claimed = verified + usize::try_from(rejected).unwrap_or(0);
    let s = if feedbacks.len() == 1 { "" } else { "s" };
    format!(
        "{} feedback{s}; {verified} of {claimed} claimed quotes are in the customer's words",
        feedbacks.len()
    )
}

/// Bounds every text of a finding; `None` when it has no title.
fn within_bounds(finding: Finding) -> Option<Finding> {
    let title = bounded(&finding.title, 120);
    if !title.chars().any(char::is_alphanumeric) {
        return None;
    }
    let texts = |texts: Vec<String>, most, max| -> Vec<String> {
        let texts = texts.iter().map(|text| bounded(text, max));
        texts.filter(|text| !text.is_empty()).take(most).collect()
    };
    Some(Finding {
        title,
        description: bounded(&finding.description, 2_000),
        feature_area: finding
            .feature_area
            .map(|area| bounded(&area, 80))
            .filter(|area| !area.is_empty()),
        pain_points: texts(finding.pain_points, 5, 400),
        quotes: finding.quotes.into_iter().take(10).collect(),
        ..finding
    })
}
