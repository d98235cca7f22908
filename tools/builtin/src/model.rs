//! Linear models over features: how much a sentence looks like feedback, and what a conversation
//! is as a whole.

use std::collections::{BTreeMap, HashMap};

use crate::features::Feature;

/// What the model answers of a sentence, each as a logit: 0 is even odds.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Answer {
    /// The customer asks for something, lacks it, or is hurt by how it is.
    pub feedback: f32,
    /// The customer asks for something that the product should do.
    pub asks: f32,
    /// The product does something wrong, or is laborious or confusing.
    pub hurts: f32,
    /// It only explains such a sentence.
    pub explains: f32,
}

/// A feature's name in the file has so many bits: one that was never seen is rarely taken for one
/// that was.
const NAMED: u32 = 22;

/// Bias, and weights by the names of features.
#[derive(Debug, Clone, Default)]
pub struct Weights {
    pub bias: f32,
    pub of: BTreeMap<u32, f32>,
}

const fn name(feature: u32) -> u32 {
    feature & ((1 << NAMED) - 1)
}

impl Weights {
    /// How many there are, the bias and the step of a weight, all in four bytes, little-endian; then
    /// for each feature in the order of their names how far its name is from the one before, in
    /// bytes of seven bits, the lowest first, and its weight in steps.
    fn bytes(&self) -> Vec<u8> {
        let mut named: BTreeMap<u32, f32> = BTreeMap::new();
        for (feature, weight) in &self.of {
            let same = named.entry(name(*feature)).or_default();
            *same = if weight.abs() > same.abs() {
                *weight
            } else {
                *same
            };
        }
        let largest = named
            .values()
            .fold(f32::MIN_POSITIVE, |so_far, weight| so_far.max(weight.abs()));
        let step = largest / 127.0;
        #[expect(clippy::cast_possible_truncation, reason = "some ten thousands")]
        let mut file = (named.len() as u32).to_le_bytes().to_vec();
        file.extend(self.bias.to_le_bytes());
        file.extend(step.to_le_bytes());
        let mut last = 0;
        for (name, weight) in named {
            let mut gap = name - last;
            last = name;
            let low = |gap: u32| (gap & 0x7f) as u8;
            #[expect(clippy::cast_possible_truncation, reason = "at most 127 steps")]
            let steps = (weight / step).round() as i8;
            while gap > 0x7f {
                file.push(low(gap) | 0x80);
                gap >>= 7;
            }
            file.extend([low(gap), steps.cast_unsigned()]);
        }
        file
    }

    /// The weights that a file goes on with; none where it ends.
    fn read(file: &mut impl Iterator<Item = u8>) -> Self {
        let mut four = || std::array::from_fn(|_| file.next().unwrap_or_default());
        let count = u32::from_le_bytes(four());
        let [bias, step] = [four(), four()].map(f32::from_le_bytes);
        let mut last = 0;
        let mut next = || {
            let mut shift = 0;
            loop {
                let byte = file.next().unwrap_or_default();
                last += u32::from(byte & 0x7f) << shift;
                if byte & 0x80 == 0 {
                    break;
                }
                shift += 7;
            }
            let steps = file.next().unwrap_or_default().cast_signed();
            (last, f32::from(steps) * step)
        };
        Self {
            bias,
            of: (0..count).map(|_| next()).collect(),
        }
    }
}

/// The weights of one question, to be asked.
#[derive(Debug)]
struct Question {
    bias: f32,
    of: HashMap<u32, f32>,
}

impl Question {
    fn logit(&self, features: &[Feature]) -> f32 {
        let of = |(feature, weight): &Feature| {
            self.of.get(&name(*feature)).copied().unwrap_or_default() * weight
        };
        self.bias + features.iter().map(of).sum::<f32>()
    }
}

/// What the trainer fits, and the file of weights holds in this order.
#[derive(Debug, Clone, Default)]
pub struct Fitted {
    /// Of sentences: as [`Answer`] has them.
    pub sentences: [Weights; QUESTIONS],
    pub call: Weights,
    pub text: Weights,
}

impl Fitted {
    #[must_use]
    pub fn file(&self) -> Vec<u8> {
        let all = self.sentences.iter().chain([&self.call, &self.text]);
        all.flat_map(Weights::bytes).collect()
    }
}

/// The questions that are asked of a sentence.
pub const QUESTIONS: usize = 4;

/// The questions, ready to be asked.
#[derive(Debug)]
pub struct Model {
    sentences: [Question; QUESTIONS],
    call: Question,
    text: Question,
}

impl Model {
    /// From a file that the trainer made.
    #[must_use]
    pub fn read(file: &[u8]) -> Self {
        let mut bytes = file.iter().copied();
        let mut next = || {
            let weights = Weights::read(&mut bytes);
            Question {
                bias: weights.bias,
                of: weights.of.into_iter().collect(),
            }
        };
        Self {
            sentences: std::array::from_fn(|_| next()),
            call: next(),
            text: next(),
        }
    }

    /// What it says of a sentence by its features.
    #[must_use]
    pub fn answer(&self, features: &[Feature]) -> Answer {
        let [feedback, asks, hurts, explains] = self
            .sentences
            .each_ref()
            .map(|question| question.logit(features));
        Answer {
            feedback,
            asks,
            hurts,
            explains,
        }
    }

    /// Whether a vendor and its customer speak, or people about their own work, as a logit, by the
    /// features of both sides.
    #[must_use]
    pub fn call(&self, features: &[Feature]) -> f32 {
        self.call.logit(features)
    }

    /// Whether a text that nobody answers holds feedback, as a logit, by the customer's features.
    #[must_use]
    pub fn text(&self, features: &[Feature]) -> f32 {
        self.text.logit(features)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_answers_with_the_weights_that_it_was_made_of() {
        let weights = |bias, of: &[(u32, f32)]| Weights {
            bias,
            of: of.iter().copied().collect(),
        };
        let file = Fitted {
            sentences: [
                weights(0.5, &[(3, 2.0), (7, -4.0), (900_000, 1.0)]),
                weights(-1.0, &[(7, 1.0)]),
                weights(0.0, &[(3, -1.0), (7, 0.5)]),
                weights(2.0, &[(7, 0.25)]),
            ],
            call: weights(1.0, &[(3, 4.0)]),
            text: weights(-1.0, &[]),
        }
        .file();
        let model = Model::read(&file);
        for (features, expected) in [
            (&[][..], [0.5, -1.0, 0.0, 2.0, 1.0, -1.0]),
            (&[(3, 1.0)], [2.5, -1.0, -1.0, 2.0, 5.0, -1.0]),
            (&[(3, 0.5), (7, 1.0)], [-2.5, 0.0, 0.0, 2.25, 3.0, -1.0]),
            (&[(4, 1.0)], [0.5, -1.0, 0.0, 2.0, 1.0, -1.0]),
            (&[(900_000, 2.0)], [2.5, -1.0, 0.0, 2.0, 1.0, -1.0]),
        ] {
            let answer = model.answer(features);
            let answered = [
                answer.feedback,
                answer.asks,
                answer.hurts,
                answer.explains,
                model.call(features),
                model.text(features),
            ];
            for (one, other) in answered.into_iter().zip(expected) {
                assert!((one - other).abs() < 0.04, "{features:?}: {answered:?}");
            }
        }
    }
}
