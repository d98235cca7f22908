//! What the model sees of a sentence: its words, their pairs and classes, and those around it.

use domain::conversation::Side;

use crate::{classes::classes, text::words};

/// How much what stands around a sentence counts beside its own words.
const AROUND: f32 = 0.5;
/// How much the classes of its words count beside the words.
const CLASSED: f32 = 0.5;
/// So many sentences of the same turn before and after are looked at.
const NEAR: usize = 2;
/// Parts of words of these lengths stand for a word's other forms.
const PARTS: [usize; 2] = [3, 4];

/// Words of so many letters say what a sentence is about, and agree in their forms so far.
const LONG: usize = 6;

#[derive(Debug, Clone)]
pub struct Line<'a> {
    pub side: Side,
    /// The index of the turn that it stands in.
    pub turn: usize,
    pub text: &'a str,
    pub(crate) words: Vec<String>,
    /// The classes of each word.
    pub(crate) classes: Vec<Vec<&'static str>>,
    asks: bool,
}

impl<'a> Line<'a> {
    #[must_use]
    pub fn new(side: Side, turn: usize, text: &'a str) -> Self {
        let words = words(text);
        Self {
            side,
            turn,
            text,
            classes: words.iter().map(|word| classes(word)).collect(),
            words,
            asks: text.trim_end().ends_with('?'),
        }
    }

    /// How many words it has.
    #[must_use]
    pub fn len(&self) -> usize {
        self.words.len()
    }

    /// Whether both have a long word, in whatever form.
    #[must_use]
    pub fn shares(&self, other: &Self) -> bool {
        let begin = |word: &String| word.chars().take(LONG).collect::<String>();
        let long = |line: &Self| -> Vec<String> {
            let words = line
                .words
                .iter()
                .filter(|word| word.chars().count() >= LONG);
            words.map(begin).collect()
        };
        let own = long(self);
        long(other).iter().any(|word| own.contains(word))
    }

    /// The classes of all its words, each once.
    fn all_classes(&self) -> Vec<&'static str> {
        let mut all: Vec<_> = self.classes.iter().flatten().copied().collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    /// Whether it has no word.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }
}

/// A feature's name, as a hash, and its weight.
pub type Feature = (u32, f32);

/// The features of the sentence at a place, alone or with what stands around it: its words, parts
/// of its words, their classes, and what is around. Each of these has the same length however many
/// words there are, so that a long sentence says no more than a short one.
#[must_use]
pub fn features(lines: &[Line<'_>], at: usize, around: bool) -> Vec<Feature> {
    let line = &lines[at];
    let mut own = Bag::default();
    own.sentence(&line.words);
    if line.asks {
        own.add(&["?"]);
        if let [first, second, ..] = line.words.as_slice() {
            own.add(&["?", first, second]);
        }
    }
    own.add(&["length", length(line.words.len())]);
    let mut parts = Bag::default();
    for word in &line.words {
        parts.parts(word);
    }
    let mut all = own.scaled(1.0);
    all.extend(parts.scaled(1.0));
    all.extend(classed(line).scaled(CLASSED));
    if around {
        all.extend(context(lines, at).scaled(AROUND));
        all.extend(classes_around(lines, at).scaled(AROUND * CLASSED));
    }
    all
}

/// Which classes of words a sentence has, alone, together, and beside which word.
fn classed(line: &Line<'_>) -> Bag {
    let mut bag = Bag::default();
    let all = line.all_classes();
    for (at, class) in all.iter().enumerate() {
        bag.add(&["class", class]);
        for other in &all[at + 1..] {
            bag.add(&["class", class, other]);
        }
    }
    bag.class_pairs("", line);
    bag
}

fn classes_around(lines: &[Line<'_>], at: usize) -> Bag {
    let line = &lines[at];
    let (before, after) = (lines[..at].iter().rev(), lines[at + 1..].iter());
    let here = |other: &&Line<'_>| other.turn == line.turn;
    let elsewhere = |other: &&Line<'_>| other.turn != line.turn;
    let mut bag = Bag::default();
    for (group, other) in [
        ("before", before.clone().next().filter(here)),
        ("after", after.clone().next().filter(here)),
        ("previous", before.clone().find(elsewhere)),
        ("next", after.clone().find(elsewhere)),
    ] {
        for class in other.into_iter().flat_map(Line::all_classes) {
            bag.add(&[group, "class", class]);
        }
    }
    bag
}

fn length(words: usize) -> &'static str {
    match words {
        0..=2 => "two",
        3..=5 => "five",
        6..=12 => "twelve",
        13..=25 => "twentyfive",
        _ => "more",
    }
}

fn context(lines: &[Line<'_>], at: usize) -> Bag {
    let line = &lines[at];
    let mut bag = Bag::default();
    let of_turn = |other: &&Line<'_>| other.turn == line.turn;
    for before in lines[..at].iter().rev().take(NEAR).take_while(of_turn) {
        bag.words("before", &before.words);
    }
    for after in lines[at + 1..].iter().take(NEAR).take_while(of_turn) {
        bag.words("after", &after.words);
    }
    if let Some(previous) = lines[..at]
        .iter()
        .rev()
        .find(|other| other.turn != line.turn)
    {
        bag.words("previous", &previous.words);
        bag.add(&["previous", previous.side.as_str()]);
        if previous.asks {
            bag.add(&["previous", "?"]);
        }
    }
    if let Some(next) = lines[at + 1..].iter().find(|other| other.turn != line.turn) {
        bag.words("next", &next.words);
        bag.pairs("next", &next.words);
        bag.add(&["next", next.side.as_str()]);
    }
    bag
}

/// Names of features, each once.
#[derive(Default)]
pub(crate) struct Bag(Vec<u32>);

impl Bag {
    pub(crate) fn add(&mut self, parts: &[&str]) {
        self.0.push(hash(parts));
    }

    /// A sentence's own words, word pairs, and how it begins.
    fn sentence(&mut self, words: &[String]) {
        self.words("", words);
        self.pairs("", words);
        if let Some(first) = words.first() {
            self.add(&["^", first]);
        }
    }

    pub(crate) fn words(&mut self, group: &str, words: &[String]) {
        for word in words {
            self.add(&[group, "word", word]);
        }
    }

    pub(crate) fn pairs(&mut self, group: &str, words: &[String]) {
        for pair in words.windows(2) {
            self.add(&[group, "pair", &pair[0], &pair[1]]);
        }
    }

    /// Pairs of neighbours of which one or both stand for their class.
    pub(crate) fn class_pairs(&mut self, group: &str, line: &Line<'_>) {
        for (words, classes) in line.words.windows(2).zip(line.classes.windows(2)) {
            for first in &classes[0] {
                self.add(&[group, "class then word", first, &words[1]]);
                for second in &classes[1] {
                    self.add(&[group, "classes", first, second]);
                }
            }
            for second in &classes[1] {
                self.add(&[group, "word then class", &words[0], second]);
            }
        }
    }

    /// The parts of a word between its borders.
    fn parts(&mut self, word: &str) {
        let letters: Vec<char> = std::iter::once(' ')
            .chain(word.chars())
            .chain([' '])
            .collect();
        for length in PARTS {
            for part in letters.windows(length) {
                let part: String = part.iter().collect();
                self.add(&["part", &part]);
            }
        }
    }

    pub(crate) fn scaled(mut self, by: f32) -> Vec<Feature> {
        self.0.sort_unstable();
        self.0.dedup();
        #[expect(clippy::cast_precision_loss, reason = "a few hundred at most")]
        let each = by / (self.0.len().max(1) as f32).sqrt();
        self.0.into_iter().map(|name| (name, each)).collect()
    }
}

/// FNV-1a over the parts, folded.
fn hash(parts: &[&str]) -> u32 {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for part in parts {
        for byte in part.bytes().chain([0]) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }
    #[expect(clippy::cast_possible_truncation, reason = "both halves are in it")]
    let folded = (hash ^ (hash >> 32)) as u32;
    folded
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines() -> Vec<Line<'static>> {
        vec![
            Line::new(Side::Internal, 0, "What would help you most?"),
            Line::new(Side::Customer, 1, "A calendar of the visits."),
            Line::new(Side::Customer, 1, "We print it every Friday."),
            Line::new(Side::Internal, 2, "I'll pass that on."),
        ]
    }

    /// The weights know features by these names.
    #[test]
    fn names_never_change() {
        assert_eq!(hash(&["", "word", "the"]), 3_663_544_829);
        assert_ne!(hash(&["a", "b"]), hash(&["ab"]));
        assert_ne!(hash(&["a", "b"]), hash(&["b", "a"]));
    }

    #[test]
    fn what_stands_around_is_seen_only_where_asked_for() {
        let lines = lines();
        let alone = features(&lines, 1, false);
        let around = features(&lines, 1, true);
        assert!(around.len() > alone.len());
        assert_eq!(around[..alone.len()], alone);
        let same = features(&[lines[1].clone()], 0, false);
        assert_eq!(alone, same, "its own words are the same everywhere");
        assert_ne!(features(&lines, 2, false), alone);
    }

    #[test]
    fn a_long_sentence_counts_no_more_than_a_short_one() {
        let long = "and it does that every single time that one of us opens the list of visits";
        for text in ["It froze.", long] {
            let found = features(&[Line::new(Side::Customer, 0, text)], 0, false);
            let length: f32 = found.iter().map(|(_, weight)| weight * weight).sum();
            assert!(
                (length - 2.25).abs() < 1e-3,
                "words, parts of words, and classes at half: {length}"
            );
        }
    }

    #[test]
    fn a_sentence_without_words_has_features_of_none() {
        let line = Line::new(Side::Customer, 0, "…");
        assert!(line.is_empty());
        assert_eq!(features(&[line], 0, true).len(), 1, "its length alone");
    }
}
