//! Identifiers. Each is a newtype whose `parse` is the one home of what makes it valid.

use std::fmt;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Why a text is not an identifier of the kind asked for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("this is not a valid {kind}: {why}")]
pub struct InvalidId {
    /// The kind of identifier, in words.
    pub kind: &'static str,
    /// The rule that the text breaks.
    pub why: &'static str,
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $kind:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// Accepts 1 to 64 characters of `A-Z a-z 0-9 - _ .`.
            ///
            /// # Errors
            /// [`InvalidId`] when the text is empty, too long or has another character.
            pub fn parse(text: impl Into<String>) -> Result<Self, InvalidId> {
                let text = text.into();
                plain(&text).map_err(|why| InvalidId { kind: $kind, why })?;
                Ok(Self(text))
            }

            /// The identifier as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl TryFrom<String> for $name {
            type Error = InvalidId;
            fn try_from(text: String) -> Result<Self, InvalidId> {
                Self::parse(text)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.0
            }
        }
    };
}

fn plain(text: &str) -> Result<(), &'static str> {
    if text.is_empty() {
        return Err("it is empty");
    }
    if text.len() > 64 {
        return Err("it is longer than 64 characters");
    }
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    if !text.chars().all(allowed) {
        return Err("only letters, digits, '-', '_' and '.' may stand in it");
    }
    Ok(())
}

id!(
    /// An organization (tenant): the customer of ProductBridge.
    OrgId, "organization id"
);
id!(
    /// A person of an organization.
    UserId, "user id"
);
id!(
    /// A feedback post.
    PostId, "post id"
);
id!(
    /// A board that posts lie on.
    BoardId, "board id"
);
id!(
    /// A category of one board.
    CategoryId, "category id"
);
id!(
    /// A tag of the organization.
    TagId, "tag id"
);
id!(
    /// A sync window: a time range of calls to list.
    WindowId, "window id"
);

/// A Gong call's id: 1 to 20 digits, always text (it does not fit a float, nor always an `i64`).
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CallId(String);

impl CallId {
    /// # Errors
    /// [`InvalidId`] when the text is not 1 to 20 ASCII digits.
    pub fn parse(text: impl Into<String>) -> Result<Self, InvalidId> {
        let text = text.into();
        if (1..=20).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit()) {
            Ok(Self(text))
        } else {
            Err(InvalidId {
                kind: "call id",
                why: "it must be 1 to 20 digits",
            })
        }
    }

    /// The identifier as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for CallId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for CallId {
    type Error = InvalidId;
    fn try_from(text: String) -> Result<Self, InvalidId> {
        Self::parse(text)
    }
}

impl From<CallId> for String {
    fn from(id: CallId) -> String {
        id.0
    }
}

/// A UUID as a post's id.
#[must_use]
pub fn post_id(uuid: Uuid) -> PostId {
    PostId::parse(uuid.to_string()).expect("a UUID is a valid id")
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test may panic")]
mod tests {
    use super::*;

    #[test]
    fn a_call_id_of_twenty_digits_survives_serde_exactly() {
        let id: CallId = serde_json::from_str("\"98765432109876543210\"").unwrap();
        assert_eq!(
            serde_json::to_string(&id).unwrap(),
            "\"98765432109876543210\""
        );
    }

    #[test]
    fn ids_refuse_what_could_break_a_key() {
        for bad in ["", "a#b", "a/b", "ä", "a b", &"x".repeat(65)] {
            assert!(OrgId::parse(bad).is_err(), "{bad:?}");
        }
        for bad in ["", "12a", "123456789012345678901", "-1"] {
            assert!(CallId::parse(bad).is_err(), "{bad:?}");
        }
    }
}
