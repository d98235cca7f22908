//! Boards, their categories, and tags.

use std::sync::Arc;

use domain::{
    feedback::{Board, Category, Tag, board::parse_name},
    ids::{BoardId, CategoryId, TagId},
    ports::{
        feedback::FeedbackStore,
        system::{Clock, Ids},
    },
    principal::{Action, Principal},
};

use crate::save::{SaveError, parse_description};

/// The longest name of a board or category, in characters.
pub const MAX_NAME: usize = 60;

/// A board as the form has it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BoardForm {
    /// The board to edit; none for a new one.
    pub id: Option<BoardId>,
    pub name: String,
    /// What belongs on it.
    pub description: String,
    /// Whether it is the default board.
    pub is_default: bool,
    /// Categories that stay, with their names; one that is not here or has no name is removed.
    pub categories: Vec<Category>,
    /// Names of more categories, one a line; a known name keeps its category.
    pub more_categories: String,
}

/// Makes and edits boards and tags.
#[derive(Clone)]
pub struct BoardService {
    /// Boards and tags.
    pub feedback: Arc<dyn FeedbackStore>,
    pub clock: Arc<dyn Clock>,
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
        principal.require(Action::EditBoards)?;
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
        let known = old.map_or(&[][..], |board| &board.categories);
        let categories = categories(form, known, &*self.ids)?;
        let board = Board {
            org_id: principal.org_id.clone(),
            id: old.map_or_else(
                || BoardId::parse(self.ids.uuid().to_string()).expect("a UUID is a valid id"),
                |board| board.id.clone(),
            ),
            name: parse_name(&form.name, MAX_NAME)?,
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
        principal.require(Action::EditBoards)?;
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

/// The categories that a form asks for, in its order.
fn categories(
    form: &BoardForm,
    known: &[Category],
    ids: &dyn Ids,
) -> Result<Vec<Category>, SaveError> {
    let is_known = |kept: &&Category| known.iter().any(|category| category.id == kept.id);
    let mut categories: Vec<Category> = Vec::new();
    for kept in form.categories.iter().filter(is_known) {
        if kept.name.trim().is_empty() {
            continue;
        }
        let name = parse_name(&kept.name, MAX_NAME)?;
        if categories.iter().any(|category| category.name == name) {
            return Err(SaveError::SameCategory(name));
        }
        let id = kept.id.clone();
        categories.push(Category { id, name });
    }
    for line in form.more_categories.lines() {
        if line.trim().is_empty() {
            continue;
        }
        let name = parse_name(line, MAX_NAME)?;
        if categories.iter().any(|category| category.name == name) {
            continue;
        }
        let free = |category: &&Category| categories.iter().all(|taken| taken.id != category.id);
        let same = known.iter().filter(free).find(|c| c.name == name);
        let category = same.cloned().unwrap_or_else(|| Category {
            id: CategoryId::parse(ids.uuid().to_string()).expect("a UUID is a valid id"),
            name,
        });
        categories.push(category);
    }
    Ok(categories)
}
