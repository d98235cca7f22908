//! The review queue: what waits for a person.

use axum::{extract::State, response::Html};
use domain::{
    feedback::{Evidence, Moderation, Post, Similar},
    ports::feedback::PostFilter,
    principal::{Action, Principal},
};
use futures::future;
use maud::{Markup, html};

use super::{
    evidence,
    layout::{self, Section},
    words::{plural, time},
};
use crate::{
    App,
    extract::{Asked, Who},
    http_status::Refusal,
    notice::NoticeQuery,
};

/// At most this many posts are shown at once; deciding on one brings the next.
const PAGE_SIZE: usize = 20;

struct Item {
    post: Post,
    evidence: Vec<Evidence>,
    proposed: Option<Post>,
}

/// `GET /review`
pub async fn list(
    State(app): State<App>,
    Who(me): Who,
    Asked(notice): Asked<NoticeQuery>,
) -> Result<Html<String>, Refusal> {
    let filter = PostFilter {
        moderation: Some(Moderation::InReview),
        ..PostFilter::default()
    };
    let mut waiting = app.feedback.posts(&me.org_id, &filter).await?;
    // The longest wait first.
    waiting.reverse();
    let total = waiting.len();
    waiting.truncate(PAGE_SIZE);
    let items = waiting.into_iter().map(|post| item(&app, post));
    let items = future::try_join_all(items).await?;
    let settings = app.feedback.settings(&me.org_id).await?;
    let body = html! {
        div.heading {
            h1 { "Review" }
            p.help role="status" { (plural(u64::try_from(total).unwrap_or(0), "post")) " waiting" }
        }
        p.lead {
            (super::words::review_words(settings.review))
            " Posts without a verified quote, and those that the engine itself would not publish, always need approval. Unapproved posts stay out of search and merging."
        }
        (layout::notice(notice.read()))
        @if items.is_empty() {
            div.card.empty { p { strong { "Nothing to review." } } }
        }
        @for item in &items { (card(item, &me)) }
        @if total > PAGE_SIZE { p.help { "The " (PAGE_SIZE) " that have waited the longest are shown." } }
    };
    Ok(layout::page(
        Some(&me),
        Some(Section::Review),
        "Review",
        &body,
    ))
}

async fn item(app: &App, post: Post) -> Result<Item, Refusal> {
    let evidence = app.feedback.evidence(&post.org_id, &post.id).await?;
    let proposed = match &post.proposed {
        Some(Similar { post_id, .. }) => app.feedback.post(&post.org_id, post_id).await?,
        None => None,
    };
    Ok(Item {
        post,
        evidence,
        proposed,
    })
}

fn card(item: &Item, me: &Principal) -> Markup {
    let post = &item.post;
    html! {
        article.card {
            h2 { a href={ "/feedback/" (post.id) } { (post.request.title) } }
            p.help { "Waiting since " (time(post.created)) }
            @if let Some(reason) = &post.review_reason { p.notice.warn { (reason) } }
            @if !post.request.description.is_empty() { p { (post.request.description) } }
            @for one in &item.evidence { (evidence::quotes(&one.quotes, one.rejected_quotes)) }
            @if let (Some(other), Some(proposed)) = (&item.proposed, &post.proposed) {
                p {
                    "Would be merged into " a href={ "/feedback/" (other.id) } { (other.request.title) }
                    (format!(" (similarity {:.2}, threshold {:.2}).", proposed.check.score, proposed.check.threshold))
                }
            }
            @if me.may(Action::Review) { (decide(post, item.proposed.is_some())) }
        }
    }
}

/// The forms by which a person decides.
pub fn decide(post: &Post, proposed: bool) -> Markup {
    let here = format!("/feedback/{}", post.id);
    html! {
        div.buttons {
            form method="post" action={ (here) "/approve" } {
                button { @if proposed { "Approve and add" } @else { "Approve" } }
            }
            @if proposed {
                form method="post" action={ (here) "/approve" } {
                    input type="hidden" name="own" value="1";
                    button.second { "Approve as a new post" }
                }
            }
            a.button.second href={ (here) "/edit" } { "Edit" }
        }
        @if post.moderation == Moderation::InReview {
            form.inline method="post" action={ (here) "/reject" } {
                label for={ "reason-" (post.id) } { "Reason for a rejection" }
                input id={ "reason-" (post.id) } name="reason" maxlength="300" autocomplete="off";
                button.second { "Reject" }
            }
        }
    }
}
