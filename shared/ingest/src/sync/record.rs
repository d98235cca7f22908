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
        let listed = identified(&page.calls);
        for _ in page.calls.iter().filter(|call| call.id.is_none()) {
            tracing::warn!(org = %connection.org_id, "a listed call has no usable id");
        }
        let mut count = 0;
        for chunk in listed.chunks(100) {
            let ids: Vec<_> = chunk.iter().map(|(id, _)| (*id).clone()).collect();
            let known = self.ledger.calls(&connection.org_id, &ids).await?;
            let known = |id: &CallId| known.iter().find(|call| call.id == *id);
            let writes: Vec<_> = chunk
                .iter()
                .map(|(id, call)| {
                    self.write(
                        connection,
                        window.kind,
                        (id, call),
                        known(id).cloned(),
                        read_at,
                    )
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
                        return Ok(newly_queued(&read, &next).then_some(*next));
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

/// The calls of a page that have an id, each once, as the page shows it first.
fn identified(calls: &[ListedCall]) -> Vec<(&CallId, &ListedCall)> {
    let mut met = BTreeSet::new();
    calls
        .iter()
        .filter_map(|call| Some((call.id.as_ref()?, call)))
        .filter(|(id, _)| met.insert(*id))
        .collect()
}

/// Whether a call has to be brought to the pipeline that was not on its way there.
fn newly_queued(read: &Call, next: &Call) -> bool {
    next.state == CallState::Queued
        && (read.state != CallState::Queued || read.generation != next.generation)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::examples::{call, call_id, listed};

    #[test]
    fn a_page_is_recorded_call_by_call_each_once() {
        for (name, page, recorded) in [
            ("nothing", &[][..], &[][..]),
            ("one call", &[Some("1")], &[("1", 0)]),
            (
                "in the order of the page",
                &[Some("9"), Some("1"), Some("5")],
                &[("9", 0), ("1", 1), ("5", 2)],
            ),
            (
                "twice, the first counts",
                &[Some("1"), Some("2"), Some("1")],
                &[("1", 0), ("2", 1)],
            ),
            (
                "three times in a row",
                &[Some("1"), Some("1"), Some("1")],
                &[("1", 0)],
            ),
            ("without an id", &[None, Some("1"), None], &[("1", 1)]),
            ("nothing but calls without an id", &[None, None], &[]),
            (
                "ids that differ in a leading zero",
                &[Some("1"), Some("01")],
                &[("1", 0), ("01", 1)],
            ),
        ] {
            let calls: Vec<_> = page
                .iter()
                .enumerate()
                .map(|(n, id)| ListedCall {
                    id: id.map(call_id),
                    title: Some(n.to_string()),
                    ..listed()
                })
                .collect();
            let found: Vec<_> = identified(&calls)
                .into_iter()
                .map(|(id, call)| (id.as_str(), call.title.clone().unwrap_or_default()))
                .collect();
            let recorded: Vec<_> = recorded
                .iter()
                .map(|(id, n)| (*id, n.to_string()))
                .collect();
            assert_eq!(found, recorded, "{name}");
        }
    }

    #[test]
    fn a_call_is_sent_to_the_pipeline_when_it_was_not_on_its_way_there() {
        use CallState::{AwaitingTranscript, Deferred, Processing, Queued, Skipped};
        for (name, read, next, sent) in [
            ("shown again while queued", (Queued, 3), (Queued, 3), false),
            ("taken over while queued", (Queued, 2), (Queued, 3), true),
            (
                "taken over while at work",
                (Processing, 2),
                (Queued, 3),
                true,
            ),
            (
                "taken up after a disconnect",
                (Skipped, 2),
                (Queued, 3),
                true,
            ),
            (
                "taken up within one connection",
                (Skipped, 3),
                (Queued, 3),
                true,
            ),
            (
                "still waiting for its transcript",
                (AwaitingTranscript, 3),
                (AwaitingTranscript, 3),
                false,
            ),
            ("still put off", (Deferred, 3), (Deferred, 3), false),
            ("private now", (Queued, 3), (Skipped, 3), false),
            (
                "private now, the earlier connection's",
                (Queued, 2),
                (Skipped, 3),
                false,
            ),
        ] {
            let [read, next] = [read, next].map(|(state, generation)| call(state, generation));
            assert_eq!(newly_queued(&read, &next), sent, "{name}");
        }
    }
}
