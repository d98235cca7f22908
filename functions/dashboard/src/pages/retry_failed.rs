//! All calls again that failed since a day or time, some hundred a request.

use axum::{
    extract::State,
    response::{Html, IntoResponse, Redirect, Response},
};
use domain::{
    ids::CallId,
    moment::Timestamp,
    principal::{Action, Principal},
};
use http::StatusCode;
use ingest::pipeline::retry::Requeued;
use maud::{Markup, html};
use serde::Deserialize;

use super::{
    layout::{self, Section},
    words::{grouped, plural, time},
};
use crate::{
    App,
    extract::{Posted, Who},
    http_status::{self, Refusal},
};

/// What is asked for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Form {
    since: String,
    /// The call to go on after.
    after: String,
}

/// `POST /calls/retry-failed`
pub async fn retry(
    State(app): State<App>,
    Who(me): Who,
    Posted(form): Posted<Form>,
) -> Result<Response, Refusal> {
    me.require(Action::RetryCalls)?;
    let Ok(since) = Timestamp::parse_typed(&form.since) else {
        let error = "Write a day and a time in UTC, such as 2026-11-20 14:30.";
        let body = html! { (field(&form.since, Some(error))) };
        return Ok((StatusCode::BAD_REQUEST, page(&me, &body)).into_response());
    };
    let after = match form.after.as_str() {
        "" => None,
        id => Some(CallId::parse(id).map_err(|_| Refusal::Unreadable)?),
    };
    match app
        .retry
        .retry_failed_since(&me, since, after.as_ref())
        .await
    {
        Ok(done) => Ok(page(&me, &summarize(since, &done)).into_response()),
        Err(error) => {
            let notice = http_status::retry(error)?;
            Ok(Redirect::to(&notice.on("/calls")).into_response())
        }
    }
}

/// The form on the ledger's page.
pub fn field(since: &str, error: Option<&str>) -> Markup {
    html! {
        form.filters.retry method="post" action="/calls/retry-failed" {
            div.field {
                label for="since" { "Retry all that failed since (UTC)" }
                input #since type="datetime-local" name="since" value=(since) required
                    aria-invalid=[error.map(|_| "true")]
                    aria-describedby=[error.map(|_| "since-error")];
                @if let Some(error) = error { p.error #since-error { (error) } }
            }
            div.actions { button.second { "Retry all" } }
        }
    }
}

fn summarize(since: Timestamp, done: &Requeued) -> Markup {
    html! {
        p.notice.good role="status" {
            (plural(done.queued as u64, "call")) " queued again, of those that failed since " (time(since)) ". "
            @if done.changed > 0 {
                (plural(done.changed as u64, "call")) " left alone, because someone else changed them at the same time. "
            }
            @match &done.next {
                Some(_) => { (grouped(done.left as u64)) " more failed since then." },
                None => "No other call failed since then.",
            }
        }
        @if let Some(next) = &done.next {
            form method="post" action="/calls/retry-failed" {
                input type="hidden" name="since" value=(since.to_rfc3339());
                input type="hidden" name="after" value=(next);
                p.actions { button { "Go on with the next" } a.button.second href="/calls" { "Stop here" } }
            }
        } @else {
            p.actions { a.button.second href="/calls" { "Back to the calls" } }
        }
    }
}

fn page(me: &Principal, body: &Markup) -> Html<String> {
    let body = html! {
        p.crumbs { a href="/calls" { "Calls" } }
        h1 { "Retry failed calls" }
        (body)
    };
    layout::page(Some(me), Some(Section::Calls), "Retry failed calls", &body)
}
