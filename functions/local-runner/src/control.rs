//! Commands of other processes on this machine, taken by the running server.

use std::sync::Arc;

use anyhow::{Context as _, Result, bail};
use axum::{
    Json, Router,
    extract::{DefaultBodyLimit, Request, State},
    http::{StatusCode, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::post,
};
use domain::secret::Secret;

use crate::{
    app::App,
    command::{Command, CommandAnswer},
    commands,
    data_folder::ControlAddress,
};

const PATH: &str = "/-/command";
/// The largest import that is passed to a running server, and the largest answer to it.
const LARGEST_COMMAND: usize = 256 << 20;

/// The route, for whoever shows the token of the owner-only file and is no web page.
pub fn router(app: Arc<App>, address: &ControlAddress) -> Router {
    let guard = middleware::from_fn_with_state(address.token.clone(), check);
    Router::new()
        .route(PATH, post(run))
        .layer(guard)
        .layer(DefaultBodyLimit::max(LARGEST_COMMAND))
        .with_state(app)
}

async fn check(State(token): State<Secret>, request: Request, next: Next) -> Response {
    let headers = request.headers();
    let shown = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.strip_prefix("Bearer "));
    // Hashes are compared, so that the time taken tells nothing of the token.
    let same = shown
        .is_some_and(|shown| domain::hash::hash(&Secret::new(shown)) == domain::hash::hash(&token));
    if same && !headers.contains_key(header::ORIGIN) {
        next.run(request).await
    } else {
        StatusCode::NOT_FOUND.into_response()
    }
}

async fn run(State(app): State<Arc<App>>, Json(command): Json<Command>) -> Json<CommandAnswer> {
    Json(match commands::run(&app, &command).await {
        Ok(answer) => answer,
        Err(error) => CommandAnswer {
            lines: vec![format!("{error:#}")],
            ok: false,
        },
    })
}

/// Passes a command to the server that has the data folder.
///
/// # Errors
/// When the server does not answer.
pub async fn send(address: &ControlAddress, command: &Command) -> Result<CommandAnswer> {
    adapters::http::install_crypto();
    let client = reqwest::Client::builder().no_proxy().build()?;
    let answer = client
        .post(format!("{}{PATH}", address.origin))
        .bearer_auth(address.token.expose())
        .json(command)
        .send()
        .await
        .map_err(reqwest::Error::without_url)
        .context("the server that uses this data folder does not answer; stop it, or try again")?;
    if !answer.status().is_success() {
        bail!(
            "the server that uses this data folder refused the command (status {})",
            answer.status().as_u16()
        );
    }
    let body = adapters::http::read_limited(answer, LARGEST_COMMAND).await?;
    Ok(serde_json::from_slice(&body)?)
}
