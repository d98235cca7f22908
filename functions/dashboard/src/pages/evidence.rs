//! The evidence of a post: who said what, when, and why it lies here.

use domain::feedback::{Evidence, MergeCheck, Post, Quote};
use maud::{Markup, html};

use super::words::{engine_words, offset, outside_link, plural, time};

/// A post that was kept apart, with the decision.
pub type SimilarPost = (Post, MergeCheck);

/// Who looks at the evidence, and of which post.
pub struct View<'a> {
    /// The post whose page it is.
    pub post: &'a Post,
    /// The posts that were merged into it.
    pub merged: &'a [Post],
    /// Whether the reader may move evidence.
    pub may_move: bool,
}

pub fn section(evidence: &[Evidence], view: &View<'_>) -> Markup {
    html! {
        section aria-labelledby="evidence" {
            h2 #evidence { "Evidence (" (evidence.len()) ")" }
            @if evidence.is_empty() {
                div.card.empty {
                    @if view.post.engine.is_none() {
                        p { "No call supports this post yet. Calls that ask for the same thing are added here." }
                    } @else {
                        p { "No evidence is stored for this post." }
                    }
                }
            }
            @for one in evidence { (item(one, view)) }
        }
    }
}

fn item(evidence: &Evidence, view: &View<'_>) -> Markup {
    let title = evidence.call_title.as_deref().unwrap_or("Untitled call");
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
                    " · " a href={ "/calls/" (evidence.call_id) } { "View analysis" }
                }
            }
            (quotes(&evidence.quotes, evidence.rejected_quotes))
            p { strong { (evidence.request.title) } @if !evidence.request.description.is_empty() { ": " (evidence.request.description) } }
            p.help { (why(evidence, view)) " Read by " (engine_words(&evidence.engine)) "." }
            @if view.may_move { (move_form(evidence)) }
        }
    }
}

/// What the customer said.
pub fn quotes(quotes: &[Quote], rejected: u32) -> Markup {
    html! {
        @if quotes.is_empty() { p.none { "No quote from this call could be verified." } }
        @for quote in quotes { (words(quote)) }
        @if rejected > 0 {
            p.help { (plural(u64::from(rejected), "quote")) " from the model’s answer left out, because nobody on the customer’s side said it in these words." }
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

fn why(evidence: &Evidence, view: &View<'_>) -> Markup {
    let moved = evidence.moves.last();
    let merged = view.merged.iter().find(|post| post.id == evidence.post_id);
    html! {
        @match (moved, &evidence.merge) {
            (Some(moved), _) => {
                (moved.by) " moved it here from " a href={ "/feedback/" (moved.from) } { "another post" } "."
            },
            (None, None) => "Created from this call.",
            (None, Some(check)) => (added(check)),
        }
        @if let Some(merged) = merged {
            " It came from " a href={ "/feedback/" (merged.id) } { (merged.request.title) } ", which was merged into this post."
        }
    }
}

fn added(check: &MergeCheck) -> String {
    let guards = match check.guarded && check.judged.is_none() {
        true => "; no guard objected",
        false => "",
    };
    format!("Added because {}{guards}.", because(check))
}

/// Why two requests were held to be one, or not, with how alike they are.
fn because(check: &MergeCheck) -> String {
    format!(
        "{} (similarity {:.2}, threshold {:.2} of {})",
        check.why(),
        check.score,
        check.threshold,
        check.embedder
    )
}

fn move_form(evidence: &Evidence) -> Markup {
    let (post, call, n) = (&evidence.post_id, &evidence.call_id, evidence.n);
    let field = format!("to-{call}-{n}");
    html! {
        details {
            summary { "Move to another post" }
            form.inline method="post" action={ "/feedback/" (post) "/evidence/" (call) "/" (n) "/move" } {
                label for=(field) { "Choose a post by its address or id, or leave this empty to create a new one" }
                input id=(field) name="to" autocomplete="off";
                button.second { "Move" }
            }
            p.help { "Similar future calls will go there too." }
        }
    }
}

/// The posts that may be duplicates of this one: those like it that were kept apart.
pub fn similar(of: &Post, posts: &[SimilarPost], may_merge: bool) -> Markup {
    html! {
        @if !posts.is_empty() {
            section.card aria-labelledby="similar" {
                h2 #similar { "Possible duplicates" }
                ul {
                    @for (post, check) in posts {
                        li {
                            a href={ "/feedback/" (post.id) } { (post.request.title) }
                            " – kept apart: " (because(check))
                            @if !check.guards.is_empty() { ": " (check.guards.join(", ")) }
                            @if may_merge {
                                form method="post" action={ "/feedback/" (of.id) "/merge" } {
                                    input type="hidden" name="to" value=(post.id);
                                    button.second.small { "Merge these posts" }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
