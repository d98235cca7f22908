//! The list of posts.

use axum::{extract::State, response::Html};
use domain::{
    feedback::{Board, Moderation, Post, PostStatus, Tag},
    ids::TagId,
    principal::{Action, Principal},
};
use feedback::curation::support::count;
use futures::future;
use maud::{Markup, html};
use serde::Deserialize;

use super::{
    forms::choice,
    layout::{self, Section},
    words::{address, plural, source_words},
};
use crate::{
    App,
    extract::{Asked, Who},
    http_status::Refusal,
    paging::{self, Part},
    post_query::PostQuery,
};

const PAGE_SIZE: usize = 50;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Query {
    #[serde(flatten)]
    filter: PostQuery,
    after: Option<String>,
}

/// What posts are shown with: names for the ids they hold.
pub struct Names {
    pub boards: Vec<Board>,
    pub tags: Vec<Tag>,
}

impl Names {
    /// The name of a post's board.
    pub fn board(&self, post: &Post) -> &str {
        let board = self.boards.iter().find(|board| board.id == post.board_id);
        board.map_or("a removed board", |board| &board.name)
    }

    /// The names of a post's tags.
    pub fn tags<'a>(&'a self, post: &'a Post) -> impl Iterator<Item = &'a str> {
        let name = |id: &TagId| self.tags.iter().find(move |tag| tag.id == *id);
        post.tag_ids.iter().filter_map(name).map(|tag| &*tag.name)
    }
}

/// `GET /feedback`
pub async fn list(
    State(app): State<App>,
    Who(me): Who,
    Asked(query): Asked<Query>,
) -> Result<Html<String>, Refusal> {
    let filter = query.filter.filter()?;
    let (posts, boards, tags) = futures::try_join!(
        app.feedback.posts(&me.org_id, &filter),
        app.feedback.boards(&me.org_id),
        app.feedback.tags(&me.org_id),
    )?;
    let after = query.after.as_deref().filter(|after| !after.is_empty());
    let part = paging::part(&posts, after, PAGE_SIZE).ok_or(Refusal::BadQuery("the page"))?;
    let names = Names { boards, tags };
    let counts = future::try_join_all(part.posts.iter().map(|post| count(&*app.feedback, post)));
    let counts = counts.await?;
    let body = html! {
        div.heading {
            h1 { "Feedback" }
            div.actions {
                a href="/activity" { "Activity" }
                @if me.may(Action::WritePosts) { a.button href="/feedback/new" { "New post" } }
            }
        }
        (filters(&query.filter, &names))
        (shown(&part, posts.len(), &query.filter))
        @if posts.is_empty() {
            (empty(&me, &query.filter))
        } @else {
            (table(part.posts, &counts, &names))
        }
        (older(&part, &query.filter))
    };
    Ok(layout::page(
        Some(&me),
        Some(Section::Feedback),
        "Feedback",
        &body,
    ))
}

fn filters(query: &PostQuery, names: &Names) -> Markup {
    let boards: Vec<_> = names
        .boards
        .iter()
        .map(|b| (b.id.as_str(), &*b.name))
        .collect();
    let tags: Vec<_> = names
        .tags
        .iter()
        .map(|t| (t.id.as_str(), &*t.name))
        .collect();
    let statuses: Vec<_> = PostStatus::ALL
        .iter()
        .map(|s| (s.as_str(), s.as_str()))
        .collect();
    let moderations = [
        (Moderation::Published.as_str(), "published"),
        (Moderation::InReview.as_str(), "in review"),
        (Moderation::Rejected.as_str(), "rejected"),
        (Moderation::Merged.as_str(), "merged"),
    ];
    html! {
        form.filters method="get" action="/feedback" role="search" {
            div.field.wide {
                label for="q" { "Search" }
                input id="q" name="q" type="search" value=(query.q) placeholder="Title or details";
            }
            (choice("board", "Board", Some("All boards"), &boards, &query.board))
            (choice("tag", "Tag", Some("All tags"), &tags, &query.tag))
            (choice("status", "Status", Some("Any status"), &statuses, &query.status))
            (choice("moderation", "Visibility", Some("Active"), &moderations, &query.moderation))
            div.actions {
                button.second { "Filter" }
                @if !query.is_empty() { a href="/feedback" { "Clear" } }
            }
        }
    }
}

fn shown(part: &Part<'_>, total: usize, query: &PostQuery) -> Markup {
    let last = part.first + part.posts.len() - part.posts.len().min(1);
    let posts = plural(u64::try_from(total).unwrap_or(u64::MAX), "post");
    html! {
        p.help role="status" {
            @if part.posts.len() < total { (part.first) "–" (last) " of " }
            (posts)
            @if !query.is_empty() { " found" }
        }
    }
}

fn empty(me: &Principal, query: &PostQuery) -> Markup {
    html! {
        div.card.empty {
            @if query.is_empty() {
                p { strong { "No feedback yet." } }
                p {
                    "Posts appear here when calls from Gong contain product feedback. "
                    a href="/integrations/gong" { "Check the Gong connection" }
                    @if me.may(Action::WritePosts) { ", or " a href="/feedback/new" { "write a post yourself" } }
                    "."
                }
            } @else {
                p { strong { "No posts match." } " " a href="/feedback" { "Show all posts" } "." }
            }
        }
    }
}

fn table(posts: &[Post], counts: &[u64], names: &Names) -> Markup {
    html! {
        table {
            thead {
                tr {
                    th scope="col" { "Post" } th scope="col" { "Board" } th scope="col" { "Tags" }
                    th scope="col" { "Status" } th.number scope="col" { "Evidence" }
                    th scope="col" { "Source" } th scope="col" { "Account" }
                }
            }
            tbody { @for (post, count) in posts.iter().zip(counts) { (row(post, *count, names)) } }
        }
    }
}

fn row(post: &Post, count: u64, names: &Names) -> Markup {
    let tags: Vec<_> = names.tags(post).collect();
    html! {
        tr {
            td.title data-label="Post" {
                a href={ "/feedback/" (post.id) } { (post.request.title) }
                @match post.moderation {
                    Moderation::Published => {},
                    Moderation::InReview => { " " span.badge.warn { "in review" } },
                    Moderation::Rejected => { " " span.badge.quiet { "rejected" } },
                    Moderation::Merged => { " " span.badge.quiet { "merged" } },
                    Moderation::Newer(word) => { " " span.badge.quiet { (word.as_str()) } },
                }
            }
            td data-label="Board" { (names.board(post)) }
            td data-label="Tags" {
                @if tags.is_empty() { span.none { "none" } }
                @else { div { @for tag in tags { span.tag { (tag) } " " } } }
            }
            td data-label="Status" { (post.status.as_str()) }
            td.number data-label="Evidence" { (count) }
            td data-label="Source" { (source_words(&post.source)) }
            td data-label="Account" {
                @match post.author.account.as_deref() {
                    Some(account) => { (account) },
                    None => { span.none { "unknown" } },
                }
            }
        }
    }
}

fn older(part: &Part<'_>, query: &PostQuery) -> Markup {
    let Some(next) = &part.next else {
        return html! {};
    };
    let mut fields = query.pairs().to_vec();
    fields.push(("after", next));
    html! {
        p.actions { a.button.second href=(address("/feedback", &fields)) { "Older posts" } }
    }
}
