//! Claims that nobody made: numbers, dates, amounts and names that stand in a finding, but that
//! neither side of the call said. In doubt there is none.

mod calendar;
mod claim;
mod language;
mod names;
mod number_words;
mod numbers;
mod ordinary;
mod quantities;
mod text;
mod units;

use domain::{conversation::Conversation, feedback::Request};

use calendar::SaidDates;
use claim::Claim;
pub use claim::{Kind, Unsaid};
use language::{ALL, Language, language, languages};
use names::{OwnWords, Part, SaidWords};
use quantities::SaidNumbers;
use text::{Token, composed, fold, is_without_spaces, tokens};

/// What numbers are in scripts that write no spaces, beyond their digits.
const NUMERALS: &str = "十百千万萬億亿";

/// What was said in a call, made once for all its findings.
#[derive(Debug)]
pub struct Said {
    numbers: SaidNumbers,
    dates: SaidDates,
    words: SaidWords,
    languages: Vec<Language>,
    /// Not in a call in a language whose words of numbers are not known.
    reads_numbers: bool,
    /// Names cannot be compared.
    without_spaces: bool,
    numerals: bool,
}

impl Said {
    /// Of all sides, with the call's title and the names of its speakers; `own_words` are those of
    /// the organization's lists, such as boards and tags. What it says `about` its product may be
    /// named as well, but states no figure of the call.
    #[must_use]
    pub fn new(conversation: &Conversation, own_words: &str, about: &str) -> Self {
        let turns = conversation.turns.iter();
        let turns: Vec<String> = turns.map(|turn| composed(&turn.text())).collect();
        let spoken = turns.join("\n");
        let speakers = conversation.turns.iter().map(|turn| turn.speaker.as_str());
        let around = speakers
            .chain(conversation.title.as_deref())
            .chain([own_words]);
        let mut around: Vec<String> = around.map(composed).collect();
        around.sort();
        around.dedup();
        let spoken_tokens = tokens(&spoken);
        let mut languages = languages(&spoken_tokens);
        let reads_numbers = !languages.is_empty();
        if !reads_numbers {
            languages.push(Language::English);
        }
        let mut said = Self {
            numbers: SaidNumbers::default(),
            dates: SaidDates::default(),
            words: SaidWords::default(),
            languages,
            reads_numbers,
            without_spaces: is_without_spaces(&spoken),
            numerals: spoken.contains(|c| NUMERALS.contains(c)),
        };
        said.add(&spoken_tokens);
        said.words.add_names(&spoken_tokens);
        for text in &around {
            said.add(&tokens(text));
        }
        said.words.add(&tokens(&composed(about)));
        said
    }

    fn add(&mut self, tokens: &[Token<'_>]) {
        self.numbers.add(tokens, &self.languages);
        self.dates.add(tokens);
        self.words.add(tokens);
    }
}

/// What title, description and pain points claim although nobody said it, each once.
#[must_use]
pub fn unsaid(request: &Request, said: &Said) -> Vec<Unsaid> {
    let texts = [&request.title, &request.description];
    let texts = texts.into_iter().chain(&request.pain_points);
    let texts: Vec<String> = texts.map(|text| composed(text)).collect();
    let parts: Vec<Vec<Token<'_>>> = texts.iter().map(|text| tokens(text)).collect();
    let all: Vec<Token<'_>> = parts.iter().flatten().cloned().collect();
    let language = language(&all).unwrap_or(ALL[0]);
    let own = OwnWords::new(all.iter(), language);
    let without_spaces = said.without_spaces || is_without_spaces(&texts.join("\n"));
    let mut found: Vec<Unsaid> = Vec::new();
    for (at, (text, tokens)) in texts.iter().zip(&parts).enumerate() {
        let part = Part {
            tokens,
            is_prose: at == 1,
        };
        let mut claims = in_part(text, &part, &own, said, without_spaces);
        claims.sort_by_key(|claim| claim.start);
        let claims = claims.into_iter().map(|claim| Unsaid {
            kind: claim.kind,
            text: text[claim.start..claim.end].to_owned(),
        });
        for claim in claims {
            let told = |one: &Unsaid| fold(&one.text) == fold(&claim.text);
            if !found.iter().any(told) {
                found.push(claim);
            }
        }
    }
    found
}

fn in_part(
    text: &str,
    part: &Part<'_>,
    own: &OwnWords,
    said: &Said,
    without_spaces: bool,
) -> Vec<Claim> {
    let tokens = part.tokens;
    let dates = calendar::places(tokens, &said.dates, &said.numbers);
    let places: Vec<_> = dates.iter().map(|date| (date.first, date.last)).collect();
    let numbers = quantities::claims(text, tokens, own.language, &said.numbers, &places);
    let dates = dates.into_iter().filter_map(|date| date.claim(tokens));
    let counted = dates.chain(numbers);
    if without_spaces {
        let in_digits =
            |claim: &Claim| text[claim.start..claim.end].contains(|c: char| c.is_ascii_digit());
        return counted
            .filter(|claim| in_digits(claim) && !said.numerals)
            .collect();
    }
    let names = names::claims(part, own, &said.words, &places);
    counted
        .filter(|_| said.reads_numbers)
        .chain(names)
        .collect()
}

#[cfg(test)]
mod tests;
