//! Numbers of a text, in digits and in words.

use super::{
    language::Language,
    number_words::{Piece, abbreviated_scale, is_half, is_uncounted, pieces},
    text::Token,
    units::is_written_on_numbers,
};

#[derive(Debug, Clone, PartialEq)]
pub struct Number {
    /// An index into the tokens, as `last` is, which belongs to it.
    pub first: usize,
    pub last: usize,
    /// What it may mean: "25.000" is 25,000 or 25.
    pub readings: Vec<f64>,
    /// What it is put together of.
    pub parts: Vec<f64>,
    /// Counts nothing: "hundreds", "2FA".
    pub is_no_claim: bool,
}

/// The numbers of a text, its words read in one language.
pub fn numbers(tokens: &[Token<'_>], language: Language) -> Vec<Number> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let number = if tokens[at].is_digits() {
            Some(in_digits(tokens, at, language))
        } else {
            in_words(tokens, at, language)
        };
        at = number.as_ref().map_or(at + 1, |number| number.last + 1);
        found.extend(number);
    }
    found
}

fn in_digits(tokens: &[Token<'_>], first: usize, language: Language) -> Number {
    let (mut readings, parts) = readings(tokens[first].text);
    let mut number = Number {
        first,
        last: first,
        readings: Vec::new(),
        parts,
        is_no_claim: first > 0 && tokens[first].gap.is_empty() && is_latin(&tokens[first - 1]),
    };
    if let Some(behind) = tokens.get(first + 1) {
        let written_on = behind.gap.is_empty();
        let word = behind.folded.as_str();
        let scale = match pieces(word, language).as_slice() {
            [Piece::Scale(scale)] if behind.follows() => Some(*scale),
            _ if written_on || (word.len() > 1 && behind.follows()) => abbreviated_scale(word),
            _ => None,
        };
        if let Some(scale) = scale {
            let scaled: Vec<f64> = readings.iter().map(|value| value * scale).collect();
            let may_be_a_unit = written_on && matches!(word, "m" | "b");
            readings.truncate(if may_be_a_unit { readings.len() } else { 0 });
            readings.extend(scaled);
        }
        if scale.is_some() || (written_on && is_written_on_numbers(word)) {
            number.last = first + 1;
        } else if written_on && is_latin(behind) {
            number.is_no_claim = true;
        }
    }
    number.readings = readings;
    with_half(tokens, &mut number);
    number
}

/// In a script with spaces, what is written on digits makes a name of them: "2FA", "MP3".
pub fn is_latin(token: &Token<'_>) -> bool {
    token.text.starts_with(|c: char| c.is_ascii_alphabetic())
}

/// Digits as they may be meant, and their groups where they may be several numbers.
fn readings(text: &str) -> (Vec<f64>, Vec<f64>) {
    let groups: Vec<&str> = text.split(|c: char| !c.is_ascii_digit()).collect();
    let separators: Vec<char> = text.chars().filter(|c| !c.is_ascii_digit()).collect();
    let parts: Vec<f64> = groups
        .iter()
        .filter_map(|group| group.parse().ok())
        .collect();
    let whole = |groups: &[&str]| groups.concat().parse::<f64>().ok();
    let grouped =
        |groups: &[&str]| groups[0].len() <= 3 && groups[1..].iter().all(|group| group.len() == 3);
    let decimal = |groups: &[&str]| {
        let (last, before) = groups.split_last()?;
        format!("{}.{last}", before.concat()).parse::<f64>().ok()
    };
    let is_point = |c: &char| matches!(c, '.' | ',');
    let same = separators.windows(2).all(|pair| pair[0] == pair[1]);
    let mut readings = Vec::new();
    if separators.is_empty() || (same && grouped(&groups)) {
        readings.extend(whole(&groups));
    }
    match separators.as_slice() {
        [one] if is_point(one) => readings.extend(decimal(&groups)),
        [.., last] if !same && is_point(last) && grouped(&groups[..groups.len() - 1]) => {
            readings.extend(decimal(&groups));
        }
        _ => {}
    }
    (readings, parts)
}

/// Sums and products of the pieces so far.
#[derive(Default)]
struct Sum {
    /// In thousands and more.
    total: f64,
    /// What no scale of a thousand or more has multiplied yet.
    current: f64,
    last: Option<Piece>,
    and: bool,
    parts: Vec<f64>,
}

impl Sum {
    /// Whether the piece goes on the number; it is taken then.
    fn take(&mut self, piece: Piece, language: Language) -> bool {
        match piece {
            Piece::And => {
                let after_hundreds = matches!(self.last, Some(Piece::Scale(_)));
                let and = language != Language::English || after_hundreds;
                let goes_on = self.last.is_some() && !self.and && and;
                self.and |= goes_on;
                goes_on
            }
            Piece::Plain(value) => self.plain(value, language),
            Piece::Scale(scale) => self.scale(scale),
            Piece::Half => false,
        }
    }

    fn plain(&mut self, value: f64, language: Language) -> bool {
        let twenty_times_four =
            language == Language::French && value == 20.0 && self.last == Some(Piece::Plain(4.0));
        let german = language == Language::German
            && self.and
            && matches!(self.last, Some(Piece::Plain(unit)) if unit < 10.0)
            && value % 10.0 == 0.0
            && (20.0..100.0).contains(&value);
        let added = if twenty_times_four {
            76.0
        } else if german || self.has_room(value, language) {
            value
        } else {
            return false;
        };
        self.current += added;
        self.parts.push(value);
        self.last = Some(Piece::Plain(if twenty_times_four { 80.0 } else { value }));
        self.and = false;
        true
    }

    fn has_room(&self, value: f64, language: Language) -> bool {
        match self.last {
            None => true,
            Some(Piece::Scale(scale)) => value < scale && scale >= 100.0,
            Some(Piece::Plain(last)) if last >= 100.0 => value < 100.0,
            Some(Piece::Plain(last)) if last >= 20.0 && last % 10.0 == 0.0 => {
                let scores = language == Language::French && (last == 60.0 || last == 80.0);
                (1.0..if scores { 20.0 } else { 10.0 }).contains(&value)
            }
            Some(Piece::Plain(10.0)) => {
                language != Language::English && (6.0..10.0).contains(&value)
            }
            _ => false,
        }
    }

    fn scale(&mut self, scale: f64) -> bool {
        let times = self.current.max(1.0);
        if matches!(self.last, Some(Piece::Scale(last)) if last == scale || last == 12.0) {
            return false;
        }
        if scale < 1e3 {
            self.current = times * scale;
        } else if self.current == 0.0 && self.total > 0.0 && self.total < scale {
            self.total *= scale;
        } else if self.total == 0.0 || scale < self.total {
            self.total += times * scale;
            self.current = 0.0;
        } else {
            return false;
        }
        self.parts.push(scale);
        self.last = Some(Piece::Scale(scale));
        self.and = false;
        true
    }
}

fn in_words(tokens: &[Token<'_>], first: usize, language: Language) -> Option<Number> {
    if let Some(number) = half_a_million(tokens, first, language) {
        return Some(number);
    }
    let mut sum = Sum::default();
    let mut last = None;
    for (at, token) in tokens.iter().enumerate().skip(first) {
        let pieces = pieces(&token.folded, language);
        if pieces.is_empty() || token.is_digits() || (at > first && !token.follows()) {
            break;
        }
        let mut half = false;
        let goes_on = pieces.iter().all(|piece| {
            half |= *piece == Piece::Half && sum.last.is_some() && pieces.len() > 1;
            half || sum.take(*piece, language)
        });
        if !goes_on {
            break;
        }
        if half {
            sum.current += 0.5;
        }
        if !sum.and {
            last = Some(at);
        }
    }
    let last = last?;
    let mut number = Number {
        first,
        last,
        readings: vec![sum.total + sum.current],
        parts: sum.parts,
        is_no_claim: first == last && is_uncounted(&tokens[first].folded, language),
    };
    with_half(tokens, &mut number);
    scaled_behind_half(tokens, &mut number, language);
    Some(number)
}

/// "Half a million", "half a dozen".
fn half_a_million(tokens: &[Token<'_>], first: usize, language: Language) -> Option<Number> {
    is_half(&tokens[first].folded).then_some(())?;
    let ahead = tokens.iter().enumerate().skip(first + 1).take(2);
    let ahead = ahead.take_while(|(_, token)| token.follows());
    let mut scales = ahead.map(|(at, token)| (at, pieces(&token.folded, language)));
    let (last, scale) = scales.find_map(|(at, pieces)| match pieces.as_slice() {
        [Piece::Scale(scale)] => Some((at, *scale)),
        _ => None,
    })?;
    Some(Number {
        first,
        last,
        readings: vec![scale / 2.0],
        parts: Vec::new(),
        is_no_claim: false,
    })
}

/// "Two and a half", "trois heures et demie": its half stands at most three words behind.
fn with_half(tokens: &[Token<'_>], number: &mut Number) {
    let ahead = tokens.iter().enumerate().skip(number.last + 1).take(4);
    let mut ahead = ahead.take_while(|(_, token)| token.follows());
    let and = ahead.find(|(_, t)| matches!(t.folded.as_str(), "and" | "und" | "et" | "y" | "e"));
    let Some((joined, _)) = and.filter(|(at, _)| *at <= number.last + 2) else {
        return;
    };
    let Some((at, _)) = ahead.find(|(_, token)| is_half(&token.folded)) else {
        return;
    };
    let halves = number.readings.iter();
    let halves = halves.map(|value| value + if *value >= 1e6 { 5e5 } else { 0.5 });
    let with_halves: Vec<f64> = halves.collect();
    number.readings.extend(with_halves);
    if joined == number.last + 1 {
        number.last = at;
    }
}

/// "Two and a half million".
fn scaled_behind_half(tokens: &[Token<'_>], number: &mut Number, language: Language) {
    let Some(behind) = tokens.get(number.last + 1).filter(|token| token.follows()) else {
        return;
    };
    if let [Piece::Scale(scale)] = pieces(&behind.folded, language).as_slice()
        && number.readings.iter().any(|value| value.fract() != 0.0)
    {
        number.readings.iter_mut().for_each(|value| *value *= scale);
        number.last += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::super::text::tokens;
    use super::*;

    #[test]
    fn a_number_is_read_in_digits_and_in_words_of_its_language() {
        use Language::{English, French, German, Portuguese, Spanish};
        for (language, text, expected) in [
            (
                English,
                "25,000 and 25.5",
                &[&[25000.0, 25.0][..], &[25.5]][..],
            ),
            (English, "1.234,56 or 1,234.56", &[&[1234.56], &[1234.56]]),
            (
                English,
                "10k, 1.5M, 3 million",
                &[&[10e3], &[1.5, 1.5e6], &[3e6]],
            ),
            (
                English,
                "two hundred and fifty, ten twenty",
                &[&[250.0], &[10.0], &[20.0]],
            ),
            (English, "two and a half million", &[&[2e6, 2.5e6]]),
            (
                English,
                "half a dozen, a dozen, fifteen hundred",
                &[&[6.0], &[12.0], &[1500.0]],
            ),
            (German, "dreihundertfünfundzwanzigtausend", &[&[325e3]]),
            (
                German,
                "eineinhalb, siebzehnten, neunzehnhundertneunundneunzig",
                &[&[1.5], &[17.0], &[1999.0]],
            ),
            (
                French,
                "quatre-vingt-dix-sept, soixante et onze",
                &[&[97.0], &[71.0]],
            ),
            (French, "deux cent mille trois", &[&[200_003.0]]),
            (Spanish, "mil quinientos treinta y dos", &[&[1532.0]]),
            (Spanish, "dos mil millones", &[&[2e9]]),
            (Portuguese, "mil e duzentos e vinte e cinco", &[&[1225.0]]),
            (English, "nothing of the kind", &[]),
        ] {
            let found = numbers(&tokens(text), language);
            let readings: Vec<_> = found.iter().map(|number| number.readings.clone()).collect();
            assert_eq!(readings, expected, "{text:?}");
        }
    }
}
