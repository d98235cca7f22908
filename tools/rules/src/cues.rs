//! The cue phrases: what customers say when they ask for something, miss it, run into a limit,
//! find something hard, or report that it does not work, and what only looks like it.
//!
//! The phrases are data, one file a language under `lexicon/`, in the notation of
//! [`super::pattern`]; a section names a family and its points: about 30 for a phrase that hardly
//! means anything else, 20 for one that usually does, 10 for one that needs company. A longer cue
//! silences every shorter one inside it, so exceptions are written as longer phrases ("i need to
//! go" silences "i need to").

use std::sync::LazyLock;

use super::{
    data::{Section, sections},
    pattern::Lexicon,
    topics,
};

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
    Praise,
    /// Another matter begins.
    Switch,
    /// "Exactly", "that's it".
    Affirm,
    Nothing,
    /// Decides whether they buy or stay, or whether they can work at all.
    Critical,
    /// Hurts now, or again and again.
    Urgent,
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

/// What a cue means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Meaning {
    pub(crate) family: Family,
    pub(crate) points: u32,
}

/// The families by the names that the files use.
const NAMES: &[(&str, Family)] = &[
    ("Request", Family::Request),
    ("Question", Family::Question),
    ("Missing", Family::Missing),
    ("Limit", Family::Limit),
    ("Friction", Family::Friction),
    ("Defect", Family::Defect),
    ("Pain", Family::Pain),
    ("Would", Family::Would),
    ("Declined", Family::Declined),
    ("Reported", Family::Reported),
    ("Endorsed", Family::Endorsed),
    ("Solved", Family::Solved),
    ("Hypothetical", Family::Hypothetical),
    ("Pricing", Family::Pricing),
    ("Scheduling", Family::Scheduling),
    ("Social", Family::Social),
    ("Praise", Family::Praise),
    ("Switch", Family::Switch),
    ("Affirm", Family::Affirm),
    ("Nothing", Family::Nothing),
    ("Critical", Family::Critical),
    ("Urgent", Family::Urgent),
    ("Minor", Family::Minor),
    ("AnswerYes", Family::AnswerYes),
    ("AnswerNo", Family::AnswerNo),
    ("Elicit", Family::Elicit),
    ("Recap", Family::Recap),
    ("Taken", Family::Taken),
];

/// A section's header, such as `Request 30`; a test allows no other.
fn meaning(header: &str) -> Option<Meaning> {
    let (name, points) = header.split_once(' ')?;
    let (_, family) = NAMES.iter().find(|(known, _)| *known == name)?;
    Some(Meaning {
        family: *family,
        points: points.parse().ok()?,
    })
}

fn lexicon(files: &[&'static str]) -> Lexicon<Meaning> {
    let read: Vec<Section> = files.iter().flat_map(|file| sections(file)).collect();
    let cues = read.iter().flat_map(|section| {
        let meaning = meaning(section.header);
        section
            .entries
            .iter()
            .filter_map(move |entry| Some((*entry, meaning?)))
    });
    let words = topics::patterns().map(|(topic, pattern)| {
        (
            pattern,
            Meaning {
                family: Family::Product(topic),
                points: 0,
            },
        )
    });
    Lexicon::new(cues.chain(words))
}

const CUSTOMER: &[&str] = &[
    include_str!("lexicon/en.txt"),
    include_str!("lexicon/en_against.txt"),
    include_str!("lexicon/fr.txt"),
    include_str!("lexicon/de.txt"),
    include_str!("lexicon/es.txt"),
    include_str!("lexicon/pt.txt"),
    include_str!("lexicon/talk.txt"),
];

const OURS: &[&str] = &[include_str!("lexicon/ours.txt")];

/// The cues of the customer's side.
pub(crate) static CUSTOMER_CUES: LazyLock<Lexicon<Meaning>> = LazyLock::new(|| lexicon(CUSTOMER));

/// The cues of our own side.
pub(crate) static OUR_CUES: LazyLock<Lexicon<Meaning>> = LazyLock::new(|| lexicon(OURS));

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::pattern::well_formed;

    #[test]
    fn every_cue_is_well_formed_and_stands_once() {
        let mut seen = HashSet::new();
        for section in CUSTOMER.iter().chain(OURS).flat_map(|file| sections(file)) {
            let family = meaning(section.header).map(|meaning| meaning.family);
            assert!(family.is_some(), "{}", section.header);
            let wrong: Vec<_> = section
                .entries
                .iter()
                .filter(|entry| !well_formed(entry) || !seen.insert((family, **entry)))
                .collect();
            assert!(wrong.is_empty(), "{}: {wrong:#?}", section.header);
        }
    }
}
