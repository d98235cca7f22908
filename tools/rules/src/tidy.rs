//! Sentences without the noise in them and at their edges.

use std::sync::LazyLock;

use super::{data, pattern::Lexicon, token::Token, utterance::Utterance, words::Words};

/// What titles and descriptions leave out.
pub(crate) const FILE: &str = include_str!("lexicon/wording.txt");

/// Phrases of one section of that file.
pub(crate) type Phrases = LazyLock<Lexicon<()>>;

/// Reads a section as phrases.
pub(crate) fn phrases(header: &str) -> Lexicon<()> {
    Lexicon::new(
        data::entries(FILE, header)
            .into_iter()
            .map(|phrase| (phrase, ())),
    )
}

static OPENINGS: Phrases = LazyLock::new(|| phrases("openings"));
static WITH_COMMA: Words = LazyLock::new(|| data::words(FILE, "openings with comma"));
static HESITATIONS: Words = LazyLock::new(|| data::words(FILE, "hesitations"));
static ASIDES: LazyLock<Vec<Vec<&'static str>>> = LazyLock::new(|| {
    let asides = data::entries(FILE, "asides").into_iter();
    asides.map(|aside| aside.split(' ').collect()).collect()
});

/// The sentence without hesitations, asides and empty openings, as a sentence.
pub(crate) fn tidy(u: &Utterance<'_>) -> String {
    let kept = kept(u);
    let from = after_openings(&u.text, &u.tokens);
    let text = rebuild(&u.text, &u.tokens[from..], &kept[from..]);
    let mut text = capitalized(
        text.trim_end_matches(|c: char| !ends_word(c) && !matches!(c, '.' | '!' | '?')),
    );
    if !text.ends_with(['.', '!', '?', '"', '”', '»']) {
        text.push('.');
    }
    text
}

/// Whether a text may end with it.
pub(crate) fn ends_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, ')' | '"' | '”' | '»' | '%')
}

/// With a capital at its start.
pub(crate) fn capitalized(text: &str) -> String {
    let mut chars = text
        .trim_start_matches(|c: char| {
            !c.is_alphanumeric() && !matches!(c, '"' | '“' | '«' | '¿' | '¡')
        })
        .chars();
    chars.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(chars).collect()
    })
}

pub(crate) fn match_at(lexicon: &Lexicon<()>, tokens: &[Token]) -> Option<usize> {
    let first = tokens.get(..tokens.len().min(14))?;
    let found = lexicon.find(first);
    found
        .into_iter()
        .filter(|(hit, ())| hit.start == 0)
        .map(|(hit, ())| hit.end)
        .max()
}

/// The first token after the openings that say nothing.
pub(crate) fn after_openings(text: &str, tokens: &[Token]) -> usize {
    let mut from = 0;
    loop {
        let rest = &tokens[from..];
        let step = match rest.first() {
            Some(token) if WITH_COMMA.contains(token.norm.as_str()) && stop_after(text, token) => 1,
            _ => match_at(&OPENINGS, rest).unwrap_or(0),
        };
        if step == 0 || from + step >= tokens.len() {
            return from;
        }
        from += step;
    }
}

fn stop_after(text: &str, token: &Token) -> bool {
    text[token.end..].starts_with([',', '.', '—', '–', '!', ':', ';', '?', '…'])
}

/// Which tokens stay: no hesitations, no asides, no names that only address somebody, no false starts.
pub(crate) fn kept(u: &Utterance<'_>) -> Vec<bool> {
    let tokens = &u.tokens;
    let mut keep: Vec<bool> = tokens
        .iter()
        .map(|t| !HESITATIONS.contains(t.norm.as_str()))
        .collect();
    let comma_before = |at: usize| {
        at == 0
            || u.text[tokens[at - 1].end.min(tokens[at].start)..tokens[at].start]
                .contains([',', '—', '.', ';'])
    };
    let stop_behind = |at: usize| at + 1 == tokens.len() || stop_after(&u.text, &tokens[at]);
    for at in 0..tokens.len() {
        if tokens[at].norm.starts_with('@') && comma_before(at) && stop_behind(at) {
            keep[at] = false;
        }
        for words in ASIDES.iter() {
            let end = at + words.len();
            let same = end <= tokens.len()
                && tokens[at..end]
                    .iter()
                    .zip(words)
                    .all(|(t, w)| t.norm == **w);
            if same && at > 0 && comma_before(at) && stop_behind(end - 1) {
                keep[at..end].fill(false);
            }
        }
    }
    drop_false_starts(tokens, &mut keep);
    keep
}

/// "can it, can it export", "a, a filter": only the last start stays.
fn drop_false_starts(tokens: &[Token], keep: &mut [bool]) {
    let said: Vec<usize> = (0..tokens.len()).filter(|at| keep[*at]).collect();
    let same = |one: &[usize], other: &[usize]| {
        one.iter()
            .zip(other)
            .all(|(a, b)| tokens[*a].norm == tokens[*b].norm)
    };
    for at in 0..said.len() {
        for size in 1..=3 {
            if let (Some(start), Some(again)) =
                (said.get(at..at + size), said.get(at + size..at + 2 * size))
                && same(start, again)
            {
                start.iter().for_each(|at| keep[*at] = false);
            }
        }
    }
}

/// The text of the tokens that stay, with what stands between neighbours.
pub(crate) fn rebuild(text: &str, tokens: &[Token], keep: &[bool]) -> String {
    let mut out = String::new();
    let mut last: Option<usize> = None;
    for (at, token) in tokens.iter().enumerate().filter(|(at, _)| keep[*at]) {
        if let Some(before) = last {
            if tokens[before].start == token.start {
                continue;
            }
            let gap = &text[tokens[before].end..token.start];
            let broken = before + 1 != at
                && tokens[before + 1..at]
                    .iter()
                    .any(|t| t.start != tokens[before].start);
            let plain = !broken && !gap.chars().any(char::is_alphanumeric);
            out.push_str(if plain { gap } else { " " });
        }
        out.push_str(&text[token.start..token.end]);
        last = Some(at);
    }
    let all_kept = last.is_some_and(|last| last + 1 == tokens.len());
    if let Some(end) = tokens.last().map(|t| t.end).filter(|_| all_kept) {
        let tail = &text[end..];
        out.push_str(if tail.chars().any(char::is_alphanumeric) {
            ""
        } else {
            tail
        });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pattern::well_formed;

    #[test]
    fn every_phrase_is_well_formed() {
        let headers = ["openings", "leads", "articles"];
        let all = headers
            .iter()
            .flat_map(|header| data::entries(FILE, header));
        let wrong: Vec<_> = all.filter(|phrase| !well_formed(phrase)).collect();
        assert!(wrong.is_empty(), "{wrong:#?}");
        assert!(
            headers
                .iter()
                .all(|header| !data::entries(FILE, header).is_empty())
        );
    }
}
