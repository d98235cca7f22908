//! The end of a call's evidence in one transaction.

use domain::{
    feedback::Post,
    ports::{
        connections::ChangeError,
        feedback::{PostChange, Withdrawal},
    },
};

use super::{
    Dynamo,
    dedupe::{PENDING_PATIENCE, bump},
    errors,
    expr::Expr,
    item::{encode_post, n},
    keys::Key,
    ledger::{encode_call, unchanged},
    transact::{Cancelled, Transaction},
    vectors::encode_removal,
};

impl Dynamo {
    pub(super) async fn withdraw_evidence(
        &self,
        withdrawal: &Withdrawal,
    ) -> Result<(), ChangeError> {
        let Withdrawal {
            read,
            call,
            posts,
            evidence,
        } = withdrawal;
        let mut transaction = Transaction::new();
        let item = encode_call(call)?;
        transaction.put((), &self.tables.calls, item, unchanged(read))?;
        let table = &self.tables.feedback;
        for one in evidence {
            transaction.delete((), table, &Key::evidence(one), Expr::none())?;
        }
        for change in posts {
            self.change_post(&mut transaction, change)?;
        }
        if posts.iter().any(PostChange::leaves_search) {
            transaction.update((), table, &Key::epoch(&call.org_id), bump())?;
        }
        match self.transact_patiently(&transaction).await {
            Ok(()) => Ok(()),
            Err(Cancelled::Conditions(_)) => Err(ChangeError::Lost),
            Err(Cancelled::Conflict) => Err(errors::busy("withdraw evidence").into()),
            Err(Cancelled::Store(error)) => Err(error.into()),
        }
    }

    fn change_post(
        &self,
        transaction: &mut Transaction<()>,
        change: &PostChange,
    ) -> Result<(), ChangeError> {
        let (table, post) = (&self.tables.feedback, &change.next);
        transaction.put((), table, encode_post(post)?, as_read(&change.read))?;
        if change.leaves_search() {
            let vector = Key::vector(&post.org_id, &post.id);
            transaction.delete((), table, &vector, Expr::none())?;
            let due = post.updated + PENDING_PATIENCE;
            let item = encode_removal(&post.org_id, &post.id, post.revision, due)?;
            transaction.put((), table, item, Expr::none())?;
        }
        Ok(())
    }
}

fn as_read(post: &Post) -> Expr {
    Expr::none()
        .when("#updated = :updated AND #revision = :revision AND #evidence_count = :count")
        .value(":updated", n(post.updated.0))
        .value(":revision", n(post.revision))
        .value(":count", n(post.evidence_count))
}
