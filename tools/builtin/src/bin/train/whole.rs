//! Fits the weights of conversations as a whole: is it a call, and does a text hold feedback?

use std::collections::HashMap;

use builtin::{
    features::{Feature, Line},
    model,
    whole::{of_both_sides, of_customers},
};

use crate::{
    corpus::{Kind, Scene},
    fit::{SEED, Weights, known, most_telling, placed, shuffle},
};

/// How often everything is looked at.
const EPOCHS: usize = 20;
/// Scenes of more lines are cut into parts of about so many: a long one says no more than a short
/// one.
const PART: usize = 40;
/// Fewer lines say too little about what a conversation is.
const LEAST: usize = 5;
/// At most this much does a scene of a rare kind count beside the others of its language.
const BALANCE: f32 = 8.0;
/// At most so many features are kept of each.
const CALL_KEPT: usize = 6_000;
const TEXT_KEPT: usize = 12_000;

struct Example {
    features: Vec<Feature>,
    is: bool,
    importance: f32,
}

/// Calls against working meetings. Within a language both count the same: how often people meet in
/// it says nothing.
pub fn fit_call(scenes: &[Scene]) -> model::Weights {
    let mut examples = Vec::new();
    let mut counts: HashMap<(&str, bool), f32> = HashMap::new();
    let spoken = scenes.iter().filter(|scene| scene.kind != Kind::Review);
    for (scene, variant) in spoken.flat_map(|scene| scene.variants().map(move |v| (scene, v))) {
        let lines = lines(scene, variant);
        if lines.len() < LEAST {
            continue;
        }
        let parts = (lines.len() / PART).max(1);
        for part in lines.chunks(lines.len().div_ceil(parts)) {
            let kind = (scene.language.as_str(), scene.kind == Kind::Call);
            *counts.entry(kind).or_default() += 1.0;
            examples.push((kind, of_both_sides(part)));
        }
    }
    let balanced = examples.into_iter().map(|((language, is), features)| {
        let count = |is| counts.get(&(language, is)).copied().unwrap_or_default();
        Example {
            features,
            is,
            importance: (f32::midpoint(count(is), count(!is)) / count(is)).min(BALANCE),
        }
    });
    fit(balanced.collect(), CALL_KEPT)
}

/// Reviews with feedback against those without.
pub fn fit_text(scenes: &[Scene]) -> model::Weights {
    let reviews = scenes.iter().filter(|scene| scene.kind == Kind::Review);
    let example = |scene: &Scene| Example {
        features: of_customers(&lines(scene, 0)),
        is: scene.is_feedback(),
        importance: 1.0,
    };
    fit(reviews.map(example).collect(), TEXT_KEPT)
}

fn lines(scene: &Scene, variant: usize) -> Vec<Line<'_>> {
    let labelled = scene.lines(variant).into_iter();
    labelled.map(|(line, _)| line).collect()
}

fn fit(mut examples: Vec<Example>, kept: usize) -> model::Weights {
    let known = known(examples.iter().map(|example| &example.features));
    #[expect(clippy::cast_possible_truncation, reason = "some ten thousands")]
    let constant = known.len() as u32;
    for example in &mut examples {
        example.features = placed(&example.features, &known);
        // What every example has: its weight is the better part of the bias.
        example.features.push((constant, 1.0));
    }
    let mut weights = Weights::new(known.len() + 1);
    let mut seed = SEED;
    for _ in 0..EPOCHS {
        shuffle(&mut examples, &mut seed);
        for example in &examples {
            weights.learn(&example.features, example.is, example.importance);
        }
    }
    weights.bias += weights.of[constant as usize];
    let of = examples.iter().map(|example| &example.features);
    most_telling(&weights, &known, of, kept)
}
