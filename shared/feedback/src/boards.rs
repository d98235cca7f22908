//! What people do with boards, tags, settings and posts.

use domain::feedback::Request;
use std::sync::Arc;

use domain::{
    feedback::{
        Author, Board, Category, Post, Settings, Tag,
        board::{InvalidName, default_board, parse_name},
        settings::InvalidSetting,
    },
    ids::{BoardId, CategoryId, PostId, TagId, post_id},
    ports::{
        StoreError,
        analysis::EmbedError,
        feedback::{DedupeStore, FeedbackStore, VectorIndex},
        system::{Clock, Ids},
    },
    principal::{NotAllowed, Principal, Role},
};

use crate::matching::index::{Placer, put_in};

/// The longest title, in characters.
pub const MAX_TITLE: usize = 200;
/// The longest details, in characters.
pub const MAX_DESCRIPTION: usize = 10_000;

/// Why something a person asked for was not done.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DeskError {
    /// The role.
    #[error(transparent)]
    NotAllowed(#[from] NotAllowed),
    /// A name.
    #[error(transparent)]
    Name(#[from] InvalidName),
    /// A setting.
    #[error(transparent)]
    Setting(#[from] InvalidSetting),
    /// The details are too long.
    #[error("The details are too long: at most {MAX_DESCRIPTION} characters. Nothing was saved.")]
    TooLong,
    /// No such board.
    #[error("There is no such board. Choose one of the list; an admin can make one under Boards.")]
    NoBoard,
    /// The embedding model.
    #[error(
        "The post was not saved, because the embedding model that finds similar posts is not available: {0}"
    )]
    Embedding(#[from] EmbedError),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A post as it comes from a person or a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewPost {
    /// Title.
    pub title: String,
    /// Details.
    pub description: String,
    /// The board; the default one when none is named.
    pub board_id: Option<BoardId>,
}

/// A board as the form has it: a category with an id is renamed, one without is new.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BoardForm {
    /// The board to edit; none for a new one.
    pub id: Option<BoardId>,
    /// Its name.
    pub name: String,
    /// What belongs on it.
    pub description: String,
    /// Whether it is the default board.
    pub is_default: bool,
    /// The categories' names, one a line; those that are gone are removed.
    pub categories: String,
}

/// The people's side of feedback.
#[derive(Clone)]
pub struct Desk {
    /// Posts, boards, tags, settings.
    pub feedback: Arc<dyn FeedbackStore>,
    /// The epoch protocol: a post made by hand becomes searchable too.
    pub dedupe: Arc<dyn DedupeStore>,
    /// The index.
    pub index: Arc<dyn VectorIndex>,
    /// The embedding model.
    pub placer: Placer,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Ids.
    pub ids: Arc<dyn Ids>,
}

impl Desk {
    /// Writes a post by hand. It counts as existing feedback at once.
    ///
    /// # Errors
    /// [`DeskError`]; nothing was saved.
    pub async fn create_post(
        &self,
        principal: &Principal,
        new: &NewPost,
    ) -> Result<PostId, DeskError> {
        principal.require(Role::Member)?;
        let boards = self.feedback.boards(&principal.org_id).await?;
        let board = match &new.board_id {
            Some(id) => boards.iter().find(|board| board.id == *id),
            None => default_board(&boards),
        };
        let post = Post {
            author: Author {
                name: Some(principal.user_id.to_string()),
                ..Author::default()
            },
            created_by: Some(principal.user_id.clone()),
            ..Post::new(
                principal.org_id.clone(),
                post_id(self.ids.uuid()),
                Request {
                    title: parse_name(&new.title, MAX_TITLE)?,
                    description: parse_description(&new.description)?,
                    ..Request::default()
                },
                board.ok_or(DeskError::NoBoard)?.id.clone(),
                self.clock.now(),
            )
        };
        self.publish(&post).await?;
        Ok(post.id)
    }

    /// Embeds and stores a post that is not there yet, and puts it into the index; `false` when
    /// a post with its id exists.
    ///
    /// # Errors
    /// [`DeskError::Embedding`] or [`DeskError::Store`].
    pub async fn publish(&self, post: &Post) -> Result<bool, DeskError> {
        let vector = self.placer.place(post).await?;
        if !self.dedupe.create_post(post, &vector).await? {
            return Ok(false);
        }
        put_in(&*self.index, &*self.dedupe, &vector).await;
        Ok(true)
    }

    /// Makes or edits a board.
    ///
    /// # Errors
    /// [`DeskError`]; nothing was saved.
    pub async fn save_board(
        &self,
        principal: &Principal,
        form: &BoardForm,
    ) -> Result<BoardId, DeskError> {
        principal.require(Role::Admin)?;
        let boards = self.feedback.boards(&principal.org_id).await?;
        let old = match &form.id {
            Some(id) => Some(
                boards
                    .iter()
                    .find(|b| b.id == *id)
                    .ok_or(DeskError::NoBoard)?,
            ),
            None => None,
        };
        let known = old
            .map(|board| board.categories.clone())
            .unwrap_or_default();
        let mut categories: Vec<Category> = Vec::new();
        for line in form
            .categories
            .lines()
            .filter(|line| !line.trim().is_empty())
        {
            let name = parse_name(line, 60)?;
            if categories.iter().any(|category| category.name == name) {
                continue;
            }
            let same = known.iter().find(|category| category.name == name);
            categories.push(same.cloned().unwrap_or_else(|| Category {
                id: CategoryId::parse(self.ids.uuid().to_string()).expect("a UUID is a valid id"),
                name,
            }));
        }
        let board = Board {
            org_id: principal.org_id.clone(),
            id: old.map_or_else(
                || BoardId::parse(self.ids.uuid().to_string()).expect("a UUID is a valid id"),
                |board| board.id.clone(),
            ),
            name: parse_name(&form.name, 60)?,
            description: parse_description(&form.description)?,
            is_default: form.is_default || boards.is_empty(),
            categories,
            created: old.map_or_else(|| self.clock.now(), |board| board.created),
        };
        self.feedback.put_board(&board).await?;
        if board.is_default {
            for other in boards.iter().filter(|b| b.is_default && b.id != board.id) {
                let other = Board {
                    is_default: false,
                    ..other.clone()
                };
                self.feedback.put_board(&other).await?;
            }
        }
        Ok(board.id)
    }

    /// Makes a tag, or renames one.
    ///
    /// # Errors
    /// [`DeskError`]; nothing was saved.
    pub async fn save_tag(
        &self,
        principal: &Principal,
        id: Option<TagId>,
        name: &str,
    ) -> Result<(), DeskError> {
        principal.require(Role::Admin)?;
        let id = id.unwrap_or_else(|| {
            TagId::parse(self.ids.uuid().to_string()).expect("a UUID is a valid id")
        });
        let tag = Tag {
            org_id: principal.org_id.clone(),
            id,
            name: parse_name(name, 40)?,
        };
        Ok(self.feedback.put_tag(&tag).await?)
    }

    /// Changes the organization's settings.
    ///
    /// # Errors
    /// [`DeskError`]; nothing was saved.
    pub async fn save_settings(
        &self,
        principal: &Principal,
        settings: &Settings,
    ) -> Result<(), DeskError> {
        principal.require(Role::Admin)?;
        Ok(self
            .feedback
            .put_settings(&principal.org_id, settings)
            .await?)
    }
}

/// The details without white space around them.
///
/// # Errors
/// [`DeskError::TooLong`].
pub(super) fn parse_description(text: &str) -> Result<String, DeskError> {
    let text = text.trim();
    if text.chars().count() > MAX_DESCRIPTION {
        return Err(DeskError::TooLong);
    }
    Ok(text.to_owned())
}
