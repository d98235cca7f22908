//! Who did what with feedback.

use axum::{extract::State, response::Html};
use domain::{feedback::Activity, principal::Action};
use maud::{Markup, html};
use serde::Deserialize;

use super::{
    layout::{self, Section},
    words::{address, time},
};
use crate::{
    App,
    extract::{Asked, Who},
    http_status::Refusal,
};

const PAGE_SIZE: usize = 50;

/// Where the list goes on.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Query {
    before: Option<String>,
}

/// `GET /activity`
pub async fn list(
    State(app): State<App>,
    Who(me): Who,
    Asked(query): Asked<Query>,
) -> Result<Html<String>, Refusal> {
    let before = query.before.as_deref().filter(|text| !text.is_empty());
    let page = app.feedback.activity(&me.org_id, before, PAGE_SIZE).await?;
    let (entries, next) = page;
    let body = html! {
        p.crumbs { a href="/feedback" { "Feedback" } }
        div.heading {
            h1 { "Activity" }
            @if me.may(Action::ErasePerson) { a href="/erase" { "Erase a person" } }
        }
        p.lead { "What people in your organization did with posts and evidence." }
        @if entries.is_empty() {
            div.card.empty { p { "No changes yet." } }
        } @else {
            div.card { (items(&entries, true)) }
        }
        @if let Some(next) = &next {
            p.actions { a.button.second href=(address("/activity", &[("before", next)])) { "Older" } }
        }
    };
    Ok(layout::page(
        Some(&me),
        Some(Section::Feedback),
        "Activity",
        &body,
    ))
}

/// The entries as a list, with links to their posts where they are not on a post's own page.
pub fn items(entries: &[Activity], links: bool) -> Markup {
    html! {
        ul.plain {
            @for entry in entries {
                li {
                    span.help { (time(entry.at)) } " " strong { (entry.by) } " " (entry.did)
                    @if links {
                        @for post in &entry.posts { " " a href={ "/feedback/" (post) } { "post" } }
                    }
                }
            }
        }
    }
}
