//! Editing a post.

use axum::{
    extract::State,
    response::{Html, IntoResponse, Redirect, Response},
};
use domain::{
    feedback::{Board, Post, PostStatus, Tag},
    ids::PostId,
    principal::{Action, Principal},
};
use feedback::curation::PostForm;
use http::StatusCode;
use maud::{Markup, html};
use url::form_urlencoded;

use super::{
    forms::{Line, choice, form_error, lines},
    layout::{self, Section},
};
use crate::{
    App,
    extract::{Named, Who},
    http_status::Refusal,
    notice::Notice,
};

/// `GET /feedback/{id}/edit`
pub async fn show(
    State(app): State<App>,
    Who(me): Who,
    Named(id): Named<PostId>,
) -> Result<Html<String>, Refusal> {
    me.require(Action::EditPosts)?;
    let post = app.feedback.post(&me.org_id, &id).await?;
    let post = post.ok_or(Refusal::NotFound("post"))?;
    page(&app, &me, &post, &as_form(&post), None).await
}

/// `POST /feedback/{id}/edit`; the form's tags come as one field each.
pub async fn save(
    State(app): State<App>,
    Who(me): Who,
    Named(id): Named<PostId>,
    body: String,
) -> Result<Response, Refusal> {
    let form = read(&body).ok_or(Refusal::Unreadable)?;
    let refusal = match app
        .curate
        .edit(&me, &id, &form)
        .await
        .map_err(Refusal::from)
    {
        Ok(()) => {
            let here = Notice::PostSaved.on(&format!("/feedback/{id}"));
            return Ok(Redirect::to(&here).into_response());
        }
        Err(gone @ (Refusal::NotAllowed(_) | Refusal::NotFound(_))) => return Err(gone),
        Err(refusal) => refusal,
    };
    let post = app.feedback.post(&me.org_id, &id).await?;
    let post = post.ok_or(Refusal::NotFound("post"))?;
    let (status, text) = (refusal.status(), refusal.text());
    // What was typed stays, on top of what is there now.
    let form = PostForm {
        edits: post.edits,
        ..form
    };
    let page = page(&app, &me, &post, &form, Some((status, &text))).await?;
    Ok((status, page).into_response())
}

fn read(body: &str) -> Option<PostForm> {
    let mut form = PostForm::default();
    for (name, value) in form_urlencoded::parse(body.as_bytes()) {
        let value = value.into_owned();
        match &*name {
            "edits" => form.edits = value.parse().ok()?,
            "title" => form.title = value,
            "details" => form.description = value,
            "status" => form.status = value,
            "board" => form.board_id = value,
            "category" => form.category_id = value,
            "tag" => form.tag_ids.push(value),
            "owner" => form.owner = value,
            _ => {}
        }
    }
    Some(form)
}

fn as_form(post: &Post) -> PostForm {
    PostForm {
        edits: post.edits,
        title: post.request.title.clone(),
        description: post.request.description.clone(),
        status: post.status.as_str().to_owned(),
        board_id: post.board_id.to_string(),
        category_id: post
            .category_id
            .as_ref()
            .map_or_else(String::new, ToString::to_string),
        tag_ids: post.tag_ids.iter().map(ToString::to_string).collect(),
        owner: post
            .owner
            .as_ref()
            .map_or_else(String::new, ToString::to_string),
    }
}

async fn page(
    app: &App,
    me: &Principal,
    post: &Post,
    form: &PostForm,
    error: Option<(StatusCode, &str)>,
) -> Result<Html<String>, Refusal> {
    let (boards, tags) = futures::try_join!(
        app.feedback.boards(&me.org_id),
        app.feedback.tags(&me.org_id)
    )?;
    let conflict = error.is_some_and(|(status, _)| status == StatusCode::CONFLICT);
    let here = format!("/feedback/{}", post.id);
    let body = html! {
        p.crumbs { a href="/feedback" { "Feedback" } " → " a href=(here) { (post.request.title) } }
        div.narrow {
            h1 { "Edit post" }
            (form_error(error.map(|(_, text)| text)))
            @if conflict { (now(post)) }
            form.card method="post" action={ (here) "/edit" } {
                input type="hidden" name="edits" value=(form.edits);
                (fields(form, &boards, &tags, me))
                p.actions { button { "Save post" } a.button.second href=(here) { "Cancel" } }
            }
        }
    };
    Ok(layout::page(
        Some(me),
        Some(Section::Feedback),
        "Edit post",
        &body,
    ))
}

/// The version that someone else saved meanwhile.
fn now(post: &Post) -> Markup {
    html! {
        div.card {
            h2 { "As it is now" }
            p { strong { (post.request.title) } " – " (post.status.as_str()) }
            @for paragraph in post.request.description.lines().filter(|line| !line.trim().is_empty()) {
                p { (paragraph) }
            }
        }
    }
}

fn fields(form: &PostForm, boards: &[Board], tags: &[Tag], me: &Principal) -> Markup {
    let title = Line {
        name: "title",
        label: "Title",
        value: &form.title,
        help: None,
        error: None,
        numeric: false,
        required: true,
    };
    let owner = Line {
        name: "owner",
        label: "Owner",
        value: &form.owner,
        help: Some(&format!(
            "The name they sign in with; yours is {}. Leave it empty for nobody.",
            me.user_id
        )),
        error: None,
        numeric: false,
        required: false,
    }
    .render();
    // The post's own status may be one that only a newer version knows.
    let own = (!form.status.is_empty()).then_some(form.status.as_str());
    let own = own.filter(|word| PostStatus::parse(word).is_none());
    let known = PostStatus::ALL.iter().map(|status| status.as_str());
    let statuses: Vec<_> = known.chain(own).map(|word| (word, word)).collect();
    let known: Vec<_> = boards.iter().map(|b| (b.id.as_str(), &*b.name)).collect();
    let categories: Vec<(&str, String)> = boards
        .iter()
        .flat_map(|board| {
            let of_board = board.categories.iter();
            of_board.map(|c| (c.id.as_str(), format!("{}: {}", board.name, c.name)))
        })
        .collect();
    let categories: Vec<_> = categories
        .iter()
        .map(|(id, name)| (*id, name.as_str()))
        .collect();
    html! {
        (title.render())
        (lines("details", "Details", &form.description, 8, None, None))
        (choice("status", "Status", None, &statuses, &form.status))
        (choice("board", "Board", None, &known, &form.board_id))
        (choice("category", "Category", Some("none"), &categories, &form.category_id))
        @if !tags.is_empty() {
            fieldset {
                legend { "Tags" }
                @for tag in tags {
                    @let chosen = form.tag_ids.iter().any(|id| id == tag.id.as_str());
                    label.option {
                        input type="checkbox" name="tag" value=(tag.id) checked[chosen];
                        span { (tag.name) }
                    }
                }
            }
        }
        (owner)
    }
}
