//! How sure a model is, and what it finds of two requests.

use crate::words::words;

words!(
    /// How sure the engine is that a customer asked for this.
    Confidence {
        /// It may be mistaken.
        Low = "low",
        Medium = "medium",
        High = "high",
    }
);

words!(
    /// Whether two requests are one: whether one change would settle both.
    Sameness {
        Same = "same",
        Different = "different",
        /// It cannot be told from their words.
        Unsure = "unsure",
    }
);

/// What a model finds of two requests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judgement {
    pub sameness: Sameness,
    pub reason: String,
    /// How sure it is; none when it does not say.
    pub confidence: Option<Confidence>,
}

impl Judgement {
    /// What holds of the two: what the model is not sure of holds neither way.
    #[must_use]
    pub fn holds(&self) -> Sameness {
        match (self.sameness, self.confidence) {
            (sure, Some(Confidence::Medium | Confidence::High) | None) => sure,
            _ => Sameness::Unsure,
        }
    }
}
