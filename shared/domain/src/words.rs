//! Enums that are stored by a word, and what becomes of a word that a newer version stored.
//!
//! The rule of additive releases: a newer version may add words and fields to what is stored, never
//! change what a word or a field means. A version that is rolled back to shows such a word as it
//! is, decides nothing by it, and writes it back unchanged.

use std::{
    collections::BTreeSet,
    sync::{Mutex, PoisonError},
};

/// Longer texts are no words of ours.
const LONGEST: usize = 64;
/// As many words as no version adds; what is beyond them shares one name.
const MOST: usize = 1_000;
const TOO_MANY: &str = "unknown";

/// A word that this version does not know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NewerWord(&'static str);

impl NewerWord {
    /// The word, kept as long as the process lives: words are few, and enums of words stay `Copy`.
    #[must_use]
    pub fn keep(word: &str) -> Option<Self> {
        static KEPT: Mutex<BTreeSet<&'static str>> = Mutex::new(BTreeSet::new());
        if word.is_empty() || word.len() > LONGEST || word.chars().any(char::is_control) {
            return None;
        }
        let mut kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = kept.get(word) {
            return Some(Self(known));
        }
        if kept.len() >= MOST {
            return Some(Self(TOO_MANY));
        }
        let word: &'static str = Box::leak(word.to_owned().into_boxed_str());
        kept.insert(word);
        Some(Self(word))
    }

    #[must_use]
    pub const fn as_str(self) -> &'static str {
        self.0
    }
}

/// An enum whose values are stored and shown as words.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name {
            $($(#[$vdoc])* $variant,)+
            /// A word that a newer version stored: shown, and never decided by.
            Newer($crate::words::NewerWord),
        }

        impl $name {
            /// All values that this version knows, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The value's word, as stored and shown.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)+
                    Self::Newer(word) => word.as_str(),
                }
            }

            /// Reads the word of a value that this version knows.
            #[must_use]
            pub fn parse(text: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|value| value.as_str() == text)
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str>>::deserialize(from)?;
                let newer = || $crate::words::NewerWord::keep(&text).map(Self::Newer);
                Self::parse(&text)
                    .or_else(newer)
                    .ok_or_else(|| serde::de::Error::custom(concat!("no word of ", stringify!($name))))
            }
        }
    };
}

pub(crate) use words;

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test may panic")]
mod tests {
    use super::*;

    words!(
        Size {
            Small = "small",
            Large = "very large",
        }
    );

    #[test]
    fn a_word_of_a_newer_version_is_shown_and_written_back() {
        for (stored, known) in [
            ("\"small\"", true),
            ("\"very large\"", true),
            ("\"huge\"", false),
        ] {
            let size: Size = serde_json::from_str(stored).unwrap();
            assert_eq!(serde_json::to_string(&size).unwrap(), stored);
            assert_eq!(Size::ALL.contains(&size), known, "{stored}");
            assert_eq!(Size::parse(size.as_str()).is_some(), known, "{stored}");
        }
    }

    #[test]
    fn what_is_no_word_is_an_error() {
        for stored in [
            "\"\"",
            "7",
            "null",
            "\"a\\nb\"",
            &format!("{:?}", "x".repeat(65)),
        ] {
            assert!(serde_json::from_str::<Size>(stored).is_err(), "{stored}");
        }
    }

    #[test]
    fn one_word_is_kept_once() {
        let twice = ["huge", "huge"].map(|word| NewerWord::keep(word).unwrap());
        assert!(std::ptr::eq(twice[0].as_str(), twice[1].as_str()));
    }
}
