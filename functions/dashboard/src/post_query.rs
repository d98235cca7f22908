//! The filter of a list of posts, as it stands in an address.

use domain::{
    feedback::{Moderation, PostStatus},
    ids::{BoardId, TagId},
    ports::feedback::PostFilter,
};
use serde::Deserialize;

use crate::http_status::Refusal;

/// The longest text to search for, in characters.
const MAX_TEXT: usize = 200;

/// The filter's fields; an empty one does not filter.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct PostQuery {
    pub board: String,
    pub tag: String,
    pub status: String,
    /// Published or in review.
    pub moderation: String,
    /// A text to search for.
    pub q: String,
}

impl PostQuery {
    /// Whether it filters at all.
    pub fn is_empty(&self) -> bool {
        self.pairs().iter().all(|(_, text)| text.trim().is_empty())
    }

    /// The fields as they stand in an address.
    pub fn pairs(&self) -> [(&'static str, &str); 5] {
        [
            ("board", &self.board),
            ("tag", &self.tag),
            ("status", &self.status),
            ("moderation", &self.moderation),
            ("q", &self.q),
        ]
    }

    /// The filter for the store.
    ///
    /// # Errors
    /// [`Refusal::BadQuery`] names the first field whose value does not exist.
    pub fn filter(&self) -> Result<PostFilter, Refusal> {
        Ok(PostFilter {
            board: field(&self.board, "the board", |id| BoardId::parse(id).ok())?,
            tag: field(&self.tag, "the tag", |id| TagId::parse(id).ok())?,
            status: field(&self.status, "the status", PostStatus::parse)?,
            moderation: field(&self.moderation, "the moderation", Moderation::parse)?,
            hidden_too: false,
            text: field(&self.q, "the search", |text| {
                Some(text.chars().take(MAX_TEXT).collect())
            })?,
        })
    }
}

fn field<T>(
    text: &str,
    name: &'static str,
    parse: impl Fn(&str) -> Option<T>,
) -> Result<Option<T>, Refusal> {
    match text.trim() {
        "" => Ok(None),
        text => parse(text).map(Some).ok_or(Refusal::BadQuery(name)),
    }
}
