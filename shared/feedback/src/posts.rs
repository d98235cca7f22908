//! Posts that people write.

use std::sync::Arc;

use domain::{
    feedback::{
        Author, Post, Request,
        board::{default_board, parse_name},
    },
    ids::{BoardId, PostId, post_id},
    ports::{
        feedback::{DedupeStore, FeedbackStore, VectorIndex},
        system::{Clock, Ids},
    },
    principal::{Action, Principal},
};

use crate::{
    matching::index::{PostEmbedder, index_post},
    save::{MAX_TITLE, SaveError, parse_description},
};

/// A post as it comes from a person or a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewPost {
    pub title: String,
    pub description: String,
    /// The board; the default one when none is named.
    pub board_id: Option<BoardId>,
}

/// Makes posts by hand and by import.
#[derive(Clone)]
pub struct PostService {
    /// Boards and tags that a post may name.
    pub feedback: Arc<dyn FeedbackStore>,
    /// The epoch protocol: such a post becomes searchable too.
    pub dedupe: Arc<dyn DedupeStore>,
    pub index: Arc<dyn VectorIndex>,
    pub post_embedder: PostEmbedder,
    pub clock: Arc<dyn Clock>,
    pub ids: Arc<dyn Ids>,
}

impl PostService {
    /// Writes a post by hand. It counts as existing feedback at once.
    ///
    /// # Errors
    /// [`SaveError`]; nothing was saved.
    pub async fn create(&self, principal: &Principal, new: &NewPost) -> Result<PostId, SaveError> {
        principal.require(Action::WritePosts)?;
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
                board.ok_or(SaveError::NoBoard)?.id.clone(),
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
    /// [`SaveError::Embedding`] or [`SaveError::Store`].
    pub async fn publish(&self, post: &Post) -> Result<bool, SaveError> {
        let vector = self.post_embedder.embed_post(post).await?;
        if !self.dedupe.create_post(post, &vector).await? {
            return Ok(false);
        }
        index_post(&*self.index, &*self.dedupe, &vector).await;
        Ok(true)
    }
}
