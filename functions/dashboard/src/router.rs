//! Which address is answered by what.

use std::sync::Arc;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    middleware,
    routing::{get, post},
};

use crate::{
    Dashboard, api, assets, guard,
    http_status::Refusal,
    pages::{
        activity, also_heard, board_form, boards, call, calls, curation, disconnect, edit_post,
        erase, feedback, gong, new_post, post as one, product, retry_failed, review, sign_in,
        usage,
    },
};

/// The largest form: the longest details, percent-encoded, fit in.
const MAX_FORM_BYTES: usize = 256 * 1024;

/// The pages, the API and the assets, as one service.
pub fn router(dashboard: Dashboard) -> Router {
    let app = Arc::new(dashboard);
    Router::new()
        .route("/", get(sign_in::start))
        .route("/sign-in", get(sign_in::show).post(sign_in::enter))
        .route("/sign-in/callback", get(sign_in::callback))
        .route("/sign-out", post(sign_in::leave))
        .route("/integrations/gong", get(gong::show))
        .route("/integrations/gong/connect", post(gong::connect))
        .route(guard::PROGRESS, get(api::gong::progress))
        .route("/integrations/gong/sync", post(gong::sync))
        .route("/integrations/gong/settings", post(gong::save_settings))
        .route(
            "/integrations/gong/disconnect",
            get(disconnect::ask).post(disconnect::confirm),
        )
        .route("/settings/product", get(product::show).post(product::save))
        .route("/feedback", get(feedback::list).post(new_post::create))
        .route("/feedback/new", get(new_post::show))
        .route("/feedback/{id}", get(one::show))
        .route(
            "/feedback/{id}/edit",
            get(edit_post::show).post(edit_post::save),
        )
        .route("/feedback/{id}/merge", post(curation::merge))
        .route("/feedback/{id}/undo-merge", post(curation::undo_merge))
        .route("/feedback/{id}/approve", post(curation::approve))
        .route("/feedback/{id}/reject", post(curation::reject))
        .route(
            "/feedback/{id}/evidence/{call}/{n}/move",
            post(curation::move_evidence),
        )
        .route("/review", get(review::list))
        .route("/activity", get(activity::list))
        .route("/usage", get(usage::show))
        .route("/erase", get(erase::show).post(erase::erase))
        .route("/calls", get(calls::list))
        .route("/calls/retry-failed", post(retry_failed::retry))
        .route("/calls/{id}", get(call::show))
        .route("/calls/{id}/retry", post(calls::retry))
        .route("/calls/{id}/erase", get(call::ask_erase).post(call::erase))
        .route("/calls/{id}/heard/{n}/post", post(also_heard::post))
        .route("/calls/{id}/heard/{n}/dismiss", post(also_heard::dismiss))
        .route(
            "/calls/{id}/heard/{n}/undo-dismissal",
            post(also_heard::undo_dismissal),
        )
        .route("/boards", get(boards::list).post(board_form::create))
        .route("/boards/new", get(board_form::show_new))
        .route(
            "/boards/{id}/edit",
            get(board_form::show_edit).post(board_form::edit),
        )
        .route("/tags", post(boards::add_tag))
        .route("/tags/{id}", post(boards::rename_tag))
        .route("/api/posts", get(api::posts::list))
        .route("/api/posts/{id}", get(api::posts::one))
        .route("/api/boards", get(api::boards::boards))
        .route("/api/tags", get(api::boards::tags))
        .route("/api/calls", get(api::calls::list))
        .route("/api/calls/{id}", get(api::calls::one))
        .route("/api/usage", get(api::usage::list))
        .route("/api/integrations/gong", get(api::gong::status))
        .route("/api/integrations/gong/progress", get(api::gong::progress))
        .route("/assets/{name}", get(assets::serve))
        .fallback(async || Refusal::NotFound("page"))
        .method_not_allowed_fallback(async || Refusal::MethodNotAllowed)
        .layer(DefaultBodyLimit::max(MAX_FORM_BYTES))
        .layer(middleware::from_fn_with_state(
            app.clone(),
            guard::same_origin,
        ))
        .layer(middleware::from_fn_with_state(app.clone(), guard::dress))
        .with_state(app)
}
