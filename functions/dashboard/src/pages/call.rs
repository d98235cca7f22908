//! One call of the ledger: what each stage said of it, and what it took.

use axum::{
    extract::State,
    response::{Html, Redirect},
};
use domain::{
    call::{Call, stages::StageRecord},
    ids::CallId,
    principal::{Action, Principal},
};
use maud::{Markup, html};

use super::{
    also_heard, call_result,
    layout::{self, Section},
    words::{outside_link, time},
};
use crate::{
    App,
    extract::{Asked, Named, Who},
    http_status::Refusal,
    ledger_counts::state_words,
    notice::{Notice, NoticeQuery},
};

async fn known(app: &App, me: &Principal, id: &CallId) -> Result<Call, Refusal> {
    let found = app.ledger.call(&me.org_id, id).await?;
    found.ok_or(Refusal::NotFound("call"))
}

fn title_of(call: &Call) -> String {
    call.title
        .clone()
        .unwrap_or_else(|| call_result::untitled(call).to_owned())
}

/// `GET /calls/{id}`
pub async fn show(
    State(app): State<App>,
    Who(me): Who,
    Named(id): Named<CallId>,
    Asked(query): Asked<NoticeQuery>,
) -> Result<Html<String>, Refusal> {
    let call = known(&app, &me, &id).await?;
    let (heard, boards) = futures::try_join!(
        app.feedback.also_heard(&me.org_id, &id),
        app.feedback.boards(&me.org_id),
    )?;
    let titles = call_result::titles(&app, &me.org_id, std::slice::from_ref(&call)).await?;
    let title = title_of(&call);
    let body = html! {
        p.crumbs { a href="/calls" { "Calls" } }
        (layout::notice(query.read()))
        h1 { (outside_link(call.url.as_deref(), &title)) }
        section.card aria-labelledby="why" {
            h2 #why { "Result" }
            p { span.badge.(call_result::tone(call.state)) { (state_words(call.state)) } " " (call.reason) }
            dl.facts {
                div { dt { "Call" } dd { (call.id) } }
                @if let Some(started) = call.started { div { dt { "Started" } dd { (time(started)) } } }
                @if let Some(account) = &call.account { div { dt { "Account" } dd { (account) } } }
                @if let Some(language) = &call.language { div { dt { "Language" } dd { (language) } } }
                div { dt { "First seen" } dd { (time(call.first_seen)) } }
                div { dt { "Last change" } dd { (time(call.updated)) } }
                div { dt { "Led to" } dd { (call_result::outcomes(&call.outcomes, &titles)) } }
                div { dt { "Used in all attempts" } dd { (call_result::used(&call.usage)) } }
            }
        }
        (also_heard::section(heard.as_ref(), &boards, &me))
        (stages(&call.stages))
        @if me.may(Action::EraseCall) && !call.state.is_open() {
            p.actions { a.button.second href={ "/calls/" (call.id) "/erase" } { "Delete this call’s data" } }
        }
    };
    Ok(layout::page(Some(&me), Some(Section::Calls), &title, &body))
}

fn stages(stages: &[StageRecord]) -> Markup {
    html! {
        section aria-labelledby="stages" {
            h2 #stages { "Stage by stage" }
            @if stages.is_empty() {
                div.card.empty { p { "This call was not analysed." } }
            } @else {
                table {
                    thead {
                        tr {
                            th scope="col" { "Stage" } th scope="col" { "Summary" }
                            th scope="col" { "Model" } th scope="col" { "Version" }
                            th scope="col" { "Took" }
                        }
                    }
                    tbody {
                        @for record in stages {
                            tr {
                                td.title { (record.stage.as_str()) }
                                td data-label="Summary" { (record.says) }
                                td data-label="Model" { (record.model.as_deref().unwrap_or("none (code)")) }
                                td data-label="Version" { (record.version.as_deref().unwrap_or("–")) }
                                td data-label="Took" { (call_result::used(&record.usage)) }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// `GET /calls/{id}/erase`
pub async fn ask_erase(
    State(app): State<App>,
    Who(me): Who,
    Named(id): Named<CallId>,
) -> Result<Html<String>, Refusal> {
    me.require(Action::EraseCall)?;
    let call = known(&app, &me, &id).await?;
    let body = html! {
        p.crumbs { a href="/calls" { "Calls" } " → " a href={ "/calls/" (id) } { (title_of(&call)) } }
        div.narrow {
            h1 { "Delete this call’s data" }
            div.card {
                h2 { "What is erased" }
                ul {
                    li { "The evidence of this call: quotes, names, title and details; and what was also heard in it." }
                    li { "Posts that rest on this call alone. A post that people wrote or edited, or that other calls support, stays without it." }
                    li { "The call’s title, account and analysis in the ledger." }
                }
                h2 { "What stays" }
                ul {
                    li { "That this call was erased, so that it is never read again." }
                    li { "The recording and the transcript in Gong: erase them there." }
                }
            }
            form method="post" action={ "/calls/" (id) "/erase" } {
                p.actions {
                    button.danger { "Erase for good" }
                    a.button.second href={ "/calls/" (id) } { "Keep" }
                }
            }
        }
    };
    Ok(layout::page(
        Some(&me),
        Some(Section::Calls),
        "Erase",
        &body,
    ))
}

/// `POST /calls/{id}/erase`
pub async fn erase(
    State(app): State<App>,
    Who(me): Who,
    Named(id): Named<CallId>,
) -> Result<Redirect, Refusal> {
    app.curate.erase_call(&me, &id).await?;
    Ok(Redirect::to(&Notice::CallErased.on("/calls")))
}
