//! Months, days, years and hours against those that were said.

use std::collections::BTreeSet;

use super::{
    claim::{Claim, Kind},
    quantities::SaidNumbers,
    text::Token,
};

/// Months, days of the week, feasts, in five languages, folded. Behind the semicolon stands what
/// is heard as the word, but claims nothing by itself.
const NAMES: &[&str] = &[
    "january|januar|janner|janvier|enero|janeiro;jan",
    "february|februar|feber|fevrier|febrero|fevereiro;feb|fev",
    "march|marz|maerz|marzo|marco;mars",
    "april|avril|abril;apr",
    "may;mai|mayo|maio",
    "june|juni|juin|junio|junho;jun",
    "july|juli|juillet|julio|julho;jul",
    "august|aout|agosto;aug",
    "september|septembre|septiembre|setembro;sept|sep",
    "october|oktober|octobre|octubre|outubro;oct|okt",
    "november|novembre|noviembre|novembro;nov",
    "december|dezember|decembre|diciembre|dezembro;dec|dez|dic",
    "monday|mondays|montag|montags|lundi|lundis|lunes;mon|segunda",
    "tuesday|tuesdays|dienstag|dienstags|mardi|mardis|martes;tue|terca",
    "wednesday|wednesdays|mittwoch|mittwochs|mercredi|mercredis|miercoles;wed|quarta",
    "thursday|thursdays|donnerstag|donnerstags|jeudi|jeudis|jueves;thu|quinta",
    "friday|fridays|freitag|freitags|vendredi|vendredis|viernes;fri|sexta",
    "saturday|saturdays|samstag|samstags|sonnabend|samedi|samedis|sabado|sabados;sat",
    "sunday|sundays|sonntag|sonntags|dimanche|dimanches|domingo|domingos;sun",
    "christmas|weihnachten|noel|navidad;natal|weihnacht|navidades|xmas",
    "easter|ostern|paques|pascua;pascoa|oster",
];
const MONTHS: usize = 12;
/// Words of other meanings: the name only when capitalised, or behind a word as before years.
const CAPITALISED: &[&str] = &["march", "may", "mon", "sun", "sat", "wed", "dec", "jan"];
const YEARS: std::ops::Range<f64> = 1990.0..2100.0;
/// Folded words before a year.
const BEFORE_YEARS: &[&str] = &[
    "in", "by", "of", "since", "until", "from", "for", "before", "after", "during", "year", "im",
    "ab", "bis", "seit", "jahr", "en", "depuis", "desde", "ate", "em", "de", "ano", "annee",
];
const QUARTERS: &[&str] = &["quarter", "quartal", "quartals", "trimestre", "trimester"];

#[derive(Debug, Default)]
pub struct SaidDates {
    names: BTreeSet<usize>,
    quarter: bool,
    /// Such as "q1".
    labels: BTreeSet<String>,
}

impl SaidDates {
    pub fn add(&mut self, tokens: &[Token<'_>]) {
        for (at, token) in tokens.iter().enumerate() {
            self.names.extend(position(tokens, at, true));
            self.quarter |= QUARTERS.contains(&token.folded.as_str());
            self.labels.extend(label(tokens, at));
        }
    }
}

fn position(tokens: &[Token<'_>], at: usize, heard: bool) -> Option<usize> {
    let token = &tokens[at];
    let word = token.folded.as_str();
    let before = at.checked_sub(1).map(|at| tokens[at].folded.as_str());
    let behind = before.is_some_and(|word| BEFORE_YEARS.contains(&word));
    if CAPITALISED.contains(&word) && !token.is_capitalised() && !(heard && behind) {
        return None;
    }
    NAMES.iter().position(|row| {
        let (names, others) = row.split_once(';').unwrap_or((row, ""));
        let is = |list: &str| list.split('|').any(|name| name == word);
        is(names) || (heard && is(others))
    })
}

/// Of a finding's text; "May" and "March" may open a sentence as other words, and "mar" is one
/// unless it is capitalised inside.
fn claimed(tokens: &[Token<'_>], at: usize) -> Option<usize> {
    let token = &tokens[at];
    let opens = at == 0 || token.gap.contains(['.', '!', '?', ':']);
    let other = CAPITALISED.contains(&token.folded.as_str());
    let inside = token.is_capitalised() && !opens;
    position(tokens, at, inside).filter(|_| !(opens && other))
}

/// "Q1", "H2".
fn label(tokens: &[Token<'_>], at: usize) -> Option<String> {
    let letter = tokens
        .get(at)
        .filter(|token| matches!(token.folded.as_str(), "q" | "h"))?;
    let number = tokens
        .get(at + 1)
        .filter(|t| t.gap.is_empty() || t.gap == " ")?;
    let number = number
        .text
        .parse::<u8>()
        .ok()
        .filter(|number| (1..=4).contains(number))?;
    Some(format!("{}{number}", letter.folded))
}

/// Where a date stands in a finding's text (tokens), whether or not it was said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    pub first: usize,
    pub last: usize,
    pub said: bool,
}

impl Place {
    /// Of a place that nobody said.
    pub fn claim(self, tokens: &[Token<'_>]) -> Option<Claim> {
        let (start, end) = (tokens[self.first].start, tokens[self.last].end);
        let kind = Kind::Date;
        (!self.said).then_some(Claim { kind, start, end })
    }
}

/// The dates and times of day of a finding's text.
pub fn places(tokens: &[Token<'_>], said: &SaidDates, numbers: &SaidNumbers) -> Vec<Place> {
    let mut places = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let first = places.last().map_or(0, |place: &Place| place.last + 1);
        let place = named(tokens, first, at, said, numbers)
            .or_else(|| quarter(tokens, at, said, numbers))
            .or_else(|| in_figures(tokens, at, said, numbers))
            .or_else(|| clock(tokens, at, numbers))
            .or_else(|| year(tokens, at, numbers));
        at = place.map_or(at + 1, |place| place.last + 1);
        places.extend(place);
    }
    places
}

fn value(token: &Token<'_>) -> Option<f64> {
    token.text.parse().ok()
}

fn is_year(token: &Token<'_>) -> bool {
    token.text.len() == 4 && value(token).is_some_and(|value| YEARS.contains(&value))
}

/// A name with the day before or behind it, and the year.
fn named(
    tokens: &[Token<'_>],
    from: usize,
    at: usize,
    said: &SaidDates,
    numbers: &SaidNumbers,
) -> Option<Place> {
    let name = claimed(tokens, at)?;
    let mut place = Place {
        first: at,
        last: at,
        said: said.names.contains(&name),
    };
    if name >= MONTHS {
        return Some(place);
    }
    let between = |token: &Token<'_>| {
        let word = token.folded.as_str();
        matches!(
            word,
            "of" | "de" | "st" | "nd" | "rd" | "th" | "er" | "the" | "do" | "del"
        )
    };
    let day = |token: &Token<'_>| value(token).filter(|day| (1.0..32.0).contains(day));
    let before = (from..at).rev().take(3).find(|at| !between(&tokens[*at]));
    if let Some((at, day)) = before.and_then(|at| Some((at, day(&tokens[at])?))) {
        place.first = at;
        place.said &= numbers.holds(day);
    }
    for (at, token) in tokens.iter().enumerate().skip(at + 1).take(4) {
        if is_year(token) {
            place.last = at;
            place.said &= value(token).is_some_and(|year| numbers.holds(year));
            break;
        } else if let Some(day) = day(token).filter(|_| at == place.last + 1 && token.gap == " ") {
            place.last = at;
            place.said &= numbers.holds(day);
        } else if !between(token) {
            break;
        }
    }
    Some(place)
}

/// "Q1 2027", "the first quarter".
fn quarter(
    tokens: &[Token<'_>],
    at: usize,
    said: &SaidDates,
    numbers: &SaidNumbers,
) -> Option<Place> {
    let label = label(tokens, at).filter(|_| tokens[at].is_capitalised())?;
    let number = f64::from(u32::from(label.as_bytes()[1] - b'0'));
    let in_words = said.quarter && numbers.holds(number);
    let mut place = Place {
        first: at,
        last: at + 1,
        said: said.labels.contains(&label) || in_words,
    };
    if let Some(year) = tokens.get(at + 2).filter(|token| is_year(token)) {
        place.last = at + 2;
        place.said &= value(year).is_some_and(|year| numbers.holds(year));
    }
    Some(place)
}

/// "2027-03-01", "1/3/2027", "01.03.2027".
fn in_figures(
    tokens: &[Token<'_>],
    at: usize,
    said: &SaidDates,
    numbers: &SaidNumbers,
) -> Option<Place> {
    let dotted: Vec<&str> = tokens[at].text.split('.').collect();
    let (figures, last) = if dotted.len() == 3 {
        (dotted, at)
    } else {
        let three = tokens.get(at..at + 3)?;
        let joined = |token: &Token<'_>| matches!(token.gap, "-" | "/");
        three[1..].iter().all(joined).then_some(())?;
        (three.iter().map(|token| token.text).collect(), at + 2)
    };
    let year = |figure: &&&str| figure.len() == 4;
    let day = |figure: &&&str| figure.len() <= 2;
    let is_date =
        figures.iter().filter(year).count() == 1 && figures.iter().filter(day).count() == 2;
    let values: Vec<f64> = figures
        .iter()
        .filter_map(|figure| figure.parse().ok())
        .collect();
    let month = |value: f64| {
        (1..=MONTHS).any(|month| {
            said.names.contains(&(month - 1))
                && value == f64::from(u32::try_from(month).unwrap_or(0))
        })
    };
    let said = values
        .iter()
        .all(|value| numbers.holds(*value) || month(*value));
    (is_date && values.len() == 3).then_some(Place {
        first: at,
        last,
        said,
    })
}

/// "15:30", "15h30".
fn clock(tokens: &[Token<'_>], at: usize, numbers: &SaidNumbers) -> Option<Place> {
    let hour = value(&tokens[at]).filter(|hour| *hour < 25.0)?;
    let next = tokens.get(at + 1)?;
    let last = match next.gap {
        ":" => at + 1,
        "" if next.folded == "h" => at + 2,
        _ => return None,
    };
    let minute = tokens
        .get(last)
        .filter(|t| t.text.len() == 2 && matches!(t.gap, ":" | ""))?;
    let minute = value(minute).filter(|minute| *minute < 60.0)?;
    let said = numbers.holds_hour(hour, minute != 0.0) && numbers.holds_minute(minute);
    Some(Place {
        first: at,
        last,
        said,
    })
}

/// A year by itself, told by the word before it.
fn year(tokens: &[Token<'_>], at: usize, numbers: &SaidNumbers) -> Option<Place> {
    let before = at.checked_sub(1).map(|at| tokens[at].folded.as_str());
    let told = before.is_some_and(|word| BEFORE_YEARS.contains(&word));
    let counted = tokens
        .get(at + 1)
        .is_some_and(|next| next.follows() && next.text.len() > 4 && !next.is_capitalised());
    let year = value(&tokens[at]).filter(|_| is_year(&tokens[at]) && told && !counted)?;
    Some(Place {
        first: at,
        last: at,
        said: numbers.holds(year),
    })
}
