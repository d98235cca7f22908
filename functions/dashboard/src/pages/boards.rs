//! The boards with their categories, and the tags.

use axum::{
    extract::State,
    response::{Html, IntoResponse, Redirect, Response},
};
use domain::{
    feedback::{Board, Tag},
    ids::TagId,
    principal::{Action, Principal},
};
use maud::{Markup, html};
use serde::Deserialize;

use super::{
    forms::form_error,
    layout::{self, Section},
};
use crate::{
    App,
    extract::{Asked, Named, Posted, Who},
    http_status::{Again, Refusal},
    notice::{Notice, NoticeQuery},
};

const HERE: &str = "/boards";

/// A tag's form as it was filled in.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct TagForm {
    name: String,
}

/// A tag's form that is shown again: of a tag, or of a new one.
struct Wrong {
    id: Option<TagId>,
    typed: String,
    text: String,
}

/// `GET /boards`
pub async fn list(
    State(app): State<App>,
    Who(me): Who,
    Asked(query): Asked<NoticeQuery>,
) -> Result<Html<String>, Refusal> {
    page(&app, &me, layout::notice(query.read()), None).await
}

/// `POST /tags`
pub async fn add_tag(
    State(app): State<App>,
    Who(me): Who,
    Posted(form): Posted<TagForm>,
) -> Result<Response, Refusal> {
    save(&app, &me, None, form).await
}

/// `POST /tags/{id}`
pub async fn rename_tag(
    State(app): State<App>,
    Who(me): Who,
    Named(id): Named<TagId>,
    Posted(form): Posted<TagForm>,
) -> Result<Response, Refusal> {
    me.require(Action::EditBoards)?;
    let tags = app.feedback.tags(&me.org_id).await?;
    if !tags.iter().any(|tag| tag.id == id) {
        return Err(Refusal::NotFound("tag"));
    }
    save(&app, &me, Some(id), form).await
}

async fn save(
    app: &App,
    me: &Principal,
    id: Option<TagId>,
    form: TagForm,
) -> Result<Response, Refusal> {
    match app.boards.save_tag(me, id.clone(), &form.name).await {
        Ok(()) => Ok(Redirect::to(&Notice::TagSaved.on(HERE)).into_response()),
        Err(error) => {
            let again = Again::not_saved(error)?;
            let wrong = Wrong {
                id,
                typed: form.name,
                text: again.text,
            };
            let page = page(app, me, html! {}, Some(&wrong)).await?;
            Ok((again.status, page).into_response())
        }
    }
}

async fn page(
    app: &App,
    me: &Principal,
    notice: Markup,
    wrong: Option<&Wrong>,
) -> Result<Html<String>, Refusal> {
    let (boards, tags) = futures::try_join!(
        app.feedback.boards(&me.org_id),
        app.feedback.tags(&me.org_id)
    )?;
    let admin = me.may(Action::EditBoards);
    let body = html! {
        div.heading {
            h1 { "Boards" }
            @if admin { a.button href="/boards/new" { "New board" } }
        }
        (notice)
        @if boards.is_empty() {
            div.card.empty {
                p { strong { "No boards yet." } " Posts need a board, and Gong cannot be connected without one." }
                @if admin { p { a href="/boards/new" { "Create the first board" } } }
                @else { p { "An admin of your organization can create one." } }
            }
        }
        div.grid { @for board in &boards { (card(board, admin)) } }
        section.card aria-labelledby="tags" {
            h2 #tags { "Tags" }
            (form_error(wrong.map(|wrong| &*wrong.text)))
            (tag_list(&tags, admin, wrong))
            @if admin { (new_tag(wrong)) }
        }
    };
    Ok(layout::page(
        Some(me),
        Some(Section::Boards),
        "Boards",
        &body,
    ))
}

fn card(board: &Board, admin: bool) -> Markup {
    html! {
        section.card {
            div.heading {
                h2 { (board.name) @if board.is_default { " " span.badge.quiet { "default" } } }
                @if admin { a href={ "/boards/" (board.id) "/edit" } aria-label={ "Edit " (board.name) } { "Edit" } }
            }
            @if board.description.is_empty() { p.none { "No description." } } @else { p { (board.description) } }
            @if board.categories.is_empty() { p.none { "No categories." } } @else {
                p { "Categories: " @for category in &board.categories { span.tag { (category.name) } " " } }
            }
            p { a href={ "/feedback?board=" (board.id) } { "View posts" } }
        }
    }
}

fn tag_list(tags: &[Tag], admin: bool, wrong: Option<&Wrong>) -> Markup {
    html! {
        @if tags.is_empty() { p.none { "No tags yet." } }
        ul.plain.tags {
            @for tag in tags {
                li {
                    a.tag href={ "/feedback?tag=" (tag.id) } { (tag.name) }
                    @if admin { (rename(tag, wrong.filter(|wrong| wrong.id.as_ref() == Some(&tag.id)))) }
                }
            }
        }
    }
}

fn rename(tag: &Tag, wrong: Option<&Wrong>) -> Markup {
    let field = format!("tag-{}", tag.id);
    html! {
        details open[wrong.is_some()] {
            summary { "Rename" }
            form.inline method="post" action={ "/tags/" (tag.id) } {
                label for=(field) { "New name of “" (tag.name) "”" }
                input id=(field) name="name" required autocomplete="off"
                    value=(wrong.map_or(&*tag.name, |wrong| &*wrong.typed))
                    aria-invalid=[wrong.map(|_| "true")];
                button.second { "Rename" }
            }
        }
    }
}

fn new_tag(wrong: Option<&Wrong>) -> Markup {
    let wrong = wrong.filter(|wrong| wrong.id.is_none());
    html! {
        form.inline method="post" action="/tags" {
            label for="new-tag" { "New tag" }
            input id="new-tag" name="name" required autocomplete="off"
                value=[wrong.map(|wrong| &*wrong.typed)]
                aria-invalid=[wrong.map(|_| "true")];
            button.second { "Add tag" }
        }
    }
}
