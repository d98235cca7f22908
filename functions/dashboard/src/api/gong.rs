//! The connection.

use axum::{Json, extract::State};
use domain::{
    connection::{Connection, History},
    moment::Timestamp,
};
use serde_json::{Value, json};

use crate::{App, extract::Who, http_status::Refusal, progress::Progress, sync_view::SyncView};

/// `GET /api/integrations/gong`
pub async fn status(State(app): State<App>, Who(me): Who) -> Result<Json<Value>, Refusal> {
    let view = SyncView::load(&app, &me.org_id).await?;
    let poll = view.poll.as_ref().filter(|_| view.live());
    Ok(Json(json!({
        "status": view.status().map_or("not connected", |status| status.label()),
        "connection": view.connection.as_ref().map(connection),
        "last_success": poll.and_then(|poll| poll.last_success).map(Timestamp::to_rfc3339),
        "next_poll": poll.and_then(|poll| poll.due).map(Timestamp::to_rfc3339),
        "seen_calls": poll.is_some_and(|poll| poll.seen_calls),
        "last_error": view.connection.as_ref().and_then(|c| c.last_error.as_deref())
            .or_else(|| poll.and_then(|poll| poll.last_error.as_deref())),
        "blocked_until": view.blocked_until.map(Timestamp::to_rfc3339),
        "counts": view.counts.lines(),
    })))
}

/// `GET /api/integrations/gong/progress`, and the same for the pages' script, which has a session
/// but no access token.
pub async fn progress(State(app): State<App>, Who(me): Who) -> Result<Json<Progress>, Refusal> {
    let view = SyncView::load(&app, &me.org_id).await?;
    Ok(Json(Progress::of(&view)))
}

/// Without the fingerprints and the secret's name, which are nobody's business here.
fn connection(connection: &Connection) -> Value {
    let history = match connection.history {
        History::Off => json!({"on": false}),
        History::Days(days) => json!({"on": true, "days": days}),
        History::Since(at) => json!({"on": true, "since": at.to_rfc3339()}),
    };
    json!({
        "workspace": connection.workspace,
        "connected_by": connection.connected_by,
        "connected_at": connection.connected_at.to_rfc3339(),
        "disconnected_at": connection.disconnected_at.map(Timestamp::to_rfc3339),
        "generation": connection.generation,
        "history": history,
        "import_from": connection.import_from.to_rfc3339(),
    })
}
