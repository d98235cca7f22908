//! What an organization says about its product.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use crate::{
    ids::UserId,
    moment::Timestamp,
    text::{bounded, clean},
};

/// The longest text about a product, in characters.
pub const MAX_ABOUT: usize = 4_000;
/// At most this many feature areas.
pub const MAX_AREAS: usize = 50;
/// The longest feature area, in characters.
pub const MAX_AREA: usize = 60;

/// What an organization says about its product, for every stage that reads. It informs a model and
/// never changes what it is asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Product {
    /// What it is, its parts and audience, words that recognizers mishear with their right
    /// spelling, what counts as feedback and what does not.
    pub about: String,
    /// What *feature area* is chosen from; whatever a model writes when there are none.
    pub feature_areas: Vec<String>,
    /// Grows with every change; 0 as long as nothing was written.
    pub version: u32,
}

/// A version with who wrote it, as it is kept for good.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProductVersion {
    #[serde(flatten)]
    pub product: Product,
    pub by: UserId,
    pub at: Timestamp,
}

/// Why what was written about a product was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidProduct {
    /// Longer than [`MAX_ABOUT`]: how many characters it has.
    #[error(
        "The text has {0} characters and may have {MAX_ABOUT}: shorten it by {over}.",
        over = .0 - MAX_ABOUT
    )]
    About(usize),
    /// More than [`MAX_AREAS`]: how many there are.
    #[error("There are {0} feature areas and may be {MAX_AREAS}: remove some or join them.")]
    TooManyAreas(usize),
    /// Longer than [`MAX_AREA`]: its beginning, and how many characters it has.
    #[error(
        "The feature area “{area}” has {characters} characters and may have {MAX_AREA}. Shorten it, or put what is several areas on lines of their own."
    )]
    LongArea { area: String, characters: usize },
}

impl Product {
    /// Reads what a person wrote: the text, and the feature areas, one a line or separated by
    /// commas. Its version is 0.
    ///
    /// # Errors
    /// [`InvalidProduct`] names the first thing that is wrong.
    pub fn parse(about: &str, feature_areas: &str) -> Result<Self, InvalidProduct> {
        let about = folded(about).trim().to_owned();
        let characters = about.chars().count();
        if characters > MAX_ABOUT {
            return Err(InvalidProduct::About(characters));
        }
        Ok(Self {
            about,
            feature_areas: areas(feature_areas)?,
            version: 0,
        })
    }

    /// Nothing is said about it.
    #[must_use]
    pub const fn is_unknown(&self) -> bool {
        self.about.is_empty() && self.feature_areas.is_empty()
    }
}

/// A text with line breaks of one kind, a space for each tab, and no other control characters.
fn folded(text: &str) -> String {
    let text = text.replace("\r\n", "\n");
    let kept = text.chars().filter_map(|c| match c {
        '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => Some('\n'),
        '\t' => Some(' '),
        c => (!c.is_control()).then_some(c),
    });
    kept.collect()
}

fn areas(text: &str) -> Result<Vec<String>, InvalidProduct> {
    let mut known = HashSet::new();
    let text = folded(text);
    let written = text.split(['\n', ',']).map(clean);
    let areas: Vec<String> = written
        .filter(|area| !area.is_empty() && known.insert(area.to_lowercase()))
        .collect();
    for area in &areas {
        let characters = area.chars().count();
        if characters > MAX_AREA {
            let area = bounded(area, MAX_AREA);
            return Err(InvalidProduct::LongArea { area, characters });
        }
    }
    match areas.len() {
        0..=MAX_AREAS => Ok(areas),
        more => Err(InvalidProduct::TooManyAreas(more)),
    }
}

/// A product that nothing is said about.
pub static UNKNOWN: Product = Product {
    about: String::new(),
    feature_areas: Vec::new(),
    version: 0,
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_keeps_its_lines_and_loses_what_nobody_sees() {
        for (written, about) in [
            ("", ""),
            (" \r\n\t \n", ""),
            ("  A desk for support teams.\n", "A desk for support teams."),
            ("Desk\r\n\r\n- mail\r- chat", "Desk\n\n- mail\n- chat"),
            ("a\u{b}b\u{c}c\u{85}d\u{2028}e\u{2029}f", "a\nb\nc\nd\ne\nf"),
            ("heard\tmeant", "heard meant"),
            ("nul\0, bell\u{7}, escape\u{1b}[1m", "nul, bell, escape[1m"),
            (
                "<b>Größe</b> & “Überblick”, 概要",
                "<b>Größe</b> & “Überblick”, 概要",
            ),
        ] {
            let product = Product::parse(written, "");
            let expected = Product {
                about: about.to_owned(),
                ..Product::default()
            };
            assert_eq!(product, Ok(expected), "{written:?}");
        }
    }

    #[test]
    fn a_text_has_at_most_four_thousand_characters() {
        let of = |line: &str, times: usize| line.repeat(times);
        for (name, written, characters) in [
            ("as long as may be", of("ä", 4_000), Ok(4_000)),
            ("one more", of("ä", 4_001), Err(4_001)),
            ("white space around", of(" ", 5_000) + "a", Ok(1)),
            ("line breaks of two bytes", of("abc\r\n", 1_000), Ok(3_999)),
            ("too many of them", of("abc\r\n", 1_001), Err(4_003)),
        ] {
            let read = Product::parse(&written, "");
            let found = read.map(|product| product.about.chars().count());
            assert_eq!(found, characters.map_err(InvalidProduct::About), "{name}");
        }
    }

    #[test]
    fn feature_areas_stand_one_a_line_or_between_commas_and_once_each() {
        for (written, areas) in [
            ("", &[][..]),
            (" ,\r\n,, \n", &[]),
            ("Reports\r\nMobile app", &["Reports", "Mobile app"]),
            ("Reports, Mobile app,", &["Reports", "Mobile app"]),
            (
                "  Single \t sign-on \n\nReports",
                &["Single sign-on", "Reports"],
            ),
            (
                "Reports\nREPORTS, reports \nÜber\nüber",
                &["Reports", "Über"],
            ),
            ("nul\0 area", &["nul area"]),
        ] {
            let product = Product::parse("", written).map(|product| product.feature_areas);
            let expected: Vec<_> = areas.iter().map(|&area| area.to_owned()).collect();
            assert_eq!(product, Ok(expected), "{written:?}");
        }
    }

    #[test]
    fn feature_areas_are_at_most_fifty_of_at_most_sixty_characters() {
        let many = |to: usize| (1..=to).map(|n| format!("area {n}\n")).collect::<String>();
        let long = |characters: usize| "ü".repeat(characters);
        let long_area = |characters| InvalidProduct::LongArea {
            area: long(59) + "…",
            characters,
        };
        for (name, written, areas) in [
            ("fifty", many(50), Ok(50)),
            ("fifty and repeats", many(50) + &many(9), Ok(50)),
            ("fifty-one", many(51), Err(InvalidProduct::TooManyAreas(51))),
            ("as long as may be", long(60), Ok(1)),
            ("longer", long(61), Err(long_area(61))),
        ] {
            let read = Product::parse("", &written);
            let found = read.map(|product| product.feature_areas.len());
            assert_eq!(found, areas, "{name}");
        }
    }

    #[test]
    fn a_refusal_says_how_much_there_is_and_what_to_do() {
        for (wrong, words) in [
            (
                InvalidProduct::About(4_213),
                "The text has 4213 characters and may have 4000: shorten it by 213.",
            ),
            (
                InvalidProduct::TooManyAreas(51),
                "There are 51 feature areas and may be 50: remove some or join them.",
            ),
            (
                InvalidProduct::LongArea {
                    area: "Reports and…".into(),
                    characters: 75,
                },
                "The feature area “Reports and…” has 75 characters and may have 60. Shorten it, or put what is several areas on lines of their own.",
            ),
        ] {
            assert_eq!(wrong.to_string(), words);
        }
    }

    #[test]
    fn what_was_read_is_read_as_the_same_again() {
        let first = Product::parse(" A desk.\r\n\tFor teams. \n", "Mail, Chat\nmail");
        let again = first.as_ref().map(|product| {
            let areas = product.feature_areas.join("\r\n");
            Product::parse(&product.about.replace('\n', "\r\n"), &areas)
        });
        assert_eq!(again, Ok(first.clone()));
    }
}
