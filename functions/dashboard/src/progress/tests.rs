use std::collections::{BTreeMap, BTreeSet};

use domain::{
    connection::{Connection, ConnectionStatus, History, Poll},
    ids::{OrgId, UserId, WindowId},
    moment::{Span, Timestamp},
};

use super::*;
use crate::ledger_counts::LedgerCounts;

/// 2026-11-20T12:00:00Z.
const NOW: Timestamp = Timestamp(1_795_176_000_000);

fn org() -> OrgId {
    OrgId::parse("fernhill").unwrap()
}

fn connection(status: ConnectionStatus) -> Connection {
    Connection {
        org_id: org(),
        status,
        generation: 3,
        same_since: 3,
        workspace: "Fernhill".into(),
        fingerprints: BTreeSet::new(),
        history: History::Days(7),
        import_from: NOW,
        connected_by: UserId::parse("ada").unwrap(),
        connected_at: NOW,
        disconnected_at: None,
        secret_name: "productbridge/gong/fernhill/1".into(),
        last_error: None,
    }
}

/// A window that lists: so many calls of those announced, so many of them queued.
fn window(kind: WindowKind, listed: u64, announced: u64, queued: u64) -> Window {
    Window {
        org_id: org(),
        id: WindowId::parse("1").unwrap(),
        generation: 3,
        kind,
        created: NOW,
        slices: Vec::new(),
        listed,
        queued,
        announced,
        woke: true,
        resume: None,
        after: None,
        due: None,
        lease: None,
        finished: None,
        waiting_for: None,
    }
}

fn finished(window: Window) -> Window {
    Window {
        finished: Some(NOW),
        ..window
    }
}

fn waits(window: Window, why: &str) -> Window {
    Window {
        waiting_for: Some(why.into()),
        ..window
    }
}

fn view(status: ConnectionStatus, windows: Vec<Window>, counts: &[(&str, u64)]) -> SyncView {
    let counts = counts
        .iter()
        .map(|(state, calls)| ((*state).to_owned(), *calls));
    SyncView {
        connection: Some(connection(status)),
        poll: Some(Poll {
            org_id: org(),
            generation: 3,
            import_from: NOW,
            high_water: NOW,
            due: Some(NOW + Span::hours(3)),
            last_success: None,
            last_lookback: None,
            last_manual: None,
            seen_calls: true,
            last_error: None,
        }),
        windows,
        blocked_until: None,
        counts: LedgerCounts::new(counts.collect()),
        deferred: BTreeMap::new(),
    }
}

#[test]
fn the_page_says_what_runs_and_asks_again_while_something_does() {
    use ConnectionStatus::{Connected, Disconnected, ReconnectRequired};
    use WindowKind::{Backfill, Lookback, Poll, Reconcile};
    const NOTHING: &str = "Nothing is read at the moment.";
    const UP_TO_DATE: &str = "Up to date. Next check 2026-11-20 15:00 UTC.";
    let backfill = || window(Backfill, 10, 100, 5);
    let slow = || waits(backfill(), "more than 500 calls are waiting to be analysed");
    for (name, status, windows, counts, headline, again) in [
        ("nothing", Connected, vec![], &[][..], UP_TO_DATE, None),
        (
            "a history",
            Connected,
            vec![backfill()],
            &[],
            "Historical sync: calls are being listed.",
            Some(2),
        ),
        (
            "a history and its calls",
            Connected,
            vec![backfill()],
            &[("queued", 5)],
            "Historical sync: calls are being listed and analysed.",
            Some(2),
        ),
        (
            "a history that is done",
            Connected,
            vec![finished(backfill())],
            &[],
            UP_TO_DATE,
            None,
        ),
        (
            "the calls of one that is done",
            Connected,
            vec![finished(backfill())],
            &[("processing", 1)],
            "All calls are listed and are being analysed.",
            Some(2),
        ),
        (
            "a poll",
            Connected,
            vec![window(Poll, 0, 0, 0)],
            &[],
            "Sync of new calls: calls are being listed.",
            Some(2),
        ),
        (
            "a lookback",
            Connected,
            vec![window(Lookback, 0, 0, 0)],
            &[],
            "Daily check of the last seven days: calls are being listed.",
            Some(2),
        ),
        (
            "calls that are taken over",
            Connected,
            vec![window(Reconcile, 0, 0, 0)],
            &[],
            UP_TO_DATE,
            None,
        ),
        (
            "a poll behind a history",
            Connected,
            vec![finished(backfill()), window(Poll, 0, 0, 0)],
            &[],
            "Sync of new calls: calls are being listed.",
            Some(2),
        ),
        (
            "a history that waits",
            Connected,
            vec![slow()],
            &[],
            "Historical sync: calls are being listed.",
            Some(10),
        ),
        (
            "one that waits for its own calls",
            Connected,
            vec![slow()],
            &[("queued", 501)],
            "Historical sync: calls are being listed and analysed.",
            Some(2),
        ),
        (
            "calls that are put off",
            Connected,
            vec![],
            &[("deferred", 3)],
            "All calls are listed; some wait.",
            None,
        ),
        (
            "some put off, some not",
            Connected,
            vec![],
            &[("deferred", 3), ("queued", 1)],
            "All calls are listed and are being analysed.",
            Some(2),
        ),
        (
            "calls that wait for transcripts",
            Connected,
            vec![],
            &[("awaiting_transcript", 3)],
            UP_TO_DATE,
            None,
        ),
        (
            "a history before a reconnect",
            ReconnectRequired,
            vec![backfill()],
            &[("queued", 5)],
            NOTHING,
            None,
        ),
        (
            "a history after a disconnect",
            Disconnected,
            vec![backfill()],
            &[("queued", 5)],
            NOTHING,
            None,
        ),
    ] {
        let progress = Progress::of(&view(status, windows, counts));
        assert_eq!(progress.headline, headline, "{name}");
        assert_eq!(progress.refresh_after_seconds, again, "{name}");
        assert_eq!(progress.running, again.is_some(), "{name}");
    }
}

#[test]
fn the_bar_of_a_listing_shows_what_gong_announced() {
    use WindowKind::{Backfill, Lookback, Poll};
    for (name, windows, bar) in [
        ("nothing is listed", vec![], None),
        (
            "just begun",
            vec![window(Backfill, 0, 0, 0)],
            Some((0, 0, "0 calls listed, 0 of them queued for analysis")),
        ),
        (
            "some of those announced",
            vec![window(Backfill, 100, 250, 80)],
            Some((
                100,
                250,
                "100 of about 250 calls listed, 80 of them queued for analysis",
            )),
        ),
        (
            "more than announced",
            vec![window(Backfill, 300, 250, 80)],
            Some((
                300,
                300,
                "300 of about 300 calls listed, 80 of them queued for analysis",
            )),
        ),
        (
            "nothing announced",
            vec![window(Backfill, 7, 0, 7)],
            Some((
                7,
                7,
                "7 of about 7 calls listed, 7 of them queued for analysis",
            )),
        ),
        (
            "two listings",
            vec![window(Backfill, 100, 250, 80), window(Poll, 2, 5, 1)],
            Some((
                102,
                255,
                "102 of about 255 calls listed, 81 of them queued for analysis",
            )),
        ),
        (
            "two, one ahead of what was announced",
            vec![window(Backfill, 300, 250, 80), window(Lookback, 0, 50, 0)],
            Some((
                300,
                350,
                "300 of about 350 calls listed, 80 of them queued for analysis",
            )),
        ),
        (
            "a listing that is done does not count",
            vec![
                finished(window(Backfill, 100, 100, 80)),
                window(Poll, 1, 2, 1),
            ],
            Some((
                1,
                2,
                "1 of about 2 calls listed, 1 of them queued for analysis",
            )),
        ),
    ] {
        let progress = Progress::of(&view(ConnectionStatus::Connected, windows, &[]));
        let told = progress.listing.as_ref();
        let told = told.map(|bar| (bar.done, bar.total, bar.words.as_str()));
        assert_eq!(told, bar, "{name}");
    }
}

#[test]
fn the_bar_of_the_analysis_counts_what_the_history_queued() {
    let backfill = |queued| vec![finished(window(WindowKind::Backfill, 200, 200, queued))];
    for (name, windows, counts, bar) in [
        ("nothing to do", backfill(100), &[("posted", 100)][..], None),
        (
            "transcripts are not there yet",
            backfill(100),
            &[("awaiting_transcript", 3)],
            None,
        ),
        (
            "the first call",
            backfill(100),
            &[("queued", 100)],
            Some((0, 100, "0 of 100 calls analysed, 100 to go")),
        ),
        (
            "half of them",
            backfill(100),
            &[("queued", 40), ("processing", 10)],
            Some((50, 100, "50 of 100 calls analysed, 50 to go")),
        ),
        (
            "the last one is put off",
            backfill(100),
            &[("deferred", 1)],
            Some((99, 100, "99 of 100 calls analysed, 1 to go")),
        ),
        (
            "more than the history queued",
            backfill(5),
            &[("queued", 8)],
            Some((0, 8, "0 of 8 calls analysed, 8 to go")),
        ),
        (
            "no history",
            vec![],
            &[("queued", 1)],
            Some((0, 1, "0 of 1 call analysed, 1 to go")),
        ),
    ] {
        let progress = Progress::of(&view(ConnectionStatus::Connected, windows, counts));
        let told = progress.analysing.as_ref();
        let told = told.map(|bar| (bar.done, bar.total, bar.words.as_str()));
        assert_eq!(told, bar, "{name}");
    }
}

#[test]
fn what_waits_says_for_what_and_that_nobody_has_to_do_anything() {
    use ConnectionStatus::{Connected, ReconnectRequired};
    let backfill = || window(WindowKind::Backfill, 10, 100, 5);
    let held = |minutes| Some(NOW + Span::minutes(minutes));
    let put_off = |why: &str, calls, first| BTreeMap::from([(why.to_owned(), (calls, first))]);
    let full = "more than 500 calls are waiting to be analysed";
    let connected = |windows, counts| view(Connected, windows, counts);
    for (name, view, waiting) in [
        ("nothing", connected(vec![backfill()], &[]), &[][..]),
        (
            "Gong asked for it",
            SyncView {
                blocked_until: held(5),
                ..connected(vec![], &[])
            },
            &[
                "Gong asked us to wait until 2026-11-20 12:05 UTC. Nothing is lost; reading continues by itself.",
            ],
        ),
        (
            "a listing makes way",
            connected(vec![waits(backfill(), full)], &[]),
            &["Historical sync waits: more than 500 calls are waiting to be analysed"],
        ),
        (
            "a listing that is done waits no longer",
            connected(vec![finished(waits(backfill(), full))], &[]),
            &[],
        ),
        (
            "one transcript",
            connected(vec![], &[("awaiting_transcript", 1)]),
            &[
                "1 call waits for Gong's transcript and will be asked for again at later polls, for up to 14 days.",
            ],
        ),
        (
            "several transcripts",
            connected(vec![], &[("awaiting_transcript", 1_200)]),
            &[
                "1,200 calls wait for Gong's transcript and will be asked for again at later polls, for up to 14 days.",
            ],
        ),
        (
            "queued calls are no news",
            connected(vec![], &[("queued", 7)]),
            &[],
        ),
        (
            "queued calls before a reconnect",
            view(ReconnectRequired, vec![], &[("queued", 7)]),
            &["7 calls wait for the reconnect; they are kept."],
        ),
        (
            "one call that is put off",
            SyncView {
                deferred: put_off("the index is away", 1, held(5)),
                ..connected(vec![], &[("deferred", 1)])
            },
            &[
                "1 call is put off: the index is away. Tried again without your doing anything, from 2026-11-20 12:05 UTC on.",
            ],
        ),
        (
            "calls that are put off, nobody knows until when",
            SyncView {
                deferred: put_off("the index is away", 2, None),
                ..connected(vec![], &[("deferred", 2)])
            },
            &["2 calls are put off: the index is away. Tried again without your doing anything."],
        ),
        (
            "several things at once",
            SyncView {
                blocked_until: held(90),
                ..connected(vec![waits(backfill(), full)], &[("awaiting_transcript", 2)])
            },
            &[
                "Gong asked us to wait until 2026-11-20 13:30 UTC. Nothing is lost; reading continues by itself.",
                "Historical sync waits: more than 500 calls are waiting to be analysed",
                "2 calls wait for Gong's transcript and will be asked for again at later polls, for up to 14 days.",
            ],
        ),
    ] {
        assert_eq!(Progress::of(&view).waiting, waiting, "{name}");
    }
}
