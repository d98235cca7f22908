//! The cue phrases, as data: what customers say when they ask for something, miss it, run into a
//! limit, find something hard, or report that it does not work, and what only looks like it.
//!
//! One file a language, in the notation of [`super::pattern`]. Each group names a family and its
//! points: about 30 for a phrase that hardly means anything else, 20 for one that usually does,
//! 10 for one that needs company. A longer cue silences every shorter one inside it, so exceptions
//! are written as longer phrases ("i need to go" silences "i need to").

mod de;
mod en;
mod en_against;
mod es;
mod fr;
mod ours;
mod pt;

use std::sync::LazyLock;

use super::{pattern::Lexicon, topics};

/// What a cue is a sign of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Family {
    /// The customer asks for something.
    Request,
    /// The customer asks whether something can be done; the answer decides.
    Question,
    /// Something is not there or cannot be done.
    Missing,
    /// There is, but not enough: a cap, a maximum.
    Limit,
    /// It works, but is hard, slow or confusing.
    Friction,
    /// It does not work as it should.
    Defect,
    /// What it costs the customer; supports the others.
    Pain,
    /// "I would …": a wish when it answers our question, nothing otherwise.
    Would,
    /// The customer does not want it.
    Declined,
    /// The customer repeats what someone of our side said.
    Reported,
    /// The customer makes such an idea their own.
    Endorsed,
    /// It was so, and no longer is.
    Solved,
    /// Perhaps, one day.
    Hypothetical,
    /// Price, contract, seats.
    Pricing,
    /// Meetings and dates.
    Scheduling,
    /// Greetings, small talk, the mechanics of the call.
    Social,
    /// Satisfaction.
    Praise,
    /// Another matter begins.
    Switch,
    /// "Exactly", "that's it".
    Affirm,
    /// "No, nothing."
    Nothing,
    /// Decides whether they buy or stay, or whether they can work at all.
    Critical,
    /// Hurts now, or again and again.
    Urgent,
    /// Nice to have.
    Minor,
    /// Our side: it does that.
    AnswerYes,
    /// Our side: it does not do that.
    AnswerNo,
    /// Our side asks what the customer would want.
    Elicit,
    /// Our side says back what it understood.
    Recap,
    /// Our side takes it to the product team.
    Taken,
    /// A word of helpdesk and business software; the index names the topic.
    Product(u8),
}

impl Family {
    /// Whether it speaks for feedback.
    pub(crate) const fn speaks_for(self) -> bool {
        matches!(
            self,
            Self::Request
                | Self::Question
                | Self::Missing
                | Self::Limit
                | Self::Friction
                | Self::Defect
                | Self::Pain
                | Self::Would
        )
    }

    /// Whether it tells that a phrase is not what it looks like.
    pub(crate) const fn speaks_against(self) -> bool {
        matches!(
            self,
            Self::Declined
                | Self::Reported
                | Self::Solved
                | Self::Scheduling
                | Self::Social
                | Self::Praise
        )
    }
}

/// Patterns of one family and weight.
pub(crate) struct Group {
    pub(crate) family: Family,
    pub(crate) points: u32,
    pub(crate) patterns: &'static [&'static str],
}

/// Shorthand for the data files.
const fn group(family: Family, points: u32, patterns: &'static [&'static str]) -> Group {
    Group { family, points, patterns }
}

/// What a cue means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Meaning {
    pub(crate) family: Family,
    pub(crate) points: u32,
}

fn lexicon(groups: &[&'static [Group]]) -> Lexicon<Meaning> {
    let cues = groups.iter().copied().flatten().flat_map(|group| {
        let meaning = Meaning { family: group.family, points: group.points };
        group.patterns.iter().map(move |pattern| (*pattern, meaning))
    });
    let words = topics::patterns().map(|(topic, pattern)| {
        (pattern, Meaning { family: Family::Product(topic), points: 0 })
    });
    Lexicon::new(cues.chain(words))
}

const CUSTOMER: &[&[Group]] =
    &[en::CUES, en_against::CUES, fr::CUES, de::CUES, es::CUES, pt::CUES];

/// The cues of the customer's side.
pub(crate) static CUSTOMER_CUES: LazyLock<Lexicon<Meaning>> = LazyLock::new(|| lexicon(CUSTOMER));

/// The cues of our own side.
pub(crate) static OUR_CUES: LazyLock<Lexicon<Meaning>> = LazyLock::new(|| lexicon(&[ours::CUES]));

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::rules::pattern::well_formed;

    #[test]
    fn every_cue_is_well_formed_and_stands_once_in_its_family() {
        let mut seen = HashSet::new();
        let cues = CUSTOMER.iter().chain(&[ours::CUES]).copied().flatten();
        let wrong: Vec<&str> = cues
            .flat_map(|group| group.patterns.iter().map(|pattern| (group.family, *pattern)))
            .filter(|(family, pattern)| !well_formed(pattern) || !seen.insert((*family, *pattern)))
            .map(|(_, pattern)| pattern)
            .chain(topics::patterns().map(|(_, word)| word).filter(|word| !well_formed(word)))
            .collect();
        assert!(wrong.is_empty(), "{wrong:#?}");
    }
}
