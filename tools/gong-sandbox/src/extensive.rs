//! `POST /v2/calls/extensive`: calls with the sections that are asked for.

use axum::http::StatusCode;
use serde_json::Value;

use crate::{
    calls::Stored,
    filter::CallFilter,
    listing,
    refusal::Refusal,
    request::{Answer, ApiRequest},
    select::exposed,
    state::{Shared, World},
};

pub(crate) fn answer(
    shared: &Shared,
    world: &mut World,
    request: &ApiRequest<'_>,
    body: &Value,
) -> Result<Answer, Refusal> {
    let filter = CallFilter::read(body)?;
    listing::note_size(world, request, &filter);
    let listing = listing::open(shared, world, request, body)?;
    if world
        .faults
        .fail_extensive_after_page
        .is_some_and(|pages| listing.page >= pages)
    {
        return Err(Refusal::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "injected by the sandbox",
        ));
    }
    let visible =
        |stored: &Stored| filter.matches(stored) && stored.call.is_visible(request.now_ms);
    let calls = listing::select(world, &listing, visible)?;
    let mut page = shared
        .cursors
        .page(&listing, &calls, |stored| &stored.place);
    let matching = world.calls.iter().filter(|stored| filter.matches(stored));
    page.records["totalRecords"] = matching.count().into();
    let shown = page
        .items
        .iter()
        .map(|stored| exposed(&stored.call.call, &body["contentSelector"]))
        .collect();
    Ok(Answer::from_iter([
        ("records".into(), page.records),
        ("calls".into(), Value::Array(shown)),
    ]))
}
