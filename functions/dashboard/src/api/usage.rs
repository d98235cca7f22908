//! What the analysis took.

use axum::{Json, extract::State};
use serde_json::{Value, json};

use super::Envelope;
use crate::{App, extract::Who, http_status::Refusal};

/// `GET /api/usage`: every month, newest first.
pub async fn list(State(app): State<App>, Who(me): Who) -> Result<Json<Envelope>, Refusal> {
    let months = app.usage.usages(&me.org_id).await?;
    let items: Vec<Value> = months
        .iter()
        .map(|(month, usage)| json!({"month": month.to_string(), "usage": usage}))
        .collect();
    Ok(Json(Envelope::new(items, None)))
}
