//! A conversation, whatever recorded it: the only thing that the stages after Normalize see.

use std::collections::BTreeMap;

use crate::{
    feedback::{Author, Quote},
    moment::Timestamp,
};

/// The side that a speaker is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Of the customer.
    Customer,
    /// Of the organization itself.
    Internal,
    /// Not known; never taken for a customer.
    Unknown,
}

impl Side {
    /// The side's word, as prompts mark it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Customer => "customer",
            Self::Internal => "internal",
            Self::Unknown => "unknown",
        }
    }
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sentence {
    /// Start in milliseconds from the start of the call.
    pub start_ms: i64,
    pub end_ms: i64,
    pub text: String,
    /// Whether a recognizer wrote it down again and again, of which it stands here once.
    pub is_loop: bool,
}

/// What one speaker said without another in between.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Turn {
    /// The speaker's name, or "Speaker N".
    pub speaker: String,
    pub side: Side,
    /// The start, in milliseconds from the start of the call.
    pub start_ms: i64,
    /// The sentences, at least one, none of them empty.
    pub sentences: Vec<Sentence>,
}

impl Turn {
    #[must_use]
    pub fn text(&self) -> String {
        let texts: Vec<_> = self.sentences.iter().map(|s| s.text.as_str()).collect();
        texts.join(" ")
    }
}

/// How a source links to a moment of a call: from the call's page, and from and to in milliseconds
/// of the call; none where it has no such link.
#[derive(Debug, Clone, Copy)]
pub struct MomentLink(pub fn(page: &str, start_ms: i64, end_ms: i64) -> Option<String>);

/// The conversation of one call.
#[derive(Debug, Clone, Default)]
pub struct Conversation {
    pub title: Option<String>,
    pub url: Option<String>,
    /// How to link to a moment of it; none where the source knows no such link.
    pub moments: Option<MomentLink>,
    pub started: Option<Timestamp>,
    /// The language that the recorder names, such as `eng`.
    pub language: Option<String>,
    /// The customer who speaks most.
    pub author: Author,
    /// The customers who speak, by the names that their turns bear.
    pub people: BTreeMap<String, Author>,
    /// The turns in the order of time.
    pub turns: Vec<Turn>,
}

impl Conversation {
    /// The link to what was said in this span, in milliseconds.
    #[must_use]
    pub fn moment(&self, start_ms: i64, end_ms: i64) -> Option<String> {
        let MomentLink(link) = self.moments?;
        link(self.url.as_deref()?, start_ms, end_ms)
    }

    /// How long all its sentences are together, in bytes.
    #[must_use]
    pub fn bytes(&self) -> usize {
        let sentences = self.turns.iter().flat_map(|turn| &turn.sentences);
        sentences.map(|sentence| sentence.text.len()).sum()
    }

    /// Who said most of these quotes, and of several the first; without any, who speaks most.
    #[must_use]
    pub fn author_of(&self, quotes: &[Quote]) -> Author {
        let said = |one: &Quote| quotes.iter().filter(|q| q.speaker == one.speaker).count();
        // Of equal ones `max_by_key` takes the last.
        let Some(most) = quotes.iter().rev().max_by_key(|quote| said(quote)) else {
            return self.author.clone();
        };
        let known = self.people.get(&most.speaker).cloned();
        known.unwrap_or_else(|| Author {
            name: Some(most.speaker.clone()),
            email: None,
            account: self.author.account.clone(),
        })
    }

    /// The turns of the customer's side.
    pub fn customer_turns(&self) -> impl Iterator<Item = &Turn> {
        self.turns.iter().filter(|turn| turn.side == Side::Customer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn turn(side: Side, sentences: &[&str]) -> Turn {
        let sentence = |text: &&str| Sentence {
            text: (*text).to_owned(),
            ..Sentence::default()
        };
        Turn {
            speaker: "Speaker 1".into(),
            side,
            start_ms: 0,
            sentences: sentences.iter().map(sentence).collect(),
        }
    }

    fn conversation(turns: Vec<Turn>) -> Conversation {
        Conversation {
            turns,
            ..Conversation::default()
        }
    }

    #[test]
    fn only_the_customers_side_speaks_for_the_customer() {
        use Side::{Customer, Internal, Unknown};
        for (name, sides, customers) in [
            ("nobody speaks", &[][..], 0),
            ("our own side alone", &[Internal, Internal], 0),
            ("someone unknown alone", &[Unknown], 0),
            ("all sides", &[Internal, Customer, Unknown, Customer], 2),
        ] {
            let turns = sides.iter().map(|side| turn(*side, &["Yes."])).collect();
            let found = conversation(turns).customer_turns().count();
            assert_eq!(found, customers, "{name}");
        }
    }

    #[test]
    fn the_author_is_who_said_most_of_the_quotes() {
        let person = |name: &str, email: Option<&str>| Author {
            name: Some(name.into()),
            email: email.map(Into::into),
            account: Some("Harbour".into()),
        };
        let (ada, bo) = (
            person("Ada", Some("ada@harbour.example")),
            person("Bo", None),
        );
        let call = Conversation {
            author: ada.clone(),
            people: [("Ada", &ada), ("Bo", &bo)]
                .map(|(name, author)| (name.to_owned(), author.clone()))
                .into(),
            ..conversation(Vec::new())
        };
        for (speakers, author) in [
            (&[][..], &ada),
            (&["Ada"], &ada),
            (&["Bo"], &bo),
            (&["Ada", "Bo", "Bo"], &bo),
            (&["Bo", "Ada"], &bo),
            (&["Ada", "Bo"], &ada),
            (&["Cy", "Ada", "Bo", "Bo", "Ada"], &ada),
            (&["Cy"], &person("Cy", None)),
        ] {
            let quote = |speaker: &&str| Quote {
                text: "We need an export.".into(),
                speaker: (*speaker).to_owned(),
                start_ms: 0,
                link: None,
            };
            let quotes: Vec<_> = speakers.iter().map(quote).collect();
            assert_eq!(call.author_of(&quotes), *author, "{speakers:?}");
        }
    }

    #[test]
    fn a_turns_sentences_are_one_text_and_counted_in_bytes() {
        for (sentences, text, bytes) in [
            (&["Yes."][..], "Yes.", 4),
            (
                &["We need an export.", "Soon."],
                "We need an export. Soon.",
                23,
            ),
            (&["Für München."], "Für München.", 14),
        ] {
            let turn = turn(Side::Customer, sentences);
            assert_eq!(turn.text(), text, "{sentences:?}");
            let counted = conversation(vec![turn.clone(), turn]).bytes();
            assert_eq!(counted, 2 * bytes, "{sentences:?}");
        }
    }

    #[test]
    fn a_moment_has_a_link_where_the_call_has_a_page_and_the_source_knows_how() {
        let link = MomentLink(|page, from, to| Some(format!("{page}#{from}-{to}")));
        let none = MomentLink(|_, _, _| None);
        let page = "https://calls.example/7";
        for (name, url, moments, expected) in [
            (
                "both",
                Some(page),
                Some(link),
                Some("https://calls.example/7#5-9"),
            ),
            ("no page", None, Some(link), None),
            ("no such links", Some(page), None, None),
            (
                "a page that cannot be linked into",
                Some(page),
                Some(none),
                None,
            ),
        ] {
            let call = Conversation {
                url: url.map(str::to_owned),
                moments,
                ..conversation(Vec::new())
            };
            assert_eq!(call.moment(5, 9).as_deref(), expected, "{name}");
        }
    }
}
