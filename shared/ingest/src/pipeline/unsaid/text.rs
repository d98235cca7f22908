//! Texts as claims are compared: composed, in tokens, folded.

use domain::text::is_unspaced;
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// A run of letters, or a number in digits with its separators.
#[derive(Debug, Clone)]
pub struct Token<'a> {
    pub text: &'a str,
    /// In lower case, without diacritics.
    pub folded: String,
    /// The byte of the text at which it starts.
    pub start: usize,
    /// The byte after the last.
    pub end: usize,
    /// What stands between the token before and this one.
    pub gap: &'a str,
}

impl Token<'_> {
    pub fn is_digits(&self) -> bool {
        self.text.starts_with(|c: char| c.is_ascii_digit())
    }

    pub fn is_capitalised(&self) -> bool {
        self.text.starts_with(char::is_uppercase)
    }

    /// Only spaces or a hyphen before it: it goes on what the token before began.
    pub fn follows(&self) -> bool {
        self.gap.chars().all(|c| matches!(c, ' ' | '-' | '‑'))
    }
}

/// In compatibility-composed form: what [`tokens`] reads.
pub fn composed(text: &str) -> String {
    text.nfkc().collect()
}

/// Without case and diacritics.
pub fn fold(text: &str) -> String {
    let letters = text.nfd().filter(|c| !is_combining_mark(*c));
    let mut folded = String::with_capacity(text.len());
    for c in letters.flat_map(char::to_lowercase) {
        match c {
            'ß' => folded.push_str("ss"),
            'æ' => folded.push_str("ae"),
            'œ' => folded.push_str("oe"),
            'ø' => folded.push('o'),
            'ł' => folded.push('l'),
            other => folded.push(other),
        }
    }
    folded
}

/// Letters end where digits begin; an apostrophe or a hyphen ends a word.
pub fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let (mut at, mut before) = (0, 0);
    while let Some(c) = text[at..].chars().next() {
        let length = match c {
            '0'..='9' => digits(&text[at..]),
            c if c.is_alphabetic() => letters(&text[at..]),
            other => {
                at += other.len_utf8();
                continue;
            }
        };
        let end = at + length;
        tokens.push(Token {
            text: &text[at..end],
            folded: fold(&text[at..end]),
            start: at,
            end,
            gap: &text[before..at],
        });
        (at, before) = (end, end);
    }
    tokens
}

fn letters(text: &str) -> usize {
    let other = |c: char| !(c.is_alphabetic() || is_combining_mark(c));
    text.find(other).unwrap_or(text.len())
}

/// The length of a number in digits: its separators stand between digits, a space only before
/// groups of three.
fn digits(text: &str) -> usize {
    let run = |from: usize| {
        let rest = &text[from..];
        let other = |c: char| !c.is_ascii_digit();
        rest.find(other).unwrap_or(rest.len())
    };
    let mut end = run(0);
    let mut spaced = end <= 3;
    while let Some(separator) = text[end..].chars().next() {
        let group = end + separator.len_utf8();
        let belongs = match separator {
            '.' | ',' | '\'' | '’' => run(group) > 0,
            ' ' => spaced && run(group) == 3,
            _ => false,
        };
        if !belongs {
            break;
        }
        spaced &= separator == ' ';
        end = group + run(group);
    }
    end
}

/// Whether much of a text is in a script that writes no spaces between words.
pub fn is_without_spaces(text: &str) -> bool {
    let letters = text.chars().filter(|c| c.is_alphabetic());
    let (mut all, mut unspaced) = (0usize, 0usize);
    for c in letters {
        all += 1;
        unspaced += usize::from(is_unspaced(c));
    }
    unspaced * 5 > all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_with_its_separators_is_one_token_and_letters_end_at_digits() {
        for (text, expected) in [
            ("25MB, now", &["25", "MB", "now"][..]),
            (
                "25,000 or 25.000 or 25'000",
                &["25,000", "or", "25.000", "or", "25'000"],
            ),
            ("25 000 rows", &["25 000", "rows"]),
            ("in 2026 100 of them", &["in", "2026", "100", "of", "them"]),
            ("10 20 30", &["10", "20", "30"]),
            ("by 2027.", &["by", "2027"]),
            (
                "Rahul's two-way MP3",
                &["Rahul", "s", "two", "way", "MP", "3"],
            ),
            ("15:30", &["15", "30"]),
            ("日本 30件", &["日本", "30", "件"]),
            ("", &[]),
        ] {
            let found: Vec<_> = tokens(text).iter().map(|t| t.text).collect();
            assert_eq!(found, expected, "{text:?}");
        }
    }

    #[test]
    fn folding_takes_case_and_diacritics_away() {
        for (text, folded) in [
            ("Müller", "muller"),
            ("dreißig", "dreissig"),
            ("Łódź", "lodz"),
            ("SÉPTIMO", "septimo"),
            ("", ""),
        ] {
            assert_eq!(fold(text), folded, "{text:?}");
        }
    }

    #[test]
    fn a_script_without_spaces_is_told_by_its_letters() {
        for (text, without) in [
            ("チケットは30件まで", true),
            ("ระบบช้ามาก", true),
            ("Raise the limit to 30", false),
            ("Der Export nach 日本", false),
            ("", false),
        ] {
            assert_eq!(is_without_spaces(text), without, "{text:?}");
        }
    }
}
