//! Boards with their categories, and tags.

use serde::{Deserialize, Serialize};

use crate::{
    ids::{BoardId, CategoryId, OrgId, TagId},
    moment::Timestamp,
};

/// A board that posts lie on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Board {
    /// The organization.
    pub org_id: OrgId,
    /// The board.
    pub id: BoardId,
    /// Its name.
    pub name: String,
    /// What belongs on it; read by Organize too.
    #[serde(default)]
    pub description: String,
    /// Whether posts go here when Organize names no board of the list.
    #[serde(default)]
    pub is_default: bool,
    /// Its categories.
    #[serde(default)]
    pub categories: Vec<Category>,
    /// When it was made.
    pub created: Timestamp,
}

/// A category of one board.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Category {
    /// The category.
    pub id: CategoryId,
    /// Its name.
    pub name: String,
}

/// A tag of the organization.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tag {
    /// The organization.
    pub org_id: OrgId,
    /// The tag.
    pub id: TagId,
    /// Its name.
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
