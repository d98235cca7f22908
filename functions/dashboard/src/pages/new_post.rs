//! Writing a post by hand.

use axum::{
    extract::State,
    response::{Html, IntoResponse, Redirect, Response},
};
use domain::{
    feedback::board::default_board,
    ids::BoardId,
    principal::{Action, Principal},
};
use feedback::{
    matching::candidates::Candidate,
    posts::{NewPost, Written},
    save::SaveError,
};
use maud::{Markup, html};
use serde::Deserialize;

use super::{
    forms::{Line, choice, form_error, lines},
    layout::{self, Section},
};
use crate::{
    App,
    extract::{Posted, Who},
    http_status::{Again, Refusal},
    notice::Notice,
};

/// The form as it was filled in.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Form {
    title: String,
    details: String,
    board: String,
    /// The title whose possible duplicates were shown.
    seen: String,
}

#[derive(Default)]
struct Errors {
    form: Option<String>,
    title: Option<String>,
    details: Option<String>,
}

/// `GET /feedback/new`
pub async fn show(State(app): State<App>, Who(me): Who) -> Result<Html<String>, Refusal> {
    me.require(Action::WritePosts)?;
    page(&app, &me, &Form::default(), &Errors::default(), &[]).await
}

/// `POST /feedback`
pub async fn create(
    State(app): State<App>,
    Who(me): Who,
    Posted(form): Posted<Form>,
) -> Result<Response, Refusal> {
    me.require(Action::WritePosts)?;
    match written(&app, &me, &form).await {
        Ok(Written::Post(id)) => {
            let here = Notice::PostCreated.on(&format!("/feedback/{id}"));
            Ok(Redirect::to(&here).into_response())
        }
        Ok(Written::Duplicates(near)) => {
            let page = page(&app, &me, &form, &Errors::default(), &near).await?;
            Ok(page.into_response())
        }
        Err(error) => {
            let mut errors = Errors::default();
            let field = match error {
                SaveError::Name(_) => &mut errors.title,
                SaveError::TooLong => &mut errors.details,
                _ => &mut errors.form,
            };
            let again = Again::not_saved(error)?;
            *field = Some(again.text);
            Ok((again.status, page(&app, &me, &form, &errors, &[]).await?).into_response())
        }
    }
}

async fn written(app: &App, me: &Principal, form: &Form) -> Result<Written, SaveError> {
    let new = NewPost {
        title: form.title.clone(),
        description: form.details.clone(),
        board_id: board(form)?,
    };
    match form.seen == form.title {
        true => app.posts.create(me, &new).await.map(Written::Post),
        false => app.posts.create_unless_alike(me, &new).await,
    }
}

fn board(form: &Form) -> Result<Option<BoardId>, SaveError> {
    match form.board.as_str() {
        "" => Ok(None),
        id => BoardId::parse(id).map(Some).map_err(|_| SaveError::NoBoard),
    }
}

async fn page(
    app: &App,
    me: &Principal,
    form: &Form,
    errors: &Errors,
    near: &[Candidate],
) -> Result<Html<String>, Refusal> {
    let boards = app.feedback.boards(&me.org_id).await?;
    let options: Vec<_> = boards.iter().map(|b| (b.id.as_str(), &*b.name)).collect();
    let first = default_board(&boards).map_or("", |board| board.id.as_str());
    let chosen = if form.board.is_empty() {
        first
    } else {
        &form.board
    };
    let title = Line {
        name: "title",
        label: "Title",
        value: &form.title,
        help: Some("What people need, in a few words."),
        error: errors.title.as_deref(),
        numeric: false,
        required: true,
    };
    let body = html! {
        div.narrow {
            h1 { "New post" }
            p.lead { "Calls that ask for the same thing will be added to this post." }
            (form_error(errors.form.as_deref()))
            @if !near.is_empty() { (duplicates(near)) }
            form.card method="post" action="/feedback" {
                (title.render())
                (lines("details", "Details", &form.details, 6, Some("Who needs it, why, and what they do today."), errors.details.as_deref()))
                (choice("board", "Board", None, &options, chosen))
                @if !near.is_empty() { input type="hidden" name="seen" value=(form.title); }
                @let save = if near.is_empty() { "Save post" } else { "Save as a new post" };
                p.actions { button { (save) } a.button.second href="/feedback" { "Cancel" } }
            }
        }
    };
    Ok(layout::page(
        Some(me),
        Some(Section::Feedback),
        "New post",
        &body,
    ))
}

/// Posts that may be the same as what was written; nothing is saved yet.
fn duplicates(near: &[Candidate]) -> Markup {
    html! {
        section.notice aria-labelledby="duplicates" role="status" {
            h2 #duplicates { "Possible duplicates" }
            p { "Your post is not saved yet, because others are like it. If one asks for the same thing, open it instead; otherwise save yours as a new post." }
            ul {
                @for candidate in near {
                    li {
                        a href={ "/feedback/" (candidate.post.id) } { (candidate.post.request.title) }
                        (format!(" – similarity {:.2}", candidate.score))
                    }
                }
            }
        }
    }
}
