//! Voyage's wire format, and what is checked before an answer is believed.

use serde::{Deserialize, Serialize};

/// The body of `POST /v1/embeddings`.
#[derive(Serialize)]
pub(super) struct EmbedBody<'a> {
    pub(super) input: &'a [String],
    pub(super) model: &'a str,
    pub(super) input_type: &'static str,
    pub(super) output_dimension: usize,
    pub(super) truncation: bool,
}

/// Its answer, as far as it is used.
#[derive(Deserialize)]
pub(super) struct EmbedResponse {
    data: Vec<EmbeddingBody>,
    #[serde(default)]
    pub(super) usage: UsageBody,
}

/// What the request took; zero where it is left out.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct UsageBody {
    pub(super) total_tokens: u64,
}

#[derive(Deserialize)]
struct EmbeddingBody {
    index: usize,
    embedding: Vec<f32>,
}

/// What is wrong with an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum Mismatch {
    #[error(
        "the answer has vectors of {found} numbers instead of {wanted}; the model does not give the configured dimension"
    )]
    Dimension { found: usize, wanted: usize },
    #[error("the answer does not have one vector for each text")]
    Count,
    #[error("the answer has a vector without direction")]
    Vector,
}

impl EmbedResponse {
    /// One vector of length 1 for each of `count` texts, in their order.
    pub(super) fn vectors(self, count: usize, dimension: usize) -> Result<Vec<Vec<f32>>, Mismatch> {
        let mut vectors = vec![None; count];
        for EmbeddingBody { index, embedding } in self.data {
            if embedding.len() != dimension {
                let (found, wanted) = (embedding.len(), dimension);
                return Err(Mismatch::Dimension { found, wanted });
            }
            let place = vectors.get_mut(index).ok_or(Mismatch::Count)?;
            if place.replace(normalised(embedding)?).is_some() {
                return Err(Mismatch::Count);
            }
        }
        let vectors: Option<Vec<_>> = vectors.into_iter().collect();
        vectors.ok_or(Mismatch::Count)
    }
}

fn normalised(mut vector: Vec<f32>) -> Result<Vec<f32>, Mismatch> {
    let squares: f64 = vector.iter().map(|&x| f64::from(x) * f64::from(x)).sum();
    let length = squares.sqrt();
    if !length.is_finite() || length == 0.0 {
        return Err(Mismatch::Vector);
    }
    for x in &mut vector {
        #[expect(clippy::cast_possible_truncation, reason = "the vectors are f32")]
        let unit = (f64::from(*x) / length) as f32;
        *x = unit;
    }
    Ok(vector)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(data: &[(usize, &[f32])]) -> EmbedResponse {
        let body = |&(index, vector): &(usize, &[f32])| EmbeddingBody {
            index,
            embedding: vector.to_vec(),
        };
        EmbedResponse {
            data: data.iter().map(body).collect(),
            usage: UsageBody::default(),
        }
    }

    #[test]
    fn vectors_come_in_the_order_of_the_texts_with_length_one() {
        let vectors = answer(&[(1, &[0.0, 2.0]), (0, &[3.0, 4.0])]).vectors(2, 2);
        assert_eq!(vectors, Ok(vec![vec![0.6, 0.8], vec![0.0, 1.0]]));
    }

    #[test]
    fn an_answer_that_does_not_fit_is_not_believed() {
        let one: &[f32] = &[1.0, 0.0];
        let dimension = Mismatch::Dimension {
            found: 2,
            wanted: 3,
        };
        for (data, count, wanted, why) in [
            (vec![(0, one)], 2, 2, Mismatch::Count),
            (vec![(0, one), (0, one)], 2, 2, Mismatch::Count),
            (vec![(0, one), (7, one)], 2, 2, Mismatch::Count),
            (vec![(0, one)], 1, 3, dimension),
            (vec![(0, [0.0, 0.0].as_slice())], 1, 2, Mismatch::Vector),
            (
                vec![(0, [f32::NAN, 0.0].as_slice())],
                1,
                2,
                Mismatch::Vector,
            ),
        ] {
            assert_eq!(answer(&data).vectors(count, wanted), Err(why));
        }
    }
}
