//! The title: a short request in the customer's own words.

use std::sync::LazyLock;

use super::{
    cues::Family,
    data,
    pattern::{Lexicon, Object},
    text,
    tidy::{FILE, Phrases, after_openings, ends_word, kept, match_at, phrases, rebuild},
    token::Token,
    utterance::Utterance,
    words::{Words, is_stopword},
};

/// The longest title, in characters.
pub(crate) const TITLE: usize = 80;

static ARTICLES: Phrases = LazyLock::new(|| phrases("articles"));
static LEADS: Phrases = LazyLock::new(|| phrases("leads"));
static FORCE: Words = LazyLock::new(|| data::words(FILE, "force"));
static BREAKS: Words = LazyLock::new(|| data::words(FILE, "breaks"));
static JOINS: Words = LazyLock::new(|| data::words(FILE, "joins"));

/// A title from the sentence that asks, neither shortened nor capitalized.
pub(crate) fn title(u: &Utterance<'_>, kind: Family) -> String {
    let whole = (0, u.tokens.len());
    let asked = object(u, kind).unwrap_or(whole);
    let marked = asked != whole;
    let short = titled(u, asked.0, asked.1, if marked { &LEADS } else { &ARTICLES });
    let enough = short.split_whitespace().count() >= 3 && content_words(&short) >= 1;
    if enough || content_words(&short) >= 2 || !marked {
        return short;
    }
    titled(u, 0, u.tokens.len(), &ARTICLES)
}

/// How many words of a text carry a topic.
fn content_words(text: &str) -> usize {
    text::tokens(text)
        .iter()
        .filter(|t| !is_stopword(&t.norm))
        .count()
}

/// The tokens of what is asked for, by the strongest cue.
fn object(u: &Utterance<'_>, kind: Family) -> Option<(usize, usize)> {
    let family = match kind {
        Family::Request if !u.has(Family::Request) => Family::Would,
        Family::Request | Family::Question | Family::Missing => kind,
        _ => return None,
    };
    let best = u
        .of(family)
        .max_by_key(|hit| (hit.points, hit.object != Object::Unmarked, hit.end))?;
    match best.object {
        Object::From(at) => Some((at, u.tokens.len())),
        Object::Before if best.start > 0 => Some((0, best.start)),
        _ => None,
    }
}

fn titled(u: &Utterance<'_>, from: usize, to: usize, leads: &Lexicon<()>) -> String {
    let kept = kept(u);
    let mut from = if from == 0 {
        after_openings(&u.text, &u.tokens[..to])
    } else {
        from
    };
    while from < to {
        let empty = |token: &Token| token.skippable && !FORCE.contains(token.norm.as_str());
        let lead = match_at(leads, &u.tokens[from..to]);
        let step = lead.unwrap_or_else(|| usize::from(empty(&u.tokens[from])));
        if step == 0 || from + step >= to {
            break;
        }
        from += step;
    }
    let to = clause_end(u, from, to);
    let text = rebuild(
        &u.text[..u.tokens.get(to).map_or(u.text.len(), |t| t.start)],
        &u.tokens[from..to],
        &kept[from..to],
    );
    let text = text.trim_matches(|c: char| !ends_word(c));
    let opens_sentence = from == 0
        && u.tokens
            .first()
            .is_some_and(|first| is_stopword(&first.norm));
    if opens_sentence {
        uncapitalized(text)
    } else {
        text.to_owned()
    }
}

/// The first clause that says enough, as the end of its tokens.
fn clause_end(u: &Utterance<'_>, from: usize, to: usize) -> usize {
    let enough = |end: usize| {
        let words = &u.tokens[from..end];
        words.len() >= 3 && words.iter().filter(|t| !is_stopword(&t.norm)).count() >= 2
    };
    (from + 1..to)
        .filter(|at| {
            let gap = &u.text[u.tokens[at - 1].end.min(u.tokens[*at].start)..u.tokens[*at].start];
            gap.contains([',', ';', ':', '—', '–', '.', '?', '!'])
                || BREAKS.contains(u.tokens[*at].norm.as_str())
        })
        .find(|at| enough(*at))
        .unwrap_or(to)
}

/// Cut at a word to so many characters, without small words at the end.
pub(crate) fn shortened(text: &str, most: usize) -> String {
    let mut words: Vec<&str> = Vec::new();
    let mut length = 0;
    let mut cut = false;
    for word in text.split_whitespace() {
        let longer = length + word.chars().count() + usize::from(!words.is_empty());
        if longer > most {
            cut = true;
            break;
        }
        length = longer;
        words.push(word);
    }
    let half = words.len() / 2;
    if cut
        && let Some(at) = words
            .iter()
            .rposition(|word| JOINS.contains(*word))
            .filter(|at| *at >= half)
    {
        words.truncate(at);
        cut = false;
    }
    while cut && words.len() > 3 && words.last().is_some_and(|w| is_stopword(&text::fold(w))) {
        words.pop();
    }
    if words.is_empty() {
        return text.chars().take(most).collect();
    }
    words
        .join(" ")
        .trim_end_matches(|c: char| !ends_word(c))
        .to_owned()
}

fn uncapitalized(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next();
    let rest = chars.as_str();
    match first {
        // "I'd" keeps its capital.
        Some(c) if rest.starts_with(char::is_lowercase) => {
            c.to_lowercase().chain(rest.chars()).collect()
        }
        _ => text.to_owned(),
    }
}
