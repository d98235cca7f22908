//! Things that customers of business software often ask for (`lexicon/concepts.txt`), by the words
//! that give them away in five languages. The label heads the title, so that calls that word one
//! wish differently, or in different languages, still meet when their texts are compared.

use std::sync::LazyLock;

use super::{
    data::{Section, sections},
    pattern::Lexicon,
    token::Token,
};

pub(crate) struct Concept {
    /// A heading of a few words, in English.
    pub(crate) label: &'static str,
    pub(crate) area: &'static str,
    /// Of each group a word must be found.
    groups: Vec<Vec<&'static str>>,
}

/// The concepts; of two that fit equally the earlier is taken.
static CONCEPTS: LazyLock<Vec<Concept>> =
    LazyLock::new(|| read(&sections(include_str!("lexicon/concepts.txt"))));

fn read(sections: &[Section]) -> Vec<Concept> {
    let shared = |name: &str| sections.iter().find(|section| section.header == name);
    let concept = |section: &Section| {
        let (label, area) = section.header.split_once(" | ")?;
        let mut groups = vec![Vec::new()];
        for entry in &section.entries {
            match (*entry, shared(entry), groups.last_mut()) {
                ("and", ..) => groups.push(Vec::new()),
                (_, Some(words), Some(group)) => group.extend(&words.entries),
                (word, None, Some(group)) => group.push(word),
                (_, _, None) => {}
            }
        }
        Some(Concept {
            label,
            area,
            groups,
        })
    };
    sections.iter().filter_map(concept).collect()
}

/// Whether one sentence alone has a word of every group of some concept.
pub(crate) fn names_one(tokens: &[Token]) -> bool {
    concept_of(std::iter::once((tokens, SURE))).is_some()
}

static WORDS: LazyLock<Lexicon<(usize, usize)>> = LazyLock::new(|| {
    let words = CONCEPTS.iter().enumerate().flat_map(|(at, concept)| {
        concept
            .groups
            .iter()
            .enumerate()
            .flat_map(move |(group, words)| words.iter().map(move |word| (*word, (at, group))))
    });
    Lexicon::new(words)
});

/// The most groups that a concept has.
const GROUPS: usize = 3;

/// The concept that sentences speak of, given each with its weight (the request the highest).
pub(crate) fn concept_of<'t>(
    sentences: impl Iterator<Item = (&'t [Token], u32)>,
) -> Option<&'static Concept> {
    let mut found = vec![[0_u32; GROUPS]; CONCEPTS.len()];
    for (tokens, weight) in sentences {
        for (_, (at, group)) in WORDS.find(tokens) {
            let best = &mut found[at][group];
            *best = weight.max(*best);
        }
    }
    let rate = |at: usize| {
        let groups = &found[at][..CONCEPTS[at].groups.len()];
        let sum: u32 = groups.iter().sum();
        let least = groups.iter().copied().min().unwrap_or(0);
        (least > 0).then_some(60 * sum / u32::try_from(groups.len()).unwrap_or(1))
    };
    (0..CONCEPTS.len())
        .filter_map(|at| Some((rate(at)?, std::cmp::Reverse(at))))
        .max()
        .filter(|(rate, _)| *rate >= 60 * SURE)
        .map(|(_, at)| &CONCEPTS[at.0])
}

/// The average weight of a concept's groups below which it is not named.
const SURE: u32 = 2;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{pattern::well_formed, text::tokens};

    #[test]
    fn every_word_is_well_formed() {
        let words = CONCEPTS.iter().flat_map(|c| c.groups.iter().flatten());
        let wrong: Vec<_> = words.filter(|word| !well_formed(word)).collect();
        assert!(wrong.is_empty(), "{wrong:#?}");
        assert!(
            CONCEPTS
                .iter()
                .all(|c| (1..=GROUPS).contains(&c.groups.len()))
        );
    }

    #[test]
    fn one_wish_has_one_label_in_every_language() {
        for (text, label) in [
            ("a dark theme for the agent screen", "Dark mode"),
            ("Wir hätten gern ein dunkles Design", "Dark mode"),
            ("il faudrait un mode sombre", "Dark mode"),
            (
                "export the monthly report as a PDF",
                "Export reports as PDF",
            ),
            ("das Dashboard als PDF exportieren", "Export reports as PDF"),
            ("download the list as Excel", "Export as CSV"),
            (
                "the maximum number of files is ten",
                "More attachments per ticket",
            ),
            ("die Anhänge sind auf 25 MB begrenzt", "Larger attachments"),
            ("print the ticket to a PDF", "Export tickets as PDF"),
            (
                "as sessões expiram e o sistema desloga todo mundo",
                "Signed out too early",
            ),
            ("close tickets one by one", "Bulk actions"),
        ] {
            let tokens = tokens(text);
            let found = concept_of([(tokens.as_slice(), 3)].into_iter()).map(|c| c.label);
            assert_eq!(found, Some(label), "{text}");
        }
    }
}
