//! The ledger's lists and counts.

use std::collections::BTreeMap;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{
    call::{Call, CallState, SkipCause},
    ids::{CallId, OrgId},
    moment::Timestamp,
    ports::{StoreError, ledger::LedgerPage},
};
use serde::Deserialize;

use super::{
    Dynamo,
    item::{decode, decode_all},
    keys::{self, BY_STARTED, CALL, OPEN},
    query::Query,
    value::{Item, n, s, text},
};

/// Items looked at for a page of one state.
const FILTERED_PAGE: usize = 500;

#[derive(Debug, Deserialize)]
struct StateOnly {
    state: CallState,
    #[serde(default)]
    skip_cause: Option<SkipCause>,
}

impl Dynamo {
    pub(super) async fn list_open(
        &self,
        org: &OrgId,
        state: Option<CallState>,
        after: Option<&CallId>,
        limit: usize,
    ) -> Result<Vec<Call>, StoreError> {
        if limit == 0 {
            return Ok(Vec::new());
        }
        let after = after.map(CallId::as_str).unwrap_or_default();
        let keys = "#open_org = :org AND #sk > :after";
        let mut query = Query::index(&self.tables.calls, OPEN, keys)
            .value(":org", s(keys::partition(org)))
            .value(":after", s(format!("{CALL}{after}")))
            .page(limit);
        if let Some(state) = state {
            query = query
                .filter("#state = :state")
                .value(":state", s(state.as_str()))
                .page(FILTERED_PAGE);
        }
        decode_all(self.query(&query, limit).await?)
    }

    pub(super) async fn how_many_in_work(
        &self,
        org: &OrgId,
        limit: usize,
    ) -> Result<usize, StoreError> {
        let query = Query::index(&self.tables.calls, OPEN, "#open_org = :org")
            .filter("#state <> :awaiting")
            .value(":org", s(keys::partition(org)))
            .value(":awaiting", s(CallState::AwaitingTranscript.as_str()))
            .page(limit.max(FILTERED_PAGE));
        self.count(&query, limit).await
    }

    pub(super) async fn list_failed(
        &self,
        org: &OrgId,
        since: Timestamp,
        after: Option<&CallId>,
        limit: usize,
    ) -> Result<Vec<Call>, StoreError> {
        let (from, to) = after_id(after);
        let query = failed(
            Query::between(&self.tables.calls, org, &from, &to).page(FILTERED_PAGE),
            since,
        );
        decode_all(self.query(&query, limit).await?)
    }

    pub(super) async fn count_failed(
        &self,
        org: &OrgId,
        since: Timestamp,
        after: Option<&CallId>,
    ) -> Result<usize, StoreError> {
        let (from, to) = after_id(after);
        let query = failed(Query::between(&self.tables.calls, org, &from, &to), since);
        self.count(&query, usize::MAX).await
    }

    pub(super) async fn count_by_state(
        &self,
        org: &OrgId,
    ) -> Result<BTreeMap<String, u64>, StoreError> {
        let query = Query::prefix(&self.tables.calls, org, CALL).projection("#state, #skip_cause");
        let mut counts = BTreeMap::new();
        for item in self.query(&query, usize::MAX).await? {
            let StateOnly { state, skip_cause } = decode(item)?;
            *counts.entry(state.as_str().to_owned()).or_default() += 1;
            if let Some(cause) = skip_cause.filter(|_| state == CallState::Skipped) {
                *counts
                    .entry(format!("skipped: {}", cause.label()))
                    .or_default() += 1;
            }
        }
        Ok(counts)
    }

    pub(super) async fn ledger_page(
        &self,
        org: &OrgId,
        state: Option<CallState>,
        after: Option<&str>,
        limit: usize,
    ) -> Result<LedgerPage, StoreError> {
        if limit == 0 {
            return Ok(LedgerPage::default());
        }
        // No number is as high as this word, so it stands before the first page.
        let before = after.map_or_else(|| Ok("newest".to_owned()), read_token)?;
        let keys = "#pk = :org AND #by_started < :before";
        let mut query = Query::index(&self.tables.calls, BY_STARTED, keys)
            .value(":org", s(keys::partition(org)))
            .value(":before", s(before))
            .descending()
            .page(limit.saturating_add(1));
        if let Some(state) = state {
            query = query
                .filter("#state = :state")
                .value(":state", s(state.as_str()))
                .page(FILTERED_PAGE);
        }
        let mut items = self.query(&query, limit.saturating_add(1)).await?;
        let more = items.len() > limit;
        items.truncate(limit);
        let next = items.last().filter(|_| more).and_then(token);
        Ok(LedgerPage {
            calls: decode_all(items)?,
            next,
        })
    }
}

/// The sort keys of calls after one: ids are digits, which `/` stands before.
fn after_id(after: Option<&CallId>) -> (String, String) {
    let from = after.map_or_else(|| CALL.to_owned(), |id| format!("{CALL}{id}/"));
    (from, format!("{CALL}~"))
}

/// Those that failed since then: nothing changes a failed call but a retry, an erasure, a reading
/// that finds it private.
fn failed(query: Query<'_>, since: Timestamp) -> Query<'_> {
    query
        .filter("#state = :state AND #updated >= :since")
        .value(":state", s(CallState::Failed.as_str()))
        .value(":since", n(since.0))
}

/// Where the next page starts: the last item's place, never its organization.
fn token(last: &Item) -> Option<String> {
    text(last, BY_STARTED).map(|place| URL_SAFE_NO_PAD.encode(place))
}

fn read_token(token: &str) -> Result<String, StoreError> {
    let place = URL_SAFE_NO_PAD.decode(token).ok();
    place
        .and_then(|bytes| String::from_utf8(bytes).ok())
        .ok_or_else(|| StoreError::Refused("the page to go on from is not one of ours".to_owned()))
}
