use super::*;
use crate::examples::{NOW, call_id};

#[test]
fn twice_what_was_seen_is_planned_for_and_forgotten_by_quarters() {
    let pace = Pace::default();
    assert_eq!(pace.lateness(), Span(0));
    pace.note(Span::millis(400), Span::millis(100));
    assert_eq!(
        (pace.ready_in(), pace.lateness(), pace.look_ahead()),
        (Span::millis(800), Span::millis(200), Span::millis(1_000))
    );
    pace.note(Span(0), Span(0));
    assert_eq!(
        (pace.ready_in(), pace.lateness()),
        (Span::millis(600), Span::millis(150))
    );
    for _ in 0..20 {
        pace.note(Span(0), Span(0));
    }
    assert!(pace.ready_in() < Span::millis(10));
    assert_eq!(pace.lateness(), Span(0));
    pace.note(Span::minutes(1), Span::minutes(1));
    assert_eq!(
        (pace.ready_in(), pace.look_ahead()),
        (Pace::MOST, LOOK_AHEAD)
    );
}

#[test]
fn a_reading_may_be_sent_for_a_quarter_of_an_hour_less_what_clocks_differ_by() {
    let limit = Span(READING_MAX_AGE.0 - CLOCK_TOLERANCE.0).0;
    for (name, ages, young) in [
        ("no flags", &[][..], true),
        ("read just now", &[0], true),
        ("fourteen minutes ago", &[Span::minutes(14).0], true),
        ("at the limit", &[limit], true),
        ("a millisecond past it", &[limit + 1], false),
        ("a quarter of an hour ago", &[READING_MAX_AGE.0], false),
        ("yesterday", &[Span::days(1).0], false),
        ("by a clock that is ahead", &[-Span::minutes(1).0], true),
        ("one old among young ones", &[0, limit + 1, 0], false),
        ("all young", &[0, limit, limit - 1], true),
    ] {
        let reading = |age: &i64| FlagRead {
            call_id: call_id("7"),
            at: Timestamp(NOW.0 - age),
        };
        let flags: Vec<_> = ages.iter().map(reading).collect();
        let expected = if young {
            Ok(())
        } else {
            Err(GateError::StaleFlag)
        };
        assert_eq!(check_age(&flags, NOW), expected, "{name}");
    }
}

#[test]
fn a_slot_is_asked_for_by_how_slow_this_process_is() {
    for (name, ready_after, late_by, ready_in, lateness, look_ahead) in [
        ("at its fastest", 0, 0, 150, 0, 150),
        ("as it was taken to be", 100, 0, 200, 0, 200),
        ("slower", 300, 0, 600, 0, 600),
        ("late as usual", 100, 20, 200, 0, 200),
        ("later than usual", 100, 21, 200, 42, 242),
        ("late and slow", 300, 300, 600, 600, 1_000),
        (
            "later than can be planned for",
            100,
            5_000,
            200,
            1_000,
            1_000,
        ),
        ("slower than can be planned for", 60_000, 0, 5_000, 0, 1_000),
    ] {
        let pace = Pace::default();
        pace.note(Span::millis(ready_after), Span::millis(late_by));
        let planned = (pace.ready_in().0, pace.lateness().0, pace.look_ahead().0);
        assert_eq!(planned, (ready_in, lateness, look_ahead), "{name}");
    }
}
