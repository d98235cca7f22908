//! A worker, and how it leaves the calls that it has.

use domain::{
    call::{Call, NotPossible},
    ids::OrgId,
    moment::{Span, Timestamp},
    ports::{StoreError, connections::ChangeError, ledger::Ledger, system::Clock},
    verdict::Deadline,
};

/// How long what a source refuses is left alone.
pub const REFUSED_WAIT: Span = Span::hours(1);

/// Who has the calls of one organization in one run.
pub struct Worker<'a> {
    pub org: &'a OrgId,
    /// The owner of the calls' leases.
    pub owner: String,
    /// When the run is over.
    pub deadline: Deadline,
    pub ledger: &'a dyn Ledger,
    pub clock: &'a dyn Clock,
}

impl Worker<'_> {
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Writes a call that goes on under its lease; `None` when someone else has it now.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn hold(&self, call: Call) -> Result<Option<Call>, StoreError> {
        match self.ledger.finish(&call, &self.owner).await {
            Ok(()) => Ok(Some(call)),
            Err(ChangeError::Lost) => Ok(None),
            Err(ChangeError::Store(error)) => Err(error),
        }
    }

    /// Writes what becomes of a call. What someone else has now is theirs to finish.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn finish(&self, next: Result<Call, NotPossible>) -> Result<(), StoreError> {
        match next {
            Ok(next) => self.hold(next).await.map(|_| ()),
            Err(error) => {
                tracing::error!(org = %self.org, %error, "a worker has a call that is not in work; its lease ends by itself");
                Ok(())
            }
        }
    }

    /// Puts a call off for this long.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn defer(&self, call: &Call, reason: &str, after: Span) -> Result<(), StoreError> {
        self.finish(call.defer(reason, after, self.now())).await
    }

    /// Puts calls off for this long.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn defer_all(
        &self,
        calls: &[Call],
        reason: &str,
        after: Span,
    ) -> Result<(), StoreError> {
        for call in calls {
            self.defer(call, reason, after).await?;
        }
        Ok(())
    }

    /// The source refuses this very call.
    pub(super) async fn refused(&self, call: &Call, reason: &str) -> Result<(), StoreError> {
        let next = call.defer_refused(reason, REFUSED_WAIT, self.now());
        self.finish(next).await
    }

    /// The calls that nobody has taken from this worker.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn still_ours(&self, calls: Vec<Call>) -> Result<Vec<Call>, StoreError> {
        let ids: Vec<_> = calls.iter().map(|call| call.id.clone()).collect();
        let known = self.ledger.calls(self.org, &ids).await?;
        let ours = |call: &Call| {
            let known = known.iter().find(|known| known.id == call.id);
            let lease = known.and_then(|known| known.lease.as_ref());
            lease.is_some_and(|lease| lease.owner == self.owner)
        };
        Ok(calls.into_iter().filter(ours).collect())
    }
}
