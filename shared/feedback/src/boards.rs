//! Boards, their categories, and tags.

use std::sync::Arc;

use domain::{
    feedback::{Board, Category, Tag, board::parse_name},
    ids::{BoardId, CategoryId, TagId},
    ports::{
        feedback::FeedbackStore,
        system::{Clock, Ids},
    },
    principal::{Principal, Role},
};

use crate::save::{SaveError, parse_description};

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

/// Makes and edits boards and tags.
#[derive(Clone)]
pub struct BoardService {
    /// Boards and tags.
    pub feedback: Arc<dyn FeedbackStore>,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Ids.
    pub ids: Arc<dyn Ids>,
}

impl BoardService {
    /// Makes or edits a board.
    ///
    /// # Errors
    /// [`SaveError`]; nothing was saved.
    pub async fn save_board(
        &self,
        principal: &Principal,
        form: &BoardForm,
    ) -> Result<BoardId, SaveError> {
        principal.require(Role::Admin)?;
        let boards = self.feedback.boards(&principal.org_id).await?;
        let old = match &form.id {
            Some(id) => Some(
                boards
                    .iter()
                    .find(|b| b.id == *id)
                    .ok_or(SaveError::NoBoard)?,
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
    /// [`SaveError`]; nothing was saved.
    pub async fn save_tag(
        &self,
        principal: &Principal,
        id: Option<TagId>,
        name: &str,
    ) -> Result<(), SaveError> {
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
}
