//! A conversation, whatever recorded it: the only thing that the stages after Normalize see.

use crate::{feedback::Author, moment::Timestamp};

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

/// A sentence of a transcript.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sentence {
    /// Start in milliseconds from the start of the call.
    pub start_ms: i64,
    /// End in milliseconds.
    pub end_ms: i64,
    /// The words.
    pub text: String,
}

/// What one speaker said without another in between.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Turn {
    /// The speaker's name, or "Speaker N".
    pub speaker: String,
    /// The side.
    pub side: Side,
    /// The start, in milliseconds from the start of the call.
    pub start_ms: i64,
    /// The sentences, at least one, none of them empty.
    pub sentences: Vec<Sentence>,
}

impl Turn {
    /// The whole text.
    #[must_use]
    pub fn text(&self) -> String {
        let texts: Vec<_> = self.sentences.iter().map(|s| s.text.as_str()).collect();
        texts.join(" ")
    }
}

/// The conversation of one call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conversation {
    /// The call's title.
    pub title: Option<String>,
    /// The call's page.
    pub url: Option<String>,
    /// The start.
    pub started: Option<Timestamp>,
    /// The language that the recorder names, such as `eng`.
    pub language: Option<String>,
    /// The customer who speaks most.
    pub author: Author,
    /// The turns in the order of time.
    pub turns: Vec<Turn>,
}

impl Conversation {
    /// The turns of the customer's side.
    pub fn customer_turns(&self) -> impl Iterator<Item = &Turn> {
        self.turns.iter().filter(|turn| turn.side == Side::Customer)
    }
}
