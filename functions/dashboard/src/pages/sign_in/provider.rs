//! Signing in with the organization's identity provider.
//!
//! The return holds a code and a state, so nothing of it is ever logged, shown or passed on.

use axum::{
    extract::Query,
    response::{AppendHeaders, Html, IntoResponse, Redirect, Response},
};
use domain::{
    hash::hash,
    ports::sign_in::{IdentityProvider, Remembered},
    secret::Secret,
};
use http::{HeaderMap, Uri, header};
use maud::html;
use serde::Deserialize;

use super::session;
use crate::{
    App,
    http_status::{Refusal, SignInFailure},
    pages::layout,
};

pub fn show() -> Html<String> {
    let body = html! {
        div.narrow {
            h1 { "Sign in" }
            p.lead { "Your company's sign-in tells ProductBridge who you are." }
            form.card method="post" action="/sign-in" {
                p.actions { button { "Continue with your company's sign-in" } }
            }
        }
    };
    layout::page(None, None, "Sign in", &body)
}

/// To the provider; the browser remembers that it went.
pub async fn depart(app: &App, provider: &dyn IdentityProvider) -> Result<Response, Refusal> {
    let seal = app.keys.unlock().await?;
    let departure = provider.begin().await.map_err(SignInFailure::Provider)?;
    let now = app.clock.now();
    let cookie = app.cookies.set_sign_in(&*seal, &departure.remembered, now);
    let cookies = AppendHeaders([(header::SET_COOKIE, cookie)]);
    let there = Redirect::to(departure.address.expose());
    Ok((cookies, there).into_response())
}

/// Back from the provider. Whatever comes of it, the browser forgets that it went.
pub async fn arrive(
    app: &App,
    provider: &dyn IdentityProvider,
    uri: &Uri,
    headers: &HeaderMap,
) -> Response {
    let answer = match finish(app, provider, uri, headers).await {
        Ok(entered) => entered,
        Err(refusal) => refusal.into_response(),
    };
    let headers = AppendHeaders([
        (header::SET_COOKIE, app.cookies.clear_sign_in()),
        // The address holds a code, which the next page has no use for.
        (header::REFERRER_POLICY, "no-referrer".into()),
    ]);
    (headers, answer).into_response()
}

async fn finish(
    app: &App,
    provider: &dyn IdentityProvider,
    uri: &Uri,
    headers: &HeaderMap,
) -> Result<Response, Refusal> {
    let now = app.clock.now();
    let remembered = app.cookies.sign_in(headers, &*app.keys, now).await?;
    let remembered = remembered.ok_or(SignInFailure::NotBegun)?;
    let code = read(uri, &remembered)?;
    let principal = provider.finish(&code, &remembered).await;
    let principal = principal.map_err(SignInFailure::Provider)?;
    (app.on_sign_in)(principal.clone()).await?;
    session(app, &principal).await
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Return {
    state: Option<Secret>,
    code: Option<Secret>,
    error: Option<String>,
}

/// The code of a return that belongs to this browser's sign-in. A query that names a field twice
/// says nothing.
fn read(uri: &Uri, remembered: &Remembered) -> Result<Secret, SignInFailure> {
    let query = Query::<Return>::try_from_uri(uri);
    let query = query.map(|Query(query)| query).unwrap_or_default();
    // Hashes are compared, so that the time it takes tells nothing of the state.
    let own = |state: &Secret| hash(state) == hash(&remembered.state);
    if !query.state.as_ref().is_some_and(own) {
        return Err(SignInFailure::NotBegun);
    }
    if let Some(error) = query.error {
        return Err(SignInFailure::from_provider(&error));
    }
    let full = |code: &Secret| !code.expose().is_empty();
    query.code.filter(full).ok_or(SignInFailure::Incomplete)
}
