//! What every page has around its content.

use axum::response::Html;
use domain::principal::Principal;
use maud::{DOCTYPE, Markup, html};

use crate::{
    assets,
    notice::{Notice, Tone},
};

/// The section of the pages that one belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Section {
    Feedback,
    /// What waits for a person.
    Review,
    Calls,
    /// Boards and tags.
    Boards,
    /// Tokens and cost.
    Usage,
    Gong,
}

const SECTIONS: [(Section, &str, &str); 6] = [
    (Section::Feedback, "/feedback", "Feedback"),
    (Section::Review, "/review", "Review"),
    (Section::Calls, "/calls", "Calls"),
    (Section::Boards, "/boards", "Boards"),
    (Section::Usage, "/usage", "Usage"),
    (Section::Gong, "/integrations/gong", "Gong"),
];

pub fn page(
    me: Option<&Principal>,
    section: Option<Section>,
    title: &str,
    body: &Markup,
) -> Html<String> {
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) " · ProductBridge" }
                link rel="icon" type="image/svg+xml" href=(assets::icon_url());
                link rel="stylesheet" href=(assets::style_url());
                @if section == Some(Section::Gong) {
                    script src=(assets::script_url()) defer {}
                }
            }
            body {
                a.skip href="#main" { "Skip to the content" }
                header.top {
                    div.bar {
                        a.brand href="/" { img src=(assets::icon_url()) alt="" width="24" height="24"; "ProductBridge" }
                        @if let Some(me) = me {
                            (navigation(section))
                            (account(me))
                        }
                    }
                }
                main #main tabindex="-1" { (body) }
                footer { p { "Times are UTC." } }
            }
        }
    };
    Html(page.into_string())
}

fn navigation(section: Option<Section>) -> Markup {
    html! {
        nav aria-label="Sections" {
            ul {
                @for (known, href, name) in SECTIONS {
                    li { a href=(href) aria-current=[(section == Some(known)).then_some("page")] { (name) } }
                }
            }
        }
    }
}

fn account(me: &Principal) -> Markup {
    html! {
        div.account {
            span.who { (me.user_id) " · " (me.role.as_str()) " · " (me.org_id) }
            form method="post" action="/sign-out" { button.plain { "Sign out" } }
        }
    }
}

/// The message after a redirect.
pub fn notice(notice: Option<Notice>) -> Markup {
    match notice {
        Some(notice) => match notice.tone() {
            Tone::Good => html! { p.notice.good role="status" { (notice.text()) } },
            Tone::Bad => html! { p.notice.bad role="alert" { (notice.text()) } },
        },
        None => html! {},
    }
}
