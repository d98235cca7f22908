//! What a language model found of pairs of requests.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use domain::{
    feedback::{Judged, RequestText},
    findings::Judgement,
    hash::hash_of,
};

/// With more pairs than this all are forgotten, and asked anew where they matter.
const MOST_KEPT: usize = 50_000;

/// A pair of requests by its words: what was found of it holds whichever of the two is a post
/// by then.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Pair(String);

impl Pair {
    #[must_use]
    pub fn of(one: RequestText<'_>, other: RequestText<'_>) -> Self {
        let mut both = [one, other].map(|text| [text.title, text.description]);
        both.sort_unstable();
        Self(hash_of(both.concat()))
    }
}

/// What a model found of a pair.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    pub judgement: Judgement,
    pub model: String,
}

impl Known {
    /// As a check keeps it.
    #[must_use]
    pub fn judged(&self) -> Judged {
        Judged {
            model: self.model.clone(),
            sameness: self.judgement.holds(),
            confidence: self.judgement.confidence,
        }
    }
}

/// What was found of an organization's pairs.
#[derive(Debug, Default)]
pub struct Judgements(Mutex<HashMap<Pair, Arc<Known>>>);

impl Judgements {
    #[must_use]
    pub fn of(&self, one: RequestText<'_>, other: RequestText<'_>) -> Option<Arc<Known>> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(&Pair::of(one, other)).cloned()
    }

    pub fn keep(&self, pair: Pair, known: Known) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= MOST_KEPT {
            all.clear();
        }
        all.insert(pair, Arc::new(known));
    }
}
