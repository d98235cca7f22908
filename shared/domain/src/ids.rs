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
id!(UserId, "user id");
id!(PostId, "post id");
id!(
    /// A board that posts lie on.
    BoardId, "board id"
);
id!(
    /// A category of one board.
    CategoryId, "category id"
);
id!(TagId, "tag id");
id!(
    /// A sync window: a time range of calls to list.
    WindowId, "window id"
);

/// The source whose calls go by their id there alone.
pub const GONG: &str = "gong";

/// A call: the source that recorded it, and its id there. As text, a call of Gong is its id alone
/// (1 to 20 digits; it does not fit a float, nor always an `i64`), any other is `source:id`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CallId(String);

impl CallId {
    /// Reads the text of a call's id.
    ///
    /// # Errors
    /// [`InvalidId`] when it is neither 1 to 20 ASCII digits nor `source:id`.
    pub fn parse(text: impl Into<String>) -> Result<Self, InvalidId> {
        let text = text.into();
        match text.split_once(':') {
            Some((source, id)) => Self::of(source, id),
            None => Self::of(GONG, &text),
        }
    }

    /// The call with this id at this source (1 to 20 lower-case letters).
    ///
    /// # Errors
    /// [`InvalidId`] when one of them cannot be.
    pub fn of(source: &str, id: &str) -> Result<Self, InvalidId> {
        let refused = |why| InvalidId {
            kind: "call id",
            why,
        };
        if source == GONG {
            let digits = (1..=20).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_digit());
            let id = digits.then(|| Self(id.to_owned()));
            return id.ok_or(refused("it must be 1 to 20 digits"));
        }
        if !(1..=20).contains(&source.len()) || !source.bytes().all(|b| b.is_ascii_lowercase()) {
            return Err(refused("its source must be 1 to 20 lower-case letters"));
        }
        plain(id).map_err(refused)?;
        Ok(Self(format!("{source}:{id}")))
    }

    /// The source that recorded the call.
    #[must_use]
    pub fn source(&self) -> &str {
        self.0.split_once(':').map_or(GONG, |(source, _)| source)
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
        for bad in [
            "",
            "12a",
            "123456789012345678901",
            "-1",
            "gong:x",
            ":1",
            "Chat:1",
            "chat:",
            "chat:a#b",
            "chat:a:b",
        ] {
            assert!(CallId::parse(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn a_call_knows_its_source() {
        let gong = CallId::parse("98765432109876543210").unwrap();
        assert_eq!(gong.source(), "gong");
        assert_eq!(CallId::of("gong", "98765432109876543210"), Ok(gong));
        let chat = CallId::of("chat", "2026-11.7").unwrap();
        assert_eq!((chat.source(), chat.as_str()), ("chat", "chat:2026-11.7"));
        assert_eq!(CallId::parse("chat:2026-11.7"), Ok(chat));
    }
}
