//! How far a sync got: the same words for the page and for its script.

use domain::{
    call::CallState,
    connection::{Window, WindowKind},
};
use serde::Serialize;

use crate::{
    ledger_counts::Count,
    pages::words::{minute, plural},
    sync_view::SyncView,
};

/// How far a sync got.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Progress {
    /// Whether something runs.
    pub running: bool,
    /// When to ask again, in seconds; none when nothing runs.
    pub refresh_after_seconds: Option<u8>,
    /// What is going on, in words.
    pub headline: String,
    /// Calls listed at Gong, while a listing runs.
    pub listing: Option<Bar>,
    /// Calls decided, while there are some to decide.
    pub analysing: Option<Bar>,
    /// What waits, and why.
    pub waiting: Vec<String>,
    pub counts: Vec<Count>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Bar {
    /// How much is done.
    pub done: u64,
    /// Of how much; 0 while that is not known.
    pub total: u64,
    pub words: String,
}

impl Progress {
    /// How far it got.
    pub fn of(view: &SyncView) -> Self {
        let listing: Vec<&Window> = view.listing().filter(|_| view.connected()).collect();
        let in_work = view.counts.in_work();
        let deferred = view.counts.of(CallState::Deferred);
        let works = view.connected() && in_work > deferred;
        let running = !listing.is_empty() || works;
        let held = view.blocked_until.is_some()
            || (!works && listing.iter().all(|window| window.waiting_for.is_some()));
        Self {
            running,
            refresh_after_seconds: running.then_some(if held { 10 } else { 2 }),
            headline: headline(view, &listing, works),
            listing: listing_bar(&listing),
            analysing: analysing_bar(view, in_work),
            waiting: waiting(view, &listing),
            counts: view.counts.lines(),
        }
    }
}

/// A window's purpose in words.
pub const fn kind_words(kind: WindowKind) -> &'static str {
    match kind {
        WindowKind::Backfill => "Historical sync",
        WindowKind::Poll => "Sync of new calls",
        WindowKind::Lookback => "Daily check of the last seven days",
        WindowKind::Reconcile => "Taking over calls of the earlier connection",
        WindowKind::Newer(word) => word.as_str(),
    }
}

fn headline(view: &SyncView, listing: &[&Window], works: bool) -> String {
    let kind = listing.first().map(|window| kind_words(window.kind));
    match (kind, works) {
        (Some(kind), true) => format!("{kind}: calls are being listed and analysed."),
        (Some(kind), false) => format!("{kind}: calls are being listed."),
        (None, true) => "All calls are listed and are being analysed.".into(),
        (None, false) => idle(view),
    }
}

/// What is said while nothing runs.
fn idle(view: &SyncView) -> String {
    let next = view.poll.as_ref().and_then(|poll| poll.due);
    match next.filter(|_| view.connected()) {
        None => "Nothing is read at the moment.".into(),
        Some(_) if view.counts.in_work() > 0 => "All calls are listed; some wait.".into(),
        Some(at) => format!("Up to date. Next check {}.", minute(at)),
    }
}

fn listing_bar(listing: &[&Window]) -> Option<Bar> {
    if listing.is_empty() {
        return None;
    }
    let sum = |field: fn(&Window) -> u64| listing.iter().map(|window| field(window)).sum::<u64>();
    let (listed, queued) = (sum(|w| w.listed), sum(|w| w.queued));
    let announced = sum(|w| w.announced.max(w.listed));
    let of = if announced > 0 {
        format!(" of about {announced}")
    } else {
        String::new()
    };
    Some(Bar {
        done: listed,
        total: announced,
        words: format!("{listed}{of} calls listed, {queued} of them queued for analysis"),
    })
}

/// Calls are not told apart by window: those of the historical sync, as long as some are left.
fn analysing_bar(view: &SyncView, in_work: u64) -> Option<Bar> {
    if in_work == 0 {
        return None;
    }
    let queued = view.backfill().map_or(0, |window| window.queued);
    let total = queued.max(in_work);
    let done = total - in_work;
    Some(Bar {
        done,
        total,
        words: format!(
            "{done} of {} analysed, {in_work} to go",
            plural(total, "call")
        ),
    })
}

fn waiting(view: &SyncView, listing: &[&Window]) -> Vec<String> {
    let mut reasons = Vec::new();
    if let Some(until) = view.blocked_until {
        reasons.push(format!(
            "Gong asked us to wait until {}. Nothing is lost; reading continues by itself.",
            minute(until)
        ));
    }
    for window in listing {
        if let Some(why) = &window.waiting_for {
            reasons.push(format!("{} waits: {why}", kind_words(window.kind)));
        }
    }
    let mut calls = |state: CallState, why: &str| {
        let n = view.counts.of(state);
        if n > 0 {
            let verb = if n == 1 { "waits" } else { "wait" };
            reasons.push(format!("{} {verb} {why}", plural(n, "call")));
        }
    };
    calls(
        CallState::AwaitingTranscript,
        "for Gong's transcript and will be asked for again at later polls, for up to 14 days.",
    );
    if !view.connected() {
        calls(CallState::Queued, "for the reconnect; they are kept.");
    }
    for (why, (n, first)) in &view.deferred {
        let verb = if *n == 1 { "is" } else { "are" };
        let calls = plural(*n, "call");
        let again = first.map_or_else(String::new, |at| format!(", from {} on", minute(at)));
        reasons.push(format!(
            "{calls} {verb} put off: {why}. Tried again without your doing anything{again}."
        ));
    }
    reasons
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test may panic")]
mod tests;
