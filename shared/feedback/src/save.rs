//! What a form may hold, and why it was not saved.

use domain::{
    feedback::{board::InvalidName, product::InvalidProduct, settings::InvalidSetting},
    ports::{StoreError, analysis::EmbedError},
    principal::NotAllowed,
};

/// The longest title, in characters.
pub const MAX_TITLE: usize = 200;
/// The longest details, in characters.
pub const MAX_DESCRIPTION: usize = 10_000;

/// Why a post, a board, a tag, the settings or what is said about the product were not saved.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SaveError {
    #[error(transparent)]
    NotAllowed(#[from] NotAllowed),
    #[error(transparent)]
    Name(#[from] InvalidName),
    #[error(transparent)]
    Setting(#[from] InvalidSetting),
    #[error(transparent)]
    Product(#[from] InvalidProduct),
    /// Somebody else saved since the page was opened.
    #[error(
        "Someone else saved this meanwhile, so yours was not saved. Compare the two, bring over what you want to keep, and save again."
    )]
    Changed,
    /// The details are too long.
    #[error("The details are too long: at most {MAX_DESCRIPTION} characters. Nothing was saved.")]
    TooLong,
    /// A category would have the name of another.
    #[error(
        "Two categories are named “{0}”. Give each its own name, or clear one to remove it. Nothing was saved."
    )]
    SameCategory(String),
    /// No such board.
    #[error(
        "There is no such board. Choose one from the list; an admin can create one under Boards."
    )]
    NoBoard,
    #[error(
        "The post was not saved, because the embedding model that finds similar posts is not available: {0}"
    )]
    Embedding(#[from] EmbedError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The details without white space around them.
///
/// # Errors
/// [`SaveError::TooLong`].
pub(crate) fn parse_description(text: &str) -> Result<String, SaveError> {
    let text = text.trim();
    if text.chars().count() > MAX_DESCRIPTION {
        return Err(SaveError::TooLong);
    }
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn details_are_kept_without_the_white_space_around_them() {
        let longest = "ä".repeat(MAX_DESCRIPTION);
        let longer = format!("{longest}!");
        let padded = format!("  {longest}\n");
        for (name, typed, kept) in [
            ("nothing", "", Some("")),
            ("white space", " \n\t", Some("")),
            (
                "lines",
                "\nAs a file.\n\nWeekly.  ",
                Some("As a file.\n\nWeekly."),
            ),
            ("as long as may be", &longest, Some(longest.as_str())),
            ("as long, in white space", &padded, Some(longest.as_str())),
            ("longer", &longer, None),
        ] {
            let expected = kept.map(str::to_owned).ok_or(SaveError::TooLong);
            assert!(parse_description(typed) == expected, "{name}");
        }
    }
}
