//! Posts, evidence, boards, tags and settings.

use async_trait::async_trait;
use domain::{
    feedback::{Board, Evidence, Post, Settings, Tag},
    ids::{OrgId, PostId},
    ports::{
        StoreError,
        feedback::{FeedbackStore, PostFilter},
    },
};

use super::{
    Dynamo,
    item::{decode, decode_all, decode_post, encode},
    keys::{self, Key},
    query::Query,
};

impl Dynamo {
    async fn of_kind<T: serde::de::DeserializeOwned>(
        &self,
        org: &OrgId,
        prefix: &str,
    ) -> Result<Vec<T>, StoreError> {
        let query = Query::prefix(&self.tables.feedback, org, prefix);
        decode_all(self.query(&query, usize::MAX).await?)
    }
}

#[async_trait]
impl FeedbackStore for Dynamo {
    async fn boards(&self, org: &OrgId) -> Result<Vec<Board>, StoreError> {
        let mut boards: Vec<Board> = self.of_kind(org, keys::BOARD).await?;
        boards.sort_by(|a, b| (a.created, &a.id).cmp(&(b.created, &b.id)));
        Ok(boards)
    }

    async fn put_board(&self, board: &Board) -> Result<(), StoreError> {
        let item = encode(&Key::board(&board.org_id, &board.id), board)?;
        self.put(&self.tables.feedback, item).await
    }

    async fn tags(&self, org: &OrgId) -> Result<Vec<Tag>, StoreError> {
        let mut tags: Vec<Tag> = self.of_kind(org, keys::TAG).await?;
        tags.sort_by_cached_key(|tag| (tag.name.to_lowercase(), tag.id.clone()));
        Ok(tags)
    }

    async fn put_tag(&self, tag: &Tag) -> Result<(), StoreError> {
        let item = encode(&Key::tag(&tag.org_id, &tag.id), tag)?;
        self.put(&self.tables.feedback, item).await
    }

    async fn settings(&self, org: &OrgId) -> Result<Settings, StoreError> {
        let item = self.get(&self.tables.feedback, &Key::settings(org)).await?;
        item.map_or_else(|| Ok(Settings::default()), decode)
    }

    async fn put_settings(&self, org: &OrgId, settings: &Settings) -> Result<(), StoreError> {
        let item = encode(&Key::settings(org), settings)?;
        self.put(&self.tables.feedback, item).await
    }

    async fn post(&self, org: &OrgId, id: &PostId) -> Result<Option<Post>, StoreError> {
        let item = self.get(&self.tables.feedback, &Key::post(org, id)).await?;
        item.map(decode_post).transpose()
    }

    async fn posts(&self, org: &OrgId, filter: &PostFilter) -> Result<Vec<Post>, StoreError> {
        let query = Query::prefix(&self.tables.feedback, org, keys::POST);
        let items = self.query(&query, usize::MAX).await?;
        let posts: Result<Vec<_>, _> = items.into_iter().map(decode_post).collect();
        let mut posts = posts?;
        let text = filter.text.as_deref().map(str::to_lowercase);
        posts.retain(|post| passes(post, filter, text.as_deref()));
        posts.sort_by(|a, b| (b.created, &b.id).cmp(&(a.created, &a.id)));
        Ok(posts)
    }

    async fn evidence(&self, org: &OrgId, post: &PostId) -> Result<Vec<Evidence>, StoreError> {
        let prefix = keys::evidence_prefix(post);
        let mut evidence: Vec<Evidence> = self.of_kind(org, &prefix).await?;
        evidence.sort_by(|a, b| (a.created, &a.call_id, a.n).cmp(&(b.created, &b.call_id, b.n)));
        Ok(evidence)
    }
}

fn passes(post: &Post, filter: &PostFilter, text: Option<&str>) -> bool {
    let holds = |text: &str| {
        post.title.to_lowercase().contains(text) || post.description.to_lowercase().contains(text)
    };
    filter
        .board
        .as_ref()
        .is_none_or(|board| post.board_id == *board)
        && filter
            .tag
            .as_ref()
            .is_none_or(|tag| post.tag_ids.contains(tag))
        && filter.status.is_none_or(|status| post.status == status)
        && filter.moderation.is_none_or(|m| post.moderation == m)
        && text.is_none_or(holds)
}
