//! A linear model over features: how much a sentence looks like feedback, and of which kind.

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

/// The questions that the model answers.
pub const QUESTIONS: usize = 4;
/// The questions' biases and the steps of their weights, as little-endian floats.
const HEAD: usize = QUESTIONS * 8;
/// A feature's name, little-endian, and for each question its weight in steps.
const ENTRY: usize = 4 + QUESTIONS;

/// The weights as the file has them: the head, then the entries by name.
#[derive(Debug, Clone, Copy)]
pub struct Model<'a>(&'a [u8]);

impl<'a> Model<'a> {
    /// The model of a file that the trainer made.
    #[must_use]
    pub const fn new(file: &'a [u8]) -> Self {
        Self(file)
    }

    /// The file of these biases and weights, each weight rounded to a step of its question.
    #[must_use]
    pub fn file(
        biases: [f32; QUESTIONS],
        weights: &std::collections::BTreeMap<u32, [f32; QUESTIONS]>,
    ) -> Vec<u8> {
        let largest = |question: usize| {
            let of = weights.values().map(|weights| weights[question].abs());
            of.fold(f32::MIN_POSITIVE, f32::max)
        };
        let steps: [f32; QUESTIONS] = std::array::from_fn(|question| largest(question) / 127.0);
        let mut file = Vec::with_capacity(HEAD + ENTRY * weights.len());
        for (bias, step) in biases.into_iter().zip(steps) {
            file.extend(bias.to_le_bytes());
            file.extend(step.to_le_bytes());
        }
        for (name, weights) in weights {
            file.extend(name.to_le_bytes());
            #[expect(clippy::cast_possible_truncation, reason = "between -127 and 127")]
            let in_steps = |(weight, step): (&f32, f32)| (weight / step).round() as i8;
            file.extend(
                weights
                    .iter()
                    .zip(steps)
                    .map(in_steps)
                    .map(i8::cast_unsigned),
            );
        }
        file
    }

    #[must_use]
    pub fn answer(&self, features: &[Feature]) -> Answer {
        let (head, _) = self.0.split_at(HEAD);
        let (floats, _) = head.as_chunks::<4>();
        let mut sums = [0.0_f32; QUESTIONS];
        for (name, weight) in features {
            if let Some(steps) = self.entry(*name) {
                for (sum, step) in sums.iter_mut().zip(steps) {
                    *sum += f32::from(step.cast_signed()) * weight;
                }
            }
        }
        let logit = |question: usize| {
            let [bias, step] = [0, 1].map(|part| f32::from_le_bytes(floats[2 * question + part]));
            bias + step * sums[question]
        };
        Answer {
            feedback: logit(0),
            asks: logit(1),
            hurts: logit(2),
            explains: logit(3),
        }
    }

    fn entry(&self, name: u32) -> Option<&'a [u8]> {
        let (entries, _) = self.0[HEAD..].as_chunks::<ENTRY>();
        let of = |entry: &[u8; ENTRY]| u32::from_le_bytes([entry[0], entry[1], entry[2], entry[3]]);
        let found = entries.binary_search_by_key(&name, of).ok()?;
        Some(&entries[found][4..])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_answers_with_the_weights_that_it_was_made_of() {
        let weights = [
            (3, [2.0, 0.0, -1.0, 0.0]),
            (7, [-4.0, 1.0, 0.5, 0.25]),
            (900, [1.0, 0.0, 0.0, 0.0]),
        ];
        let file = Model::file([0.5, -1.0, 0.0, 2.0], &weights.into_iter().collect());
        let model = Model::new(&file);
        for (features, expected) in [
            (&[][..], [0.5, -1.0, 0.0, 2.0]),
            (&[(3, 1.0)], [2.5, -1.0, -1.0, 2.0]),
            (&[(3, 0.5), (7, 1.0)], [-2.5, 0.0, 0.0, 2.25]),
            (&[(4, 1.0)], [0.5, -1.0, 0.0, 2.0]),
        ] {
            let answer = model.answer(features);
            let answered = [answer.feedback, answer.asks, answer.hurts, answer.explains];
            for (one, other) in answered.into_iter().zip(expected) {
                assert!((one - other).abs() < 0.03, "{features:?}: {answered:?}");
            }
        }
    }
}
