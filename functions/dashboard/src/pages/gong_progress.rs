//! How far a sync got, and what became of the calls.

use maud::{Markup, html};

use super::words::plural;
use crate::{
    guard,
    ledger_counts::Count,
    progress::{Bar, Progress},
    sync_view::SyncView,
};

/// The section; its script refreshes it while something runs.
pub fn section(view: &SyncView) -> Markup {
    let progress = Progress::of(view);
    html! {
        section.card aria-labelledby="progress"
            data-progress=(guard::PROGRESS)
            data-again=[progress.refresh_after_seconds] {
            h2 #progress { "Progress" }
            p aria-live="polite" data-part="headline" { (progress.headline) }
            (bar("listing", "Calls listed", progress.listing.as_ref()))
            (bar("analysing", "Calls analysed", progress.analysing.as_ref()))
            ul.waiting data-part="waiting" hidden[progress.waiting.is_empty()] {
                @for reason in &progress.waiting { li { (reason) } }
            }
            p data-part="finished" hidden { "Finished. " a href="/integrations/gong" { "Refresh" } " to see everything." }
            @if progress.running {
                noscript { p { a href="/integrations/gong" { "Refresh" } " to see how far it got." } }
            }
            (backfill(view))
        }
        (ledger(view))
    }
}

fn bar(part: &str, label: &str, bar: Option<&Bar>) -> Markup {
    let known = bar.filter(|bar| bar.total > 0);
    html! {
        div.progress data-part=(part) hidden[bar.is_none()] {
            label for=(part) { (label) }
            progress id=(part) max=[known.map(|bar| bar.total)] value=[known.map(|bar| bar.done)] {}
            span data-words { (bar.map_or("", |bar| &bar.words)) }
        }
    }
}

fn backfill(view: &SyncView) -> Markup {
    let done = view.backfill().filter(|window| window.finished.is_some());
    html! {
        @if let Some(window) = done {
            p.help {
                "The historical sync listed " (plural(window.listed, "call")) " and queued "
                (window.queued) " of them for analysis."
            }
        }
    }
}

pub fn ledger(view: &SyncView) -> Markup {
    let total = view.counts.total();
    html! {
        @if total > 0 {
            section.card aria-labelledby="ledger" {
                h2 #ledger { "Call results" }
                ul.counts {
                    @for count in view.counts.lines() { (line(&count)) }
                }
                p.help { a href="/calls" { "All " (plural(total, "call")) " with their reasons" } }
            }
        }
    }
}

fn line(count: &Count) -> Markup {
    html! {
        li {
            a href={ "/calls?state=" (count.state) } { (count.label) }
            " " strong data-count=(count.state) { (count.calls) }
            @if !count.causes.is_empty() {
                ul {
                    @for (cause, calls) in &count.causes { li { (cause) ": " (calls) } }
                }
            }
        }
    }
}
