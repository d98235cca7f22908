//! Taking over feedback that exists elsewhere, one JSON object a line.

use domain::feedback::Request;
use domain::{
    feedback::{
        Author, Board, Post, PostStatus, Tag,
        board::{default_board, parse_name},
    },
    ids::post_id,
    moment::Timestamp,
    principal::{Action, Principal},
    text::bounded,
};
use serde::Deserialize;
use uuid::Uuid;

use crate::{
    posts::PostService,
    save::{MAX_DESCRIPTION, MAX_TITLE, SaveError},
};

/// Namespace of imported posts' ids (a fixed random UUID of ours).
const NAMESPACE: Uuid = Uuid::from_u128(0x1d4e_88a0_3b52_4f6b_9c07_7be1_40aa_93d5);

/// One line of an import file. Only `title` is required.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct ImportLine {
    pub title: String,
    #[serde(default)]
    pub description: String,
    /// The id in the system it comes from; without one, title and description identify it.
    #[serde(default)]
    pub id: Option<String>,
    /// The system it comes from; `import` when not named.
    #[serde(default)]
    pub source: Option<String>,
    /// The board's name; the default board when not named or not known.
    #[serde(default)]
    pub board: Option<String>,
    /// The status; `open` when not named.
    #[serde(default)]
    pub status: Option<String>,
    /// Tags by name; unknown ones are left out.
    #[serde(default)]
    pub tags: Vec<String>,
    #[serde(default)]
    pub author: ImportAuthor,
    /// When, as RFC 3339.
    #[serde(default)]
    pub created: Option<String>,
}

/// Who asked, in an import file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct ImportAuthor {
    #[serde(default)]
    pub name: Option<String>,
    #[serde(default)]
    pub email: Option<String>,
    #[serde(default)]
    pub account: Option<String>,
}

/// What became of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Imported {
    Added,
    Known,
}

/// Why a line was not taken over.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ImportError {
    /// Not a JSON object of this form.
    #[error("not a post: {0}")]
    Unreadable(String),
    /// A status that does not exist.
    #[error("“{0}” is no status; use open, under review, planned, in progress, complete or closed")]
    Status(String),
    /// A time that is not RFC 3339.
    #[error("“{0}” is no time; write it like 2026-10-14T09:30:00Z")]
    Created(String),
    /// Anything that a post by hand may meet.
    #[error(transparent)]
    Post(#[from] SaveError),
}

impl ImportLine {
    /// Reads one line.
    ///
    /// # Errors
    /// [`ImportError::Unreadable`] says what is wrong, without the line's words.
    pub fn parse(line: &str) -> Result<Self, ImportError> {
        serde_json::from_str(line).map_err(|error| {
            let cause = match error.classify() {
                serde_json::error::Category::Data => error.to_string(),
                _ => format!("broken JSON at column {}", error.column()),
            };
            ImportError::Unreadable(cause)
        })
    }
}

impl PostService {
    /// Takes one line over as a post that later calls are deduplicated against. The same line
    /// imported twice is one post.
    ///
    /// # Errors
    /// [`ImportError`]; nothing was stored for this line.
    pub async fn import(
        &self,
        principal: &Principal,
        line: &ImportLine,
    ) -> Result<Imported, ImportError> {
        principal.require(Action::Import).map_err(SaveError::from)?;
        let org = &principal.org_id;
        let boards = self.feedback.boards(org).await.map_err(SaveError::from)?;
        let tags = self.feedback.tags(org).await.map_err(SaveError::from)?;
        let post = imported(principal, line, (&boards, &tags), self.clock.now())?;
        if self.publish(&post).await? {
            Ok(Imported::Added)
        } else {
            Ok(Imported::Known)
        }
    }
}

fn imported(
    principal: &Principal,
    line: &ImportLine,
    (boards, tags): (&[Board], &[Tag]),
    now: Timestamp,
) -> Result<Post, ImportError> {
    let org = &principal.org_id;
    let named = line.board.as_deref().map(str::trim);
    let board = named
        .and_then(|name| boards.iter().find(|b| b.name.eq_ignore_ascii_case(name)))
        .or_else(|| default_board(boards))
        .ok_or(SaveError::NoBoard)?;
    let status = line.status.as_deref().unwrap_or("open");
    let status =
        PostStatus::parse(status).ok_or_else(|| ImportError::Status(bounded(status, 40)))?;
    let created = line.created.as_deref().map_or(Ok(now), |text| {
        Timestamp::parse_rfc3339(text).ok_or_else(|| ImportError::Created(bounded(text, 40)))
    })?;
    let title = parse_name(&line.title, MAX_TITLE).map_err(SaveError::from)?;
    if line.description.chars().count() > MAX_DESCRIPTION {
        return Err(SaveError::TooLong.into());
    }
    let source = line.source.as_deref().map(|s| bounded(s, 40));
    let source = source
        .filter(|s| !s.is_empty())
        .unwrap_or_else(|| "import".into());
    let identity = line
        .id
        .clone()
        .unwrap_or_else(|| format!("{title}\n{}", line.description));
    let key = format!("{org}\n{source}\n{identity}");
    let wanted = |name: &String| tags.iter().any(|t| t.name.eq_ignore_ascii_case(name));
    let names: Vec<_> = line.tags.iter().filter(|name| wanted(name)).collect();
    let is_named = |tag: &str| names.iter().any(|name| name.eq_ignore_ascii_case(tag));
    let id = post_id(Uuid::new_v5(&NAMESPACE, key.as_bytes()));
    Ok(Post {
        tag_ids: tags
            .iter()
            .filter(|t| is_named(&t.name))
            .map(|t| t.id.clone())
            .collect(),
        status,
        source,
        source_type: "import".into(),
        author: Author {
            name: line.author.name.clone(),
            email: line.author.email.clone(),
            account: line.author.account.clone(),
        },
        updated: now,
        created_by: Some(principal.user_id.clone()),
        ..Post::new(
            org.clone(),
            id,
            Request {
                title,
                description: line.description.trim().to_owned(),
                ..Request::default()
            },
            board.id.clone(),
            created,
        )
    })
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test may panic")]
mod tests;
