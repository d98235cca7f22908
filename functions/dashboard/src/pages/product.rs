//! Settings → About your product: what the organization says about it, version by version.

use axum::{
    extract::State,
    response::{Html, IntoResponse, Redirect, Response},
};
use domain::{
    feedback::{
        Product, ProductVersion,
        product::{InvalidProduct, MAX_ABOUT, MAX_AREA, MAX_AREAS},
    },
    principal::{Action, Principal},
};
use feedback::{product::ProductForm, save::SaveError};
use maud::{Markup, html};
use serde::Deserialize;

use super::{
    forms::{form_error, lines},
    layout,
    words::{grouped, product_address, time},
};
use crate::{
    App,
    extract::{Asked, Posted, Who},
    http_status::{Again, Refusal},
    notice::{Notice, NoticeQuery},
};

const HERE: &str = "/settings/product";

/// Which version is shown; the newest when none.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Query {
    version: Option<String>,
}

/// The form as it was filled in.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Form {
    about: String,
    feature_areas: String,
    /// The version on which it was written.
    seen: u32,
}

impl Form {
    fn of(product: &Product) -> Self {
        Self {
            about: product.about.clone(),
            feature_areas: product.feature_areas.join("\n"),
            seen: product.version,
        }
    }
}

#[derive(Default)]
struct Errors {
    form: Option<String>,
    about: Option<String>,
    feature_areas: Option<String>,
}

/// `GET /settings/product`
pub async fn show(
    State(app): State<App>,
    Who(me): Who,
    Asked(query): Asked<Query>,
    Asked(notice): Asked<NoticeQuery>,
) -> Result<Html<String>, Refusal> {
    let newest = app.feedback.product(&me.org_id).await?;
    let asked = match query.version.as_deref().filter(|text| !text.is_empty()) {
        Some(text) => Some(text.parse().map_err(|_| Refusal::BadQuery("the version"))?),
        None => None,
    };
    let version: u32 = asked.unwrap_or(newest.version);
    let shown = app.feedback.product_at(&me.org_id, version).await?;
    if asked.is_some() && shown.is_none() {
        return Err(Refusal::NotFound("version"));
    }
    let may_edit = me.may(Action::EditProduct) && version == newest.version;
    let body = html! {
        (layout::notice(notice.read()))
        (standing(shown.as_ref(), newest.version))
        @if may_edit {
            (form(&Form::of(&newest), &Errors::default()))
        } @else if let Some(shown) = &shown {
            (reading(&shown.product))
        }
    };
    Ok(page(&app, &me, &body))
}

/// `POST /settings/product`
pub async fn save(
    State(app): State<App>,
    Who(me): Who,
    Posted(typed): Posted<Form>,
) -> Result<Response, Refusal> {
    let written = ProductForm {
        about: typed.about.clone(),
        feature_areas: typed.feature_areas.clone(),
        seen: typed.seen,
    };
    let error = match app.product.save(&me, &written).await {
        Ok(true) => return Ok(Redirect::to(&Notice::ProductSaved.on(HERE)).into_response()),
        Ok(false) => return Ok(Redirect::to(&Notice::ProductUnchanged.on(HERE)).into_response()),
        Err(error) => error,
    };
    let changed = error == SaveError::Changed;
    let mut errors = Errors::default();
    let field = match &error {
        SaveError::Product(InvalidProduct::About(_)) => &mut errors.about,
        SaveError::Product(_) => &mut errors.feature_areas,
        _ => &mut errors.form,
    };
    let again = Again::not_saved(error)?;
    *field = Some(again.text);
    let now = match changed {
        true => app.feedback.product(&me.org_id).await.ok(),
        false => None,
    };
    // What was typed stays, on top of what is there now.
    let typed = Form {
        seen: now.as_ref().map_or(typed.seen, |now| now.version),
        ..typed
    };
    let body = html! {
        (form_error(errors.form.as_deref()))
        @if let Some(now) = &now {
            h2 { "As it is now (version " (now.version) ")" }
            (reading(now))
        }
        (form(&typed, &errors))
    };
    Ok((again.status, page(&app, &me, &body)).into_response())
}

fn page(app: &App, me: &Principal, body: &Markup) -> Html<String> {
    let body = html! {
        p.crumbs { "Settings → About your product" }
        div.narrow {
            h1 { "About your product" }
            p.lead { "Whatever reads your calls is told this first: it knows your product’s names and parts from it, and what counts as feedback for you." }
            @if !app.judges {
                p.notice.warn { "No language model is configured here, and the built-in engine does not use this text." }
            }
            (body)
        }
    };
    layout::page(Some(me), None, "About your product", &body)
}

/// Which version this is, by whom and since when, and where the others are.
fn standing(shown: Option<&ProductVersion>, newest: u32) -> Markup {
    let Some(shown) = shown else {
        return html! { p.help { "Nothing is written yet." } };
    };
    let version = shown.product.version;
    html! {
        p.help {
            "Version " (version) ", saved by " strong { (shown.by) } " on " (time(shown.at)) "."
            @if version > 1 { " " a href=(product_address(version - 1)) { "Version " (version - 1) } }
            @if version < newest { " " a href=(product_address(version + 1)) { "Version " (version + 1) } }
        }
        @if version < newest {
            p.notice.warn { "This is an older version. Calls are read with " a href=(HERE) { "version " (newest) } " now." }
        }
    }
}

fn reading(product: &Product) -> Markup {
    html! {
        div.card {
            @if product.is_unknown() { p.none { "This version says nothing." } }
            @if !product.about.is_empty() { p.written { (product.about) } }
            @if !product.feature_areas.is_empty() {
                h3 { "Feature areas" }
                ul { @for area in &product.feature_areas { li { (area) } } }
            }
        }
    }
}

fn form(form: &Form, errors: &Errors) -> Markup {
    let longest = format!("At most {} characters.", grouped(MAX_ABOUT as u64));
    let areas = format!(
        "One per line: at most {MAX_AREAS}, of at most {MAX_AREA} characters each. The feature area of a piece of feedback is chosen from them; while there are none, the model words it itself."
    );
    html! {
        form.card method="post" action=(HERE) {
            input type="hidden" name="seen" value=(form.seen);
            p { "Write, in plain sentences:" }
            ul {
                li { "what the product is, what its parts are called, and who uses it;" }
                li { "names and terms that speech recognition mishears, with their right spelling;" }
                li { "what counts as feedback for you, and what does not, such as requests to sales or support." }
            }
            (lines("about", "About the product", &form.about, 14, Some(&longest), errors.about.as_deref()))
            (lines("feature_areas", "Feature areas", &form.feature_areas, 6, Some(&areas), errors.feature_areas.as_deref()))
            p.help { "It holds for calls that are analysed from now on; posts name the version that their calls were read with. It is sent to the language model’s provider with every call, and every version is kept: leave out what is secret or personal." }
            p.actions { button { "Save" } }
        }
    }
}
