//! What is asked for in one turn and told in the next: "What's the code?" – "482913."
//!
//! Within its own turn such an answer looks like any number. It is taken for one only where the
//! turns before ask for it or announce it, and where the sentence holds hardly anything else.

use std::{ops::Range, sync::LazyLock};

use domain::conversation::Turn;
use regex_lite::Regex;

use super::{Kind, digits, looks_chosen, names_another_code};

/// An answer is looked for in so many turns: who asks may well say "mm-hm" in between.
const TURNS: usize = 4;
/// So many digits, spoken or written, make an answer.
const DIGITS: usize = 4;
/// A sentence with more words than this beside the digits says something else.
const OTHER_WORDS: usize = 1;
/// A password is told in a sentence of at most so many words.
const WORDS_OF_A_PASSWORD: usize = 6;

const DIGIT_WORDS: [&str; 13] = [
    "zero", "oh", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "double",
    "triple",
];
/// Words that go with an answer and say nothing by themselves.
const FILLERS: [&str; 44] = [
    "it", "its", "it's", "is", "the", "that", "that's", "thats", "this", "here", "code", "pin",
    "number", "card", "account", "sure", "ok", "okay", "yes", "yeah", "yep", "right", "um", "uh",
    "so", "and", "then", "you", "go", "i", "got", "have", "my", "mine", "says", "was", "ja", "der",
    "ist", "lautet", "oui", "sí", "es", "please",
];

/// What a word of a question asks for.
static CUES: LazyLock<Vec<(Kind, Regex)>> = LazyLock::new(|| {
    let cue = |kind, pattern: &str| {
        let pattern = format!(r"(?i)\b(?:{pattern})\b");
        (
            kind,
            Regex::new(&pattern).expect("a test reads every pattern"),
        )
    };
    vec![
        cue(
            Kind::Secret,
            r"password|passphrase|passwort|kennwort|mot de passe|contrase\x{f1}a|api[ -]key|secret key|access key",
        ),
        cue(Kind::Card, r"card|kreditkarte|carte|tarjeta"),
        cue(
            Kind::Account,
            r"(?:account|acct|routing|policy|member|passport|tax|insurance|social security)[ -]?(?:number|no|id)|iban|kontonummer",
        ),
        cue(Kind::Code, r"code|pin|otp|passcode|kode|c\x{f3}digo"),
        cue(Kind::Phone, r"phone|telephone|mobile|cell|telefon|handy"),
    ]
});

/// Replaces what answers an earlier turn; how many places were replaced.
pub(super) fn redact_answers(turns: &mut [Turn]) -> u32 {
    let mut count = 0;
    let mut asked: Option<(Kind, usize)> = None;
    for (n, turn) in turns.iter_mut().enumerate() {
        let open = asked.filter(|(_, at)| n - at <= TURNS);
        if let Some((kind, _)) = open {
            for sentence in &mut turn.sentences {
                for range in answer(&sentence.text, kind).into_iter().rev() {
                    sentence.text.replace_range(range, kind.placeholder());
                    count += 1;
                }
            }
        }
        let last = turn.sentences.last().and_then(|s| asks_for(&s.text));
        asked = last.map(|kind| (kind, n)).or(open);
    }
    count
}

fn asks_for(sentence: &str) -> Option<Kind> {
    CUES.iter().find_map(|(kind, pattern)| {
        let found = pattern.find(sentence)?;
        let other = *kind == Kind::Code && names_another_code(&sentence[..found.start()]);
        (!other).then_some(*kind)
    })
}

fn answer(sentence: &str, kind: Kind) -> Vec<Range<usize>> {
    if sentence.contains('[') {
        // An earlier rule has replaced it.
        return Vec::new();
    }
    let words = words(sentence);
    if kind == Kind::Secret {
        let short = words.len() <= WORDS_OF_A_PASSWORD;
        let chosen = |(_, word): &&(Range<usize>, &str)| {
            short && word.chars().count() >= 4 && looks_chosen(word)
        };
        return words
            .iter()
            .filter(chosen)
            .map(|(at, _)| at.clone())
            .collect();
    }
    let is_digit = |word: &str| {
        let spoken = DIGIT_WORDS.contains(&word.to_lowercase().as_str());
        spoken || (digits(word).next().is_some() && !word.chars().any(char::is_alphabetic))
    };
    let told: Vec<_> = words.iter().filter(|(_, word)| is_digit(word)).collect();
    let many: usize = told
        .iter()
        .map(|(_, word)| digits(word).count().max(1))
        .sum();
    let filler = |word: &str| FILLERS.contains(&word.to_lowercase().replace('’', "'").as_str());
    let others = words
        .iter()
        .filter(|(_, word)| !is_digit(word) && !filler(word));
    match (told.first(), told.last()) {
        (Some((first, _)), Some((last, _))) if many >= DIGITS && others.count() <= OTHER_WORDS => {
            std::iter::once(first.start..last.end).collect()
        }
        _ => Vec::new(),
    }
}

/// The words with their places, without the punctuation around them.
fn words(sentence: &str) -> Vec<(Range<usize>, &str)> {
    let mut words = Vec::new();
    let mut at = 0;
    for raw in sentence.split_whitespace() {
        let start = at + sentence[at..].find(raw).unwrap_or(0);
        at = start + raw.len();
        let outside = |c: char| {
            matches!(
                c,
                '.' | ',' | ';' | ':' | '!' | '?' | '"' | '“' | '”' | '(' | ')'
            )
        };
        let word = raw.trim_matches(outside);
        if !word.is_empty() {
            let start = start + raw.find(word).unwrap_or(0);
            words.push((start..start + word.len(), word));
        }
    }
    words
}

#[cfg(test)]
mod tests;
