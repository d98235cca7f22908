//! The rules by which two near requests are one, or not.

use domain::{
    feedback::{
        MergeBasis, MergeCheck, RequestText, Settings,
        settings::{MergedBy, Review},
    },
    findings::Sameness,
    ports::analysis::Embedder,
};

use super::{candidates::Candidate, guards::guards, judgements::Judgements};

/// Its threshold was set for titles as product teams write them: what people say is alike by how
/// they say it. On the sample calls every pair of different requests that it would have merged lay
/// below this.
const SPEECH: f32 = 0.65;

/// The rules that hold for an organization.
#[derive(Debug, Clone, PartialEq)]
pub struct MergeRule {
    /// At or above this similarity two pieces of feedback are the same.
    pub threshold: f32,
    /// At or above this similarity two pieces of feedback may be the same.
    pub near: f32,
    /// The embedder that both belong to.
    pub embedder: String,
    pub by: MergedBy,
    /// Below this similarity the guards keep apart what customers say in their own words; none where
    /// the embedding model tells such words apart.
    pub speech: Option<f32>,
    /// Which pieces of feedback wait for a person.
    pub review: Review,
}

impl MergeRule {
    /// The rule of an organization, where a model can be asked to judge, or not.
    #[must_use]
    pub fn of(embedder: &dyn Embedder, settings: &Settings, judges: bool) -> Self {
        Self {
            threshold: embedder.threshold(),
            near: embedder.near(),
            embedder: embedder.name(),
            by: settings.merging.by(judges, embedder.is_stand_in()),
            speech: embedder.is_stand_in().then_some(SPEECH),
            review: settings.review,
        }
    }

    /// Whether a language model is asked.
    #[must_use]
    pub const fn asks(&self) -> bool {
        matches!(self.by, MergedBy::JudgedBelow | MergedBy::Judged)
    }
}

/// A request that another may be the same as.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Near<'a> {
    pub text: RequestText<'a>,
    /// The similarity of the two, from -1 to 1.
    pub score: f32,
    /// Whether a person moved it to where it is.
    pub moved: bool,
}

impl<'a> From<&'a Candidate> for Near<'a> {
    fn from(candidate: &'a Candidate) -> Self {
        Self {
            text: candidate.request_text(),
            score: candidate.score,
            moved: candidate.moved.is_some(),
        }
    }
}

/// What a near request means for another.
#[derive(Debug, Clone, PartialEq)]
pub enum Bearing {
    Same(MergeCheck),
    /// Like it, and another request, or nobody can tell.
    Apart(MergeCheck),
    Far,
    /// A language model has to tell.
    Open,
}

/// What a near request means for another, by the rule and what is known of the two.
#[must_use]
pub fn bearing(
    text: RequestText<'_>,
    near: &Near<'_>,
    rule: &MergeRule,
    known: &Judgements,
) -> Bearing {
    let reached = near.score >= rule.threshold;
    match rule.by {
        MergedBy::Threshold | MergedBy::JudgedBelow if reached => {
            Bearing::Same(check(near, rule, Vec::new()))
        }
        MergedBy::Guards if reached => guarded(text, near, rule),
        // What a person decided outranks the model; and words that are equal need none.
        MergedBy::Judged if reached && (near.moved || text == near.text) => {
            match guarded(text, near, rule) {
                Bearing::Apart(_) => judged(text, near, rule, known),
                same => same,
            }
        }
        MergedBy::JudgedBelow | MergedBy::Judged if near.score >= rule.near => {
            judged(text, near, rule, known)
        }
        _ => Bearing::Far,
    }
}

/// The same where nobody is asked any more: what the model has not judged the threshold and the
/// guards decide.
pub(super) fn settled(
    text: RequestText<'_>,
    near: &Near<'_>,
    rule: &MergeRule,
    known: &Judgements,
) -> Bearing {
    let told = bearing(text, near, rule, known);
    if told != Bearing::Open {
        return told;
    }
    if near.score < rule.threshold {
        return Bearing::Far;
    }
    let mut told = guarded(text, near, rule);
    if let Bearing::Same(check) | Bearing::Apart(check) = &mut told {
        check
            .reason
            .push_str("; the language model has not judged the two");
    }
    told
}

fn guarded(text: RequestText<'_>, near: &Near<'_>, rule: &MergeRule) -> Bearing {
    let check = MergeCheck {
        guarded: true,
        ..check(near, rule, against(text, near, rule))
    };
    match check.guards.is_empty() {
        true => Bearing::Same(check),
        false => Bearing::Apart(check),
    }
}

/// What speaks against a merge that similarity speaks for.
fn against(text: RequestText<'_>, near: &Near<'_>, rule: &MergeRule) -> Vec<String> {
    let mut guards = guards(text, near.text);
    let is_speech = text.is_speech() || near.text.is_speech();
    if let Some(least) = rule.speech.filter(|least| near.score < *least)
        && is_speech
        && !near.moved
    {
        guards.push(format!(
            "the customers' own words, alike by less than {least:.2}"
        ));
    }
    guards
}

fn judged(text: RequestText<'_>, near: &Near<'_>, rule: &MergeRule, known: &Judgements) -> Bearing {
    let reached = near.score >= rule.threshold;
    let Some(found) = known.of(text, near.text) else {
        return Bearing::Open;
    };
    let check = MergeCheck {
        reason: found.judgement.reason.clone(),
        basis: Some(MergeBasis::Judgement),
        judged: Some(found.judged()),
        ..check(near, rule, Vec::new())
    };
    match found.judgement.holds() {
        Sameness::Same => Bearing::Same(check),
        Sameness::Different if !reached => Bearing::Far,
        Sameness::Different | Sameness::Unsure | Sameness::Newer(_) => Bearing::Apart(check),
    }
}

/// A merge by similarity, or what the guards have against it.
pub(super) fn check(near: &Near<'_>, rule: &MergeRule, guards: Vec<String>) -> MergeCheck {
    let basis = match near.moved && guards.is_empty() {
        true => MergeBasis::PersonsMove,
        false => MergeBasis::Similarity,
    };
    let mut reason = basis.reason().to_owned();
    if !guards.is_empty() {
        reason.push_str(", but the guards keep them apart");
    }
    MergeCheck {
        reason,
        basis: Some(basis),
        score: near.score,
        threshold: rule.threshold,
        embedder: rule.embedder.clone(),
        guards,
        guarded: false,
        judged: None,
    }
}
