//! The ledger.

use axum::{Json, extract::State};
use domain::{
    call::{Call, CallState},
    feedback::Heard,
    ids::CallId,
    moment::Timestamp,
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    Envelope, PageQuery,
    posts::{author, engine, link, quote},
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
    let heard = app.feedback.also_heard(&me.org_id, &id).await?;
    let items = heard.iter().flat_map(|heard| &heard.items);
    let mut json = call(&found);
    json["stages"] = json!(found.stages);
    json["also_heard"] = items.map(also_heard).collect();
    Ok(Json(json))
}

fn also_heard(item: &Heard) -> Value {
    let decided = item.decided.as_ref();
    let state = match decided.map(|decided| &decided.post_id) {
        None => "open",
        Some(Some(_)) => "posted",
        Some(None) => "dismissed",
    };
    json!({
        "n": item.n,
        "state": state,
        "post_id": item.post_id(),
        "decided_by": decided.map(|decided| &decided.by),
        "decided": decided.map(|decided| decided.at).map(Timestamp::to_rfc3339),
        "title": item.request.title,
        "description": item.request.description,
        "sentiment": item.request.sentiment,
        "priority": item.request.priority,
        "feature_area": item.request.feature_area,
        "pain_points": item.request.pain_points,
        "author": author(&item.author),
        "quotes": item.quotes.iter().map(quote).collect::<Vec<_>>(),
        "rejected_quotes": item.rejected_quotes,
        "doubts": item.doubts,
        "engine": engine(&item.engine),
    })
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
