//! The words of helpdesk and business software by topic (`lexicon/topics.txt`): they tell talk of
//! the product from other talk, and name the feature area.

use std::sync::LazyLock;

use super::data::sections;

pub(crate) struct Topic {
    /// The name as a feature area; none for words of software in general.
    name: Option<&'static str>,
    /// Whether its words tell talk of the product from other talk.
    evidence: bool,
    words: Vec<&'static str>,
}

/// The topics; a topic's index is what [`super::cues::Family::Product`] carries.
static TOPICS: LazyLock<Vec<Topic>> = LazyLock::new(|| {
    let read = sections(include_str!("lexicon/topics.txt")).into_iter();
    let topic = |section: super::data::Section| {
        let weak = section.header.strip_suffix(" (weak)");
        let name = weak.unwrap_or(section.header);
        Topic {
            name: (name != "-").then_some(name),
            evidence: weak.is_none(),
            words: section.entries,
        }
    };
    read.map(topic).collect()
});

/// Every word with its topic's index.
pub(crate) fn patterns() -> impl Iterator<Item = (u8, &'static str)> {
    TOPICS
        .iter()
        .zip(0_u8..)
        .flat_map(|(topic, index)| topic.words.iter().map(move |word| (index, *word)))
}

/// Whether a topic's words tell talk of the product from other talk.
pub(crate) fn is_evidence(topic: u8) -> bool {
    TOPICS.get(usize::from(topic)).is_some_and(|t| t.evidence)
}

/// A set of topics that name a feature area.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct TopicSet(u32);

impl TopicSet {
    /// Adds a topic; words of software in general add nothing.
    pub(crate) fn add(&mut self, topic: u8) {
        if TOPICS
            .get(usize::from(topic))
            .is_some_and(|t| t.name.is_some())
        {
            self.0 |= 1 << topic;
        }
    }

    /// Adds all topics of another set.
    pub(crate) fn add_all(&mut self, other: Self) {
        self.0 |= other.0;
    }

    /// Whether the sets have a topic in common.
    pub(crate) fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Whether no topic is in it.
    pub(crate) fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub(crate) fn has(self, topic: usize) -> bool {
        self.0 & (1 << topic) != 0
    }
}

/// The feature area that weighted sets speak of most; the earlier topic wins a tie.
pub(crate) fn area(sets: impl Iterator<Item = (TopicSet, u32)>) -> Option<&'static str> {
    let mut sums = vec![0_u32; TOPICS.len()];
    for (set, weight) in sets {
        for (topic, sum) in sums.iter_mut().enumerate() {
            if set.has(topic) {
                *sum += weight;
            }
        }
    }
    let best = sums.iter().copied().max().filter(|sum| *sum > 0)?;
    let at = sums.iter().position(|sum| *sum == best)?;
    TOPICS[at].name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_topic_named_most_is_the_area() {
        let mut reports = TopicSet::default();
        reports.add(0);
        let mut both = reports;
        both.add(1);
        assert_eq!(area([(both, 1), (reports, 1)].into_iter()), Some("Reports"));
        assert_eq!(area([(TopicSet::default(), 5)].into_iter()), None);
        assert!(both.meets(reports) && !TopicSet::default().meets(reports));
    }

    #[test]
    fn the_set_has_a_place_for_every_topic() {
        assert!(TOPICS.len() <= 32);
        assert!(
            TOPICS.iter().rev().skip(1).all(|t| t.name.is_some()),
            "the general words stand last"
        );
    }
}
