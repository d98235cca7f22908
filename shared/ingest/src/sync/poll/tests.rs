use super::*;
use crate::examples::{NOW, SameId, at, org};

fn poll(generation: u64, import_from: Timestamp, high_water: Timestamp) -> Poll {
    Poll {
        org_id: org(),
        generation,
        import_from,
        high_water,
        due: None,
        last_success: None,
        last_lookback: None,
        last_manual: None,
        seen_calls: false,
        last_error: None,
    }
}

const fn ago(span: Span) -> Timestamp {
    Timestamp(NOW.0 - span.0)
}

#[test]
fn a_poll_lists_what_is_new_with_an_overlap_and_once_a_day_the_last_week() {
    use WindowKind::{Lookback, Poll as Usual};
    const HOUR: Span = Span::hours(1);
    const LONG_AGO: Timestamp = ago(Span::days(60));
    let hours = |n| Some(ago(Span::hours(n)));
    for (name, generation, import_from, high_water, last_lookback, kind, from) in [
        (
            "never looked back",
            1,
            LONG_AGO,
            ago(Span::hours(3)),
            None,
            Lookback,
            ago(Span::days(7)),
        ),
        (
            "never, without history",
            1,
            ago(HOUR),
            ago(HOUR),
            None,
            Lookback,
            ago(HOUR),
        ),
        (
            "never, three days of history",
            1,
            ago(Span::days(3)),
            ago(HOUR),
            None,
            Lookback,
            ago(Span::days(3)),
        ),
        (
            "never, exactly a week of history",
            1,
            ago(Span::days(7)),
            ago(HOUR),
            None,
            Lookback,
            ago(Span::days(7)),
        ),
        (
            "looked back an hour ago",
            1,
            LONG_AGO,
            ago(Span::hours(3)),
            hours(1),
            Usual,
            ago(Span::hours(15)),
        ),
        (
            "looked back almost a day ago",
            1,
            LONG_AGO,
            ago(HOUR),
            Some(Timestamp(ago(Span::days(1)).0 + 1)),
            Usual,
            ago(Span::hours(13)),
        ),
        (
            "looked back a day ago",
            1,
            LONG_AGO,
            ago(HOUR),
            hours(24),
            Lookback,
            ago(Span::days(7)),
        ),
        (
            "by a clock that was ahead",
            1,
            LONG_AGO,
            ago(HOUR),
            hours(-1),
            Usual,
            ago(Span::hours(13)),
        ),
        (
            "the overlap ends at the import",
            1,
            ago(Span::hours(5)),
            ago(Span::hours(3)),
            hours(1),
            Usual,
            ago(Span::hours(5)),
        ),
        (
            "away for three weeks",
            1,
            LONG_AGO,
            ago(Span::days(21)),
            None,
            Lookback,
            Timestamp(ago(Span::days(21)).0 - POLL_OVERLAP.0),
        ),
        (
            "away for three weeks, looked back just now",
            1,
            LONG_AGO,
            ago(Span::days(21)),
            hours(1),
            Usual,
            Timestamp(ago(Span::days(21)).0 - POLL_OVERLAP.0),
        ),
        (
            "after a reconnect",
            2,
            ago(HOUR),
            ago(HOUR),
            None,
            Lookback,
            ago(Span::days(7)),
        ),
        (
            "after a reconnect, looked back just now",
            2,
            ago(HOUR),
            ago(HOUR),
            hours(1),
            Usual,
            ago(HOUR),
        ),
        (
            "after a reconnect, long history",
            4,
            LONG_AGO,
            ago(HOUR),
            hours(30),
            Lookback,
            ago(Span::days(7)),
        ),
    ] {
        let read = Poll {
            last_lookback,
            ..poll(generation, import_from, high_water)
        };
        let window = poll_window(&read, &SameId, NOW);
        assert_eq!(
            (window.kind, window.generation),
            (kind, generation),
            "{name}"
        );
        let slices: Vec<_> = window.slices.iter().map(|s| (s.from, s.to)).collect();
        assert_eq!(slices, [(from, NOW)], "{name}");
    }
}

#[test]
fn a_lookback_reaches_over_the_ends_of_months_and_years() {
    for (now, from) in [
        ("2026-03-01", "2026-02-22"),
        ("2028-03-01", "2028-02-23"),
        ("2027-01-03 06:30", "2026-12-27 06:30"),
        ("2026-05-07", "2026-04-30"),
    ] {
        let now = at(now);
        let read = poll(1, at("2026-01-01"), now - Span::hours(3));
        let window = poll_window(&read, &SameId, now);
        assert_eq!(window.slices[0].from, at(from), "{now}");
    }
}

#[test]
fn the_next_poll_is_the_next_time_of_the_grid() {
    const EVERY: Span = Span::hours(3);
    let hours = |n| NOW + Span::hours(n);
    for (name, every, now, next) in [
        ("in time", EVERY, NOW, hours(3)),
        ("a little late", EVERY, Timestamp(NOW.0 + 1), hours(3)),
        (
            "just before the next one",
            EVERY,
            Timestamp(hours(3).0 - 1),
            hours(3),
        ),
        ("as late as the next one", EVERY, hours(3), hours(6)),
        ("two missed", EVERY, hours(7), hours(9)),
        (
            "a month missed",
            EVERY,
            hours(24 * 30 + 1),
            hours(24 * 30 + 3),
        ),
        ("once a day", Span::days(1), hours(25), hours(48)),
        (
            "without a span between",
            Span(0),
            hours(5),
            Timestamp(hours(5).0 + 1),
        ),
        (
            "a span that no calendar holds",
            Span(i64::MAX),
            hours(5),
            Timestamp(i64::MAX),
        ),
    ] {
        assert_eq!(next_slot(NOW, every, now), next, "{name}");
    }
}

#[test]
fn a_sync_may_be_asked_for_every_two_minutes() {
    let minutes = |n| NOW + Span::minutes(n);
    for (name, last, again) in [
        ("never before", None, None),
        ("a click ago", Some(NOW), Some(minutes(2))),
        ("a minute ago", Some(minutes(-1)), Some(minutes(1))),
        (
            "almost two minutes ago",
            Some(Timestamp(minutes(-2).0 + 1)),
            Some(Timestamp(NOW.0 + 1)),
        ),
        ("two minutes ago", Some(minutes(-2)), None),
        ("yesterday", Some(minutes(-1_440)), None),
    ] {
        assert_eq!(too_soon(last, NOW), again, "{name}");
    }
}

#[test]
fn a_listing_of_this_connection_that_is_not_finished_holds_the_next_one_up() {
    use WindowKind::{Backfill, Lookback, Poll as Usual, Reconcile};
    let newer = serde_json::from_str("\"audit\"").expect("a word");
    for (name, kind, generation, finished, runs) in [
        ("a poll", Usual, 3, None, true),
        ("a lookback", Lookback, 3, None, true),
        ("the history", Backfill, 3, None, true),
        ("a listing of a newer version", newer, 3, None, true),
        ("a poll that is done", Usual, 3, Some(NOW), false),
        ("the history that is done", Backfill, 3, Some(NOW), false),
        ("a poll of the earlier connection", Usual, 2, None, false),
        ("calls that are taken over", Reconcile, 3, None, false),
    ] {
        let window = listing_window(&org(), &SameId, generation, kind, NOW, NOW, NOW);
        let window = Window { finished, ..window };
        assert_eq!(lists(&window, 3), runs, "{name}");
    }
}

#[test]
fn a_sync_that_is_not_started_says_why_and_what_to_do() {
    let again = at("2026-11-20 12:02");
    for (error, words) in [
        (
            SyncNowError::NotConnected,
            "Gong is not connected, so there is nothing to sync. Connect Gong first.",
        ),
        (
            SyncNowError::TooSoon { again },
            "A sync ran a moment ago. To spare your company's Gong quota, the next one is possible at 2026-11-20T12:02:00Z.",
        ),
        (
            SyncNowError::Running,
            "A sync is already running; its progress is shown on this page.",
        ),
    ] {
        assert_eq!(error.to_string(), words, "{error:?}");
    }
}
