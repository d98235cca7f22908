use super::*;
use crate::examples::{NOW, SameId, at, org};

fn slice(from: Timestamp, to: Timestamp) -> Slice {
    Slice {
        from,
        to,
        done: false,
        listed: 0,
        queued: 0,
    }
}

/// The parts follow one another without gap or overlap, and cover the slice.
fn covers(parts: &[Slice], whole: &Slice) -> bool {
    parts.first().map(|part| part.from) == Some(whole.from)
        && parts.last().map(|part| part.to) == Some(whole.to)
        && parts.windows(2).all(|two| two[0].to == two[1].from)
        && parts.iter().all(|part| part.from < part.to && !part.done)
}

#[test]
fn a_slice_is_cut_by_what_gong_announces_and_by_its_length() {
    const DAY: Span = Span::days(1);
    for (name, length, announced, parts) in [
        ("nothing announced", DAY, 0, None),
        ("as many as a slice takes", DAY, 2_000, None),
        ("half as many again", DAY, 3_000, None),
        ("one more than that", DAY, 3_001, Some(2)),
        ("twice as many", DAY, 4_000, Some(2)),
        ("a little more than twice", DAY, 4_001, Some(3)),
        ("two months with many", Span::days(60), 30_000, Some(15)),
        (
            "nineteen minutes with many",
            Span::minutes(19),
            30_000,
            None,
        ),
        (
            "twenty minutes with many",
            Span::minutes(20),
            30_000,
            Some(2),
        ),
        (
            "half an hour with very many",
            Span::minutes(30),
            1_000_000,
            Some(3),
        ),
        (
            "a millisecond less than that",
            Span(Span::minutes(30).0 - 1),
            1_000_000,
            Some(2),
        ),
        (
            "more than a number holds",
            Span::days(60),
            u64::MAX,
            Some(1_000),
        ),
        (
            "a length that cannot be divided evenly",
            Span(DAY.0 + 17),
            30_000,
            Some(15),
        ),
        ("no time at all", Span(0), 30_000, None),
        ("an end before the beginning", Span(-DAY.0), 30_000, None),
    ] {
        let whole = slice(NOW, NOW + length);
        let cut = cut(&whole, announced);
        assert_eq!(cut.as_ref().map(Vec::len), parts, "{name}");
        if let Some(parts) = cut {
            assert!(covers(&parts, &whole), "{name}: {parts:?}");
            let short = |part: &&Slice| part.to - part.from < SHORTEST_SLICE;
            assert_eq!(parts.iter().find(short), None, "{name}");
        }
    }
}

#[test]
fn a_slice_is_cut_across_the_ends_of_months_and_years() {
    for (name, from, to, announced, starts) in [
        (
            "a February",
            "2026-02-27",
            "2026-03-02",
            6_000,
            &["2026-02-27", "2026-02-28", "2026-03-01"][..],
        ),
        (
            "a leap day",
            "2028-02-28",
            "2028-03-02",
            6_000,
            &["2028-02-28", "2028-02-29", "2028-03-01"],
        ),
        (
            "a new year",
            "2026-12-31",
            "2027-01-02",
            4_000,
            &["2026-12-31", "2027-01-01"],
        ),
        (
            "an hour that clocks are put back in",
            "2026-10-25 00:00",
            "2026-10-25 03:00",
            6_000,
            &["2026-10-25 00:00", "2026-10-25 01:00", "2026-10-25 02:00"],
        ),
    ] {
        let whole = slice(at(from), at(to));
        let parts = cut(&whole, announced).unwrap_or_default();
        assert!(covers(&parts, &whole), "{name}: {parts:?}");
        let begun: Vec<_> = parts.iter().map(|part| part.from).collect();
        let starts: Vec<_> = starts.iter().map(|text| at(text)).collect();
        assert_eq!(begun, starts, "{name}");
    }
}

#[test]
fn a_window_has_one_slice_which_is_done_when_there_is_no_time_in_it() {
    for (name, from, to, done) in [
        ("a day", "2026-11-19", "2026-11-20", false),
        (
            "a millisecond",
            "2026-11-19T23:59:59.999Z",
            "2026-11-20",
            false,
        ),
        ("from now on", "2026-11-20", "2026-11-20", true),
        (
            "an import that begins later",
            "2026-11-21",
            "2026-11-20",
            true,
        ),
    ] {
        let kind = WindowKind::Backfill;
        let window = listing_window(&org(), &SameId, 3, kind, at(from), at(to), NOW);
        let slices: Vec<_> = window
            .slices
            .iter()
            .map(|s| (s.from, s.to, s.done))
            .collect();
        assert_eq!(slices, [(at(from), at(to), done)], "{name}");
        assert_eq!(window.due, Some(NOW + WINDOW_GRACE), "{name}");
        assert_eq!((window.finished, window.lease), (None, None), "{name}");
    }
    assert!(reconcile_window(&org(), &SameId, 3, NOW).slices.is_empty());
}

#[test]
fn newer_windows_come_later_by_their_ids() {
    let id = |created| reconcile_window(&org(), &SameId, 1, created).id;
    for (name, earlier, later) in [
        ("a millisecond apart", NOW, Timestamp(NOW.0 + 1)),
        ("a year apart", NOW, NOW + Span::days(365)),
        (
            "one digit more",
            Timestamp(999_999_999_999),
            Timestamp(1_000_000_000_000),
        ),
        ("a clock before 1970", Timestamp(-5), Timestamp(1)),
    ] {
        assert!(id(earlier) < id(later), "{name}");
    }
}
