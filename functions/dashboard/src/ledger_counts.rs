//! The ledger's counts, in the order a page shows them.

use std::collections::BTreeMap;

use domain::call::CallState;
use serde::Serialize;

/// How many calls there are in each state.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LedgerCounts(BTreeMap<String, u64>);

/// One line of the counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Count {
    /// The state, as the ledger's filter takes it.
    pub state: &'static str,
    /// The state in words.
    pub label: String,
    /// How many calls.
    pub calls: u64,
    /// For skipped calls: how many by each rule.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub causes: Vec<(String, u64)>,
}

/// A state's word with spaces.
pub fn state_words(state: CallState) -> String {
    state.as_str().replace('_', " ")
}

impl LedgerCounts {
    /// Takes the ledger's answer: states by their word, and beside them the causes of skipped
    /// calls as `skipped: <cause>`.
    pub fn new(counts: BTreeMap<String, u64>) -> Self {
        Self(counts)
    }

    /// How many calls are in this state.
    pub fn of(&self, state: CallState) -> u64 {
        self.0.get(state.as_str()).copied().unwrap_or(0)
    }

    /// How many calls the ledger holds.
    pub fn total(&self) -> u64 {
        CallState::ALL.into_iter().map(|state| self.of(state)).sum()
    }

    /// How many calls still have to be worked on now: not those that wait for a transcript.
    pub fn in_work(&self) -> u64 {
        [
            CallState::Queued,
            CallState::Processing,
            CallState::Deferred,
        ]
        .into_iter()
        .map(|state| self.of(state))
        .sum()
    }

    /// All states, in the order that a page offers them.
    pub fn lines(&self) -> Vec<Count> {
        let line = |state: CallState| Count {
            state: state.as_str(),
            label: state_words(state),
            calls: self.of(state),
            causes: match state {
                CallState::Skipped => self.causes(),
                _ => Vec::new(),
            },
        };
        CallState::ALL.into_iter().map(line).collect()
    }

    fn causes(&self) -> Vec<(String, u64)> {
        let cause = |key: &str| key.strip_prefix("skipped: ").map(str::to_owned);
        let counts = self.0.iter();
        counts
            .filter_map(|(key, calls)| Some((cause(key)?, *calls)))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn skipped_calls_are_told_by_cause_and_counted_once() {
        let pairs = [("skipped", 3), ("skipped: private", 2), ("posted", 1)];
        let counts = pairs.map(|(key, calls)| (key.to_owned(), calls));
        let counts = LedgerCounts::new(BTreeMap::from(counts));
        assert_eq!(counts.total(), 4);
        let skipped = &counts.lines()[8];
        assert_eq!((skipped.state, skipped.calls), ("skipped", 3));
        assert_eq!(skipped.causes, [("private".to_owned(), 2)]);
    }
}
