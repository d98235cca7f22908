//! `/oauth2/authorize`: the request for consent and the decision.

use std::sync::Arc;

use axum::Form;
use axum::extract::rejection::{FormRejection, QueryRejection};
use axum::extract::{Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use thiserror::Error;
use url::Url;

use crate::{
    consent::{self, Parameters},
    pages::{self, is_loopback},
    scopes,
    state::Shared,
};

/// Why a request for consent is not shown; nothing is sent to the redirect URI, which cannot be trusted here.
#[derive(Debug, Error)]
enum AuthorizeError {
    #[error(
        "The request could not be read, so nothing was approved. Each parameter may stand in the address once."
    )]
    Unreadable,
    #[error(
        "This app is not known here: the client id differs from the one that the sandbox was started with. Check the app's configuration."
    )]
    UnknownClient,
    #[error(
        "The app asked for another kind of answer than a code. Its request must say response_type=code."
    )]
    NotACode,
    #[error(
        "The app asked to be answered at an address that is not allowed. Use an http address on this machine, or one that the sandbox was started with."
    )]
    Redirect,
    #[error("The decision is neither approve nor deny. Go back and choose one of the two buttons.")]
    NoDecision,
    #[error(
        "The approval could not be written to the sandbox's state file, so it was not granted. Check the folder's permissions and free space."
    )]
    NotKept,
}

impl IntoResponse for AuthorizeError {
    fn into_response(self) -> Response {
        let status = match self {
            Self::NotKept => StatusCode::INTERNAL_SERVER_ERROR,
            _ => StatusCode::BAD_REQUEST,
        };
        pages::error(status, "This request cannot be approved", &self.to_string())
    }
}

/// Shows the consent page.
pub(crate) async fn ask(
    State(shared): State<Arc<Shared>>,
    parameters: Result<Query<Parameters>, QueryRejection>,
) -> Response {
    let Ok(Query(parameters)) = parameters else {
        return AuthorizeError::Unreadable.into_response();
    };
    match check(&shared, &parameters) {
        Ok(redirect) => consent::page(&shared.company.name, &redirect, &parameters),
        Err(error) => error.into_response(),
    }
}

/// Takes the administrator's decision and sends the browser back to the app.
pub(crate) async fn decide(
    State(shared): State<Arc<Shared>>,
    parameters: Result<Form<Parameters>, FormRejection>,
) -> Response {
    let Ok(Form(parameters)) = parameters else {
        return AuthorizeError::Unreadable.into_response();
    };
    match decided(&shared, &parameters) {
        Ok(url) => (
            [(header::CACHE_CONTROL, "no-store")],
            Redirect::to(url.as_str()),
        )
            .into_response(),
        Err(error) => error.into_response(),
    }
}

fn decided(shared: &Shared, parameters: &Parameters) -> Result<Url, AuthorizeError> {
    let mut redirect = check(shared, parameters)?;
    match parameters.decision.as_str() {
        "approve" => {
            let code = issue_code(shared, parameters)?;
            redirect.query_pairs_mut().append_pair("code", &code);
        }
        "deny" => {
            redirect
                .query_pairs_mut()
                .append_pair("error", "access_denied")
                .append_pair("error_description", "The administrator denied access.");
        }
        _ => return Err(AuthorizeError::NoDecision),
    }
    if let Some(state) = &parameters.state {
        redirect.query_pairs_mut().append_pair("state", state);
    }
    Ok(redirect)
}

fn issue_code(shared: &Shared, parameters: &Parameters) -> Result<String, AuthorizeError> {
    let mut world = shared.world();
    let asked = parameters
        .scope
        .split_whitespace()
        .filter(|scope| scopes::meaning(scope).is_some());
    let scopes = match &world.faults.granted_scopes {
        Some(granted) => granted.clone(),
        None => asked.map(str::to_owned).collect(),
    };
    let mut tokens = world.tokens.clone();
    let code = tokens.issue_code(
        shared.seed,
        shared.now_ms(),
        &parameters.redirect_uri,
        scopes,
    );
    shared.keep_tokens(&mut world, tokens).map_err(|error| {
        tracing::error!(%error, "an approval could not be kept");
        AuthorizeError::NotKept
    })?;
    Ok(code.expose().to_owned())
}

/// Checks what the app sent and yields where its answer goes.
fn check(shared: &Shared, parameters: &Parameters) -> Result<Url, AuthorizeError> {
    if parameters.client_id != shared.client_id {
        return Err(AuthorizeError::UnknownClient);
    }
    if parameters.response_type != "code" {
        return Err(AuthorizeError::NotACode);
    }
    let redirect = Url::parse(&parameters.redirect_uri).map_err(|_| AuthorizeError::Redirect)?;
    let allowed = match &shared.redirect_uris {
        Some(list) => list.contains(&parameters.redirect_uri),
        None => {
            let bare = redirect.username().is_empty()
                && redirect.password().is_none()
                && redirect.fragment().is_none();
            redirect.scheme() == "http" && is_loopback(&redirect) && bare
        }
    };
    if allowed {
        Ok(redirect)
    } else {
        Err(AuthorizeError::Redirect)
    }
}
