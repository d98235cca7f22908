//! Kinds of words, and stems.

use std::{collections::HashSet, sync::LazyLock};

use super::{data, token::Token};

const FILE: &str = include_str!("lexicon/words.txt");

/// Words of one section of `lexicon/words.txt`.
pub(crate) type Words = LazyLock<HashSet<&'static str>>;

static PASSED_OVER: Words = LazyLock::new(|| data::words(FILE, "passed over"));
static PAIRS: Words = LazyLock::new(|| {
    data::entries(FILE, "passed over pairs")
        .into_iter()
        .collect()
});
static NUMBERS: Words = LazyLock::new(|| data::words(FILE, "numbers"));
static STOPWORDS: Words = LazyLock::new(|| data::words(FILE, "stopwords"));

/// After these, `'s` stands for "is".
pub(crate) static IS_AFTER: Words = LazyLock::new(|| data::words(FILE, "is after"));
/// Words that may stand before the start of what a sentence says.
pub(crate) static OPENERS: Words = LazyLock::new(|| data::words(FILE, "openers"));
/// Words that turn a complaint after them into its opposite.
pub(crate) static DENIALS: Words = LazyLock::new(|| data::words(FILE, "denials"));
/// Small words between a denial and what it denies.
pub(crate) static AFTER_DENIALS: Words = LazyLock::new(|| data::words(FILE, "after denials"));
/// Names that are also words: never taken for a name.
pub(crate) static ALSO_WORDS: Words = LazyLock::new(|| data::words(FILE, "also words"));

/// Whether a cue may pass over a word: fillers and words that only add force.
pub(crate) fn is_passed_over(norm: &str) -> bool {
    PASSED_OVER.contains(norm)
}

/// Whether a cue may pass over two words together.
pub(crate) fn is_passed_over_pair(first: &str, second: &str) -> bool {
    PAIRS
        .iter()
        .any(|pair| pair.split_once(' ') == Some((first, second)))
}

/// Whether a token is a number in digits or, up to a hundred, in words.
pub(crate) fn is_number(norm: &str) -> bool {
    norm.starts_with(|c: char| c.is_ascii_digit()) || NUMBERS.contains(norm)
}

/// A word's stem: endings of English and of the Romance languages taken off, roughly.
pub(crate) fn stem(word: &str) -> &str {
    const ENDINGS: &[&str] = &[
        "izations", "ization", "ations", "ation", "ating", "ates", "ated", "ate", "ators", "ator",
        "ments", "ment", "ingly", "ings", "ing", "ions", "ion", "ies", "ied", "iert", "ieren",
        "ungen", "ung", "ers", "er", "ed", "es", "en", "s", "e", "y", "o", "a",
    ];
    if !word.is_ascii() {
        return word;
    }
    let whole = word;
    let cut = ENDINGS
        .iter()
        .filter_map(|ending| word.strip_suffix(ending))
        .find(|base| base.len() >= 3);
    let base = cut.unwrap_or(whole);
    // "attach-es", "class-es" lose "es"; "plann-ing" loses its doubled letter.
    let bytes = base.as_bytes();
    match bytes {
        [.., a, b] if a == b && base.len() > 3 && !matches!(b, b'l' | b's') && cut.is_some() => {
            &base[..base.len() - 1]
        }
        _ => base,
    }
}

/// Whether a word says nothing about a topic.
pub(crate) fn is_stopword(norm: &str) -> bool {
    norm.len() < 3 || STOPWORDS.contains(norm) || is_passed_over(norm) || is_number(norm)
}

/// The stems of the words of a text that carry a topic, in order.
pub(crate) fn content_stems(tokens: &[Token]) -> impl Iterator<Item = &str> {
    tokens
        .iter()
        .map(|token| token.norm.as_str())
        .filter(|norm| !is_stopword(norm))
        .map(stem)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_list_was_found() {
        for list in [
            &PASSED_OVER,
            &PAIRS,
            &NUMBERS,
            &STOPWORDS,
            &IS_AFTER,
            &OPENERS,
            &DENIALS,
            &AFTER_DENIALS,
            &ALSO_WORDS,
        ] {
            assert!(list.len() > 5);
        }
    }

    #[test]
    fn stems_bring_forms_together() {
        for (a, b) in [
            ("exports", "exporting"),
            ("integration", "integrations"),
            ("integrate", "integrations"),
            ("reports", "reporting"),
            ("notifications", "notification"),
            ("planning", "plan"),
        ] {
            assert_eq!(stem(a), stem(b), "{a} {b}");
        }
        assert_ne!(stem("export"), stem("import"));
    }
}
