//! What of a text is claimed.

use std::fmt;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Number,
    /// Or a time of day.
    Date,
    /// Of money.
    Amount,
    /// Of a person, a company or a product.
    Name,
}

/// A claim that nobody made; shown to people in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unsaid {
    pub kind: Kind,
    /// As it stands in the finding: never to be logged.
    pub text: String,
}

impl fmt::Display for Unsaid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self.kind {
            Kind::Number => "number",
            Kind::Date => "date or time",
            Kind::Amount => "amount",
            Kind::Name => "name",
        };
        let text = &self.text;
        write!(
            f,
            "The {kind} {text} stands in its text, but nobody in the call said it."
        )
    }
}

/// A claim's place in a text, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Claim {
    pub kind: Kind,
    pub start: usize,
    /// The byte after the last.
    pub end: usize,
}
