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
    pub state: String,
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
    with_spaces(state.as_str())
}

fn with_spaces(word: &str) -> String {
    word.replace('_', " ")
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
        self.states().map(|(_, calls)| calls).sum()
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

    /// All states, in the order that a page offers them; behind them those that only a newer
    /// version knows.
    pub fn lines(&self) -> Vec<Count> {
        let known = CallState::ALL.iter().map(|state| state.as_str());
        let newer = self.states().map(|(state, _)| state);
        let newer = newer.filter(|state| CallState::parse(state).is_none());
        known.chain(newer).map(|state| self.line(state)).collect()
    }

    fn line(&self, state: &str) -> Count {
        let skipped = state == CallState::Skipped.as_str();
        Count {
            label: with_spaces(state),
            calls: self.0.get(state).copied().unwrap_or(0),
            causes: if skipped { self.causes() } else { Vec::new() },
            state: state.to_owned(),
        }
    }

    fn states(&self) -> impl Iterator<Item = (&str, u64)> {
        let counts = self.0.iter().map(|(key, calls)| (key.as_str(), *calls));
        counts.filter(|(key, _)| !key.contains(": "))
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
        assert_eq!((&*skipped.state, skipped.calls), ("skipped", 3));
        assert_eq!(skipped.causes, [("private".to_owned(), 2)]);
    }

    #[test]
    fn a_state_of_a_newer_version_is_counted_and_shown() {
        let pairs = [("on_hold", 2), ("posted", 1)];
        let counts = pairs.map(|(key, calls)| (key.to_owned(), calls));
        let counts = LedgerCounts::new(BTreeMap::from(counts));
        assert_eq!(counts.total(), 3);
        let newer = counts.lines().pop();
        let newer = newer.map(|line| (line.state, line.label, line.calls));
        assert_eq!(newer, Some(("on_hold".into(), "on hold".into(), 2)));
    }
}
