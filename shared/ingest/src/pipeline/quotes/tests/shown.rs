//! What is shown of a citation, and where it is looked for.

use super::*;

#[test]
fn a_quote_is_shown_in_whole_sentences() {
    for (said, extracted, quote) in [
        (
            &[
                "Hi.",
                "I would not say that we need a dark mode now.",
                "Bye.",
            ][..],
            "we need a dark mode",
            "I would not say that we need a dark mode now.",
        ),
        (
            &["We need it today.", "Really, it is slow.", "Bye."],
            "need it today really it is slow",
            "We need it today. Really, it is slow.",
        ),
        (
            &["I would not say that", "we need a dark mode"],
            "need a dark mode",
            "I would not say that we need a dark mode",
        ),
        (
            &["I would not say that…", "we need a dark mode", "Bye."],
            "need a dark mode",
            "I would not say that… we need a dark mode",
        ),
        (
            &["So we wait", "Exports take hours every day"],
            "exports take hours",
            "Exports take hours every day",
        ),
    ] {
        assert_eq!(
            quoted(said, extracted).as_deref(),
            Some(quote),
            "{extracted}"
        );
    }
}

#[test]
fn of_an_endless_sentence_a_part_is_shown_that_ends_at_words() {
    let told = "so it went on ".repeat(40);
    let ended = format!("{told}and on. We need a dark mode! {told}");
    let endless = format!("{told}and we need a dark mode {told}");
    let shown = quoted(&[ended.trim()], "need a dark mode");
    assert_eq!(shown.as_deref(), Some("We need a dark mode!"));
    let shown = quoted(&[endless.trim()], "we need a dark mode").unwrap();
    assert!((300..=425).contains(&shown.chars().count()), "{shown}");
    let begins = shown.starts_with("…so ")
        || shown.starts_with("…it ")
        || shown.starts_with("…went ")
        || shown.starts_with("…on ");
    assert!(
        begins && shown.ends_with('…') && shown.contains("and we need a dark mode so"),
        "{shown}"
    );
    let wide = "这个报表".repeat(150) + "需要深色模式才行" + &"这个报表".repeat(150);
    let shown = quoted(&[&wide], "需要深色模式").unwrap();
    assert!((300..=425).contains(&shown.chars().count()), "{shown}");
}

#[test]
fn a_quote_that_is_too_long_is_quoted_as_far_as_it_goes() {
    let said = vec!["word"; 1_000].join(" ");
    for length in [1_000, 1_005, 4_999] {
        let quote = quoted(&[&said], said[..length].trim_end()).unwrap();
        assert!(
            (990..=MAX_CHARS).contains(&quote.chars().count()),
            "{length}"
        );
    }
}

#[test]
fn what_an_ellipsis_joins_are_two_quotes() {
    let said = &[
        "We need a dark mode here.",
        "Well.",
        "The white screen hurts every night.",
    ][..];
    let both = &[said[0], said[2]][..];
    for (extracted, quotes, rejected) in [
        ("need a dark mode … white screen hurts", both, 0),
        ("need a dark mode... white screen hurts", both, 0),
        ("C1> need a dark mode [...] white screen hurts", both, 0),
        (
            "C1> We need a dark mode here. C1> The white screen hurts",
            both,
            0,
        ),
        ("We need ... white screen hurts", &both[1..], 0),
        ("need a dark mode … we pay double today", &both[..1], 1),
        ("we pay double today … and triple next week", &[], 2),
    ] {
        let verified = verified(said, &[extracted]);
        assert_eq!(texts(&verified), quotes, "{extracted}");
        assert_eq!(verified.rejected, rejected, "{extracted}");
    }
}

#[test]
fn only_what_one_customer_says_in_one_go_gives_a_quote() {
    use Side::{Customer, Internal, Unknown};
    let wanted = "we need a dark mode";
    for (name, turns, found) in [
        (
            "a customer",
            &[("Cleo", Customer, wanted)][..],
            Some(wanted),
        ),
        ("one of our own", &[("Sal", Internal, wanted)], None),
        ("somebody unknown", &[("Uli", Unknown, wanted)], None),
        (
            "ours, and the customer agrees",
            &[
                ("Sal", Internal, wanted),
                ("Cleo", Customer, "yes, that is right"),
            ],
            None,
        ),
        (
            "two customers",
            &[
                ("Cleo", Customer, "we need a"),
                ("Carl", Customer, "dark mode"),
            ],
            None,
        ),
        (
            "two turns in a row",
            &[
                ("Cleo", Customer, "we need a"),
                ("Cleo", Customer, "dark mode"),
            ],
            Some(wanted),
        ),
        (
            "we listen",
            &[
                ("Cleo", Customer, "we need"),
                ("Sal", Internal, "Mm-hm."),
                ("Cleo", Customer, "a dark mode"),
            ],
            Some(wanted),
        ),
        (
            "another customer listens, and we",
            &[
                ("Cleo", Customer, "we need"),
                ("Carl", Customer, "Genau."),
                ("Sal", Internal, "Yeah, right."),
                ("Cleo", Customer, "a dark mode"),
            ],
            Some(wanted),
        ),
        (
            "we speak",
            &[
                ("Cleo", Customer, "we need"),
                ("Sal", Internal, "Which one?"),
                ("Cleo", Customer, "a dark mode"),
            ],
            None,
        ),
        (
            "begun by us",
            &[
                ("Sal", Internal, "we need a"),
                ("Cleo", Customer, "dark mode"),
            ],
            None,
        ),
        ("nobody", &[], None),
    ] {
        let turns: Vec<_> = turns
            .iter()
            .map(|(who, side, said)| (*who, *side, [*said]))
            .collect();
        let turns: Vec<_> = turns
            .iter()
            .map(|(who, side, said)| (*who, *side, &said[..]))
            .collect();
        let conversation = conversation(&turns);
        let verified = QuoteFinder::new(&conversation).verify(&[wanted.into()]);
        assert_eq!(texts(&verified), Vec::from_iter(found), "{name}");
        assert_eq!(verified.rejected, u32::from(found.is_none()), "{name}");
    }
}

#[test]
fn an_interrupted_sentence_is_shown_whole_and_doubted() {
    use Side::{Customer, Internal};
    let conversation = conversation(&[
        ("Cleo", Customer, &["I would not say that"]),
        ("Sal", Internal, &["Right."]),
        ("Cleo", Customer, &["We need a dark mode here.", "Bye."]),
    ]);
    let verified = QuoteFinder::new(&conversation).verify(&["We need a dark mode".into()]);
    assert_eq!(
        texts(&verified),
        ["I would not say that We need a dark mode here."]
    );
    assert_eq!(verified.quotes[0].start_ms, 0);
    assert_eq!(verified.doubts, [DOUBT]);
}
