//! Boards and tags.

use axum::{Json, extract::State};
use serde_json::{Value, json};

use crate::{App, extract::Who, http_status::Refusal};

/// `GET /api/boards`
pub async fn boards(State(app): State<App>, Who(me): Who) -> Result<Json<Value>, Refusal> {
    let boards = app.feedback.boards(&me.org_id).await?;
    let items = boards.iter().map(|board| {
        json!({
            "id": board.id,
            "name": board.name,
            "description": board.description,
            "is_default": board.is_default,
            "categories": board.categories,
            "created": board.created.to_rfc3339(),
        })
    });
    Ok(Json(json!({"items": items.collect::<Vec<_>>()})))
}

/// `GET /api/tags`
pub async fn tags(State(app): State<App>, Who(me): Who) -> Result<Json<Value>, Refusal> {
    let tags = app.feedback.tags(&me.org_id).await?;
    let items = tags
        .iter()
        .map(|tag| json!({"id": tag.id, "name": tag.name}));
    Ok(Json(json!({"items": items.collect::<Vec<_>>()})))
}
