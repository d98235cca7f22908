//! The evidence of a post: who said what, when, and why it lies here.

use domain::feedback::{Evidence, MergeCheck, Post, Quote};
use maud::{Markup, html};

use super::{
    post::engine_words,
    words::{offset, outside_link, time},
};

/// A post that was kept apart, with the decision.
pub type SimilarPost = (Post, MergeCheck);

/// The section.
pub fn section(evidence: &[Evidence], by_hand: bool) -> Markup {
    html! {
        section aria-labelledby="evidence" {
            h2 #evidence { "Evidence (" (evidence.len()) ")" }
            @if evidence.is_empty() {
                div.card.empty {
                    @if by_hand {
                        p { "No call supports this post yet. Calls that ask for the same are added here." }
                    } @else {
                        p { "No evidence is stored for this post." }
                    }
                }
            }
            @for one in evidence { (item(one)) }
        }
    }
}

fn item(evidence: &Evidence) -> Markup {
    let title = evidence
        .call_title
        .as_deref()
        .unwrap_or("Call without a title");
    let author = [&evidence.author.name, &evidence.author.account];
    let author: Vec<&str> = author
        .into_iter()
        .filter_map(|part| part.as_deref())
        .collect();
    html! {
        article.card.evidence {
            header {
                h3 { (outside_link(evidence.call_url.as_deref(), title)) }
                p.help {
                    (author.join(", "))
                    @if !author.is_empty() && evidence.call_started.is_some() { " · " }
                    @if let Some(started) = evidence.call_started { (time(started)) }
                }
            }
            @if evidence.quotes.is_empty() { p.none { "No sentence of the call could be verified as a quote." } }
            @for quote in &evidence.quotes { (words(quote)) }
            p { strong { (evidence.title) } @if !evidence.description.is_empty() { ": " (evidence.description) } }
            p.help { (why(evidence.merge.as_ref())) " Read by " (engine_words(&evidence.engine)) "." }
        }
    }
}

fn words(quote: &Quote) -> Markup {
    html! {
        figure {
            blockquote { p { (quote.text) } }
            figcaption {
                (quote.speaker) " · " (outside_link(quote.link.as_deref(), &offset(quote.start_ms)))
            }
        }
    }
}

fn why(merge: Option<&MergeCheck>) -> String {
    match merge {
        None => "This call made the post.".into(),
        Some(check) => format!(
            "Added because its similarity is {:.2}, at or above the threshold of {:.2} of {}.",
            check.score, check.threshold, check.embedder
        ),
    }
}

/// The posts that are like this one but were kept apart.
pub fn similar(posts: &[SimilarPost]) -> Markup {
    html! {
        @if !posts.is_empty() {
            section.card aria-labelledby="similar" {
                h2 #similar { "Similar posts, kept apart" }
                ul {
                    @for (post, check) in posts {
                        li {
                            a href={ "/feedback/" (post.id) } { (post.title) }
                            (format!(" – similarity {:.2}, threshold {:.2} ({})", check.score, check.threshold, check.embedder))
                            @if !check.guards.is_empty() { "; kept apart by: " (check.guards.join(", ")) }
                        }
                    }
                }
            }
        }
    }
}
