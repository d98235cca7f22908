//! Editing a post: text, status, place, tags, owner.

use domain::{
    feedback::{Board, Post, PostStatus, Request, Tag, board::parse_name},
    ids::{BoardId, CategoryId, PostId, TagId, UserId},
    ports::feedback::{FeedbackChange, PostChange, VectorChange},
    principal::{Action, Principal},
};

use super::{Curate, CurateError, Planned};
use crate::save::{MAX_TITLE, parse_description};

/// The edit form as it was filled in; what is empty is none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PostForm {
    /// The post's `edits` when the form was opened.
    pub edits: u64,
    pub title: String,
    pub description: String,
    /// [`PostStatus`]'s word.
    pub status: String,
    pub board_id: String,
    pub category_id: String,
    pub tag_ids: Vec<String>,
    /// The person who looks after it.
    pub owner: String,
}

impl Curate {
    /// Saves an edit. A new title or new details move the post in the search; nothing else does.
    ///
    /// # Errors
    /// [`CurateError`]; nothing was saved.
    pub async fn edit(
        &self,
        me: &Principal,
        id: &PostId,
        form: &PostForm,
    ) -> Result<(), CurateError> {
        me.require(Action::EditPosts)?;
        let (boards, tags) = &(
            self.feedback.boards(&me.org_id).await?,
            self.feedback.tags(&me.org_id).await?,
        );
        self.decide(|once| async move { once.plan_edit(me, id, form, (boards, tags)).await })
            .await
    }

    async fn plan_edit(
        &self,
        me: &Principal,
        id: &PostId,
        form: &PostForm,
        (boards, tags): (&[Board], &[Tag]),
    ) -> Planned<()> {
        let read = self.post(&me.org_id, id).await?;
        if read.edits != form.edits {
            return Err(CurateError::Edited);
        }
        let mut next = edited(&read, form, boards, tags)?;
        let did = differences(&read, &next, boards, tags);
        if did.is_empty() {
            return Ok(((), None));
        }
        let at = self.clock.now();
        next.edits += 1;
        next.updated = at;
        let moved = read.request.embedding_text() != next.request.embedding_text();
        let vector = if moved && read.moderation.is_searched() {
            next.revision += 1;
            VectorChange::Put(self.embed_post(&next).await?)
        } else {
            VectorChange::Keep
        };
        let change = FeedbackChange {
            posts: vec![PostChange {
                read,
                next: Some(next),
                vector,
            }],
            activity: vec![self.activity(me, at, &[id], format!("changed {}", did.join(", ")))],
            ..FeedbackChange::new(me.org_id.clone(), at)
        };
        Ok(((), Some(change)))
    }
}

fn edited(
    read: &Post,
    form: &PostForm,
    boards: &[Board],
    tags: &[Tag],
) -> Result<Post, CurateError> {
    let too_long = |_| CurateError::TooLong("text of the details");
    let description = parse_description(&form.description).map_err(too_long)?;
    let not_in_list = CurateError::NotInList;
    // A board that was removed keeps its posts until they are moved.
    let board = boards
        .iter()
        .find(|board| board.id.as_str() == form.board_id);
    let board_id = match board {
        Some(board) => board.id.clone(),
        None if read.board_id.as_str() == form.board_id => read.board_id.clone(),
        None => return Err(not_in_list("board")),
    };
    let category_id = match form.category_id.as_str() {
        "" => None,
        id => {
            let mut of_board = board.iter().flat_map(|board| &board.categories);
            let known = of_board.find(|category| category.id.as_str() == id);
            match known {
                Some(category) => Some(category.id.clone()),
                // The category of the board that was left does not come along.
                None if board_id != read.board_id => None,
                None => return Err(not_in_list("category")),
            }
        }
    };
    let tag = |id: &String| {
        let known = tags.iter().find(|tag| tag.id.as_str() == id);
        known.map(|tag| tag.id.clone()).ok_or(not_in_list("tag"))
    };
    let mut tag_ids = form
        .tag_ids
        .iter()
        .map(tag)
        .collect::<Result<Vec<_>, _>>()?;
    tag_ids.dedup();
    let owner = match form.owner.trim() {
        "" => None,
        name => Some(UserId::parse(name).map_err(|_| not_in_list("owner"))?),
    };
    Ok(Post {
        request: Request {
            title: parse_name(&form.title, MAX_TITLE)?,
            description,
            ..read.request.clone()
        },
        status: match PostStatus::parse(&form.status) {
            Some(status) => status,
            // What a newer version set stays when it is not changed.
            None if form.status == read.status.as_str() => read.status,
            None => return Err(not_in_list("status")),
        },
        board_id,
        category_id,
        tag_ids,
        owner,
        ..read.clone()
    })
}

/// What an edit changes, in words that hold nothing a customer said.
fn differences(read: &Post, next: &Post, boards: &[Board], tags: &[Tag]) -> Vec<String> {
    let board = |id: &BoardId| {
        let board = boards.iter().find(|board| board.id == *id);
        board.map_or("a removed board", |board| board.name.as_str())
    };
    let category = |id: Option<&CategoryId>| {
        let all = boards.iter().flat_map(|board| &board.categories);
        let known = id.and_then(|id| all.into_iter().find(|category| category.id == *id));
        known.map_or("none", |category| category.name.as_str())
    };
    let names = |ids: &[TagId]| {
        let name = |id: &TagId| tags.iter().find(|tag| tag.id == *id).map(|tag| &*tag.name);
        let names: Vec<_> = ids.iter().filter_map(name).collect();
        if names.is_empty() {
            "none".to_owned()
        } else {
            names.join(" and ")
        }
    };
    let owner = |owner: &Option<UserId>| {
        owner
            .as_ref()
            .map_or_else(|| "nobody".to_owned(), ToString::to_string)
    };
    let mut did = Vec::new();
    if read.request.title != next.request.title {
        did.push("the title".to_owned());
    }
    if read.request.description != next.request.description {
        did.push("the details".to_owned());
    }
    let mut say = |changed: bool, what: &str, from: String, to: String| {
        if changed {
            did.push(format!("the {what} from {from} to {to}"));
        }
    };
    say(
        read.status != next.status,
        "status",
        read.status.as_str().into(),
        next.status.as_str().into(),
    );
    say(
        read.board_id != next.board_id,
        "board",
        board(&read.board_id).into(),
        board(&next.board_id).into(),
    );
    say(
        read.category_id != next.category_id,
        "category",
        category(read.category_id.as_ref()).into(),
        category(next.category_id.as_ref()).into(),
    );
    say(
        read.tag_ids != next.tag_ids,
        "tags",
        names(&read.tag_ids),
        names(&next.tag_ids),
    );
    say(
        read.owner != next.owner,
        "owner",
        owner(&read.owner),
        owner(&next.owner),
    );
    did
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test may panic")]
mod tests;
