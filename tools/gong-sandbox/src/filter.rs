//! The `filter` of requests for calls and transcripts.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::calls::Stored;
use crate::clock::parse_ms;
use crate::paging::PAGE_SIZE;
use crate::refusal::Refusal;
use crate::violations::ViolationKind;

/// Which calls are asked for; all conditions must hold.
#[derive(Debug, Default)]
pub(crate) struct CallFilter {
    from_ms: Option<i64>,
    to_ms: Option<i64>,
    pub(crate) workspace_id: Option<String>,
    pub(crate) call_ids: Option<BTreeSet<String>>,
    primary_user_ids: Option<BTreeSet<String>>,
}

impl CallFilter {
    /// Reads `filter` out of a request's body.
    pub(crate) fn read(body: &Value) -> Result<Self, Refusal> {
        let filter = match body.get("filter") {
            Some(Value::Object(filter)) => filter,
            Some(Value::Null) | None => {
                return Err(Refusal::bad_request("filter: must not be null"));
            }
            Some(_) => return Err(Refusal::bad_request("filter: must be an object")),
        };
        let read = Self {
            from_ms: date_time(filter, "fromDateTime")?,
            to_ms: date_time(filter, "toDateTime")?,
            workspace_id: workspace_id(filter)?,
            call_ids: ids(filter, "callIds")?,
            primary_user_ids: ids(filter, "primaryUserIds")?.filter(|ids| !ids.is_empty()),
        };
        if read
            .from_ms
            .zip(read.to_ms)
            .is_some_and(|(from_ms, to_ms)| from_ms >= to_ms)
        {
            return Err(Refusal::bad_request(
                "filter.fromDateTime: must be before toDateTime",
            ));
        }
        if read.call_ids.as_ref().is_some_and(BTreeSet::is_empty) {
            return Err(Refusal::bad_request("filter.callIds: must not be empty")
                .violates(ViolationKind::EmptyCallIds, ""));
        }
        Ok(read)
    }

    /// How many ids are asked for, if that is more than a page holds.
    pub(crate) fn more_than_a_page(&self) -> Option<usize> {
        self.call_ids
            .as_ref()
            .map(BTreeSet::len)
            .filter(|count| *count > PAGE_SIZE)
    }

    /// A call without a readable start is in every range, so that odd calls reach the client.
    pub(crate) fn matches(&self, stored: &Stored) -> bool {
        let meta = &stored.call.call["metaData"];
        let among = |ids: &Option<BTreeSet<String>>, id: &Value| {
            ids.as_ref()
                .is_none_or(|ids| id.as_str().is_some_and(|id| ids.contains(id)))
        };
        let in_range = stored.place.at.is_none_or(|at_ms| {
            self.from_ms.is_none_or(|from_ms| from_ms <= at_ms)
                && self.to_ms.is_none_or(|to_ms| at_ms < to_ms)
        });
        in_range
            && among(&self.call_ids, &meta["id"])
            && among(&self.primary_user_ids, &meta["primaryUserId"])
            && self
                .workspace_id
                .as_deref()
                .is_none_or(|id| meta["workspaceId"] == id)
    }
}

fn date_time(filter: &Map<String, Value>, field: &str) -> Result<Option<i64>, Refusal> {
    match filter.get(field) {
        None | Some(Value::Null) => Ok(None),
        Some(value) => match value.as_str().and_then(parse_ms) {
            Some(at_ms) => Ok(Some(at_ms)),
            None => Err(Refusal::bad_request(format!(
                "filter.{field}: must be an ISO-8601 date-time with an offset"
            ))),
        },
    }
}

fn workspace_id(filter: &Map<String, Value>) -> Result<Option<String>, Refusal> {
    match filter.get("workspaceId") {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(id)) => Ok(Some(id.clone())),
        Some(_) => Err(not_text("workspaceId")),
    }
}

fn ids(filter: &Map<String, Value>, field: &str) -> Result<Option<BTreeSet<String>>, Refusal> {
    match filter.get(field) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Array(ids)) => {
            let ids: Option<BTreeSet<String>> = ids
                .iter()
                .map(|id| id.as_str().map(str::to_owned))
                .collect();
            ids.map(Some).ok_or_else(|| not_text(field))
        }
        Some(_) => Err(Refusal::bad_request(format!(
            "filter.{field}: must be an array"
        ))),
    }
}

fn not_text(field: &str) -> Refusal {
    Refusal::bad_request(format!("filter.{field}: must be a string"))
        .violates(ViolationKind::IdNotText, field)
}
