//! Names of people, companies and products against the words that were said.

use std::collections::BTreeSet;

use super::{
    claim::{Claim, Kind},
    language::Language,
    ordinary::{
        is_abbreviation, is_doing_of_people, is_known_product, is_ordinary, is_role, is_title,
    },
    text::Token,
};

/// Words that begin alike in so many letters are forms of one word, with endings of at most
/// [`LONGEST_ENDING`].
const SAME_BEGINNING: usize = 5;
const LONGEST_ENDING: usize = 3;
/// A name of so many letters may be misheard in one.
const MAY_BE_MISHEARD: usize = 6;
/// Longer words in capitals are shouted.
const LONGEST_ABBREVIATION: usize = 6;

/// The words that were said.
#[derive(Debug, Default)]
pub struct SaidWords {
    words: BTreeSet<String>,
    /// Neighbours in one: "share point".
    joined: BTreeSet<String>,
    /// Names, as far as a capital inside a sentence tells.
    names: BTreeSet<String>,
    /// The first letters of longer words and of single letters, in order: "service level
    /// agreement" is SLA.
    initials: String,
}

impl SaidWords {
    pub fn add(&mut self, tokens: &[Token<'_>]) {
        for (at, token) in tokens.iter().enumerate() {
            self.words.insert(token.folded.clone());
            let short = (2..=3).contains(&token.folded.len());
            let initial = token.folded.chars().next().filter(|_| !short);
            self.initials.push(initial.unwrap_or(' '));
            let two = tokens.get(at..at + 2).map(joined);
            let three = tokens.get(at..at + 3).map(joined);
            self.joined.extend(two.into_iter().chain(three));
        }
        self.initials.push(' ');
    }

    /// Of what was said in sentences.
    pub fn add_names(&mut self, tokens: &[Token<'_>]) {
        let named = |at: &usize| tokens[*at].is_capitalised() && !opens(tokens, *at);
        let named = (0..tokens.len()).filter(named);
        self.names.extend(named.map(|at| tokens[at].folded.clone()));
    }

    /// In this form, in another, written apart, or misheard.
    fn holds(&self, word: &str) -> bool {
        self.words.contains(word)
            || self.joined.contains(word)
            || self
                .words
                .iter()
                .any(|said| is_form(said, word) || is_misheard(said, word))
            || self.joined.iter().any(|said| is_misheard(said, word))
    }

    fn spells(&self, abbreviation: &str) -> bool {
        self.initials.contains(abbreviation)
    }
}

fn joined(tokens: &[Token<'_>]) -> String {
    tokens.iter().map(|token| token.folded.as_str()).collect()
}

/// Two forms of one word: the same beginning, and short endings.
fn is_form(one: &str, other: &str) -> bool {
    let pairs = one.chars().zip(other.chars());
    let same = pairs.take_while(|(a, b)| a == b).count();
    let ending = |word: &str| word.chars().count() - same;
    let plural = |a: &str, b: &str| a.strip_suffix('s') == Some(b);
    let enough = same >= SAME_BEGINNING;
    plural(one, other)
        || plural(other, one)
        || (enough && ending(one) <= LONGEST_ENDING && ending(other) <= LONGEST_ENDING)
}

/// They differ in one letter: another, one more or one less.
fn is_misheard(one: &str, other: &str) -> bool {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let (short, long) = if one.len() <= other.len() {
        (one, other)
    } else {
        (other, one)
    };
    if short.len() < MAY_BE_MISHEARD - 1 || long.len() < MAY_BE_MISHEARD {
        return false;
    }
    let pairs = short.iter().zip(&long);
    let same = pairs.take_while(|(a, b)| a == b).count();
    match long.len() - short.len() {
        0 => same == long.len() || short[same + 1..] == long[same + 1..],
        1 => short[same..] == long[same + 1..],
        _ => false,
    }
}

/// A finding, whose own words tell which of its capitals mean a name.
pub struct OwnWords {
    pub language: Language,
    lower: BTreeSet<String>,
}

impl OwnWords {
    pub fn new<'a>(tokens: impl Iterator<Item = &'a Token<'a>>, language: Language) -> Self {
        let lower = tokens.filter(|token| !token.is_capitalised());
        let lower = lower.map(|token| token.folded.clone()).collect();
        Self { language, lower }
    }

    fn writes_small(&self, word: &str) -> bool {
        self.lower.contains(word) || self.lower.iter().any(|small| is_form(small, word))
    }
}

/// One text of a finding.
pub struct Part<'a> {
    pub tokens: &'a [Token<'a>],
    /// Prose has articles where a title or a list leaves them out.
    pub is_prose: bool,
}

/// The names of a text of a finding that nobody said, neighbours in one; those of `dates` are told
/// elsewhere.
pub fn claims(
    part: &Part<'_>,
    own: &OwnWords,
    said: &SaidWords,
    dates: &[(usize, usize)],
) -> Vec<Claim> {
    let tokens = part.tokens;
    let capitals_tell =
        own.language != Language::German && (part.is_prose || !is_title_case(tokens));
    let shouted = is_shouted(tokens);
    let is_name = |at: usize| {
        let token = &tokens[at];
        let word = token.folded.as_str();
        let inside =
            capitals_tell && token.is_capitalised() && !opens(tokens, at) && !is_quoted(tokens, at);
        let mixed = is_mixed(token.text);
        let in_capitals = !shouted && is_in_capitals(token.text);
        let person = stands_as_a_person(part, at);
        let product = token.is_capitalised() && is_known_product(word) && !own.writes_small(word);
        let by_form = (inside || person) && !is_ordinary(word) && !own.writes_small(word);
        let by_letters = (mixed || in_capitals) && !is_abbreviation(word.trim_end_matches('s'));
        (by_form || (by_letters && !is_abbreviation(word)) || product) && !is_said(tokens, at, said)
    };
    let in_date = |at: &usize| {
        dates
            .iter()
            .any(|(first, last)| (first..=last).contains(&at))
    };
    let mut claims: Vec<Claim> = Vec::new();
    let mut last = None;
    for at in (0..tokens.len()).filter(|at| is_name(*at) && !in_date(at)) {
        let (start, end) = (tokens[at].start, tokens[at].end);
        let goes_on = last == at.checked_sub(1) && at > 0 && tokens[at].follows();
        match claims.last_mut().filter(|_| goes_on) {
            Some(claim) => claim.end = end,
            None => claims.push(Claim {
                kind: Kind::Name,
                start,
                end,
            }),
        }
        last = Some(at);
    }
    claims
}

/// Also as a part of what was said, or as what was said in other letters.
fn is_said(tokens: &[Token<'_>], at: usize, said: &SaidWords) -> bool {
    let token = &tokens[at];
    let word = token.folded.as_str();
    let neighbour = |at: Option<usize>| at.and_then(|at| tokens.get(at));
    let (before, behind) = (neighbour(at.checked_sub(1)), neighbour(Some(at + 1)));
    let with = |one: &str, other: &str| said.words.contains(&format!("{one}{other}"));
    let spelled = is_in_capitals(token.text)
        && !is_known_product(word)
        && said.spells(word.trim_end_matches('s'));
    // "Microsoft Teams" where they said "Teams".
    let makers = behind.is_some_and(|next| {
        next.gap == " " && next.is_capitalised() && said.names.contains(&next.folded)
    });
    said.holds(word)
        || spelled
        || makers
        || before.is_some_and(|token| with(&token.folded, word))
        || behind.is_some_and(|token| with(word, &token.folded))
        || is_written_out(tokens, at, said)
}

/// "Service Level Agreement" where they said "SLA".
fn is_written_out(tokens: &[Token<'_>], at: usize, said: &SaidWords) -> bool {
    let capitalised = |at: &usize| tokens[*at].is_capitalised();
    let first = (0..=at).rev().take_while(capitalised).last().unwrap_or(at);
    let run = tokens[first..]
        .iter()
        .take_while(|token| token.is_capitalised());
    let initials: String = run
        .filter_map(|token| token.folded.chars().next())
        .collect();
    initials.len() > 2 && said.words.contains(&initials)
}

/// Where a capital stands for the beginning of a sentence, a quotation or a point.
fn opens(tokens: &[Token<'_>], at: usize) -> bool {
    let gap = tokens[at].gap;
    at == 0
        || gap.contains(|c: char| !matches!(c, ' ' | '-' | '‑' | '\'' | '’' | ',' | '/' | '&'))
        || (gap.contains([' ']) && gap.contains(['\'', '’']))
}

/// The words on a screen: "Access Denied".
fn is_quoted(tokens: &[Token<'_>], at: usize) -> bool {
    let marks = tokens[..=at].iter().flat_map(|token| token.gap.chars());
    let marks = marks.filter(|c| matches!(c, '"' | '“' | '”' | '„' | '«' | '»'));
    marks.count() % 2 == 1
}

/// "Raise The Attachment Limit": nearly all longer words are capitalised.
fn is_title_case(tokens: &[Token<'_>]) -> bool {
    let longer = tokens
        .iter()
        .skip(1)
        .filter(|token| token.text.len() > 3 && !token.is_digits());
    let (capitalised, small): (Vec<_>, Vec<_>) = longer.partition(|token| token.is_capitalised());
    let preposition = |token: &&&Token<'_>| {
        matches!(
            token.folded.as_str(),
            "with" | "from" | "into" | "over" | "when" | "than" | "that"
        )
    };
    let small = small.iter().filter(|token| !preposition(token)).count();
    !capitalised.is_empty() && capitalised.len() >= 2 * small
}

fn is_shouted(tokens: &[Token<'_>]) -> bool {
    let words = tokens
        .iter()
        .filter(|token| token.text.len() > 2 && !token.is_digits());
    let (capitals, others): (Vec<_>, Vec<_>) = words.partition(|token| is_in_capitals(token.text));
    capitals.len() > 1 && capitals.len() >= others.len()
}

/// A capital behind a small letter, as in "HubSpot" or "iOS".
fn is_mixed(word: &str) -> bool {
    let letters: Vec<char> = word.chars().collect();
    let rises = letters
        .windows(2)
        .any(|pair| pair[0].is_lowercase() && pair[1].is_uppercase());
    rises && letters.len() > 3
}

/// As an abbreviation is, also in the plural: "SAP", "APIs".
fn is_in_capitals(word: &str) -> bool {
    let word = word.strip_suffix('s').unwrap_or(word);
    let letters = word.chars().count();
    (3..=LONGEST_ABBREVIATION).contains(&letters) && word.chars().all(char::is_uppercase)
}

/// By a title before it, or by doing and owning without an article.
fn stands_as_a_person(part: &Part<'_>, at: usize) -> bool {
    let tokens = part.tokens;
    let token = &tokens[at];
    if !token.is_capitalised() {
        return false;
    }
    let titled = at.checked_sub(1).is_some_and(|before| {
        let title = &tokens[before];
        title.is_capitalised() && is_title(&title.folded) && matches!(token.gap, " " | ". " | ".")
    });
    let does = tokens.get(at + 1).is_some_and(|next| match next.gap {
        " " => is_doing_of_people(&next.folded),
        "'" | "’" => next.folded == "s",
        _ => false,
    });
    let named = !is_role(&token.folded) && !token.folded.ends_with('s');
    titled || (part.is_prose && opens(tokens, at) && does && named)
}
