//! How alike two requests are, and what was decided by it.

use serde::{Deserialize, Serialize};

use crate::{
    ids::PostId,
    judgement::{Confidence, Sameness},
    words::words,
};

words!(
    /// What a merge rests on.
    MergeBasis {
        /// Its post is similar enough.
        Similarity = "similarity",
        /// A person moved evidence that is similar enough to the post.
        PersonsMove = "persons_move",
        /// A model finds that one change would settle both.
        Judgement = "judgement",
    }
);

impl MergeBasis {
    /// The reason that a merge is stored with.
    #[must_use]
    pub const fn reason(self) -> &'static str {
        match self {
            Self::Similarity => "the similarity reaches the threshold",
            Self::PersonsMove => "a person moved evidence like this one here",
            Self::Judgement => "the language model finds that one change would settle both",
            Self::Newer(word) => word.as_str(),
        }
    }
}

/// Who judged two requests, and how sure it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Judged {
    pub model: String,
    pub sameness: Sameness,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confidence: Option<Confidence>,
}

impl Judged {
    /// What it found, with its reason.
    fn words(&self, reason: &str) -> String {
        let found = match self.sameness {
            Sameness::Same => "finds that one change would settle both",
            Sameness::Different => "finds that they are different requests",
            Sameness::Unsure | Sameness::Newer(_) => {
                "is not sure whether they are the same request"
            }
        };
        let reason = reason.trim().trim_end_matches('.');
        let colon = if reason.is_empty() { "" } else { ": " };
        format!("the language model {} {found}{colon}{reason}", self.model)
    }
}

/// How a merge, or its refusal, was decided.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MergeCheck {
    /// Why, in a sentence; the model's own where it was judged.
    #[serde(default)]
    pub reason: String,
    /// What it rests on; none in what was stored before there was this field.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub basis: Option<MergeBasis>,
    /// The similarity, from -1 to 1.
    pub score: f32,
    pub threshold: f32,
    pub embedder: String,
    /// What kept the pair apart, in words; empty when nothing did.
    pub guards: Vec<String>,
    /// Whether the guards were asked; off by a setting.
    #[serde(default = "asked")]
    pub guarded: bool,
    /// What a language model found; none where none was asked, or gave no answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub judged: Option<Judged>,
}

impl MergeCheck {
    /// Why it was decided so, in a sentence without a full stop.
    #[must_use]
    pub fn why(&self) -> String {
        match &self.judged {
            Some(judged) => judged.words(&self.reason),
            None if self.reason.is_empty() => self.basis().reason().to_owned(),
            None => self.reason.clone(),
        }
    }

    /// What the merge rests on.
    #[must_use]
    pub fn basis(&self) -> MergeBasis {
        self.basis.unwrap_or_else(|| {
            if self.reason == MergeBasis::PersonsMove.reason() {
                MergeBasis::PersonsMove
            } else {
                MergeBasis::Similarity
            }
        })
    }
}

/// A post that is like this one but was kept apart.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Similar {
    pub post_id: PostId,
    pub check: MergeCheck,
}

const fn asked() -> bool {
    true
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test may panic")]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_check_that_was_stored_before_it_had_a_basis_rests_on_what_its_reason_says() {
        for (reason, basis) in [
            (MergeBasis::PersonsMove.reason(), MergeBasis::PersonsMove),
            (MergeBasis::Similarity.reason(), MergeBasis::Similarity),
            ("", MergeBasis::Similarity),
        ] {
            let stored = json!({
                "reason": reason, "score": 0.9, "threshold": 0.5, "embedder": "e", "guards": []
            });
            let mut check: MergeCheck = serde_json::from_value(stored).unwrap();
            assert_eq!(check.basis(), basis, "{reason}");
            check.basis = Some(MergeBasis::PersonsMove);
            assert_eq!(check.basis(), MergeBasis::PersonsMove);
        }
    }

    #[test]
    fn a_stored_check_was_guarded_unless_it_says_otherwise() {
        for (guarded, basis, expected) in [
            (None, None, (true, "similarity")),
            (Some(true), Some("similarity"), (true, "similarity")),
            (Some(false), Some("persons_move"), (false, "persons_move")),
            (Some(true), Some("same_account"), (true, "same_account")),
        ] {
            let mut stored = json!({
                "score": 0.9, "threshold": 0.5, "embedder": "e", "guards": []
            });
            if let Some(guarded) = guarded {
                stored["guarded"] = json!(guarded);
            }
            if let Some(basis) = basis {
                stored["basis"] = json!(basis);
            }
            let check: MergeCheck = serde_json::from_value(stored.clone()).unwrap();
            assert_eq!(
                (check.guarded, check.basis().as_str()),
                expected,
                "{stored}"
            );
        }
    }
}
