//! Settings → Integrations → Gong: the connection, how far it got, and what an admin may do.

use axum::{
    extract::State,
    response::{AppendHeaders, Html, IntoResponse, Redirect, Response},
};
use domain::{
    connection::History,
    feedback::{
        Settings,
        settings::{InvalidSetting, MergedBy, Merging},
    },
    principal::{Action, Principal},
};
use http::{StatusCode, header};
use maud::{Markup, html};

use super::{
    gong_connect::{self, ConnectForm},
    gong_progress,
    gong_settings::{self, SettingsForm},
    gong_status,
    layout::{self, Section},
};
use crate::{
    App,
    extract::{Asked, Posted, Who},
    http_status::{self, Again, Refusal},
    notice::{Notice, NoticeQuery},
    sync_view::SyncView,
};

const HERE: &str = "/integrations/gong";

/// What of the page a form that is shown again replaces.
#[derive(Default)]
struct Shown {
    notice: Option<Notice>,
    connect: Option<(ConnectForm, String)>,
    settings: Option<(SettingsForm, Option<InvalidSetting>, Option<String>)>,
}

/// `GET /integrations/gong`
pub async fn show(
    State(app): State<App>,
    Who(me): Who,
    Asked(query): Asked<NoticeQuery>,
) -> Result<Html<String>, Refusal> {
    let notice = query.read();
    page(
        &app,
        &me,
        Shown {
            notice,
            ..Shown::default()
        },
    )
    .await
}

/// `POST /integrations/gong/connect`
pub async fn connect(
    State(app): State<App>,
    Who(me): Who,
    Posted(form): Posted<ConnectForm>,
) -> Result<Response, Refusal> {
    me.require(Action::Connect)?;
    let history = if form.again() {
        let view = SyncView::load(&app, &me.org_id).await?;
        let live = view.live();
        match view.connection.filter(|_| live) {
            Some(connection) => connection.history,
            None => return Ok(Redirect::to(HERE).into_response()),
        }
    } else {
        match History::parse(form.on(), form.days()) {
            Ok(history) => history,
            Err(why) => {
                let again = Again::invalid(why);
                let connect = Some((form, again.text));
                let page = page(
                    &app,
                    &me,
                    Shown {
                        connect,
                        ..Shown::default()
                    },
                )
                .await?;
                return Ok((again.status, page).into_response());
            }
        }
    };
    match app.begin_connect.begin(&me, history).await {
        Ok(begun) => {
            let cookie = app.cookies.set_connect(&begun.cookie);
            let cookies = AppendHeaders([(header::SET_COOKIE, cookie)]);
            Ok((cookies, Redirect::to(&begun.authorize_url)).into_response())
        }
        Err(error) => to_page(http_status::begin(error)?),
    }
}

/// `POST /integrations/gong/sync`
pub async fn sync(State(app): State<App>, Who(me): Who) -> Result<Response, Refusal> {
    match app.polls.sync_now(&me).await {
        Ok(()) => to_page(Notice::SyncStarted),
        Err(error) => to_page(http_status::sync_now(error)?),
    }
}

/// `POST /integrations/gong/settings`
pub async fn save_settings(
    State(app): State<App>,
    Who(me): Who,
    Posted(form): Posted<SettingsForm>,
) -> Result<Response, Refusal> {
    me.require(Action::EditSettings)?;
    let settings = match form.read() {
        Ok(settings) => settings,
        Err(why) => {
            let settings = Some((form, Some(why), None));
            let page = page(
                &app,
                &me,
                Shown {
                    settings,
                    ..Shown::default()
                },
            )
            .await?;
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
        }
    };
    match app.settings.save(&me, &settings).await {
        Ok(()) => to_page(Notice::SettingsSaved),
        Err(error) => {
            let again = Again::not_saved(error)?;
            let settings = Some((form, None, Some(again.text)));
            let page = page(
                &app,
                &me,
                Shown {
                    settings,
                    ..Shown::default()
                },
            )
            .await?;
            Ok((again.status, page).into_response())
        }
    }
}

fn to_page(notice: Notice) -> Result<Response, Refusal> {
    Ok(Redirect::to(&notice.on(HERE)).into_response())
}

async fn page(app: &App, me: &Principal, shown: Shown) -> Result<Html<String>, Refusal> {
    let view = SyncView::load(app, &me.org_id).await?;
    let (may_connect, may_edit) = (me.may(Action::Connect), me.may(Action::EditSettings));
    let org = &me.org_id;
    let (settings, product) =
        futures::try_join!(app.feedback.settings(org), app.feedback.product(org))?;
    // A link that says "connected" is believed only when it is so.
    let notice = shown
        .notice
        .filter(|notice| *notice != Notice::Connected || view.connected());
    let body = html! {
        p.crumbs { "Settings → Integrations → Gong" }
        h1 { "Gong" }
        (layout::notice(notice))
        (gong_status::section(&view, may_connect))
        @if view.live() {
            @if may_connect { (gong_connect::manage(view.connected())) }
            (gong_progress::section(&view))
        } @else {
            (gong_connect::section(may_connect, shown.connect.as_ref()))
            (gong_progress::ledger(&view))
        }
        (about(app, settings.merging, product.version))
        @if may_edit { (settings_section(app, &settings, shown.settings.as_ref())) }
    };
    Ok(layout::page(Some(me), Some(Section::Gong), "Gong", &body))
}

/// What works behind the pages, and which version of what is said about the product it reads with.
fn about(app: &App, merging: Merging, product: u32) -> Markup {
    let engine = &app.engine;
    html! {
        section.card aria-labelledby="about" {
            h2 #about { "About" }
            dl.facts {
                div { dt { "Calls from" } dd { (engine.gong) } }
                div { dt { "Feedback found by" } dd { (engine.llm) } }
                div { dt { "Similarity by" } dd { (engine.embeddings) } }
                div { dt { "Posts are merged" } dd { (gong_settings::merged_by(rule(app, merging))) } }
                div {
                    dt { "Calls are read with" }
                    dd {
                        a href="/settings/product" { "About your product" }
                        @if !app.judges { ": the built-in engine does not use it" }
                        @else if product == 0 { ": nothing is written yet" }
                        @else { ", version " (product) }
                    }
                }
            }
            @for offer in &engine.offers {
                p.help { (offer.words) " " code { (offer.command) } }
            }
        }
    }
}

/// The rule of merging that holds here.
fn rule(app: &App, merging: Merging) -> MergedBy {
    merging.by(app.judges, app.posts.post_embedder.embedder.is_stand_in())
}

fn settings_section(
    app: &App,
    stored: &Settings,
    typed: Option<&(SettingsForm, Option<InvalidSetting>, Option<String>)>,
) -> Markup {
    let automatic = (rule(app, Merging::Automatic), app.judges);
    match typed {
        Some((form, wrong, error)) => {
            gong_settings::section(form, automatic, wrong.as_ref(), error.as_deref())
        }
        None => gong_settings::section(&SettingsForm::of(stored), automatic, None, None),
    }
}
