//! One post with what it rests on.

use std::collections::BTreeMap;

use axum::{extract::State, response::Html};
use domain::{
    feedback::{Activity, Moderation, Post},
    ids::{PostId, UserId},
    ports::StoreError,
    principal::{Action, Principal},
};
use feedback::curation::support::support;
use futures::future;
use maud::{Markup, html};
use serde_json::Value;

use super::{
    activity, also_heard, evidence,
    feedback::Names,
    layout::{self, Section},
    review,
    words::{engine_words, outside_link, source_words, time},
};
use crate::{
    App,
    extract::{Asked, Named, Who},
    http_status::Refusal,
    notice::NoticeQuery,
};

/// At most this many similar posts are looked up by title.
const MAX_SIMILAR: usize = 20;

/// `GET /feedback/{id}`
pub async fn show(
    State(app): State<App>,
    Who(me): Who,
    Named(id): Named<PostId>,
    Asked(query): Asked<NoticeQuery>,
) -> Result<Html<String>, Refusal> {
    let org = &me.org_id;
    let (post, history, boards, tags) = futures::try_join!(
        app.feedback.post(org, &id),
        app.feedback.history(org, &id),
        app.feedback.boards(org),
        app.feedback.tags(org),
    )?;
    let post = post.ok_or(Refusal::NotFound("post"))?;
    let (similar, support) =
        futures::try_join!(similar(&app, &post), support(&*app.feedback, &post))?;
    let calls = support.evidence.iter().map(|one| &one.call_id);
    let heard = also_heard::of_calls(&app, org, calls).await?;
    let names = Names { boards, tags };
    let published = post.moderation == Moderation::Published;
    let view = evidence::View {
        post: &post,
        merged: &support.merged,
        may_move: me.may(Action::MoveEvidence)
            && matches!(post.moderation, Moderation::Published | Moderation::Merged),
    };
    let body = html! {
        p.crumbs { a href="/feedback" { "Feedback" } " → " (names.board(&post)) }
        (layout::notice(query.read()))
        div.heading {
            h1 { (post.request.title) }
            @if me.may(Action::EditPosts) { a.button.second href={ "/feedback/" (post.id) "/edit" } { "Edit" } }
        }
        (standing(&post, &me))
        div.columns {
            div {
                section.card aria-labelledby="details" {
                    h2 #details { "Details" }
                    @if post.request.description.is_empty() { p.none { "No details were written." } }
                    @for paragraph in post.request.description.lines().filter(|line| !line.trim().is_empty()) {
                        p { (paragraph) }
                    }
                    @if !post.request.pain_points.is_empty() {
                        h3 { "Pain points" }
                        ul { @for point in &post.request.pain_points { li { (point) } } }
                    }
                }
                (evidence::section(&support.evidence, &view))
                (also_heard::beside(&heard, &support.evidence))
                (merged(&support.merged, me.may(Action::MergePosts)))
                (evidence::similar(&post, &similar, me.may(Action::MergePosts) && published))
                @if me.may(Action::MergePosts) && published { (merge_form(&post)) }
                (log(&history))
            }
            aside aria-label="Facts" { (facts(&post, &names)) }
        }
    };
    Ok(layout::page(
        Some(&me),
        Some(Section::Feedback),
        &post.request.title,
        &body,
    ))
}

/// The similar posts that are still there, with their decisions.
async fn similar(app: &App, post: &Post) -> Result<Vec<evidence::SimilarPost>, StoreError> {
    let known = post.similar.iter().take(MAX_SIMILAR);
    let looked = known.map(|similar| async move {
        let other = app.feedback.post(&post.org_id, &similar.post_id).await?;
        Ok(other.map(|other| (other, similar.check.clone())))
    });
    let found = future::try_join_all(looked).await?;
    Ok(found.into_iter().flatten().collect())
}

/// How the post stands when it is not simply published.
fn standing(post: &Post, me: &Principal) -> Markup {
    html! {
        @match post.moderation {
            Moderation::Published => {},
            Moderation::InReview => {
                div.notice.warn {
                    p {
                        strong { "In review." } " Until it is approved, this post stays out of search and merging."
                    }
                    @if let Some(reason) = &post.review_reason { p { "Reason: " (reason) } }
                }
                @if me.may(Action::Review) { (review::decide(post, post.proposed.is_some())) }
            },
            Moderation::Rejected => {
                div.notice.warn {
                    p {
                        strong { "Rejected." }
                        @if let Some(reviewed) = &post.reviewed {
                            " By " (reviewed.by) ", " (time(reviewed.at)) "."
                            @if let Some(reason) = &reviewed.reason { " Reason: " (reason) }
                        }
                    }
                }
                @if me.may(Action::Review) { (review::decide(post, false)) }
            },
            Moderation::Newer(word) => {
                div.notice.warn {
                    p {
                        strong { "This post is “" (word.as_str()) "”." }
                        " A newer version of ProductBridge says so, and this one does not know what it means: the post is in no list and stays as it is."
                    }
                }
            },
            Moderation::Merged => {
                @if let Some(merged) = &post.merged_into {
                    div.notice.warn {
                        p {
                            strong { "Merged." } " " (merged.by) " merged this post into "
                            a href={ "/feedback/" (merged.into) } { "another post" } ", " (time(merged.at))
                            ". Similar calls are added there."
                        }
                        @if let Some(check) = &merged.check {
                            p { (format!("In review its similarity was {:.2}, threshold {:.2} of {}.", check.score, check.threshold, check.embedder)) }
                        }
                    }
                    @if me.may(Action::MergePosts) { (undo(post)) }
                }
            },
        }
    }
}

fn undo(post: &Post) -> Markup {
    html! {
        form.buttons method="post" action={ "/feedback/" (post.id) "/undo-merge" } {
            button.second { "Undo the merge" }
        }
    }
}

/// The posts that were merged into this one.
fn merged(posts: &[Post], may: bool) -> Markup {
    html! {
        @if !posts.is_empty() {
            section.card aria-labelledby="merged" {
                h2 #merged { "Merged into this post" }
                ul {
                    @for post in posts {
                        li {
                            a href={ "/feedback/" (post.id) } { (post.request.title) }
                            @if let Some(merged) = &post.merged_into { " – by " (merged.by) ", " (time(merged.at)) }
                            @if may { (undo(post)) }
                        }
                    }
                }
            }
        }
    }
}

fn merge_form(post: &Post) -> Markup {
    html! {
        details.card {
            summary { "Merge into another post" }
            form.inline method="post" action={ "/feedback/" (post.id) "/merge" } {
                label for="merge-to" { "Merge into (address or id of a post)" }
                input id="merge-to" name="to" required autocomplete="off";
                button.second { "Merge" }
            }
            p.help { "Its evidence moves there, and so do similar future calls. You can undo this." }
        }
    }
}

fn log(history: &[Activity]) -> Markup {
    html! {
        @if !history.is_empty() {
            section.card aria-labelledby="history" {
                h2 #history { "History" }
                (activity::items(history, false))
            }
        }
    }
}

fn facts(post: &Post, names: &Names) -> Markup {
    let board = names.boards.iter().find(|board| board.id == post.board_id);
    let category = board.and_then(|board| {
        let of_post = |category: &&domain::feedback::Category| {
            Some(&category.id) == post.category_id.as_ref()
        };
        board.categories.iter().find(of_post)
    });
    let tags: Vec<_> = names.tags(post).collect();
    let author = [&post.author.name, &post.author.email, &post.author.account];
    let author: Vec<&str> = author
        .into_iter()
        .filter_map(|part| part.as_deref())
        .collect();
    html! {
        div.card {
            dl.facts.stacked {
                (fact("Status", Some(post.status.as_str())))
                (fact("Owner", post.owner.as_ref().map(UserId::as_str)))
                (fact("Board", Some(names.board(post))))
                (fact("Category", category.map(|category| &*category.name)))
                div {
                    dt { "Tags" }
                    dd {
                        @if tags.is_empty() { span.none { "none" } }
                        @for tag in tags { span.tag { (tag) } " " }
                    }
                }
                (fact("Sentiment", post.request.sentiment.map(|s| s.as_str())))
                (fact("Priority", post.request.priority.map(|p| p.as_str())))
                (fact("Feature area", post.request.feature_area.as_deref()))
                (fact("Author", Some(&*author.join(", ")).filter(|author| !author.is_empty())))
                (fact("Source", Some(source_words(&post.source))))
                div { dt { "Written by" } dd { (written_by(post)) } }
                div { dt { "Created" } dd { (time(post.created)) } }
                div { dt { "Last change" } dd { (time(post.updated)) } }
            }
        }
        (metadata(&post.metadata))
    }
}

fn fact(name: &str, value: Option<&str>) -> Markup {
    html! {
        div {
            dt { (name) }
            dd { @match value { Some(value) => { (value) }, None => { span.none { "none" } } } }
        }
    }
}

fn written_by(post: &Post) -> Markup {
    match (&post.engine, &post.created_by) {
        (Some(engine), _) => engine_words(engine),
        (None, Some(person)) => html! { (person) },
        (None, None) => html! { "an import" },
    }
}

fn metadata(metadata: &BTreeMap<String, Value>) -> Markup {
    html! {
        @if !metadata.is_empty() {
            details.card {
                summary { "Metadata" }
                dl.facts.stacked {
                    @for (key, value) in metadata {
                        div {
                            dt { (key) }
                            dd {
                                @match value {
                                    Value::String(text) => { (outside_link(Some(text), text)) },
                                    other => { (other.to_string()) },
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
