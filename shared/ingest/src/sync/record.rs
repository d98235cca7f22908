//! What a page of calls leaves in the ledger and on the queue.

use std::collections::BTreeSet;

use domain::{
    call::{Call, CallState},
    connection::{Connection, Window, WindowKind},
    gong::shapes::{CallsPage, ListedCall},
    ids::CallId,
    moment::Timestamp,
    ports::{StoreError, connections::ChangeError},
};
use futures::{StreamExt, TryStreamExt, stream};

use super::{
    decide::{Decision, decide, skip_cause},
    listing::Lister,
};

/// How many ledger writes of a page run at once.
const WRITES_AT_ONCE: usize = 8;
/// How often a private call that others write at the same time is looked at again.
const WRITE_TRIES: u32 = 5;

impl Lister {
    /// Writes what a page showed; returns how many of its calls this window queued, also by an
    /// earlier attempt at the page.
    pub(super) async fn record(
        &self,
        connection: &Connection,
        window: &Window,
        page: &CallsPage,
        read_at: Timestamp,
    ) -> Result<u64, StoreError> {
        let mut listed: Vec<(&CallId, &ListedCall)> = Vec::new();
        let mut met = BTreeSet::new();
        for call in &page.calls {
            match &call.id {
                Some(id) if met.insert(id) => listed.push((id, call)),
                Some(_) => {}
                None => tracing::warn!(org = %connection.org_id, "a listed call has no usable id"),
            }
        }
        let mut count = 0;
        for chunk in listed.chunks(100) {
            let ids: Vec<_> = chunk.iter().map(|(id, _)| (*id).clone()).collect();
            let known = self.ledger.calls(&connection.org_id, &ids).await?;
            let known = |id: &CallId| known.iter().find(|call| call.id == *id).cloned();
            let writes: Vec<_> = chunk
                .iter()
                .map(|(id, call)| {
                    self.write(connection, window.kind, (id, call), known(id), read_at)
                })
                .collect();
            let queued: Vec<Option<Call>> = stream::iter(writes)
                .buffer_unordered(WRITES_AT_ONCE)
                .try_collect()
                .await?;
            let queued: Vec<_> = queued.into_iter().flatten().collect();
            self.calls.offer(&queued).await;
            let by_this_window = |(id, listed): &&(&CallId, &ListedCall)| {
                let before = known(id).filter(|call| call.first_seen >= window.created);
                queued.iter().any(|call| call.id == **id)
                    || (before.is_some() && skip_cause(connection, listed).is_none())
            };
            count += chunk.iter().filter(by_this_window).count();
        }
        Ok(u64::try_from(count).unwrap_or(u64::MAX))
    }

    /// Writes what follows from a listed call; returns the call when it is newly queued.
    async fn write(
        &self,
        connection: &Connection,
        kind: WindowKind,
        (id, listed): (&CallId, &ListedCall),
        mut known: Option<Call>,
        read_at: Timestamp,
    ) -> Result<Option<Call>, StoreError> {
        for _ in 0..WRITE_TRIES {
            match decide(connection, id, listed, known.as_ref(), kind, read_at) {
                Decision::Leave => return Ok(None),
                Decision::Insert(call) => {
                    if self.ledger.insert(&call).await? {
                        return Ok((call.state == CallState::Queued).then_some(*call));
                    }
                }
                Decision::Replace { read, next } => match self.ledger.replace(&read, &next).await {
                    Ok(()) => {
                        let newly = next.state == CallState::Queued
                            && (read.state != CallState::Queued
                                || read.generation != next.generation);
                        return Ok(newly.then_some(*next));
                    }
                    Err(ChangeError::Lost) => {}
                    Err(ChangeError::Store(error)) => return Err(error),
                },
                Decision::Withdraw(call) => {
                    self.withdraw.withdraw(&call, read_at).await?;
                    return Ok(None);
                }
            }
            // Someone has written it meanwhile. That a call is private must not be lost for it.
            if listed.is_public() {
                return Ok(None);
            }
            known = self.ledger.call(&connection.org_id, id).await?;
        }
        let busy = "a call that turned private is being written by others all the time";
        Err(StoreError::Unavailable(busy.to_owned()))
    }
}
