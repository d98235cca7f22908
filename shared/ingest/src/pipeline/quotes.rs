//! Verified quotes: what the engine says that a customer said, found again word for word, and
//! shown in whole sentences.

use std::ops::Range;

use domain::{conversation::Conversation, feedback::Quote, text::Word};

use citation::readings;
use reversal::reverses;
use stopwords::{LEAST, weight};
use stretch::{Stretch, stretches};

mod citation;
mod cues;
mod reversal;
mod stopwords;
mod stretch;

/// At most this many quotes are kept of one feedback.
const MAX_QUOTES: usize = 5;
/// A longer quote is looked for, and quoted, as far as this many characters.
const MAX_CHARS: usize = 1_000;
/// What is said more often is looked at so many times.
const MAX_PLACES: usize = 16;

/// Why a person has to look at a quote.
const DOUBT: &str = "The quote is said of someone else, supposed or denied, in its whole sentence.";

/// Why a person has to look at what rests on nothing but a recognizer's loop.
const LOOP: &str =
    "The recognizer wrote its quotes down again and again; listen whether they were said.";

/// What is left of the quotes that an engine extracts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Verified {
    /// Those that a customer said.
    pub quotes: Vec<Quote>,
    /// How many nobody of the customer's side said.
    pub rejected: u32,
    /// Why they may say something else than the customer, in sentences.
    pub doubts: Vec<String>,
}

/// Finds quotes in what customers say.
pub struct QuoteFinder<'a> {
    conversation: &'a Conversation,
    stretches: Vec<Stretch<'a>>,
}

/// Where a quote stands.
struct Place {
    /// Counted from 0.
    stretch: usize,
    /// What is shown of it, in bytes.
    shown: Range<usize>,
    /// Whether what is cited alone reverses its sentence.
    reverses: bool,
}

impl Place {
    fn covers(&self, other: &Self) -> bool {
        self.stretch == other.stretch
            && self.shown.start <= other.shown.start
            && other.shown.end <= self.shown.end
    }
}

impl<'a> QuoteFinder<'a> {
    /// Prepares a conversation for search.
    #[must_use]
    pub fn new(conversation: &'a Conversation) -> Self {
        Self {
            conversation,
            stretches: stretches(conversation),
        }
    }

    /// The extracted quotes that a customer did say, with the words, speaker, time and link of the
    /// transcript; each place once.
    #[must_use]
    pub fn verify(&self, extracted: &[String]) -> Verified {
        let mut verified = Verified::default();
        let mut kept: Vec<Place> = Vec::new();
        for one in extracted {
            let (places, missing) = self.find(one);
            verified.rejected += missing;
            for place in places {
                if place.reverses && verified.doubts.is_empty() {
                    verified.doubts.push(DOUBT.to_owned());
                }
                if kept.iter().any(|other| other.covers(&place)) {
                    continue;
                }
                match kept.iter_mut().find(|other| place.covers(other)) {
                    Some(part) => *part = place,
                    None => kept.push(place),
                }
            }
        }
        kept.truncate(MAX_QUOTES);
        let is_loop = |place: &Place| self.stretches[place.stretch].is_loop(&place.shown);
        if !kept.is_empty() && kept.iter().all(is_loop) {
            verified.doubts.push(LOOP.to_owned());
        }
        let quote = |place: &Place| {
            let stretch = &self.stretches[place.stretch];
            stretch.quote(&place.shown, self.conversation)
        };
        verified.quotes = kept.iter().map(quote).collect();
        verified
    }

    /// Where the passages of a citation stand, and how many of them nobody said; what is too short
    /// to prove anything beside another passage does not count.
    fn find(&self, citation: &str) -> (Vec<Place>, u32) {
        let mut missing = 1;
        for passages in readings(citation) {
            let heavy = |words: &&Vec<Word>| weight(words) >= LEAST;
            let heavy: Vec<_> = passages.iter().filter(heavy).collect();
            let places: Vec<_> = heavy.iter().filter_map(|words| self.place(words)).collect();
            let lost = heavy.len() - places.len();
            if !places.is_empty() {
                return (places, u32::try_from(lost).unwrap_or(u32::MAX));
            }
            missing = missing.max(u32::try_from(lost).unwrap_or(u32::MAX));
        }
        (Vec::new(), missing)
    }

    /// Where these words stand; where they mean what they say, if there is such a place.
    fn place(&self, words: &[Word]) -> Option<Place> {
        let folded: String = words.iter().map(|word| word.folded.as_str()).collect();
        let stretches = self.stretches.iter().enumerate();
        let places = stretches.flat_map(|(n, stretch)| {
            stretch.places(&folded).map(move |cited| {
                let [before, after] = stretch.beside(&cited);
                Place {
                    stretch: n,
                    shown: stretch.shown(&cited),
                    reverses: reverses(before, stretch.text(&cited), after),
                }
            })
        });
        let mut first = None;
        for place in places.take(MAX_PLACES) {
            if !place.reverses {
                return Some(place);
            }
            first.get_or_insert(place);
        }
        first
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test may panic")]
mod tests;
