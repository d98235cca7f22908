//! Numbers and amounts of money against those that were said.

use super::{
    claim::{Claim, Kind},
    language::Language,
    number_words::is_half,
    numbers::{Number, is_latin, numbers},
    text::Token,
    units::{is_currency, is_currency_sign, is_hour_word, is_share, is_unit, seconds},
};

/// Smaller ones are claims only with a unit: "two ways" counts what the call told one by one.
const SMALLEST: f64 = 4.0;
/// At most this share may be rounded away without a word such as "about".
const ROUNDED: f64 = 0.02;
const ROUNDED_WITH_A_WORD: f64 = 0.1;
/// Two times are one: months have no certain length.
const SAME_TIME: f64 = 0.02;
/// Digits that are said one by one, as of an error's code, are at most this many.
const MOST_SPELLED: usize = 6;

/// Folded words that stand before a rounded number.
const ABOUT: &[&str] = &[
    "about",
    "around",
    "nearly",
    "almost",
    "roughly",
    "approximately",
    "some",
    "over",
    "under",
    "than",
    "up",
    "least",
    "circa",
    "ca",
    "rund",
    "etwa",
    "fast",
    "ungefahr",
    "knapp",
    "uber",
    "environ",
    "presque",
    "pres",
    "casi",
    "unos",
    "unas",
    "aproximadamente",
    "quase",
    "cerca",
];
/// They say nothing about how many.
const SET_PHRASES: &[&str] = &["24/7", "360°", "365/24/7"];

/// The numbers that were said, of all languages of the call.
#[derive(Debug, Default)]
pub struct SaidNumbers {
    values: Vec<f64>,
    /// In seconds, whatever unit they were said in.
    times: Vec<f64>,
    half: bool,
    quarter: bool,
    third: bool,
}

impl SaidNumbers {
    pub fn add(&mut self, tokens: &[Token<'_>], languages: &[Language]) {
        for token in tokens {
            let word = token.folded.as_str();
            self.half |= is_half(word);
            self.quarter |= is_quarter(word);
            self.third |= matches!(
                word,
                "third" | "thirds" | "drittel" | "tiers" | "tercio" | "terco"
            );
            self.values.extend(small_ordinal(word));
        }
        for language in languages {
            let numbers = numbers(tokens, *language);
            for number in &numbers {
                self.values
                    .extend(number.readings.iter().chain(&number.parts));
                self.values.extend(with_ordinal(tokens, number));
                self.times.extend(times(tokens, number));
            }
            self.values
                .extend(numbers.windows(2).filter_map(|pair| one_in(tokens, pair)));
            self.add_spelled(tokens, &numbers);
        }
        self.add_single_times(tokens);
        self.values.sort_by(f64::total_cmp);
        self.values.dedup();
    }

    /// "Five oh three" is 503, "twenty twenty-six" is 2026.
    fn add_spelled(&mut self, tokens: &[Token<'_>], numbers: &[Number]) {
        for first in 0..numbers.len() {
            let mut digits = whole(&numbers[first]);
            for pair in numbers[first..].windows(2).take(MOST_SPELLED - 1) {
                let follows = pair[0].last + 1 == pair[1].first && tokens[pair[1].first].follows();
                if !follows {
                    break;
                }
                digits.push_str(&whole(&pair[1]));
                self.values.extend(digits.parse::<f64>());
            }
        }
    }

    /// "An hour", "half an hour", "every quarter of an hour", "a week and a half".
    fn add_single_times(&mut self, tokens: &[Token<'_>]) {
        for (at, token) in tokens.iter().enumerate() {
            let Some(unit) = seconds(&token.folded) else {
                continue;
            };
            let before = &tokens[at.saturating_sub(3)..at];
            let behind = &tokens[at + 1..tokens.len().min(at + 4)];
            self.times.push(unit);
            if before.iter().any(|word| is_half(&word.folded)) {
                self.times.push(unit / 2.0);
            }
            if before.iter().any(|word| is_quarter(&word.folded)) {
                self.times.extend([unit / 4.0, unit * 0.75]);
            }
            if behind.iter().any(|word| is_half(&word.folded)) {
                self.times.push(unit * 1.5);
            }
        }
    }

    pub fn holds(&self, value: f64) -> bool {
        self.values
            .iter()
            .any(|said| (said - value).abs() < 1e-6 * said.abs().max(1.0))
    }

    /// An hour of a day, by either clock; also its neighbours when they may have been said as "half
    /// four" or "quarter to".
    pub fn holds_hour(&self, hour: f64, in_parts: bool) -> bool {
        let parts = in_parts && (self.half || self.quarter);
        let near = if parts { &[0.0, 1.0, -1.0][..] } else { &[0.0] };
        let clocks = near
            .iter()
            .flat_map(|by| [0.0, 12.0, -12.0].map(|other| by + other));
        clocks.into_iter().any(|by| self.holds(hour + by))
    }

    /// The minutes behind an hour.
    pub fn holds_minute(&self, minute: f64) -> bool {
        minute == 0.0
            || (minute == 30.0 && self.half)
            || ((minute == 15.0 || minute == 45.0) && self.quarter)
            || self.holds(minute)
    }

    fn holds_time(&self, seconds: f64) -> bool {
        self.times
            .iter()
            .any(|said| (said - seconds).abs() <= SAME_TIME * said)
    }

    fn holds_share(&self, percent: f64) -> bool {
        (self.half && percent == 50.0)
            || (self.quarter && (percent == 25.0 || percent == 75.0))
            || (self.third && [33.0, 66.0, 67.0].contains(&percent.floor()))
    }

    /// Said more exactly.
    fn holds_exactly(&self, rounded: f64, share: f64) -> bool {
        self.values
            .iter()
            .any(|said| (said - rounded).abs() <= share * said && figures(rounded) < figures(*said))
    }
}

fn is_quarter(word: &str) -> bool {
    let quarters = [
        "quarter",
        "quarters",
        "viertel",
        "dreiviertel",
        "quart",
        "quarts",
        "cuarto",
    ];
    quarters.contains(&word)
}

fn small_ordinal(word: &str) -> Option<f64> {
    Some(match word {
        "first" | "ersten" | "erste" | "erster" | "premier" | "premiere" | "primero"
        | "primera" | "primer" | "primeiro" | "primeira" => 1.0,
        "second" | "zweiten" | "zweite" | "zweiter" | "deuxieme" | "segundo" | "segunda" => 2.0,
        "third" | "dritten" | "dritte" | "dritter" | "troisieme" | "tercero" | "tercera"
        | "tercer" | "terceiro" | "terceira" => 3.0,
        _ => return None,
    })
}

/// "Twenty-first": a small ordinal is no word of a number by itself.
fn with_ordinal(tokens: &[Token<'_>], number: &Number) -> Option<f64> {
    let tens = number
        .readings
        .first()
        .filter(|tens| **tens >= 20.0 && **tens % 10.0 == 0.0)?;
    let next = tokens
        .get(number.last + 1)
        .filter(|token| token.follows())?;
    Some(tens + small_ordinal(&next.folded)?)
}

/// "One in five", "neun von zehn": percent.
fn one_in(tokens: &[Token<'_>], pair: &[Number]) -> Option<f64> {
    let between = tokens.get(pair[0].last + 1..pair[1].first)?;
    let share = |token: &Token<'_>| {
        let word = token.folded.as_str();
        matches!(
            word,
            "in" | "out" | "of" | "every" | "von" | "sur" | "de" | "cada" | "em"
        )
    };
    let (some, all) = (pair[0].readings.first()?, pair[1].readings.first()?);
    let told = (1..=2).contains(&between.len()) && between.iter().all(share);
    (told && some < all).then_some(100.0 * some / all)
}

/// The digits of a whole number.
fn whole(number: &Number) -> String {
    let value = number.readings.first().filter(|value| value.fract() == 0.0);
    value.map(|value| format!("{value:.0}")).unwrap_or_default()
}

/// How many figures stand before the zeros at a number's end.
fn figures(value: f64) -> usize {
    let digits = format!("{value}");
    let digits: String = digits.chars().filter(char::is_ascii_digit).collect();
    digits.trim_matches('0').len()
}

/// With the unit of time that stands on it or behind it, in seconds.
fn times(tokens: &[Token<'_>], number: &Number) -> Vec<f64> {
    let on = tokens
        .get(number.last)
        .filter(|_| number.last > number.first);
    let behind = tokens.get(number.last + 1).filter(|token| token.follows());
    let unit = behind
        .into_iter()
        .chain(on)
        .find_map(|token| seconds(&token.folded));
    let values = unit.map(|unit| number.readings.iter().map(move |value| value * unit));
    values.into_iter().flatten().collect()
}

/// The numbers of a finding's text that nobody said; those of `dates` are told elsewhere.
pub fn claims(
    text: &str,
    tokens: &[Token<'_>],
    language: Language,
    said: &SaidNumbers,
    dates: &[(usize, usize)],
) -> Vec<Claim> {
    let numbers = numbers(tokens, language).into_iter();
    let own = numbers.filter(|n| {
        !dates
            .iter()
            .any(|(first, last)| n.first <= *last && *first <= n.last)
    });
    let unsaid =
        own.filter(|number| is_claim(text, tokens, number) && !is_said(text, tokens, number, said));
    unsaid.map(|number| claim(text, tokens, &number)).collect()
}

fn is_claim(text: &str, tokens: &[Token<'_>], number: &Number) -> bool {
    let most = number
        .readings
        .iter()
        .chain(&number.parts)
        .copied()
        .fold(0.0, f64::max);
    let behind = tokens.get(number.last + 1);
    let counts = number.last > number.first || behind.is_some_and(|token| is_unit(&token.folded));
    let counts = counts || money(text, tokens, number).is_some() || share(text, tokens, number);
    let apart =
        is_marker(text, &tokens[number.first]) || is_set_phrase(text, &tokens[number.first]);
    !number.is_no_claim && !apart && most > 1.0 && (most >= SMALLEST || counts)
}

/// Of a list: "4. ", "(see 4)" is none.
fn is_marker(text: &str, token: &Token<'_>) -> bool {
    let (before, behind) = (&text[..token.start], &text[token.end..]);
    let opened = before.matches('(').count() > before.matches(')').count();
    token.is_digits()
        && (behind.starts_with(')') && !opened && token.text.len() < 3
            || before.trim().is_empty() && behind.starts_with('.'))
}

fn is_set_phrase(text: &str, token: &Token<'_>) -> bool {
    SET_PHRASES.iter().any(|phrase| {
        let from = phrase
            .find(token.text)
            .and_then(|at| token.start.checked_sub(at));
        let rest = from.and_then(|from| text.get(from..));
        rest.is_some_and(|rest| rest.starts_with(phrase))
    })
}

fn share(text: &str, tokens: &[Token<'_>], number: &Number) -> bool {
    let behind = tokens.get(number.last + 1);
    let sign = text[tokens[number.last].end..]
        .trim_start()
        .starts_with('%');
    sign || behind.is_some_and(|token| is_share(&token.folded))
}

fn is_said(text: &str, tokens: &[Token<'_>], number: &Number, said: &SaidNumbers) -> bool {
    let before = &tokens[number.first.saturating_sub(2)..number.first];
    let about = before
        .iter()
        .any(|token| ABOUT.contains(&token.folded.as_str()));
    let rounded = if about { ROUNDED_WITH_A_WORD } else { ROUNDED };
    let on = tokens[number.last].folded.as_str();
    let behind = tokens
        .get(number.last + 1)
        .map_or("", |token| token.folded.as_str());
    let before = before.iter().rev().map(|token| token.folded.as_str());
    let before: Vec<&str> = before.collect();
    let in_parts = matches!(
        before.as_slice(),
        ["past" | "halb", ..] | ["to" | "vor", "quarter" | "viertel"]
    );
    let hour =
        in_parts || before.first() == Some(&"at") || [on, behind].into_iter().any(is_hour_word);
    let share = share(text, tokens, number);
    let is = |value: f64| {
        said.holds(value)
            || said.holds_exactly(value, rounded)
            || (share && said.holds_share(value))
            || (hour && value <= 24.0 && said.holds_hour(value, in_parts))
    };
    let several = number.parts.len() > 1 && tokens[number.first].is_digits();
    number.readings.iter().copied().any(is)
        || times(tokens, number)
            .into_iter()
            .any(|seconds| said.holds_time(seconds))
        || (several && number.parts.iter().all(|part| said.holds(*part)))
}

/// From where to where an amount of money stands, with its sign or word.
fn money(text: &str, tokens: &[Token<'_>], number: &Number) -> Option<(usize, usize)> {
    let (start, end) = (tokens[number.first].start, tokens[number.last].end);
    let before = text[..start].trim_end();
    if before.ends_with(is_currency_sign) {
        let sign = before.chars().last().map_or(0, char::len_utf8);
        return Some((before.len() - sign, end));
    }
    let behind = text[end..].trim_start();
    if let Some(sign) = behind.chars().next().filter(|c| is_currency_sign(*c)) {
        return Some((start, text.len() - behind.len() + sign.len_utf8()));
    }
    let word = tokens
        .get(number.last + 1)
        .filter(|t| t.follows() && is_currency(&t.folded));
    if let Some(word) = word {
        return Some((start, word.end));
    }
    let code = number.first.checked_sub(1).map(|at| &tokens[at]);
    let code = code.filter(|t| t.text.len() == 3 && is_currency(&t.folded));
    code.map(|code| (code.start, end))
}

fn claim(text: &str, tokens: &[Token<'_>], number: &Number) -> Claim {
    let plain = (tokens[number.first].start, tokens[number.last].end);
    let on = tokens
        .get(number.last + 1)
        .filter(|token| token.gap.is_empty() && tokens[number.last].is_digits() && is_latin(token));
    let whole = (plain.0, on.map_or(plain.1, |token| token.end));
    let money = money(text, tokens, number);
    let kind = if money.is_some() {
        Kind::Amount
    } else {
        Kind::Number
    };
    let (start, end) = money.unwrap_or(whole);
    Claim { kind, start, end }
}
