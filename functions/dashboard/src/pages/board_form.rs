//! Making and editing a board.

use axum::{
    extract::State,
    response::{Html, IntoResponse, Redirect, Response},
};
use domain::{
    feedback::{Board, Category, board::parse_name},
    ids::{BoardId, CategoryId},
    principal::{Action, Principal},
};
use feedback::{
    boards::{BoardForm, MAX_NAME},
    save::SaveError,
};
use maud::{Markup, html};

use url::form_urlencoded;

use super::{
    forms::{Line, form_error, lines},
    layout::{self, Section},
};
use crate::{
    App,
    extract::{Named, Who},
    http_status::{Again, Refusal},
    notice::Notice,
};

/// The form as it was filled in.
#[derive(Debug, Clone, Default)]
struct Form {
    name: String,
    description: String,
    categories: Vec<Category>,
    more_categories: String,
    is_default: bool,
}

/// Each category that is known comes as two fields: its id, then its name.
fn read(body: &str) -> Form {
    let mut form = Form::default();
    let mut id = None;
    for (name, value) in form_urlencoded::parse(body.as_bytes()) {
        let value = value.into_owned();
        match &*name {
            "name" => form.name = value,
            "description" => form.description = value,
            "category_id" => id = CategoryId::parse(value).ok(),
            "category" => form
                .categories
                .extend(id.take().map(|id| Category { id, name: value })),
            "categories" => form.more_categories = value,
            "is_default" => form.is_default = value == "on",
            _ => {}
        }
    }
    form
}

#[derive(Default)]
struct Errors {
    form: Option<String>,
    name: Option<String>,
    description: Option<String>,
    categories: Option<String>,
}

/// `GET /boards/new`
pub async fn show_new(Who(me): Who) -> Result<Html<String>, Refusal> {
    me.require(Action::EditBoards)?;
    Ok(page(&me, None, &Form::default(), &Errors::default()))
}

/// `GET /boards/{id}/edit`
pub async fn show_edit(
    State(app): State<App>,
    Who(me): Who,
    Named(id): Named<BoardId>,
) -> Result<Html<String>, Refusal> {
    me.require(Action::EditBoards)?;
    let board = known(&app, &me, &id).await?;
    let form = Form {
        name: board.name.clone(),
        description: board.description.clone(),
        categories: board.categories,
        more_categories: String::new(),
        is_default: board.is_default,
    };
    Ok(page(&me, Some(&id), &form, &Errors::default()))
}

/// `POST /boards`
pub async fn create(
    State(app): State<App>,
    Who(me): Who,
    body: String,
) -> Result<Response, Refusal> {
    save(&app, &me, None, read(&body)).await
}

/// `POST /boards/{id}/edit`
pub async fn edit(
    State(app): State<App>,
    Who(me): Who,
    Named(id): Named<BoardId>,
    body: String,
) -> Result<Response, Refusal> {
    me.require(Action::EditBoards)?;
    known(&app, &me, &id).await?;
    save(&app, &me, Some(id), read(&body)).await
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
        is_default: form.is_default,
        categories: form.categories.clone(),
        more_categories: form.more_categories.clone(),
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
                SaveError::SameCategory(_) => &mut errors.categories,
                SaveError::Name(_) => &mut errors.name,
                SaveError::TooLong => &mut errors.description,
                _ => &mut errors.form,
            };
            let again = Again::not_saved(error)?;
            *field = Some(again.text);
            Ok((again.status, page(me, id.as_ref(), &form, &errors)).into_response())
        }
    }
}

fn page(me: &Principal, id: Option<&BoardId>, form: &Form, errors: &Errors) -> Html<String> {
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
                (lines("description", "Description", &form.description, 3, Some("What belongs on this board. New posts are placed by this text, so be specific."), errors.description.as_deref()))
                (categories(&form.categories))
                (lines("categories", if form.categories.is_empty() { "Categories" } else { "New categories" }, &form.more_categories, 3, Some("One per line."), errors.categories.as_deref()))
                label.option {
                    input type="checkbox" name="is_default" value="on" checked[form.is_default];
                    span { strong { "Default board" } " – posts that fit no other board go here" }
                }
                p.actions { button { "Save board" } a.button.second href="/boards" { "Cancel" } }
            }
        }
    };
    layout::page(Some(me), Some(Section::Boards), title, &body)
}

/// The categories that there are, to be renamed or removed.
fn categories(known: &[Category]) -> Markup {
    html! {
        @if !known.is_empty() {
            fieldset {
                legend { "Categories" }
                @for (n, category) in known.iter().enumerate() {
                    input type="hidden" name="category_id" value=(category.id);
                    input name="category" value=(category.name) aria-label={ "Category " (n + 1) } aria-describedby="category-help" autocomplete="off";
                }
                p.help id="category-help" { "A category that is renamed keeps its posts. Clear a name to remove the category; its posts stay on the board." }
            }
        }
    }
}
