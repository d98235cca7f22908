//! Posts that people write.

use std::sync::Arc;

use domain::{
    feedback::{
        Author, Post, Request,
        board::{default_board, parse_name},
    },
    ids::{BoardId, PostId, post_id},
    ports::{
        StoreError,
        feedback::{DedupeStore, FeedbackStore, PostVector, VectorIndex},
        system::{Clock, Ids},
    },
    principal::{Action, Principal},
};

use crate::{
    matching::{
        candidates::Candidate,
        duplicates::duplicates,
        index::{PostEmbedder, index_post},
    },
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

/// What came of a post that somebody wrote.
#[derive(Debug, Clone, PartialEq)]
pub enum Written {
    Post(PostId),
    /// Nothing yet: these are like it, the nearest first.
    Duplicates(Vec<Candidate>),
}

impl PostService {
    /// Writes a post by hand. It counts as existing feedback at once.
    ///
    /// # Errors
    /// [`SaveError`]; nothing was saved.
    pub async fn create(&self, principal: &Principal, new: &NewPost) -> Result<PostId, SaveError> {
        let post = self.planned(principal, new).await?;
        self.publish(&post).await?;
        Ok(post.id)
    }

    /// The same, unless there are posts like it.
    ///
    /// # Errors
    /// [`SaveError`]; nothing was saved.
    pub async fn create_unless_alike(
        &self,
        principal: &Principal,
        new: &NewPost,
    ) -> Result<Written, SaveError> {
        let post = self.planned(principal, new).await?;
        let vector = self.post_embedder.embed_post(&post).await?;
        let search = (&*self.dedupe, &*self.index);
        let near = duplicates(search, &*self.feedback, &self.post_embedder, &vector).await?;
        if !near.is_empty() {
            return Ok(Written::Duplicates(near));
        }
        self.write(&post, &vector).await?;
        Ok(Written::Post(post.id))
    }

    async fn planned(&self, principal: &Principal, new: &NewPost) -> Result<Post, SaveError> {
        principal.require(Action::WritePosts)?;
        let boards = self.feedback.boards(&principal.org_id).await?;
        let board = match &new.board_id {
            Some(id) => boards.iter().find(|board| board.id == *id),
            None => default_board(&boards),
        };
        Ok(Post {
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
        })
    }

    /// Embeds and stores a post that is not there yet, and puts it into the index; `false` when
    /// a post with its id exists.
    ///
    /// # Errors
    /// [`SaveError::Embedding`] or [`SaveError::Store`].
    pub async fn publish(&self, post: &Post) -> Result<bool, SaveError> {
        let vector = self.post_embedder.embed_post(post).await?;
        Ok(self.write(post, &vector).await?)
    }

    async fn write(&self, post: &Post, vector: &PostVector) -> Result<bool, StoreError> {
        if !self.dedupe.create_post(post, vector).await? {
            return Ok(false);
        }
        index_post(&*self.index, &*self.dedupe, vector).await;
        Ok(true)
    }
}
