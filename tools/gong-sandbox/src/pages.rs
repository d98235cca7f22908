//! The look that the sandbox's pages share.

use std::sync::Arc;
use url::{Host, Url};

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use maud::{DOCTYPE, Markup, PreEscaped, html};

use crate::state::Shared;

const STYLE: &str = "
:root { color-scheme: light dark; --page: #f4f4f1; --card: #ffffff; --ink: #1d1e21; --soft: #575b62;
  --line: #d9dade; --accent: #4a37c8; --on-accent: #ffffff; --mark: #ffe9a3; --on-mark: #1d1e21; }
@media (prefers-color-scheme: dark) {
  :root { --page: #16171a; --card: #202226; --ink: #ececee; --soft: #a9adb5;
    --line: #3a3d44; --accent: #a99cff; --on-accent: #16171a; --mark: #5a4a12; --on-mark: #fff6da; } }
* { box-sizing: border-box; }
body { margin: 0; padding: 1.5rem 1rem 3rem; background: var(--page); color: var(--ink);
  font: 1rem/1.55 system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif; overflow-wrap: break-word; }
main { max-width: 40rem; margin: 0 auto; padding: 1.5rem; background: var(--card);
  border: 1px solid var(--line); border-radius: 12px; }
.brand { max-width: 40rem; margin: 0 auto .75rem; color: var(--soft); font-weight: 600; }
h1 { margin: 0 0 .75rem; font-size: 1.4rem; line-height: 1.25; }
h2 { margin: 1.75rem 0 .5rem; font-size: 1.05rem; }
p { margin: .5rem 0; }
ul { margin: .5rem 0; padding-left: 1.2rem; }
li { margin: .4rem 0; }
a { color: var(--accent); }
code { font-family: ui-monospace, Menlo, Consolas, monospace; font-size: .9em; }
.soft { color: var(--soft); }
.small { font-size: .9rem; }
.choices { display: flex; flex-wrap: wrap; gap: .75rem; margin-top: 1.5rem; }
button { flex: 1 1 8rem; min-height: 2.75rem; padding: .5rem 1.25rem; border: 1px solid var(--line);
  border-radius: 8px; background: transparent; color: inherit; font: inherit; font-weight: 600; cursor: pointer; }
button.primary { border-color: var(--accent); background: var(--accent); color: var(--on-accent); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.turn { margin: 1.1rem 0 0; font-weight: 600; }
.sentence { display: grid; grid-template-columns: 4.5rem 1fr; gap: .5rem; margin: .2rem 0; padding: .15rem .35rem;
  border-radius: 6px; scroll-margin-top: 30vh; }
.sentence time { color: var(--soft); font-variant-numeric: tabular-nums; }
.sentence.marked { background: var(--mark); color: var(--on-mark); }
.sentence.marked time, .sentence.marked mark { color: inherit; }
mark { background: none; }
";

/// A page with the shared look; everything that `body` interpolates is escaped by maud.
pub(crate) fn page(status: StatusCode, title: &str, body: Markup) -> Response {
    let markup = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="robots" content="noindex";
                title { (title) " · Gong sandbox" }
                style { (PreEscaped(STYLE)) }
            }
            body {
                p.brand { "Gong sandbox" }
                main { (body) }
            }
        }
    };
    let headers = [
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        // No `form-action`: browsers apply it to the redirect after the form as well, which leads to the app.
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'",
        ),
    ];
    (status, headers, Html(markup.into_string())).into_response()
}

/// A page that tells what went wrong.
pub(crate) fn error(status: StatusCode, heading: &str, text: &str) -> Response {
    page(status, heading, html! { h1 { (heading) } p { (text) } })
}

/// `GET /`: what this is.
pub(crate) async fn home(State(shared): State<Arc<Shared>>) -> Response {
    let calls = shared.world().calls.len();
    let body = html! {
        h1 { "A stand-in for Gong on this machine" }
        p {
            "This address answers like Gong's public API, for the made-up company " strong { (shared.company.name) }
            " with " (calls) @if calls == 1 { " call" } @else { " calls" } " read from JSON files."
        }
        p { "Nothing here comes from a real Gong account, and nothing leaves this machine." }
        p.soft { "To use it, press “Connect Gong” in the app. There is nothing to do on this page." }
    };
    page(StatusCode::OK, "About", body)
}

/// Whether the URL's host is this machine.
pub(crate) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}
