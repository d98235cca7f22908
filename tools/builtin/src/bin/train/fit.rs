//! Fits the weights of sentences: logistic regression by stochastic gradients, in an order that a
//! seed gives.

use std::collections::{BTreeMap, HashMap};

use builtin::{
    features::{Feature, features},
    model::{self, QUESTIONS},
};
use domain::conversation::Side;

use crate::corpus::{Kind, Label, Scene};

/// A sentence as the trainer sees it.
struct Example {
    features: Vec<Feature>,
    label: Label,
}

/// Sentences of which at least the likeliest has the label: one for what stands in a call, several
/// for a review, which is labelled as a whole.
struct Group {
    examples: Vec<Example>,
    label: Label,
    review: bool,
}

/// How often everything is looked at.
const EPOCHS: usize = 30;
/// How far one sentence moves a weight at first.
const RATE: f32 = 0.05;
/// Weights are drawn to nothing by this much.
const DECAY: f32 = 0.000_03;
/// How much a sentence of feedback counts beside one without.
const BALANCE: f32 = 10.0;
/// At most so many features are kept of each question, those that say most: whether it is feedback
/// decides, the others only choose words.
const KEPT: [usize; QUESTIONS] = [90_000, 6_000, 6_000, 6_000];
/// How much it counts that a feature is seen in one kind of sentences above all.
const CONTRAST: f32 = 0.5;
/// A feature that is seen less often says nothing of sentences to come.
const SEEN: u32 = 2;
/// What the order begins with.
pub const SEED: u64 = 0x9e37_79b9_7f4a_7c15;

pub struct Weights {
    pub bias: f32,
    pub of: Vec<f32>,
    gradients: Vec<f32>,
}

impl Weights {
    pub fn new(features: usize) -> Self {
        Self {
            bias: 0.0,
            of: vec![0.0; features],
            gradients: vec![1e-3; features],
        }
    }

    fn logit(&self, features: &[Feature]) -> f32 {
        let of = |&(at, weight): &Feature| self.of[at as usize] * weight;
        self.bias + features.iter().map(of).sum::<f32>()
    }

    pub fn learn(&mut self, features: &[Feature], is: bool, importance: f32) {
        let odds = 1.0 / (1.0 + (-self.logit(features)).exp());
        let error = (odds - f32::from(u8::from(is))) * importance;
        self.bias -= RATE * 0.1 * error;
        for &(at, weight) in features {
            let at = at as usize;
            let gradient = error * weight + DECAY * self.of[at];
            self.gradients[at] += gradient * gradient;
            self.of[at] -= RATE * gradient / self.gradients[at].sqrt();
        }
    }
}

/// The features that are seen more than once, each with its place among the weights.
pub fn known<'f>(of: impl Iterator<Item = &'f Vec<Feature>>) -> HashMap<u32, u32> {
    let mut counts: BTreeMap<u32, u32> = BTreeMap::new();
    for (name, _) in of.flatten() {
        *counts.entry(*name).or_default() += 1;
    }
    counts.retain(|_, count| *count >= SEEN);
    counts.into_keys().zip(0..).collect()
}

/// Features by their places among the weights.
pub fn placed(features: &[Feature], known: &HashMap<u32, u32>) -> Vec<Feature> {
    let place = |(name, weight): &Feature| Some((*known.get(name)?, *weight));
    features.iter().filter_map(place).collect()
}

/// The weights that these scenes teach.
pub fn fit(scenes: &[Scene]) -> [model::Weights; QUESTIONS] {
    let mut groups: Vec<Group> = scenes.iter().flat_map(groups).collect();
    let examples = groups.iter().flat_map(|group| &group.examples);
    let known = known(examples.map(|example| &example.features));
    for example in groups.iter_mut().flat_map(|group| &mut group.examples) {
        example.features = placed(&example.features, &known);
    }
    std::array::from_fn(|question| {
        let weights = fit_one(&mut groups, known.len(), question);
        let examples = groups.iter().flat_map(|group| &group.examples);
        let of = examples.map(|example| &example.features);
        most_telling(&weights, &known, of, KEPT[question])
    })
}

/// So many of the weights, those that say most: large ones, of features that are often seen.
pub fn most_telling<'f>(
    weights: &Weights,
    known: &HashMap<u32, u32>,
    seen_in: impl Iterator<Item = &'f Vec<Feature>>,
    kept: usize,
) -> model::Weights {
    let mut seen = vec![0.0_f32; weights.of.len()];
    for (at, _) in seen_in.flatten() {
        seen[*at as usize] += 1.0;
    }
    let mut all: Vec<(f32, u32, f32)> = known
        .iter()
        .map(|(name, at)| {
            let weight = weights.of[*at as usize];
            (weight.abs() * seen[*at as usize].sqrt(), *name, weight)
        })
        .collect();
    all.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    all.truncate(kept);
    model::Weights {
        bias: weights.bias,
        of: all
            .into_iter()
            .map(|(_, name, weight)| (name, weight))
            .collect(),
    }
}

/// By how much each feature is multiplied while a question is learned: one that is seen in sentences
/// of one answer above all is believed sooner.
fn contrasts(groups: &[Group], features: usize, question: usize) -> Vec<f32> {
    let mut seen = vec![[1.0_f32; 2]; features];
    let mut all = [2.0_f32; 2];
    let told = |group: &&Group| !(group.review && holds(question, group.label));
    for example in groups.iter().filter(told).flat_map(|group| &group.examples) {
        let is = usize::from(holds(question, example.label));
        all[is] += 1.0;
        for &(at, _) in &example.features {
            seen[at as usize][is] += 1.0;
        }
    }
    let contrast = |[no, yes]: [f32; 2]| ((yes / all[1]) / (no / all[0])).ln().abs();
    seen.into_iter()
        .map(|seen| 1.0 - CONTRAST + CONTRAST * contrast(seen))
        .collect()
}

fn fit_one(groups: &mut [Group], features: usize, question: usize) -> Weights {
    let contrasts = contrasts(groups, features, question);
    scale(groups, |at| contrasts[at]);
    let mut weights = Weights::new(features);
    let mut seed = SEED;
    for epoch in 0..EPOCHS {
        shuffle(groups, &mut seed);
        for group in groups.iter() {
            // What a review says stands in one of its sentences; which one, calls must teach.
            if group.review && epoch < EPOCHS / 4 {
                continue;
            }
            learn(&mut weights, group, question);
        }
    }
    scale(groups, |at| 1.0 / contrasts[at]);
    for (weight, contrast) in weights.of.iter_mut().zip(contrasts) {
        *weight *= contrast;
    }
    weights
}

fn scale(groups: &mut [Group], by: impl Fn(usize) -> f32) {
    let examples = groups.iter_mut().flat_map(|group| &mut group.examples);
    for (at, weight) in examples.flat_map(|example| &mut example.features) {
        *weight *= by(*at as usize);
    }
}

fn learn(weights: &mut Weights, group: &Group, question: usize) {
    let is = holds(question, group.label);
    if group.review && is {
        let likeliest = group.examples.iter().max_by(|a, b| {
            weights
                .logit(&a.features)
                .total_cmp(&weights.logit(&b.features))
        });
        if let Some(example) = likeliest {
            weights.learn(&example.features, true, BALANCE);
        }
        return;
    }
    for example in &group.examples {
        let is = holds(question, example.label);
        let importance = if is { BALANCE } else { 1.0 };
        weights.learn(&example.features, is, importance);
    }
}

/// Whether a label answers a question of the model with yes.
fn holds(question: usize, label: Label) -> bool {
    match question {
        0 => label.is_feedback(),
        1 => label == Label::Asks,
        2 => label == Label::Hurts,
        _ => label == Label::Explains,
    }
}

/// The customers' sentences of a scene, each with what stands around it and alone.
fn groups(scene: &Scene) -> Vec<Group> {
    let mut out = Vec::new();
    for variant in scene.variants() {
        let labelled = scene.lines(variant);
        let lines: Vec<_> = labelled.iter().map(|(line, _)| line.clone()).collect();
        let customer = |at: &usize| lines[*at].side == Side::Customer;
        let example = |at: usize, around| Example {
            features: features(&lines, at, around),
            label: labelled[at].1,
        };
        if scene.kind == Kind::Review {
            let examples: Vec<_> = (0..lines.len()).map(|at| example(at, true)).collect();
            if let Some(first) = examples.first() {
                let label = first.label;
                out.push(Group {
                    examples,
                    label,
                    review: true,
                });
            }
            continue;
        }
        for at in (0..lines.len()).filter(customer) {
            for around in [true, false] {
                let example = example(at, around);
                out.push(Group {
                    label: example.label,
                    examples: vec![example],
                    review: false,
                });
            }
        }
    }
    out
}

pub fn shuffle<T>(items: &mut [T], seed: &mut u64) {
    for at in (1..items.len()).rev() {
        *seed ^= *seed << 13;
        *seed ^= *seed >> 7;
        *seed ^= *seed << 17;
        #[expect(clippy::cast_possible_truncation, reason = "below the length")]
        items.swap(at, (*seed % (at as u64 + 1)) as usize);
    }
}
