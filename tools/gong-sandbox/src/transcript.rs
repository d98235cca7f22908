//! `POST /v2/calls/transcript`: what was said.

use serde_json::{Value, json};

use crate::{
    calls::Stored,
    filter::CallFilter,
    listing,
    refusal::Refusal,
    request::{Answer, ApiRequest},
    state::{Shared, World},
    violations::ViolationKind,
};

/// Notes every id that a body names, and that it names private calls.
pub(crate) fn note_requested(world: &mut World, request: &ApiRequest<'_>, body: &Value) {
    let ids = body["filter"]["callIds"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str);
    for id in ids {
        world.stats.transcripts_requested.push(id.to_owned());
        if world.call(id).is_some_and(|call| call.is_private()) {
            world.violate(
                request.now_ms,
                request.name,
                ViolationKind::TranscriptOfPrivateCall,
                format!("call {id}"),
            );
        }
    }
}

pub(crate) fn answer(
    shared: &Shared,
    world: &mut World,
    request: &ApiRequest<'_>,
    body: &Value,
) -> Result<Answer, Refusal> {
    let filter = CallFilter::read(body)?;
    match &filter.call_ids {
        Some(_) if filter.workspace_id.is_some() => {
            return Err(Refusal::bad_request(
                "filter.workspaceId: must not provide both callIds and workspaceId",
            )
            .violates(ViolationKind::IdsWithWorkspace, ""));
        }
        Some(_) => listing::note_size(world, request, &filter),
        None => world.violate(
            request.now_ms,
            request.name,
            ViolationKind::TranscriptByDateRange,
            "",
        ),
    }
    let listing = listing::open(shared, world, request, body)?;
    let faults = &world.faults;
    let served = |stored: &Stored| {
        let omitted = faults.omit_from_transcripts.contains(&stored.place.id);
        !omitted && transcript_of(shared, request, stored).is_some()
    };
    let available = listing::select(world, &listing, |stored| {
        filter.matches(stored) && served(stored)
    })?;
    let page = shared
        .cursors
        .page(&listing, &available, |stored| &stored.place);
    let shown = page.items.iter().map(|stored| {
        json!({"callId": stored.place.id, "transcript": transcript_of(shared, request, stored)})
    });
    Ok(Answer::from_iter([
        ("records".into(), page.records),
        ("callTranscripts".into(), shown.collect()),
    ]))
}

fn transcript_of<'s>(
    shared: &Shared,
    request: &ApiRequest<'_>,
    stored: &'s Stored,
) -> Option<&'s Value> {
    stored
        .call
        .transcript_at(request.now_ms, shared.first_started_ms)
}
