//! What else was raised in a call: the section of its page, and what a person decides there.

use axum::{
    extract::{Path, State},
    response::Redirect,
};
use domain::{
    feedback::{AlsoHeard, Board, Evidence, Heard, board::default_board},
    ids::{BoardId, CallId, OrgId},
    ports::StoreError,
    principal::{Action, Principal},
};
use feedback::curation::{CurateError, HeardKey};
use futures::future;
use maud::{Markup, html};
use serde::Deserialize;

use super::{
    evidence,
    words::{engine_words, time},
};
use crate::{
    App,
    extract::{Posted, Who},
    http_status::Refusal,
    notice::Notice,
};

/// At most this many calls of a post are looked up.
const MAX_CALLS: usize = 50;

/// The section of a call's page; nothing where nothing else was heard.
pub fn section(heard: Option<&AlsoHeard>, boards: &[Board], me: &Principal) -> Markup {
    let boards = me.may(Action::DecideAlsoHeard).then_some(boards);
    html! {
        @if let Some(heard) = heard {
            section aria-labelledby="also-heard" {
                h2 #also-heard { "Also heard (" (heard.items.len()) ")" }
                p.help { "What else was raised in this call. It is kept here and neither a post nor evidence until somebody makes a post of it." }
                @for item in &heard.items { (card(item, &heard.call_id, boards)) }
            }
        }
    }
}

/// One request; with the boards that a post may be made on, for who may decide.
fn card(item: &Heard, call: &CallId, boards: Option<&[Board]>) -> Markup {
    let author = [&item.author.name, &item.author.account];
    let author: Vec<&str> = author
        .into_iter()
        .filter_map(|part| part.as_deref())
        .collect();
    html! {
        article.card.evidence #{ "heard-" (item.n) } {
            header {
                h3 { (item.request.title) }
                @if !author.is_empty() { p.help { (author.join(", ")) } }
            }
            (evidence::quotes(&item.quotes, item.rejected_quotes))
            @if !item.request.description.is_empty() { p { (item.request.description) } }
            @if !item.doubts.is_empty() {
                div.notice.warn {
                    p { strong { "Doubtful." } @for doubt in &item.doubts { " " (doubt) } }
                }
            }
            p.help { (became(item)) "Read by " (engine_words(&item.engine)) "." }
            @if let Some(boards) = boards { (forms(item, &format!("/calls/{call}/heard/{}", item.n), boards)) }
        }
    }
}

/// What a person decided about it.
fn became(item: &Heard) -> Markup {
    html! {
        @if let Some(decided) = &item.decided {
            @match &decided.post_id {
                Some(post) => { (decided.by) " made " a href={ "/feedback/" (post) } { "a post" } " of it, " },
                None => { (decided.by) " dismissed it, " },
            }
            (time(decided.at)) ". "
        }
    }
}

fn forms(item: &Heard, here: &str, boards: &[Board]) -> Markup {
    let field = format!("board-{}", item.n);
    let default = default_board(boards).map(|board| &board.id);
    html! {
        @if item.is_dismissed() {
            form.buttons method="post" action={ (here) "/undo-dismissal" } { button.second { "Undo the dismissal" } }
        } @else if item.decided.is_none() {
            form.inline method="post" action={ (here) "/post" } {
                label for=(field) { "Board" }
                select id=(field) name="board" {
                    @for board in boards {
                        option value=(board.id) selected[Some(&board.id) == default] { (board.name) }
                    }
                }
                button { "Make a post of it" }
            }
            form.buttons method="post" action={ (here) "/dismiss" } { button.second { "Dismiss" } }
        }
    }
}

/// What else was heard in the calls that support a post, and still is no part of it; nothing where
/// there is none.
pub fn beside(heard: &[AlsoHeard], evidence: &[Evidence]) -> Markup {
    let items = heard
        .iter()
        .flat_map(|of| of.items.iter().map(|item| (&of.call_id, item)));
    let other = |(call, item): &(&CallId, &Heard)| {
        !item.is_dismissed() && !evidence.iter().any(|one| one.is(call, item.n))
    };
    let items: Vec<_> = items.filter(other).collect();
    html! {
        @if !items.is_empty() {
            section.card aria-labelledby="also-heard" {
                h2 #also-heard { "Also heard in the same calls" }
                ul {
                    @for (call, item) in items {
                        li { a href={ "/calls/" (call) "#heard-" (item.n) } { (item.request.title) } }
                    }
                }
            }
        }
    }
}

/// What was also heard in these calls, in their order.
pub async fn of_calls(
    app: &App,
    org: &OrgId,
    calls: impl IntoIterator<Item = &CallId>,
) -> Result<Vec<AlsoHeard>, StoreError> {
    let mut ids: Vec<&CallId> = Vec::new();
    for id in calls {
        if !ids.contains(&id) && ids.len() < MAX_CALLS {
            ids.push(id);
        }
    }
    let looked = ids.into_iter().map(|id| app.feedback.also_heard(org, id));
    let found = future::try_join_all(looked).await?;
    Ok(found.into_iter().flatten().collect())
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct PostForm {
    board: String,
}

/// `POST /calls/{id}/heard/{n}/post`
pub async fn post(
    State(app): State<App>,
    Who(me): Who,
    Path(path): Path<(String, u32)>,
    Posted(form): Posted<PostForm>,
) -> Result<Redirect, Refusal> {
    let board = match form.board.as_str() {
        "" => None,
        id => Some(BoardId::parse(id).map_err(|_| CurateError::NotInList("board"))?),
    };
    let id = app
        .curate
        .post_also_heard(&me, &key(path)?, board.as_ref())
        .await?;
    Ok(Redirect::to(
        &Notice::HeardPosted.on(&format!("/feedback/{id}")),
    ))
}

/// `POST /calls/{id}/heard/{n}/dismiss`
pub async fn dismiss(
    State(app): State<App>,
    Who(me): Who,
    Path(path): Path<(String, u32)>,
) -> Result<Redirect, Refusal> {
    let key = key(path)?;
    app.curate.dismiss_also_heard(&me, &key).await?;
    Ok(Redirect::to(
        &Notice::HeardDismissed.on(&format!("/calls/{}", key.call_id)),
    ))
}

/// `POST /calls/{id}/heard/{n}/undo-dismissal`
pub async fn undo_dismissal(
    State(app): State<App>,
    Who(me): Who,
    Path(path): Path<(String, u32)>,
) -> Result<Redirect, Refusal> {
    let key = key(path)?;
    app.curate.undo_dismissal(&me, &key).await?;
    Ok(Redirect::to(
        &Notice::DismissalUndone.on(&format!("/calls/{}", key.call_id)),
    ))
}

fn key((call, n): (String, u32)) -> Result<HeardKey, Refusal> {
    let call_id = CallId::parse(call).map_err(|_| Refusal::NotFound("call"))?;
    Ok(HeardKey { call_id, n })
}
