//! What people decide, and withdrawals, in one transaction.

use domain::{
    feedback::{Activity, AlsoHeard, Author, Post},
    moment::Timestamp,
    ports::{
        StoreError,
        connections::ChangeError,
        feedback::{FeedbackChange, HeardChange, PostChange, VectorChange},
    },
};

use super::{
    Dynamo,
    commit::next_epoch,
    dedupe::{PENDING_PATIENCE, bump},
    expr::Expr,
    item::{encode, encode_post},
    keys::Key,
    ledger::{encode_call, unchanged},
    moved::encode_unmerge,
    rewrite::rewrite_read,
    transact::{MAX_ACTIONS, Transaction},
    value::{n, s},
    vectors::encode_removal,
};

type Writes = Transaction<()>;

impl Dynamo {
    pub(super) async fn change_feedback(&self, change: &FeedbackChange) -> Result<(), ChangeError> {
        let mut writes = Transaction::new();
        let table = &self.tables.feedback;
        let due = change.at + PENDING_PATIENCE;
        for call in &change.calls {
            let item = encode_call(&call.next)?;
            writes.put((), &self.tables.calls, item, unchanged(&call.read))?;
        }
        let evidence_leaves = !change.gone.is_empty() || !change.moved_back.is_empty();
        for post in &change.posts {
            self.change_post(&mut writes, post, due, evidence_leaves)?;
        }
        for (post, vector) in &change.new_posts {
            let new = Expr::none().when("attribute_not_exists(#pk)");
            writes.put((), table, encode_post(post)?, new)?;
            self.vector_items((&mut writes, ()), vector, vector.revision, due)?;
        }
        for one in &change.gone {
            writes.delete((), table, &Key::evidence(one), Expr::none())?;
        }
        for one in &change.evidence {
            let item = encode(&Key::evidence(one), one)?;
            writes.put((), table, item, Expr::none())?;
        }
        for moved in &change.unmerges {
            writes.put((), table, encode_unmerge(moved)?, Expr::none())?;
        }
        for (post, call, n) in &change.moved_back {
            let key = Key::unmerge(&change.org_id, post, call, *n);
            writes.delete((), table, &key, Expr::none())?;
        }
        for heard in &change.also_heard {
            self.change_also_heard(&mut writes, heard)?;
        }
        for entry in &change.activity {
            self.log(&mut writes, entry)?;
        }
        if change.moves_search() {
            let epoch = change.epoch.map_or_else(bump, next_epoch);
            writes.update((), table, &Key::epoch(&change.org_id), epoch)?;
        }
        if writes.len() > MAX_ACTIONS {
            let what = format!(
                "{} writes are more than one transaction takes",
                writes.len()
            );
            return Err(StoreError::Refused(what).into());
        }
        let done = self.transact_patiently(&writes).await;
        done.map_err(|cancelled| cancelled.into_change_error("change feedback"))
    }

    fn change_post(
        &self,
        writes: &mut Writes,
        post: &PostChange,
        due: Timestamp,
        evidence_leaves: bool,
    ) -> Result<(), ChangeError> {
        let (table, read) = (&self.tables.feedback, &post.read);
        match &post.next {
            Some(next) => {
                let next = Post {
                    version: read.version + 1,
                    ..next.clone()
                };
                self.write_post(writes, (read, &next), evidence_leaves)?;
            }
            None => {
                let key = Key::post(&read.org_id, &read.id);
                writes.delete((), table, &key, as_read(read))?;
            }
        }
        match &post.vector {
            VectorChange::Keep => {}
            VectorChange::Put(vector) => {
                self.vector_items((writes, ()), vector, vector.revision, due)?;
            }
            VectorChange::Remove(revision) => {
                let vector = Key::vector(&read.org_id, &read.id);
                writes.delete((), table, &vector, Expr::none())?;
                let item = encode_removal(&read.org_id, &read.id, *revision, due)?;
                writes.put((), table, item, Expr::none())?;
            }
        }
        Ok(())
    }

    /// What a newer version keeps in the post stays while all stays that it may be made of: it goes
    /// with words that were edited or erased, and with evidence that left.
    fn write_post(
        &self,
        writes: &mut Writes,
        (read, next): (&Post, &Post),
        evidence_leaves: bool,
    ) -> Result<(), ChangeError> {
        let (table, item) = (&self.tables.feedback, encode_post(next)?);
        if evidence_leaves || words(read) != words(next) {
            return Ok(writes.put((), table, item, as_read(read))?);
        }
        let key = Key::post(&read.org_id, &read.id);
        let update = rewrite_read(&encode_post(read)?, item).and(as_read(read));
        Ok(writes.update((), table, &key, update)?)
    }

    fn change_also_heard(
        &self,
        writes: &mut Writes,
        heard: &HeardChange,
    ) -> Result<(), StoreError> {
        let (table, read) = (&self.tables.feedback, &heard.read);
        let key = Key::also_heard(&read.org_id, &read.call_id);
        match &heard.next {
            Some(next) => writes.put((), table, encode(&key, next)?, as_heard(read)),
            None => writes.delete((), table, &key, as_heard(read)),
        }
    }

    /// Once in the organization's log and once in the history of each post.
    pub(super) fn log(&self, writes: &mut Writes, entry: &Activity) -> Result<(), StoreError> {
        let table = &self.tables.feedback;
        let histories = entry.posts.iter().map(|post| Key::history(entry, post));
        for key in std::iter::once(Key::activity(entry)).chain(histories) {
            writes.put((), table, encode(&key, entry)?, Expr::none())?;
        }
        Ok(())
    }
}

/// What a customer said or was called, as far as the post itself holds it.
fn words(post: &Post) -> (&str, &str, &[String], &Author) {
    (
        &post.request.title,
        &post.request.description,
        &post.request.pain_points,
        &post.author,
    )
}

fn as_heard(read: &AlsoHeard) -> Expr {
    Expr::none()
        .when("#version = :version")
        .value(":version", n(read.version))
}

/// Whoever changes a post by hand counts its version up; who adds evidence or a vector to it,
/// those.
fn as_read(post: &Post) -> Expr {
    let version = match post.version {
        0 => "(attribute_not_exists(#version) OR #version = :version)",
        _ => "#version = :version",
    };
    Expr::none()
        .when(format!(
            "{version} AND #revision = :revision AND #evidence_count = :count AND #moderation = :moderation"
        ))
        .value(":version", n(post.version))
        .value(":revision", n(post.revision))
        .value(":count", n(post.evidence_count))
        .value(":moderation", s(post.moderation.as_str()))
}
