//! Disconnecting, behind a page that says what is removed and what stays.

use axum::{
    extract::State,
    response::{Html, Redirect},
};
use domain::principal::Action;
use maud::html;

use super::layout::{self, Section};
use crate::{
    App,
    extract::Who,
    http_status::{self, Refusal},
    notice::Notice,
    sync_view::SyncView,
};

const PAGE: &str = "/integrations/gong";

/// `GET /integrations/gong/disconnect`
pub async fn ask(State(app): State<App>, Who(me): Who) -> Result<Html<String>, Refusal> {
    me.require(Action::Disconnect)?;
    let view = SyncView::load(&app, &me.org_id).await?;
    let connection = view.connection.as_ref().filter(|_| view.live());
    let body = html! {
        p.crumbs { "Settings → Integrations → Gong → Disconnect" }
        div.narrow {
            h1 { "Disconnect Gong" }
            @if let Some(connection) = connection {
                p { "This closes the connection to the Gong workspace " strong { (connection.workspace) } "." }
                div.card {
                    h2 { "What is removed" }
                    ul {
                        li { "The stored credentials: they are deleted at once and cannot be brought back." }
                        li { "The sync: nothing is read from Gong any more." }
                        li { "Calls that are not analysed yet become “skipped: disconnected”. Connecting the same workspace later takes them up again if they are within its history." }
                        li { "The workspace reservation: another organization may connect it." }
                    }
                    h2 { "What stays" }
                    ul {
                        li { "All posts with their evidence." }
                        li { "The list of calls with their results and reasons." }
                        li { "Boards, tags and settings." }
                    }
                }
                form method="post" action="/integrations/gong/disconnect" {
                    p.actions {
                        button.danger { "Disconnect Gong" }
                        a.button.second href=(PAGE) { "Keep it connected" }
                    }
                }
            } @else {
                p { "Gong is not connected, so there is nothing to disconnect." }
                p { a href=(PAGE) { "Back to Gong" } }
            }
        }
    };
    Ok(layout::page(
        Some(&me),
        Some(Section::Gong),
        "Disconnect Gong",
        &body,
    ))
}

/// `POST /integrations/gong/disconnect`
pub async fn confirm(State(app): State<App>, Who(me): Who) -> Result<Redirect, Refusal> {
    let notice = match app.disconnect.disconnect(&me).await {
        Ok(()) => Notice::Disconnected,
        Err(error) => http_status::disconnect(error)?,
    };
    Ok(Redirect::to(&notice.on(PAGE)))
}
