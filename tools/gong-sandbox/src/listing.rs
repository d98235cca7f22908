//! What the two listings of calls have in common.

use axum::http::StatusCode;
use serde_json::Value;

use crate::{
    calls::Stored,
    filter::CallFilter,
    paging::Listing,
    refusal::Refusal,
    request::ApiRequest,
    state::{Shared, World},
    violations::ViolationKind,
};

/// Checks the cursor of a POST request and opens the listing; a misplaced cursor is noted and ignored, as Gong does.
pub(crate) fn open(
    shared: &Shared,
    world: &mut World,
    request: &ApiRequest<'_>,
    body: &Value,
) -> Result<Listing, Refusal> {
    let in_filter = body["filter"]
        .get("cursor")
        .is_some_and(|cursor| !cursor.is_null());
    if in_filter || request.parameter("cursor").is_some() {
        let place = if in_filter {
            "in `filter`"
        } else {
            "in the query string"
        };
        world.violate(
            request.now_ms,
            request.name,
            ViolationKind::CursorMisplaced,
            place,
        );
    }
    let cursor = match body.get("cursor") {
        None | Some(Value::Null) => None,
        Some(Value::String(cursor)) => Some(cursor.as_str()),
        Some(_) => return Err(Refusal::bad_request("failed to verify cursor")),
    };
    let mut inputs = body.clone();
    if let Some(inputs) = inputs.as_object_mut() {
        inputs.remove("cursor");
    }
    let mut listing = shared
        .cursors
        .open(request.name, &inputs, cursor, request.now_ms)?;
    listing.descending = world.faults.reverse_pages;
    Ok(listing)
}

/// Notes a request for more calls than a page holds.
pub(crate) fn note_size(world: &mut World, request: &ApiRequest<'_>, filter: &CallFilter) {
    if let Some(count) = filter.more_than_a_page() {
        world.violate(
            request.now_ms,
            request.name,
            ViolationKind::MoreThanAPage,
            format!("{count} call ids"),
        );
    }
}

/// The calls that are asked for, in the listing's order.
pub(crate) fn select<'w>(
    world: &'w World,
    listing: &Listing,
    wanted: impl Fn(&Stored) -> bool,
) -> Result<Vec<&'w Stored>, Refusal> {
    let mut selected: Vec<&Stored> = world.calls.iter().filter(|stored| wanted(stored)).collect();
    if selected.is_empty() {
        let message = "No calls found corresponding to the provided filters";
        return Err(Refusal::new(StatusCode::NOT_FOUND, message));
    }
    if listing.descending {
        selected.reverse();
    }
    Ok(selected)
}
