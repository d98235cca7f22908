//! Which requests are the same: asked of the language model before a call's result is written.

use std::sync::Arc;

use domain::{
    call::{Call, stages::Stage},
    feedback::{Product, RequestText},
    findings::{Feedback, Judgement, Sameness},
    ports::analysis::AnalysisError,
};
use feedback::matching::{
    bearing::{MergeRule, Near},
    candidates::Candidates,
    decide::{Target, plan},
    judgements::{Known, Pair},
    questions::Questions,
};

use super::{
    analysis::Analysis,
    ending::Ending,
    judging::{Announced, Shared},
    meters::Meters,
};

/// The judging of one call's pieces of feedback, which are announced as long as it lives where a
/// model judges.
pub(super) struct Judge<'a> {
    analysis: &'a Analysis,
    meters: &'a Meters,
    pieces: &'a [Feedback],
    rule: &'a MergeRule,
    product: &'a Product,
    shared: Arc<Shared>,
    questions: Questions,
    _announced: Option<Announced>,
}

impl<'a> Judge<'a> {
    pub(super) fn of(
        call: &Call,
        pieces: &'a [Feedback],
        (rule, product): (&'a MergeRule, &'a Product),
        (analysis, meters): (&'a Analysis, &'a Meters),
    ) -> Self {
        let shared = analysis.judging.of(&call.org_id);
        Self {
            _announced: rule.asks().then(|| shared.announce(&call.id, pieces)),
            questions: Questions::about(pieces.len()),
            analysis,
            meters,
            pieces,
            rule,
            product,
            shared,
        }
    }

    /// Where each piece goes, by what is known.
    pub(super) fn plan(&self, found: &Candidates) -> Vec<Target> {
        let known = (&self.shared.known, &self.questions);
        plan(self.pieces, found, self.rule, known)
    }

    /// Whether a post that was found now has to be judged before the call can be written.
    pub(super) fn is_open(&self, found: &Candidates) -> bool {
        let asks = (self.rule, &self.shared.known);
        let open = |(n, posts): (usize, &Vec<_>)| {
            let text = (&self.pieces[n]).into();
            !self.questions.open(n, text, (posts, &[]), asks).is_empty()
        };
        self.asks() && found.candidates.iter().enumerate().any(open)
    }

    fn asks(&self) -> bool {
        self.rule.asks() && !self.questions.are_over()
    }

    /// Asks about what is near and not judged yet, in one request a piece.
    pub(super) async fn ask(&mut self, call: &mut Call, found: &Candidates) -> Result<(), Ending> {
        if !self.asks() {
            return Ok(());
        }
        let mut asked = false;
        for (n, (piece, posts)) in self.pieces.iter().zip(&found.candidates).enumerate() {
            let text = RequestText::from(piece);
            let others = self.shared.others(&call.id, n, &piece.vector);
            let in_flight: Vec<_> = others
                .iter()
                .map(|(other, score)| Near {
                    text: other.text(),
                    score: *score,
                    moved: false,
                })
                .collect();
            let asks = (self.rule, &self.shared.known);
            let open = self.questions.open(n, text, (posts, &in_flight), asks);
            if open.is_empty() {
                continue;
            }
            asked = true;
            self.questions.note(n, text, &open);
            self.which_are_the_same(call, text, &open).await?;
        }
        if asked {
            self.questions.end_round();
        }
        Ok(())
    }

    async fn which_are_the_same(
        &self,
        call: &mut Call,
        text: RequestText<'_>,
        others: &[Near<'_>],
    ) -> Result<(), Ending> {
        let analysis = self.analysis;
        let texts: Vec<_> = others.iter().map(|near| near.text).collect();
        let meter = self.meters.of(Stage::Judge);
        let answer = analysis
            .analyst
            .judge(text, &texts, self.product, meter)
            .await;
        match analysis.spend(call, Stage::Judge, self.meters, answer) {
            Ok(found) => {
                call.set_summary(Stage::Judge, &counted(&found));
                let model = analysis.analyst.model(Stage::Judge);
                for (other, judgement) in texts.iter().zip(found) {
                    let Some(judgement) = judgement else { continue };
                    let model = model.clone();
                    let known = Known { judgement, model };
                    self.shared.known.keep(Pair::of(text, *other), known);
                }
                Ok(())
            }
            // Similarity and guards decide, and say so.
            Err(AnalysisError::Unusable(_)) => {
                let says = "no usable answer: the threshold and the guards decide";
                call.set_summary(Stage::Judge, says);
                Ok(())
            }
            Err(error) => Err(analysis.without_answer(Stage::Judge, error)),
        }
    }
}

/// Such as "of 3 near it 1 the same, 1 different, 1 unsure".
fn counted(found: &[Option<Judgement>]) -> String {
    let count = |sameness| {
        let holds = |one: &&Option<Judgement>| {
            one.as_ref().map_or(Sameness::Unsure, Judgement::holds) == sameness
        };
        found.iter().filter(holds).count()
    };
    format!(
        "of {} near it {} the same, {} different, {} unsure",
        found.len(),
        count(Sameness::Same),
        count(Sameness::Different),
        count(Sameness::Unsure)
    )
}
