//! The epoch, the pending vectors and what moves them.

use async_trait::async_trait;
use domain::{
    feedback::Post,
    ids::{OrgId, PostId},
    moment::{Span, Timestamp},
    ports::{
        StoreError,
        connections::ChangeError,
        feedback::{Commit, CommitError, DedupeStore, FeedbackChange, Pending, PostVector},
    },
};

use super::{
    Dynamo, due, errors,
    expr::Expr,
    item::encode_post,
    keys::{self, Key},
    ops::if_it_holds,
    query::Query,
    transact::{Cancelled, Transaction},
    value::{n, number},
    vectors,
};

/// A vector that its writer has not brought into the index by then is maintenance's.
pub(super) const PENDING_PATIENCE: Span = Span::seconds(60);
/// `replace_vector` is not told the time; maintenance may help at once, which does no harm.
const AT_ONCE: Timestamp = Timestamp(0);

#[derive(Debug, Clone, Copy, PartialEq)]
enum Part {
    Post,
    Other,
}

#[async_trait]
impl DedupeStore for Dynamo {
    async fn epoch(&self, org: &OrgId) -> Result<u64, StoreError> {
        let item = self.get(&self.tables.feedback, &Key::epoch(org)).await?;
        Ok(item.and_then(|item| number(&item, "epoch")).unwrap_or(0))
    }

    async fn pending(&self, org: &OrgId) -> Result<Vec<Pending>, StoreError> {
        let query = Query::prefix(&self.tables.feedback, org, keys::PENDING);
        let items = self.query(&query, usize::MAX).await?;
        items.into_iter().map(vectors::decode_pending).collect()
    }

    async fn commit(&self, commit: &Commit) -> Result<(), CommitError> {
        self.commit_call(commit).await
    }

    async fn change(&self, change: &FeedbackChange) -> Result<(), ChangeError> {
        self.change_feedback(change).await
    }

    async fn create_post(&self, post: &Post, vector: &PostVector) -> Result<bool, StoreError> {
        let table = &self.tables.feedback;
        let mut transaction = Transaction::new();
        let epoch = Key::epoch(&post.org_id);
        transaction.update(Part::Other, table, &epoch, bump())?;
        let new = Expr::none().when("attribute_not_exists(#pk)");
        transaction.put(Part::Post, table, encode_post(post)?, new)?;
        let due = post.created + PENDING_PATIENCE;
        self.vector_items(
            (&mut transaction, Part::Other),
            vector,
            vector.revision,
            due,
        )?;
        match self.transact_patiently(&transaction).await {
            Ok(()) => Ok(true),
            Err(Cancelled::Conditions(_)) => Ok(false),
            Err(Cancelled::Conflict) => Err(errors::busy("create a post")),
            Err(Cancelled::Store(error)) => Err(error),
        }
    }

    async fn clear_pending(
        &self,
        org: &OrgId,
        post: &PostId,
        revision: u64,
    ) -> Result<(), StoreError> {
        let expr = Expr::none()
            .when("#revision = :revision")
            .value(":revision", n(revision));
        let key = Key::pending(org, post);
        if_it_holds(self.delete_if(&self.tables.feedback, &key, expr).await)
    }

    async fn due_pending(
        &self,
        now: Timestamp,
        limit: usize,
    ) -> Result<Vec<(OrgId, PostId)>, StoreError> {
        let post = |key: &Key| {
            let id = key.sk.strip_prefix(keys::PENDING)?;
            Some((key.org()?, PostId::parse(id).ok()?))
        };
        let keys = self.due_keys(&self.tables.feedback, now, limit).await?;
        let posts = keys.iter().filter_map(|key| due::known(key, post(key)));
        Ok(posts.collect())
    }

    async fn all_vectors(
        &self,
        after: Option<&str>,
    ) -> Result<(Vec<PostVector>, Option<String>), StoreError> {
        self.scan_vectors(after).await
    }

    async fn replace_vector(
        &self,
        vector: &PostVector,
        read_revision: u64,
    ) -> Result<(), ChangeError> {
        let table = &self.tables.feedback;
        let revision = read_revision + 1;
        let mut transaction = Transaction::new();
        let epoch = Key::epoch(&vector.org_id);
        transaction.update(Part::Other, table, &epoch, bump())?;
        let expr = Expr::none()
            .set("#revision = :revision")
            .when("#revision = :read")
            .value(":revision", n(revision))
            .value(":read", n(read_revision));
        let post = Key::post(&vector.org_id, &vector.post_id);
        transaction.update(Part::Post, table, &post, expr)?;
        self.vector_items((&mut transaction, Part::Other), vector, revision, AT_ONCE)?;
        let done = self.transact_patiently(&transaction).await;
        done.map_err(|cancelled| cancelled.into_change_error("replace a vector"))
    }
}

impl Dynamo {
    /// Puts a post's vector down and on its way into the index.
    pub(super) fn vector_items<P: Copy>(
        &self,
        (transaction, part): (&mut Transaction<P>, P),
        vector: &PostVector,
        revision: u64,
        due: Timestamp,
    ) -> Result<(), StoreError> {
        let table = &self.tables.feedback;
        let item = vectors::encode_vector(vector, revision)?;
        transaction.put(part, table, item, Expr::none())?;
        let item = vectors::encode_pending(vector, revision, due)?;
        transaction.put(part, table, item, Expr::none())
    }
}

/// The next epoch, whatever the last one was.
pub(super) fn bump() -> Expr {
    Expr::none().add("#epoch :one").value(":one", n(1))
}
