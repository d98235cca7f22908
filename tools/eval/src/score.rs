//! Counts of right and wrong answers, and what they come to.

use serde::Serialize;

/// Counts of right and wrong answers. As JSON also what they come to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(into = "Figures")]
pub struct Score {
    /// Found, and there.
    pub right: u64,
    /// Found, and not there.
    pub wrong: u64,
    /// There, and not found.
    pub missed: u64,
}

#[derive(Serialize)]
struct Figures {
    right: u64,
    wrong: u64,
    missed: u64,
    precision: f64,
    recall: f64,
    f1: f64,
}

impl From<Score> for Figures {
    fn from(score: Score) -> Self {
        let Score {
            right,
            wrong,
            missed,
        } = score;
        Self {
            right,
            wrong,
            missed,
            precision: score.precision(),
            recall: score.recall(),
            f1: score.f1(),
        }
    }
}

impl Score {
    /// Counts one answer: whether it is there, and whether it was found.
    pub fn count(&mut self, is: bool, said: bool) {
        match (is, said) {
            (true, true) => self.right += 1,
            (false, true) => self.wrong += 1,
            (true, false) => self.missed += 1,
            (false, false) => {}
        }
    }

    /// The share of what was found that is there; 1 when nothing was found.
    #[must_use]
    pub fn precision(&self) -> f64 {
        share(self.right, self.right + self.wrong)
    }

    /// The share of what is there that was found; 1 when nothing is there.
    #[must_use]
    pub fn recall(&self) -> f64 {
        share(self.right, self.right + self.missed)
    }

    /// The harmonic mean of precision and recall.
    #[must_use]
    pub fn f1(&self) -> f64 {
        let (precision, recall) = (self.precision(), self.recall());
        if precision + recall == 0.0 {
            return 0.0;
        }
        2.0 * precision * recall / (precision + recall)
    }

    /// The counts of several together.
    #[must_use]
    pub fn sum(parts: impl IntoIterator<Item = Self>) -> Self {
        parts.into_iter().fold(Self::default(), |sum, part| Self {
            right: sum.right + part.right,
            wrong: sum.wrong + part.wrong,
            missed: sum.missed + part.missed,
        })
    }
}

/// A part of a whole; 1 when there is no whole.
#[must_use]
pub fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 {
        return 1.0;
    }
    #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
    let share = part as f64 / whole as f64;
    share
}

/// Which of all pairs are in one group, compared with which should be.
#[must_use]
pub fn pairs<A: PartialEq, B: PartialEq>(items: &[(A, B)]) -> Score {
    let mut score = Score::default();
    for (i, one) in items.iter().enumerate() {
        for other in &items[..i] {
            score.count(one.0 == other.0, one.1 == other.1);
        }
    }
    score
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_follow_from_counts() {
        let mut score = Score::default();
        for (is, said) in [(true, true), (true, false), (false, true), (false, false)] {
            score.count(is, said);
        }
        assert!((score.precision() - 0.5).abs() < 1e-9);
        assert!((score.recall() - 0.5).abs() < 1e-9);
        assert!((score.f1() - 0.5).abs() < 1e-9);
        assert!((Score::default().f1() - 1.0).abs() < 1e-9);
        let json = serde_json::to_value(score).expect("counts are JSON");
        assert_eq!(
            json,
            serde_json::json!({
                "right": 1, "wrong": 1, "missed": 1,
                "precision": 0.5, "recall": 0.5, "f1": 0.5
            })
        );
    }

    #[test]
    fn pairs_are_counted_once() {
        let score = pairs(&[("a", 1), ("a", 1), ("a", 2), ("b", 2)]);
        assert_eq!((score.right, score.wrong, score.missed), (1, 1, 2));
    }
}
