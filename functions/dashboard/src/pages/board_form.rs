//! Making and editing a board.

use axum::{
    extract::State,
    response::{Html, IntoResponse, Redirect, Response},
};
use domain::{
    feedback::{Board, board::parse_name},
    ids::BoardId,
    principal::{Principal, Role},
};
use feedback::{boards::BoardForm, save::SaveError};
use maud::html;
use serde::Deserialize;

use super::{
    forms::{Line, form_error, lines},
    layout::{self, Section},
};
use crate::{
    App,
    extract::{Named, Posted, Who},
    http_status::{Again, Refusal},
    notice::Notice,
};

/// The longest name of a board or category, in characters.
const MAX_NAME: usize = 60;

/// The form as it was filled in.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Form {
    name: String,
    description: String,
    categories: String,
    is_default: String,
}

#[derive(Default)]
struct Errors {
    form: Option<String>,
    name: Option<String>,
    description: Option<String>,
    categories: Option<String>,
}

/// `GET /boards/new`
pub async fn show_new(State(app): State<App>, Who(me): Who) -> Result<Html<String>, Refusal> {
    me.require(Role::Admin)?;
    Ok(page(&app, &me, None, &Form::default(), &Errors::default()))
}

/// `GET /boards/{id}/edit`
pub async fn show_edit(
    State(app): State<App>,
    Who(me): Who,
    Named(id): Named<BoardId>,
) -> Result<Html<String>, Refusal> {
    me.require(Role::Admin)?;
    let board = known(&app, &me, &id).await?;
    let names: Vec<_> = board.categories.iter().map(|c| c.name.as_str()).collect();
    let form = Form {
        name: board.name.clone(),
        description: board.description.clone(),
        categories: names.join("\n"),
        is_default: if board.is_default { "on" } else { "" }.into(),
    };
    Ok(page(&app, &me, Some(&id), &form, &Errors::default()))
}

/// `POST /boards`
pub async fn create(
    State(app): State<App>,
    Who(me): Who,
    Posted(form): Posted<Form>,
) -> Result<Response, Refusal> {
    save(&app, &me, None, form).await
}

/// `POST /boards/{id}/edit`
pub async fn edit(
    State(app): State<App>,
    Who(me): Who,
    Named(id): Named<BoardId>,
    Posted(form): Posted<Form>,
) -> Result<Response, Refusal> {
    me.require(Role::Admin)?;
    known(&app, &me, &id).await?;
    save(&app, &me, Some(id), form).await
}

async fn known(app: &App, me: &Principal, id: &BoardId) -> Result<Board, Refusal> {
    let boards = app.feedback.boards(&me.org_id).await?;
    let board = boards.into_iter().find(|board| board.id == *id);
    board.ok_or(Refusal::NotFound("board"))
}

async fn save(
    app: &App,
    me: &Principal,
    id: Option<BoardId>,
    form: Form,
) -> Result<Response, Refusal> {
    let board = BoardForm {
        id: id.clone(),
        name: form.name.clone(),
        description: form.description.clone(),
        is_default: form.is_default == "on",
        categories: form.categories.clone(),
    };
    match app.boards.save_board(me, &board).await {
        Ok(_) => Ok(Redirect::to(&Notice::BoardSaved.on("/boards")).into_response()),
        Err(error) => {
            let mut errors = Errors::default();
            let field = match error {
                // The same rule holds for the board's name and for each category's.
                SaveError::Name(_) if parse_name(&form.name, MAX_NAME).is_ok() => {
                    &mut errors.categories
                }
                SaveError::Name(_) => &mut errors.name,
                SaveError::TooLong => &mut errors.description,
                _ => &mut errors.form,
            };
            let again = Again::not_saved(error)?;
            *field = Some(again.text);
            Ok((again.status, page(app, me, id.as_ref(), &form, &errors)).into_response())
        }
    }
}

fn page(
    app: &App,
    me: &Principal,
    id: Option<&BoardId>,
    form: &Form,
    errors: &Errors,
) -> Html<String> {
    let title = if id.is_some() {
        "Edit board"
    } else {
        "New board"
    };
    let action = id.map_or_else(|| "/boards".to_owned(), |id| format!("/boards/{id}/edit"));
    let name = Line {
        name: "name",
        label: "Name",
        value: &form.name,
        help: None,
        error: errors.name.as_deref(),
        numeric: false,
        required: true,
    };
    let body = html! {
        p.crumbs { a href="/boards" { "Boards" } }
        div.narrow {
            h1 { (title) }
            (form_error(errors.form.as_deref()))
            form.card method="post" action=(action) {
                (name.render())
                (lines("description", "Description", &form.description, 3, Some("What belongs on it. New posts are placed by this text, so say it plainly."), errors.description.as_deref()))
                (lines("categories", "Categories", &form.categories, 5, Some("One a line. A name that stays keeps its posts; a name that is gone is removed."), errors.categories.as_deref()))
                label.option {
                    input type="checkbox" name="is_default" value="on" checked[form.is_default == "on"];
                    span { strong { "Default board" } " – posts that fit no other board go here" }
                }
                p.actions { button { "Save board" } a.button.second href="/boards" { "Cancel" } }
            }
        }
    };
    layout::page(app, Some(me), Some(Section::Boards), title, &body)
}
