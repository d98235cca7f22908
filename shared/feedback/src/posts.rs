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
    matching::{
        candidates::{Candidate, CandidatesError, find_candidates},
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

/// As many possible duplicates are shown before a post is written.
const MOST_DUPLICATES: usize = 5;

impl PostService {
    /// Posts near a text that is about to become one, the nearest first. A search that cannot be
    /// had keeps nobody from writing: then there are none.
    ///
    /// # Errors
    /// [`SaveError`] where the text cannot be saved either.
    pub async fn possible_duplicates(
        &self,
        principal: &Principal,
        new: &NewPost,
    ) -> Result<Vec<Candidate>, SaveError> {
        principal.require(Action::WritePosts)?;
        let request = request(new)?;
        let (org, embedder) = (&principal.org_id, &self.post_embedder.embedder);
        let vector = self
            .post_embedder
            .embed(org, request.embedding_text())
            .await?;
        let name = embedder.name();
        let text = (name.as_str(), std::slice::from_ref(&vector));
        let found = find_candidates(&*self.dedupe, &*self.index, &*self.feedback, org, text).await;
        let near = match found {
            Ok(found) => found.candidates.into_iter().flatten(),
            Err(CandidatesError::Store(error)) => return Err(error.into()),
            Err(CandidatesError::Index(error)) => {
                tracing::warn!(%org, %error, "a post is written without a look for duplicates");
                return Ok(Vec::new());
            }
        };
        let near = near.filter(|candidate| candidate.score >= embedder.near());
        Ok(near.take(MOST_DUPLICATES).collect())
    }

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
                request(new)?,
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

fn request(new: &NewPost) -> Result<Request, SaveError> {
    Ok(Request {
        description: parse_description(&new.description)?,
        ..Request::titled(parse_name(&new.title, MAX_TITLE)?)
    })
}
