//! Erasing a person everywhere.

use axum::{
    extract::State,
    response::{Html, IntoResponse, Response},
};
use domain::principal::{Action, Principal};
use feedback::curation::{CurateError, Erased};
use maud::{Markup, html};
use serde::Deserialize;

use super::{
    forms::{Line, form_error},
    layout::{self, Section},
    words::plural,
};
use crate::{
    App,
    extract::{Posted, Who},
    http_status::Refusal,
};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Form {
    who: String,
}

/// `GET /erase`
pub async fn show(Who(me): Who) -> Result<Html<String>, Refusal> {
    me.require(Action::ErasePerson)?;
    Ok(page(&me, "", None, None))
}

/// `POST /erase`
pub async fn erase(
    State(app): State<App>,
    Who(me): Who,
    Posted(form): Posted<Form>,
) -> Result<Response, Refusal> {
    match app.curate.erase_person(&me, &form.who).await {
        Ok(erased) => Ok(page(&me, "", Some(erased), None).into_response()),
        Err(error @ (CurateError::NoPerson | CurateError::Busy)) => {
            let text = error.to_string();
            let status = Refusal::from(error).status();
            let page = page(&me, &form.who, None, Some(&text));
            Ok((status, page).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

fn page(me: &Principal, who: &str, erased: Option<Erased>, error: Option<&str>) -> Html<String> {
    let who = Line {
        name: "who",
        label: "E-mail address or full name",
        value: who,
        help: Some("As shown with the evidence. Upper and lower case do not matter."),
        error: None,
        numeric: false,
        required: true,
    };
    let body = html! {
        p.crumbs { a href="/activity" { "Activity" } }
        div.narrow {
            h1 { "Erase a person" }
            @if let Some(erased) = erased { (done(erased)) }
            (form_error(error))
            div.card {
                h2 { "What is erased" }
                ul {
                    li { "The evidence of every call in which the person was the customer, and posts that rest on it alone." }
                    li { "Calls with them that were not analysed yet or that failed." }
                    li { "Their quotes in the evidence of other calls. Quotes carry names alone: with an address, the quotes under that person's name in calls of the same company are erased. A post that is left without any quote goes to review." }
                    li { "Requests of theirs that were also heard in other calls." }
                    li { "Their name and address on posts." }
                }
                h2 { "What stays" }
                ul {
                    li { "That those calls were erased, so that they are never read again." }
                    li { "What Gong has: recordings, transcripts, and titles of other calls that name the person." }
                    li { "Titles and details that mention the person by name: search the posts for the name, and edit them." }
                }
            }
            form method="post" action="/erase" {
                (who.render())
                p.actions { button.danger { "Erase for good" } a.button.second href="/activity" { "Cancel" } }
            }
        }
    };
    layout::page(Some(me), Some(Section::Feedback), "Erase a person", &body)
}

fn done(erased: Erased) -> Markup {
    html! {
        p.notice.good role="status" {
            @if erased == Erased::default() {
                "Nobody with this name or address was found in the evidence or on posts."
            } @else {
                "Erased: the evidence of " (plural(erased.calls, "call")) ", "
                (plural(erased.unread, "call")) " that had given nothing yet, "
                (plural(erased.quotes, "quote")) " in other calls, "
                (plural(erased.also_heard, "request")) " also heard there, and the author of "
                (plural(erased.authors, "post")) "."
            }
        }
    }
}
