//! The ledger.

use axum::{Json, extract::State};
use domain::{
    call::{Call, CallState},
    ids::CallId,
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    Envelope, PageQuery,
    posts::{engine, link},
};
use crate::{
    App,
    extract::{Asked, Named, Who},
    http_status::{self, Refusal},
};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Query {
    state: String,
    #[serde(flatten)]
    page: PageQuery,
}

/// `GET /api/calls`
pub async fn list(
    State(app): State<App>,
    Who(me): Who,
    Asked(query): Asked<Query>,
) -> Result<Json<Envelope>, Refusal> {
    let state = match query.state.as_str() {
        "" => None,
        word => Some(CallState::parse(word).ok_or(Refusal::BadQuery("the state"))?),
    };
    let (limit, cursor) = (query.page.limit()?, query.page.cursor());
    let page = app.ledger.page(&me.org_id, state, cursor, limit).await;
    let page = page.map_err(|error| http_status::ledger_page(error, cursor.is_some()))?;
    let items = page.calls.iter().map(call).collect();
    Ok(Json(Envelope::new(items, page.next)))
}

/// `GET /api/calls/{id}`
pub async fn one(
    State(app): State<App>,
    Who(me): Who,
    Named(id): Named<CallId>,
) -> Result<Json<Value>, Refusal> {
    let found = app.ledger.call(&me.org_id, &id).await?;
    let found = found.ok_or(Refusal::NotFound("call"))?;
    let mut json = call(&found);
    json["stages"] = json!(found.stages);
    Ok(Json(json))
}

fn call(call: &Call) -> Value {
    json!({
        "id": call.id,
        "state": call.state,
        "reason": call.reason,
        "skip_cause": call.skip_cause,
        "title": call.title,
        "url": link(call.url.as_deref()),
        "started": call.started.map(|at| at.to_rfc3339()),
        "language": call.language,
        "account": call.account,
        "first_seen": call.first_seen.to_rfc3339(),
        "updated": call.updated.to_rfc3339(),
        "attempts": call.attempts,
        "outcomes": call.outcomes,
        "engine": call.engine.as_ref().map(engine),
        "usage": call.usage,
    })
}
