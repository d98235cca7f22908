//! Signing in on one machine: whoever opens the page chooses a role.

use axum::response::{Html, IntoResponse, Response};
use domain::{
    ids::{OrgId, UserId},
    principal::{Principal, Role},
};
use http::StatusCode;
use maud::{Markup, html};
use serde::Deserialize;

use super::session;
use crate::{
    App,
    http_status::{Again, Refusal},
    pages::{
        forms::{Line, form_error},
        layout,
    },
};

/// The roles with the name that is used when none is typed, and what they may do.
const ROLES: [(Role, &str, &str); 3] = [
    (
        Role::Admin,
        "ada",
        "connects Gong, disconnects it, changes boards, tags and settings, and everything below",
    ),
    (Role::Member, "max", "writes posts and reads"),
    (Role::Viewer, "vera", "reads"),
];

const DEFAULT_ORG: &str = "demo";

/// The form as it was filled in.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Form {
    role: String,
    org: String,
    name: String,
}

#[derive(Default)]
struct Errors {
    form: Option<String>,
    org: Option<String>,
    name: Option<String>,
}

pub fn show() -> Html<String> {
    let form = Form {
        role: Role::Admin.as_str().into(),
        org: DEFAULT_ORG.into(),
        name: String::new(),
    };
    page(&form, &Errors::default())
}

/// Begins the session that the form asks for.
pub async fn enter(app: &App, form: &Form) -> Result<Response, Refusal> {
    let principal = match read(form) {
        Ok(principal) => principal,
        Err(errors) => {
            let page = page(form, &errors);
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
        }
    };
    if let Err(error) = (app.on_sign_in)(principal.clone()).await {
        let again = Again::store(&error);
        let errors = Errors {
            form: Some(again.text),
            ..Errors::default()
        };
        return Ok((again.status, page(form, &errors)).into_response());
    }
    session(app, &principal).await
}

fn read(form: &Form) -> Result<Principal, Errors> {
    let org = OrgId::parse(form.org.trim());
    let known = Role::parse(&form.role).and_then(|role| ROLES.iter().find(|known| known.0 == role));
    let name = match (form.name.trim(), known) {
        ("", Some((_, name, _))) => name,
        (name, _) => name,
    };
    let name = UserId::parse(name);
    match (known, org, name) {
        (Some((role, ..)), Ok(org_id), Ok(user_id)) => Ok(Principal {
            org_id,
            user_id,
            role: *role,
        }),
        (known, org, name) => Err(Errors {
            form: known
                .is_none()
                .then(|| "Choose one of the three roles.".into()),
            org: org.err().map(|why| format!("Not usable: {}.", why.why)),
            name: name
                .err()
                .filter(|_| known.is_some())
                .map(|why| format!("Not usable: {}.", why.why)),
        }),
    }
}

fn page(form: &Form, errors: &Errors) -> Html<String> {
    let org = Line {
        name: "org",
        label: "Organization",
        value: &form.org,
        help: Some(
            "Everything you see belongs to this organization. Another id opens another organization.",
        ),
        error: errors.org.as_deref(),
        numeric: false,
        required: true,
    };
    let name = Line {
        name: "name",
        label: "Your name",
        value: &form.name,
        help: Some("Leave it empty to be ada (admin), max (member) or vera (viewer)."),
        error: errors.name.as_deref(),
        numeric: false,
        required: false,
    };
    let body = html! {
        div.narrow {
            h1 { "Sign in" }
            p.lead { "For this machine only: choose who to sign in as." }
            (form_error(errors.form.as_deref()))
            form.card method="post" action="/sign-in" {
                (roles(&form.role))
                (org.render())
                (name.render())
                p.actions { button { "Sign in" } }
            }
        }
    };
    layout::page(None, None, "Sign in", &body)
}

fn roles(chosen: &str) -> Markup {
    html! {
        fieldset {
            legend { "Role" }
            @for (role, _, may) in ROLES {
                label.option {
                    input type="radio" name="role" value=(role.as_str()) required
                        checked[chosen == role.as_str()];
                    span { strong { (role.as_str()) } " – " (may) }
                }
            }
        }
    }
}
