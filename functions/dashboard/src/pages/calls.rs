//! The ledger: every call that was seen, and why it led to what it led to.

use std::collections::BTreeMap;

use axum::{
    extract::State,
    response::{Html, Redirect},
};
use domain::{
    call::{Call, CallState},
    ids::{CallId, PostId},
    principal::{Action, Principal},
    usage::Usage,
};
use maud::{Markup, html};
use serde::Deserialize;

use super::{
    call_result::{outcomes, titles, tone, untitled, used},
    forms::choice,
    layout::{self, Section},
    retry_failed,
    words::{address, engine_words, outside_link, time},
};
use crate::{
    App,
    extract::{Asked, Named, Who},
    http_status::{self, Refusal},
    ledger_counts::state_words,
    notice::{Notice, NoticeQuery},
};

const PAGE_SIZE: usize = 25;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Query {
    state: String,
    next: Option<String>,
    #[serde(flatten)]
    notice: NoticeQuery,
}

/// `GET /calls`
pub async fn list(
    State(app): State<App>,
    Who(me): Who,
    Asked(query): Asked<Query>,
) -> Result<Html<String>, Refusal> {
    let state = match query.state.as_str() {
        "" => None,
        word => Some(CallState::parse(word).ok_or(Refusal::BadQuery("the state"))?),
    };
    let after = query.next.as_deref().filter(|next| !next.is_empty());
    let page = app.ledger.page(&me.org_id, state, after, PAGE_SIZE).await;
    let page = page.map_err(|error| http_status::ledger_page(error, after.is_some()))?;
    let titles = titles(&app, &me.org_id, &page.calls).await?;
    let failed = page.calls.iter().any(|c| c.state == CallState::Failed);
    let body = html! {
        h1 { "Calls" }
        p.lead { "Every call that Gong listed, with its result and the reason." }
        (layout::notice(query.notice.read()))
        (filter(state))
        @if failed && me.may(Action::RetryCalls) { (retry_failed::field("", None)) }
        @if page.calls.is_empty() {
            (empty(state, after.is_some()))
        } @else {
            table {
                thead {
                    tr {
                        th scope="col" { "Call" } th scope="col" { "Started" }
                        th scope="col" { "State" } th scope="col" { "Reason" }
                        th scope="col" { "Led to" } th scope="col" { "Analysis" }
                    }
                }
                tbody { @for call in &page.calls { (row(call, &titles, &me)) } }
            }
        }
        @if let Some(next) = &page.next {
            @let fields = [("state", query.state.as_str()), ("next", next)];
            p.actions { a.button.second href=(address("/calls", &fields)) { "Older calls" } }
        }
    };
    Ok(layout::page(
        Some(&me),
        Some(Section::Calls),
        "Calls",
        &body,
    ))
}

/// `POST /calls/{id}/retry`
pub async fn retry(
    State(app): State<App>,
    Who(me): Who,
    Named(id): Named<CallId>,
) -> Result<Redirect, Refusal> {
    let notice = match app.retry.retry(&me, &id).await {
        Ok(()) => Notice::Retried,
        Err(error) => http_status::retry(error)?,
    };
    Ok(Redirect::to(&notice.on("/calls")))
}

fn filter(state: Option<CallState>) -> Markup {
    let words: Vec<_> = CallState::ALL
        .iter()
        .map(|s| (s.as_str(), state_words(*s)))
        .collect();
    let options: Vec<_> = words
        .iter()
        .map(|(value, words)| (*value, words.as_str()))
        .collect();
    html! {
        form.filters.few method="get" action="/calls" {
            (choice("state", "State", Some("All states"), &options, state.map_or("", CallState::as_str)))
            div.actions {
                button.second { "Filter" }
                @if state.is_some() { a href="/calls" { "Clear" } }
            }
        }
    }
}

fn empty(state: Option<CallState>, later: bool) -> Markup {
    html! {
        div.card.empty {
            @match state {
                _ if later => p { strong { "No older calls." } " " a href="/calls" { "Back to the newest" } "." },
                Some(state) => p { strong { "No calls are " (state_words(state)) "." } " " a href="/calls" { "Show all calls" } "." },
                None => {
                    p { strong { "No calls yet." } }
                    p { "Calls appear here as soon as Gong lists them. " a href="/integrations/gong" { "Check the Gong connection" } "." }
                },
            }
        }
    }
}

fn row(call: &Call, titles: &BTreeMap<PostId, String>, me: &Principal) -> Markup {
    let failed = call.state == CallState::Failed;
    html! {
        tr {
            td.title data-label="Call" {
                @match &call.title {
                    Some(title) => { a href={ "/calls/" (call.id) } { (title) } },
                    None => { a href={ "/calls/" (call.id) } { (untitled(call)) } },
                }
                div.help { (outside_link(call.url.as_deref(), call.id.as_str())) @if let Some(account) = &call.account { " · " (account) } }
            }
            td data-label="Started" {
                @match call.started { Some(at) => { (time(at)) }, None => { span.none { "unknown" } } }
            }
            td data-label="State" {
                span.badge.(tone(call.state)) { (state_words(call.state)) }
                @if failed && me.may(Action::RetryCalls) {
                    form method="post" action={ "/calls/" (call.id) "/retry" } {
                        button.second.small aria-label={ "Retry call " (call.id) } { "Retry" }
                    }
                }
            }
            td data-label="Reason" { (call.reason) }
            td data-label="Led to" { (outcomes(&call.outcomes, titles)) }
            td data-label="Analysis" { (analysis(call)) }
        }
    }
}

fn analysis(call: &Call) -> Markup {
    html! {
        @match &call.engine {
            Some(engine) => { (engine_words(engine)) },
            None => { span.none { "not analysed" } },
        }
        @if call.usage != Usage::default() { div.help { (used(&call.usage)) } }
    }
}
