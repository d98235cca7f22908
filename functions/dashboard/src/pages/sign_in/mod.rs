//! Signing in and out.

mod local;
mod provider;

use axum::{
    extract::{FromRequest, Request, State},
    response::{AppendHeaders, Html, IntoResponse, Redirect, Response},
};
use domain::principal::Principal;
use http::{HeaderMap, Uri, header};

use crate::{
    App, SignIn,
    extract::{Posted, Who},
    http_status::Refusal,
};

/// `GET /`
pub async fn start(_: Who) -> Redirect {
    Redirect::to("/feedback")
}

/// `GET /sign-in`
pub async fn show(State(app): State<App>) -> Html<String> {
    match app.sign_in {
        SignIn::Local => local::show(),
        SignIn::Provider(_) => provider::show(),
    }
}

/// `POST /sign-in`
pub async fn enter(State(app): State<App>, request: Request) -> Result<Response, Refusal> {
    match &app.sign_in {
        SignIn::Local => {
            let Posted(form) = Posted::from_request(request, &app).await?;
            local::enter(&app, &form).await
        }
        SignIn::Provider(provider) => provider::depart(&app, &**provider).await,
    }
}

/// `GET /sign-in/callback`
pub async fn callback(State(app): State<App>, uri: Uri, headers: HeaderMap) -> Response {
    match &app.sign_in {
        SignIn::Local => Refusal::NotFound("page").into_response(),
        SignIn::Provider(provider) => provider::arrive(&app, &**provider, &uri, &headers).await,
    }
}

/// `POST /sign-out` ends the session here; the provider's own goes on.
pub async fn leave(State(app): State<App>) -> Response {
    let cookies = AppendHeaders([(header::SET_COOKIE, app.cookies.clear_session())]);
    (cookies, Redirect::to("/sign-in")).into_response()
}

/// The session begins, on a page that no request chooses.
async fn session(app: &App, principal: &Principal) -> Result<Response, Refusal> {
    let seal = app.keys.unlock().await?;
    let cookie = app.cookies.set_session(&*seal, principal, app.clock.now());
    let cookies = AppendHeaders([(header::SET_COOKIE, cookie)]);
    Ok((cookies, Redirect::to("/feedback")).into_response())
}
