//! The commit: all effects of one call in one transaction.

use domain::{
    feedback::{Moderation, Post},
    ports::{
        StoreError,
        feedback::{Commit, CommitError, Merge, PostVector},
    },
};
use uuid::Uuid;

use super::{
    Dynamo,
    dedupe::PENDING_PATIENCE,
    expr::Expr,
    item::{encode, encode_post},
    keys::Key,
    ledger::{encode_call, leased},
    tables::Tables,
    transact::{Cancelled, Transaction},
    value::{n, s},
};

/// The name space of request tokens.
const TOKENS: Uuid = Uuid::from_u128(0x6f2c_8a51_94d3_4b7e_a0c6_1d58_e37b_0f92);

#[derive(Debug, Clone, Copy, PartialEq)]
enum Part {
    Call,
    Epoch,
    Merge,
    Post,
    Other,
}

impl Dynamo {
    pub(super) async fn commit_call(&self, commit: &Commit) -> Result<(), CommitError> {
        let mut transaction = Transaction::new();
        let lease = leased(&commit.owner, commit.call.generation);
        let call = encode_call(&commit.call)?;
        transaction.put(Part::Call, &self.tables.calls, call, lease)?;
        if commit.posts.iter().any(|(_, vector)| vector.is_some()) {
            let key = Key::epoch(&commit.call.org_id);
            let expr = next_epoch(commit.epoch);
            transaction.update(Part::Epoch, &self.tables.feedback, &key, expr)?;
        }
        for (post, vector) in &commit.posts {
            self.add_post(&mut transaction, commit, post, vector.as_ref())?;
        }
        for merge in &commit.merges {
            let key = Key::post(&commit.call.org_id, &merge.post_id);
            let expr = merged(merge, commit);
            transaction.update(Part::Merge, &self.tables.feedback, &key, expr)?;
            for (post, revision) in &merge.via {
                let key = Key::post(&commit.call.org_id, post);
                let expr = still_merged(*revision);
                transaction.check(Part::Merge, &self.tables.feedback, &key, expr)?;
            }
        }
        for evidence in &commit.evidence {
            let item = encode(&Key::evidence(evidence), evidence)?;
            transaction.put(Part::Other, &self.tables.feedback, item, Expr::none())?;
        }
        if let Some(heard) = &commit.also_heard {
            let key = Key::also_heard(&commit.call.org_id, &commit.call.id);
            let item = encode(&key, heard)?;
            transaction.put(Part::Other, &self.tables.feedback, item, Expr::none())?;
        }
        let done = self
            .transact(&transaction, token(&self.tables, commit))
            .await;
        done.map_err(meaning)
    }

    fn add_post(
        &self,
        transaction: &mut Transaction<Part>,
        commit: &Commit,
        post: &Post,
        vector: Option<&PostVector>,
    ) -> Result<(), StoreError> {
        let table = &self.tables.feedback;
        let new = Expr::none().when("attribute_not_exists(#pk)");
        transaction.put(Part::Post, table, encode_post(post)?, new)?;
        let Some(vector) = vector else {
            return Ok(());
        };
        let due = commit.call.updated + PENDING_PATIENCE;
        self.vector_items((transaction, Part::Other), vector, vector.revision, due)
    }
}

/// The next epoch, when it still is as it was read.
pub(super) fn next_epoch(read: u64) -> Expr {
    let expr = Expr::none()
        .set("#epoch = :next")
        .value(":next", n(read + 1))
        .value(":read", n(read));
    match read {
        0 => expr.when("attribute_not_exists(#epoch) OR #epoch = :read"),
        _ => expr.when("#epoch = :read"),
    }
}

fn merged(merge: &Merge, commit: &Commit) -> Expr {
    let unmerges = match merge.unmerges {
        0 => "(attribute_not_exists(#moved_out) OR #moved_out = :moved_out)",
        _ => "#moved_out = :moved_out",
    };
    Expr::none()
        .add("#evidence_count :added")
        .set("#updated = :updated")
        .when(format!(
            "#revision = :revision AND #moderation = :published AND {unmerges}"
        ))
        .value(":added", n(merge.evidence_added))
        .value(":updated", n(commit.call.updated.0))
        .value(":revision", n(merge.revision))
        .value(":moved_out", n(merge.unmerges))
        .value(":published", s(Moderation::Published.as_str()))
}

fn still_merged(revision: u64) -> Expr {
    Expr::none()
        .when("#revision = :revision AND #moderation = :merged")
        .value(":revision", n(revision))
        .value(":merged", s(Moderation::Merged.as_str()))
}

/// The same commit has the same token, so that sending it again has no second effect. Tokens belong
/// to the account, so a commit to other tables has another one.
fn token(tables: &Tables, commit: &Commit) -> Uuid {
    Uuid::new_v5(&TOKENS, format!("{tables:?} {commit:?}").as_bytes())
}

/// The reason that ends the most comes first.
fn meaning(cancelled: Cancelled<Part>) -> CommitError {
    let parts = match cancelled {
        Cancelled::Conditions(parts) => parts,
        Cancelled::Conflict => return CommitError::Conflict,
        Cancelled::Store(error) => return error.into(),
    };
    if parts.contains(&Part::Call) {
        CommitError::CallLost
    } else if parts.contains(&Part::Epoch) {
        CommitError::EpochMoved
    } else if parts.contains(&Part::Merge) {
        CommitError::PostChanged
    } else {
        let text = "a new post has the id of one that exists; nothing was written";
        StoreError::Refused(text.to_owned()).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reason_that_ends_the_most_comes_first() {
        let of = |parts: &[Part]| meaning(Cancelled::Conditions(parts.to_vec()));
        assert_eq!(
            of(&[Part::Merge, Part::Epoch, Part::Call]),
            CommitError::CallLost
        );
        assert_eq!(of(&[Part::Merge, Part::Epoch]), CommitError::EpochMoved);
        assert_eq!(of(&[Part::Post, Part::Merge]), CommitError::PostChanged);
        assert!(matches!(
            of(&[Part::Post]),
            CommitError::Store(StoreError::Refused(_))
        ));
        assert_eq!(meaning(Cancelled::Conflict), CommitError::Conflict);
    }
}
