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

    fn counts(pairs: &[(&str, u64)]) -> LedgerCounts {
        let counts = pairs.iter().map(|(key, calls)| ((*key).to_owned(), *calls));
        LedgerCounts::new(counts.collect())
    }

    #[test]
    fn every_call_is_counted_once_and_what_is_in_work_apart() {
        for (name, pairs, total, in_work) in [
            ("an empty ledger", &[][..], 0, 0),
            ("one that is queued", &[("queued", 1)], 1, 1),
            ("one at work", &[("processing", 1)], 1, 1),
            ("one that is put off", &[("deferred", 1)], 1, 1),
            (
                "one that waits for its transcript",
                &[("awaiting_transcript", 1)],
                1,
                0,
            ),
            (
                "decided ones",
                &[
                    ("posted", 1),
                    ("consolidated", 2),
                    ("in_review", 3),
                    ("discarded", 4),
                    ("failed", 5),
                ],
                15,
                0,
            ),
            (
                "skipped ones, by two rules",
                &[
                    ("skipped", 5),
                    ("skipped: private", 2),
                    ("skipped: internal_only", 3),
                ],
                5,
                0,
            ),
            (
                "a state of a newer version",
                &[("on_hold", 7), ("queued", 1)],
                8,
                1,
            ),
            (
                "one of each that is open",
                &[
                    ("queued", 1),
                    ("processing", 2),
                    ("deferred", 3),
                    ("awaiting_transcript", 4),
                ],
                10,
                6,
            ),
            (
                "many",
                &[("queued", 12_345), ("posted", 1_000_000)],
                1_012_345,
                12_345,
            ),
        ] {
            let counts = counts(pairs);
            assert_eq!(
                (counts.total(), counts.in_work()),
                (total, in_work),
                "{name}"
            );
        }
    }

    #[test]
    fn every_state_has_a_line_in_words_also_without_calls() {
        let counts = counts(&[("awaiting_transcript", 4), ("in_review", 1), ("on_hold", 2)]);
        let lines = counts.lines();
        let expected = [
            ("queued", "queued", 0),
            ("processing", "processing", 0),
            ("awaiting_transcript", "awaiting transcript", 4),
            ("deferred", "deferred", 0),
            ("posted", "posted", 0),
            ("consolidated", "consolidated", 0),
            ("in_review", "in review", 1),
            ("discarded", "discarded", 0),
            ("skipped", "skipped", 0),
            ("failed", "failed", 0),
            ("on_hold", "on hold", 2),
        ];
        assert_eq!(lines.len(), expected.len());
        for (line, (state, label, calls)) in lines.iter().zip(expected) {
            let told = (line.state.as_str(), line.label.as_str(), line.calls);
            assert_eq!(told, (state, label, calls), "{state}");
            assert_eq!(line.causes, [], "{state}");
        }
    }

    #[test]
    fn the_rules_that_skipped_calls_stand_with_their_counts() {
        for (name, pairs, causes) in [
            ("no skipped call", &[("posted", 1)][..], &[][..]),
            (
                "one rule",
                &[("skipped", 2), ("skipped: private", 2)],
                &[("private", 2)],
            ),
            (
                "two rules",
                &[
                    ("skipped", 5),
                    ("skipped: private", 2),
                    ("skipped: internal_only", 3),
                ],
                &[("internal_only", 3), ("private", 2)],
            ),
            (
                "a rule of a newer version",
                &[("skipped", 1), ("skipped: too_short", 1)],
                &[("too_short", 1)],
            ),
            ("before rules were counted", &[("skipped", 9)], &[]),
        ] {
            let lines = counts(pairs).lines();
            let skipped = lines.iter().find(|line| line.state == "skipped");
            let told = skipped.map(|line| &line.causes[..]).unwrap_or_default();
            let told: Vec<_> = told.iter().map(|(cause, n)| (cause.as_str(), *n)).collect();
            assert_eq!(told, causes, "{name}");
        }
    }
}
