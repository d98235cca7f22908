//! The consent page.

use axum::http::StatusCode;
use axum::response::Response;
use maud::html;
use serde::Deserialize;
use url::{Position, Url};

use crate::{pages::page as page_with_look, scopes::meaning};

/// What the app asks with, and what the form sends back.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Parameters {
    pub(crate) client_id: String,
    pub(crate) response_type: String,
    pub(crate) scope: String,
    pub(crate) redirect_uri: String,
    pub(crate) state: Option<String>,
    pub(crate) decision: String,
}

/// Asks the administrator of `company` to approve what the app asks for; the answer goes to `redirect`.
pub(crate) fn page(company: &str, redirect: &Url, parameters: &Parameters) -> Response {
    let app = &redirect[..Position::BeforePath];
    let (known, unknown): (Vec<&str>, Vec<&str>) = parameters
        .scope
        .split_whitespace()
        .partition(|scope| meaning(scope).is_some());
    let body = html! {
        h1 { "Connect " (company) "?" }
        p { "The app at " code { (app) } " asks to read from the Gong account of " strong { (company) } "." }
        h2 { "It will be able to" }
        @if known.is_empty() {
            p { "Nothing: it asks for no permission that is known here." }
        } @else {
            ul {
                @for scope in &known {
                    li { (meaning(scope).unwrap_or_default()) " " code.soft.small { (scope) } }
                }
            }
        }
        @if !unknown.is_empty() {
            h2 { "Also asked for, but not known here and not granted" }
            ul { @for scope in &unknown { li { code { (scope) } } } }
        }
        p.soft.small { "It cannot change anything. This is a sandbox: company and calls are made up or read from local files." }
        form method="post" action="/oauth2/authorize" {
            input type="hidden" name="client_id" value=(parameters.client_id);
            input type="hidden" name="response_type" value=(parameters.response_type);
            input type="hidden" name="scope" value=(parameters.scope);
            input type="hidden" name="redirect_uri" value=(parameters.redirect_uri);
            @if let Some(state) = &parameters.state { input type="hidden" name="state" value=(state); }
            div.choices {
                button.primary type="submit" name="decision" value="approve" { "Approve" }
                button type="submit" name="decision" value="deny" { "Deny" }
            }
        }
    };
    page_with_look(StatusCode::OK, "Connect", body)
}
