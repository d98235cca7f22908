//! Boards with their categories, and tags.

use serde::{Deserialize, Serialize};

use crate::{
    ids::{BoardId, CategoryId, OrgId, TagId},
    moment::Timestamp,
};

/// A board that posts lie on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Board {
    pub org_id: OrgId,
    pub id: BoardId,
    pub name: String,
    /// What belongs on it; read by Organize too.
    #[serde(default)]
    pub description: String,
    /// Whether posts go here when Organize names no board of the list.
    #[serde(default)]
    pub is_default: bool,
    #[serde(default)]
    pub categories: Vec<Category>,
    pub created: Timestamp,
}

/// A category of one board.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Category {
    pub id: CategoryId,
    pub name: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tag {
    pub org_id: OrgId,
    pub id: TagId,
    pub name: String,
}

/// Why a name was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidName {
    /// Nothing but white space.
    #[error("A name is required: enter at least one letter or digit.")]
    Empty,
    /// Longer than allowed.
    #[error("This name is too long: at most {0} characters.")]
    TooLong(usize),
}

/// Trims a name that a person typed and checks its length (in characters).
///
/// # Errors
/// [`InvalidName`] when nothing is left or more than `max` characters are.
pub fn parse_name(text: &str, max: usize) -> Result<String, InvalidName> {
    let name = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if !name.chars().any(char::is_alphanumeric) {
        return Err(InvalidName::Empty);
    }
    if name.chars().count() > max {
        return Err(InvalidName::TooLong(max));
    }
    Ok(name)
}

/// The board that posts go to when none is named: the default one, else the oldest.
#[must_use]
pub fn default_board(boards: &[Board]) -> Option<&Board> {
    boards
        .iter()
        .find(|board| board.is_default)
        .or_else(|| boards.iter().min_by_key(|board| board.created))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test may panic")]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_a_letter_or_digit_and_at_most_so_many_characters() {
        use InvalidName::{Empty, TooLong};
        for (typed, name) in [
            ("Billing", Ok("Billing")),
            ("  Billing \n", Ok("Billing")),
            ("Web\t &  app", Ok("Web & app")),
            ("10 letters", Ok("10 letters")),
            ("11 letters!", Err(TooLong(10))),
            ("  10 letters  ", Ok("10 letters")),
            ("1234567   8", Ok("1234567 8")),
            ("Ünïcödés!!", Ok("Ünïcödés!!")),
            ("請求", Ok("請求")),
            ("7", Ok("7")),
            ("", Err(Empty)),
            (" \t ", Err(Empty)),
            ("—?!", Err(Empty)),
            ("!!!!!!!!!!!!", Err(Empty)),
        ] {
            let name = name.map(str::to_owned);
            assert_eq!(parse_name(typed, 10), name, "{typed:?}");
        }
    }

    #[test]
    fn posts_go_to_the_default_board_or_else_to_the_oldest() {
        let board = |(id, created, is_default): &(&str, i64, bool)| Board {
            org_id: OrgId::parse("fernhill").unwrap(),
            id: BoardId::parse(*id).unwrap(),
            name: (*id).to_owned(),
            description: String::new(),
            is_default: *is_default,
            categories: Vec::new(),
            created: Timestamp(*created),
        };
        for (name, boards, expected) in [
            ("no board", &[][..], None),
            ("one that is no default", &[("a", 1, false)], Some("a")),
            (
                "the default one, though younger",
                &[("a", 1, false), ("b", 2, true)],
                Some("b"),
            ),
            (
                "no default: the oldest, wherever it stands",
                &[("a", 2, false), ("b", 1, false), ("c", 3, false)],
                Some("b"),
            ),
            (
                "two defaults: the first of the list",
                &[("a", 3, false), ("b", 2, true), ("c", 1, true)],
                Some("b"),
            ),
        ] {
            let boards: Vec<_> = boards.iter().map(board).collect();
            let found = default_board(&boards).map(|board| board.name.as_str());
            assert_eq!(found, expected, "{name}");
        }
    }
}
