//! Posts, evidence, boards, tags, settings and what is said about the product.

use async_trait::async_trait;
use domain::{
    feedback::{
        Activity, AlsoHeard, Board, Evidence, Post, Product, ProductVersion, Settings, Tag, Unmerge,
    },
    ids::{CallId, OrgId, PostId},
    ports::{
        StoreError,
        connections::ChangeError,
        feedback::{FeedbackStore, PostFilter},
    },
};

use super::{
    Dynamo,
    expr::Expr,
    item::{decode, decode_all, decode_post, encode},
    keys::{self, Key},
    moved::decode_unmerge,
    query::Query,
    transact::Transaction,
    value::text,
};

/// At most this many entries of one post's history are shown.
const LONGEST_HISTORY: usize = 200;

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
        let key = Key::board(&board.org_id, &board.id);
        let item = encode(&key, board)?;
        self.put_again::<Board>(&self.tables.feedback, &key, item)
            .await
    }

    async fn tags(&self, org: &OrgId) -> Result<Vec<Tag>, StoreError> {
        let mut tags: Vec<Tag> = self.of_kind(org, keys::TAG).await?;
        tags.sort_by_cached_key(|tag| (tag.name.to_lowercase(), tag.id.clone()));
        Ok(tags)
    }

    async fn put_tag(&self, tag: &Tag) -> Result<(), StoreError> {
        let key = Key::tag(&tag.org_id, &tag.id);
        let item = encode(&key, tag)?;
        self.put_again::<Tag>(&self.tables.feedback, &key, item)
            .await
    }

    async fn settings(&self, org: &OrgId) -> Result<Settings, StoreError> {
        let item = self.get(&self.tables.feedback, &Key::settings(org)).await?;
        item.map_or_else(|| Ok(Settings::default()), decode)
    }

    async fn put_settings(&self, org: &OrgId, settings: &Settings) -> Result<(), StoreError> {
        let key = Key::settings(org);
        let item = encode(&key, settings)?;
        self.put_again::<Settings>(&self.tables.feedback, &key, item)
            .await
    }

    async fn product(&self, org: &OrgId) -> Result<Product, StoreError> {
        let query = Query::prefix(&self.tables.feedback, org, keys::PRODUCT);
        let newest = self.query(&query.descending().page(1), 1).await?.pop();
        newest.map_or_else(|| Ok(Product::default()), decode)
    }

    async fn product_at(
        &self,
        org: &OrgId,
        version: u32,
    ) -> Result<Option<ProductVersion>, StoreError> {
        let key = Key::product(org, version);
        let item = self.get(&self.tables.feedback, &key).await?;
        item.map(decode).transpose()
    }

    async fn put_product(&self, next: &Product, entry: &Activity) -> Result<(), ChangeError> {
        let kept = ProductVersion {
            product: next.clone(),
            by: entry.by.clone(),
            at: entry.at,
        };
        let item = encode(&Key::product(&entry.org_id, next.version), &kept)?;
        let mut writes = Transaction::new();
        let new = Expr::none().when("attribute_not_exists(#pk)");
        writes.put((), &self.tables.feedback, item, new)?;
        self.log(&mut writes, entry)?;
        let done = self.transact_patiently(&writes).await;
        done.map_err(|cancelled| cancelled.into_change_error("change the product"))
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

    async fn all_evidence(&self, org: &OrgId) -> Result<Vec<Evidence>, StoreError> {
        self.of_kind(org, keys::EVIDENCE).await
    }

    async fn also_heard(
        &self,
        org: &OrgId,
        call: &CallId,
    ) -> Result<Option<AlsoHeard>, StoreError> {
        let key = Key::also_heard(org, call);
        let item = self.get(&self.tables.feedback, &key).await?;
        item.map(decode).transpose()
    }

    async fn all_also_heard(&self, org: &OrgId) -> Result<Vec<AlsoHeard>, StoreError> {
        self.of_kind(org, keys::ALSO_HEARD).await
    }

    async fn unmerges(&self, org: &OrgId, post: &PostId) -> Result<Vec<Unmerge>, StoreError> {
        let prefix = keys::unmerge_prefix(post);
        let query = Query::prefix(&self.tables.feedback, org, &prefix);
        let items = self.query(&query, usize::MAX).await?;
        items.into_iter().map(decode_unmerge).collect()
    }

    async fn history(&self, org: &OrgId, post: &PostId) -> Result<Vec<Activity>, StoreError> {
        let prefix = keys::history_prefix(post);
        let query = Query::prefix(&self.tables.feedback, org, &prefix).descending();
        decode_all(self.query(&query, LONGEST_HISTORY).await?)
    }

    async fn activity(
        &self,
        org: &OrgId,
        before: Option<&str>,
        limit: usize,
    ) -> Result<(Vec<Activity>, Option<String>), StoreError> {
        // Nothing of the log sorts after a tilde; the entry that the token names was shown before.
        let end = format!("{}{}", keys::ACTIVITY, before.unwrap_or("~"));
        let query = Query::between(&self.tables.feedback, org, keys::ACTIVITY, &end);
        let query = query.descending().page(limit + 2);
        let mut items = self.query(&query, limit + 2).await?;
        items.retain(|item| text(item, keys::SK) != Some(&*end));
        let more = items.len() > limit;
        let mut entries = Vec::with_capacity(limit);
        let mut last = None;
        for item in items.into_iter().take(limit) {
            let sk = text(&item, keys::SK).and_then(|sk| sk.strip_prefix(keys::ACTIVITY));
            last = sk.map(str::to_owned);
            entries.push(decode(item)?);
        }
        Ok((entries, last.filter(|_| more)))
    }
}

fn passes(post: &Post, filter: &PostFilter, text: Option<&str>) -> bool {
    let holds = |text: &str| {
        post.request.title.to_lowercase().contains(text)
            || post.request.description.to_lowercase().contains(text)
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
        && match filter.moderation {
            Some(moderation) => post.moderation == moderation,
            None => filter.hidden_too || post.moderation.is_listed(),
        }
        && text.is_none_or(holds)
}
