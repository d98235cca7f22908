//! Fits the weights: logistic regression by stochastic gradients, in an order that a seed gives.

use std::collections::{BTreeMap, HashMap};

use builtin::{
    features::{Feature, features},
    model::{Model, QUESTIONS},
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
/// At most so many features are kept, those that say most.
const KEPT: usize = 36_000;
/// A feature that is seen less often says nothing of sentences to come.
const SEEN: u32 = 2;

struct Weights {
    bias: f32,
    of: Vec<f32>,
    gradients: Vec<f32>,
}

impl Weights {
    fn new(features: usize) -> Self {
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

    fn learn(&mut self, features: &[Feature], is: bool, importance: f32) {
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
fn known(groups: &[Group]) -> HashMap<u32, u32> {
    let mut counts: BTreeMap<u32, u32> = BTreeMap::new();
    for example in groups.iter().flat_map(|group| &group.examples) {
        for (name, _) in &example.features {
            *counts.entry(*name).or_default() += 1;
        }
    }
    counts.retain(|_, count| *count >= SEEN);
    counts.into_keys().zip(0..).collect()
}

/// The file of weights that these scenes teach.
pub fn fit(scenes: &[Scene]) -> Vec<u8> {
    let mut groups: Vec<Group> = scenes.iter().flat_map(groups).collect();
    let known = known(&groups);
    for example in groups.iter_mut().flat_map(|group| &mut group.examples) {
        let place = |(name, weight): &Feature| Some((*known.get(name)?, *weight));
        example.features = example.features.iter().filter_map(place).collect();
    }
    let fitted: Vec<Weights> = (0..QUESTIONS)
        .map(|question| fit_one(&mut groups, known.len(), question))
        .collect();
    let of = |at: u32| std::array::from_fn(|question| fitted[question].of[at as usize]);
    let mut weights: Vec<(u32, [f32; QUESTIONS])> =
        known.iter().map(|(name, at)| (*name, of(*at))).collect();
    let says = |weights: &[f32; QUESTIONS]| {
        weights[0].abs() + 0.25 * weights[1..].iter().map(|w| w.abs()).sum::<f32>()
    };
    weights.sort_by(|a, b| says(&b.1).total_cmp(&says(&a.1)).then(a.0.cmp(&b.0)));
    weights.truncate(KEPT);
    let biases = std::array::from_fn(|question| fitted[question].bias);
    Model::file(biases, &weights.into_iter().collect())
}

fn fit_one(groups: &mut [Group], features: usize, question: usize) -> Weights {
    let mut weights = Weights::new(features);
    let mut seed = 0x9e37_79b9_7f4a_7c15;
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
    weights
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
    let variants = if scene.kind == Kind::Peers { 2 } else { 1 };
    for variant in 0..variants {
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

fn shuffle<T>(items: &mut [T], seed: &mut u64) {
    for at in (1..items.len()).rev() {
        *seed ^= *seed << 13;
        *seed ^= *seed >> 7;
        *seed ^= *seed << 17;
        #[expect(clippy::cast_possible_truncation, reason = "below the length")]
        items.swap(at, (*seed % (at as u64 + 1)) as usize);
    }
}
