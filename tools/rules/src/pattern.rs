//! The small language that cues are written in, and its matcher.
//!
//! A pattern is words parted by spaces, all folded (see [`super::text::fold`]):
//!
//! | sign | meaning |
//! |---|---|
//! | `need\|want` | one of these |
//! | `export*` | any word that starts so |
//! | `the?` | may be missing |
//! | `_` | any one word |
//! | `#` | a number; also among alternatives |
//! | `..`, `...` | up to 4, up to 10 words |
//! | `^`, `$` | start of the sentence (after words such as "and"), its end |
//! | `@ours`, `@theirs` | the name of somebody on the call, by side |
//! | `>` | what is asked for starts here |
//! | `<` | what is asked for stands before the match |
//!
//! Fillers in a sentence are passed over between two words of a pattern.

use std::collections::HashMap;

use super::{
    token::Token,
    words::{OPENERS, is_number},
};

#[derive(Debug)]
enum Alternative {
    Exact(String),
    Beginning(String),
    Number,
}

impl Alternative {
    fn parse(word: &str) -> Self {
        match (word, word.strip_suffix('*')) {
            ("#", _) => Self::Number,
            (_, Some(start)) => Self::Beginning(start.to_owned()),
            (exact, None) => Self::Exact(exact.to_owned()),
        }
    }

    fn fits(&self, token: &Token) -> bool {
        match self {
            Self::Exact(word) => token.norm == *word,
            Self::Beginning(start) => token.norm.starts_with(start.as_str()),
            Self::Number => is_number(&token.norm),
        }
    }

    /// By what the index finds it.
    fn key(&self) -> Key<'_> {
        match self {
            Self::Exact(word) => Key::Word(word),
            Self::Beginning(start) => Key::Start(beginning(start)),
            Self::Number => Key::Number,
        }
    }
}

#[derive(Debug, Clone, Copy)]
enum Key<'a> {
    Word(&'a str),
    Start(&'a str),
    Number,
}

#[derive(Debug)]
enum Step {
    Word {
        alternatives: Vec<Alternative>,
        optional: bool,
    },
    Any,
    Gap(usize),
    Start,
    End,
    Object,
    Before,
}

/// A pattern in the form that the matcher uses.
#[derive(Debug)]
pub(crate) struct Pattern {
    steps: Vec<Step>,
}

/// Where the thing that a cue asks for stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Object {
    /// The pattern does not say.
    Unmarked,
    /// From this token on.
    From(usize),
    Before,
}

/// A pattern found in a sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Match {
    pub(crate) start: usize,
    /// The token after the last.
    pub(crate) end: usize,
    /// Where the thing asked for stands.
    pub(crate) object: Object,
}

impl Pattern {
    pub(crate) fn parse(text: &str) -> Self {
        let steps = text.split(' ').map(|part| match part {
            "_" => Step::Any,
            ".." => Step::Gap(4),
            "..." => Step::Gap(10),
            "^" => Step::Start,
            "$" => Step::End,
            ">" => Step::Object,
            "<" => Step::Before,
            words => {
                let optional = words.ends_with('?');
                let alternatives = words
                    .trim_end_matches('?')
                    .split('|')
                    .map(Alternative::parse)
                    .collect();
                Step::Word {
                    alternatives,
                    optional,
                }
            }
        });
        Self {
            steps: steps.collect(),
        }
    }

    /// By what the index finds the pattern; none when it does not begin with a word.
    fn keys(&self) -> Option<Vec<Key<'_>>> {
        let first = self
            .steps
            .iter()
            .find(|step| !matches!(step, Step::Start | Step::Object | Step::Before))?;
        match first {
            Step::Word {
                alternatives,
                optional: false,
            } => Some(alternatives.iter().map(Alternative::key).collect()),
            _ => None,
        }
    }

    fn at(&self, tokens: &[Token], start: usize) -> Option<Match> {
        let mut object = Object::Unmarked;
        let end = run(&self.steps, tokens, start, start, &mut object)?;
        Some(Match { start, end, object })
    }
}

fn run(
    steps: &[Step],
    tokens: &[Token],
    start: usize,
    at: usize,
    object: &mut Object,
) -> Option<usize> {
    let Some((step, rest)) = steps.split_first() else {
        return Some(at);
    };
    match step {
        Step::Start => (tokens[..start].iter().all(opens))
            .then(|| run(rest, tokens, start, at, object))
            .flatten(),
        Step::End => (tokens[at..].iter().all(|t| t.skippable))
            .then(|| run(rest, tokens, start, at, object))
            .flatten(),
        Step::Object => {
            let end = run(rest, tokens, start, at, object)?;
            *object = Object::From(at);
            Some(end)
        }
        Step::Before => {
            let end = run(rest, tokens, start, at, object)?;
            *object = Object::Before;
            Some(end)
        }
        Step::Gap(most) => (at..=(at + most).min(tokens.len()))
            .find_map(|from| run(rest, tokens, start, from, object)),
        Step::Any => (at < tokens.len())
            .then(|| run(rest, tokens, start, at + 1, object))
            .flatten(),
        Step::Word {
            alternatives,
            optional,
        } => {
            let fits = |token: &Token| alternatives.iter().any(|one| one.fits(token));
            pass_over(tokens, start, at, &fits)
                .and_then(|next| run(rest, tokens, start, next, object))
                .or_else(|| {
                    optional
                        .then(|| run(rest, tokens, start, at, object))
                        .flatten()
                })
        }
    }
}

/// Whether a word may stand before the start of what a sentence says.
fn opens(token: &Token) -> bool {
    token.skippable || OPENERS.contains(token.norm.as_str()) || token.norm.starts_with('@')
}

/// The place after the next token that fits, past fillers only (and none before the first word).
fn pass_over(
    tokens: &[Token],
    start: usize,
    mut at: usize,
    fits: &dyn Fn(&Token) -> bool,
) -> Option<usize> {
    loop {
        let token = tokens.get(at)?;
        if fits(token) {
            return Some(at + 1);
        }
        if at == start || !token.skippable {
            return None;
        }
        at += 1;
    }
}

/// The first three characters.
fn beginning(word: &str) -> &str {
    word.char_indices()
        .nth(3)
        .map_or(word, |(at, _)| &word[..at])
}

/// Many patterns, each with what it means, found in one walk over a sentence.
#[derive(Debug)]
pub(crate) struct Lexicon<T> {
    entries: Vec<(Pattern, T)>,
    words: HashMap<String, Vec<usize>>,
    starts: HashMap<String, Vec<usize>>,
    numbers: Vec<usize>,
}

impl<T: Copy> Lexicon<T> {
    /// Builds the index. Patterns that do not begin with a word are left out (a test forbids them).
    pub(crate) fn new<'a>(patterns: impl Iterator<Item = (&'a str, T)>) -> Self {
        let mut lexicon = Self {
            entries: Vec::new(),
            words: HashMap::new(),
            starts: HashMap::new(),
            numbers: Vec::new(),
        };
        for (text, meaning) in patterns {
            let pattern = Pattern::parse(text);
            let entry = lexicon.entries.len();
            for key in pattern.keys().unwrap_or_default() {
                let list = match key {
                    Key::Word(word) => lexicon.words.entry(word.to_owned()).or_default(),
                    Key::Start(start) => lexicon.starts.entry(start.to_owned()).or_default(),
                    Key::Number => &mut lexicon.numbers,
                };
                if list.last() != Some(&entry) {
                    list.push(entry);
                }
            }
            lexicon.entries.push((pattern, meaning));
        }
        lexicon
    }

    pub(crate) fn find(&self, tokens: &[Token]) -> Vec<(Match, T)> {
        let mut found = Vec::new();
        for (at, token) in tokens.iter().enumerate() {
            let words = self.words.get(&token.norm).map_or(&[][..], Vec::as_slice);
            let starts = self
                .starts
                .get(beginning(&token.norm))
                .map_or(&[][..], Vec::as_slice);
            let numbers = if is_number(&token.norm) {
                self.numbers.as_slice()
            } else {
                &[]
            };
            for &entry in words.iter().chain(starts).chain(numbers) {
                let (pattern, meaning) = &self.entries[entry];
                found.extend(pattern.at(tokens, at).map(|hit| (hit, *meaning)));
            }
        }
        found
    }
}

/// Whether a pattern is written as the matcher needs it: folded, beginning with a word, every
/// beginning of a word long enough for the index.
#[cfg(test)]
pub(crate) fn well_formed(text: &str) -> bool {
    let plain = |word: &str| word.chars().all(|c| c.is_alphanumeric() || c == '@');
    let sound = |step: &Step| match step {
        Step::Word { alternatives, .. } => alternatives.iter().all(|one| match one {
            Alternative::Exact(word) => plain(word) && !word.is_empty(),
            Alternative::Beginning(start) => plain(start) && start.len() >= 3,
            Alternative::Number => true,
        }),
        _ => true,
    };
    let pattern = Pattern::parse(text);
    super::text::fold(text) == text && pattern.steps.iter().all(sound) && pattern.keys().is_some()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::text::tokens;

    fn found(pattern: &str, text: &str) -> Option<Match> {
        let lexicon = Lexicon::new([(pattern, ())].into_iter());
        lexicon.find(&tokens(text)).first().map(|(hit, ())| *hit)
    }

    #[test]
    fn signs_mean_what_the_table_says() {
        for (pattern, text, expected) in [
            ("we need", "We, um, really need it", true),
            ("we need", "We do not need it", false),
            ("we|i need|want", "I want it", true),
            ("export* to", "exporting to", true),
            ("is there a|any? way", "is there way", true),
            ("is there a|any? way", "is there some way", false),
            ("takes #", "it takes 10 files", true),
            ("takes #", "it takes some files", false),
            ("copy .. paste", "copy it all and paste", true),
            ("^ add", "So, add it", true),
            ("^ add", "We add it", false),
            ("does not $", "and it doesn't.", true),
            ("does not $", "it doesn't matter", false),
        ] {
            assert_eq!(
                found(pattern, text).is_some(),
                expected,
                "{pattern} in {text}"
            );
        }
    }

    #[test]
    fn the_object_is_marked() {
        let hit = found("we need > a", "So we need a list").unwrap();
        assert_eq!((hit.start, hit.object), (1, Object::From(3)));
        assert_eq!(
            found("< would help", "A list would help").unwrap().object,
            Object::Before
        );
    }
}
