use super::*;
use domain::{
    conversation::{MomentLink, Sentence, Side},
    feedback::Author,
};

fn conversation() -> Conversation {
    let turn = |speaker: &str, side, start_ms: i64, texts: &[&str]| Turn {
        speaker: speaker.into(),
        side,
        start_ms,
        sentences: texts
            .iter()
            .enumerate()
            .map(|(i, text)| Sentence {
                start_ms: start_ms + 1_000 * i64::try_from(i).unwrap(),
                end_ms: start_ms + 1_000 * i64::try_from(i).unwrap() + 900,
                text: (*text).into(),
            })
            .collect(),
    };
    Conversation {
        title: None,
        url: Some("https://us-1.app.gong.io/call?id=1".into()),
        moments: Some(MomentLink(|page, start_ms, end_ms| {
            Some(format!("{page}#{start_ms}-{end_ms}"))
        })),
        started: None,
        language: None,
        author: Author::default(),
        people: std::collections::BTreeMap::new(),
        turns: vec![
            turn(
                "Sal",
                Side::Internal,
                0,
                &["You should ask for a blue button."],
            ),
            turn(
                "Cleo",
                Side::Customer,
                5_000,
                &[
                    "So, um.",
                    "We can’t export it to PDF, really.",
                    "Every week! No.",
                ],
            ),
        ],
    }
}

#[test]
fn a_quote_keeps_the_transcripts_words_speaker_and_time() {
    let conversation = conversation();
    let finder = QuoteFinder::new(&conversation);
    let found = finder
        .verify(&["we can't   export it, to pdf".into()])
        .quotes;
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].text, "We can’t export it to PDF");
    assert_eq!(
        (found[0].speaker.as_str(), found[0].start_ms),
        ("Cleo", 6_000)
    );
    let link = found[0].link.as_deref();
    assert_eq!(link, Some("https://us-1.app.gong.io/call?id=1#6000-6900"));
}

#[test]
fn a_quote_may_span_sentences_and_is_kept_once() {
    let conversation = conversation();
    let finder = QuoteFinder::new(&conversation);
    let extracted = [
        "to PDF really every week".into(),
        "to pdf, REALLY. Every week!".into(),
    ];
    let found = finder.verify(&extracted).quotes;
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].text, "to PDF, really. Every week!");
}

#[test]
fn invented_internal_empty_and_tiny_quotes_are_refused() {
    let conversation = conversation();
    let finder = QuoteFinder::new(&conversation);
    for one in [
        "We would pay double for it",
        "You should ask for a blue button",
        "",
        "...",
        "PDF",
        "export it to the PDF",
    ] {
        let verified = finder.verify(&[one.into()]);
        assert!(verified.quotes.is_empty(), "{one:?}");
        assert_eq!(verified.rejected, 1);
    }
}

#[test]
fn a_short_whole_sentence_is_a_quote() {
    let conversation = conversation();
    let finder = QuoteFinder::new(&conversation);
    assert_eq!(finder.verify(&["so um".into()]).quotes[0].text, "So, um.");
}

/// What is left of one quote when a customer said this, sentence by sentence.
fn quoted(said: &[&str], extracted: &str) -> Option<String> {
    let sentences = said.iter().map(|text| Sentence {
        text: (*text).into(),
        ..Sentence::default()
    });
    let conversation = Conversation {
        turns: vec![Turn {
            speaker: "Cleo".into(),
            side: Side::Customer,
            start_ms: 0,
            sentences: sentences.collect(),
        }],
        ..conversation()
    };
    let verified = QuoteFinder::new(&conversation).verify(&[extracted.into()]);
    assert_eq!(verified.quotes.len() + verified.rejected as usize, 1);
    verified.quotes.into_iter().next().map(|quote| quote.text)
}

#[test]
fn a_quote_is_found_however_its_letters_and_marks_are_written() {
    for (name, said, extracted, quote) in [
        (
            "as it was said",
            "We need a dark mode.",
            "We need a dark mode.",
            "We need a dark mode.",
        ),
        (
            "in capitals",
            "We need a dark mode.",
            "WE NEED A DARK MODE",
            "We need a dark mode.",
        ),
        (
            "without its capitals",
            "The CSV for SAP is late.",
            "the csv for sap",
            "The CSV for SAP",
        ),
        (
            "without marks",
            "Well, honestly, it's slow.",
            "well honestly its slow",
            "Well, honestly, it's slow.",
        ),
        (
            "with other marks",
            "We need it now",
            "We need it - now!",
            "We need it now",
        ),
        (
            "within quotation marks",
            "We need a dark mode.",
            "“need a dark”",
            "need a dark",
        ),
        (
            "another apostrophe",
            "We can’t export it.",
            "We can't export it",
            "We can’t export it.",
        ),
        (
            "more spaces",
            "We need a dark mode.",
            "We  need\n\ta dark mode",
            "We need a dark mode.",
        ),
        (
            "a space that does not break",
            "We need a dark mode.",
            "We need\u{a0}a dark",
            "We need a dark",
        ),
        (
            "a space of no width",
            "We need a dark mode.",
            "We ne\u{200b}ed a dark",
            "We need a dark",
        ),
        (
            "a soft hyphen",
            "We need a dark mode.",
            "We need a da\u{ad}rk mode",
            "We need a dark mode.",
        ),
        (
            "a mark of the order of bytes",
            "We need a dark mode.",
            "\u{feff}We need a dark",
            "We need a dark",
        ),
        (
            "wide letters",
            "We need a dark mode.",
            "Ｗｅ need a dark",
            "We need a dark",
        ),
        (
            "a ligature",
            "The file is too large.",
            "the ﬁle is too",
            "The file is too",
        ),
        (
            "an accent of its own",
            "Le café est fermé.",
            "le cafe\u{301} est fermé",
            "Le café est fermé.",
        ),
        (
            "an ellipsis at the end",
            "We need a dark mode, really.",
            "We need a dark mode…",
            "We need a dark mode",
        ),
        (
            "an ellipsis that hides nothing",
            "We need a dark mode.",
            "We need ... a dark mode",
            "We need a dark mode.",
        ),
        (
            "a mark that closes",
            "Is it late (again)? Yes it is.",
            "is it late again",
            "Is it late (again)?",
        ),
        (
            "a percentage",
            "It fails in 20% of cases",
            "it fails in 20",
            "It fails in 20%",
        ),
        (
            "a hyphen",
            "Our real-time sync breaks.",
            "our real time sync",
            "Our real-time sync",
        ),
        (
            "a placeholder of the redaction",
            "[email] is where to write.",
            "[email] is where",
            "[email] is where",
        ),
        (
            "another script",
            "Нам нужен экспорт в файл.",
            "нам НУЖЕН экспорт",
            "Нам нужен экспорт",
        ),
    ] {
        assert_eq!(quoted(&[said], extracted).as_deref(), Some(quote), "{name}");
    }
}

#[test]
fn a_quote_that_nobody_said_that_way_is_refused() {
    let said = &[
        "We cannot export it to PDF.",
        "It takes an hour.",
        "Never again.",
    ][..];
    for (name, extracted) in [
        ("nothing", ""),
        ("white space", " \n\t "),
        ("marks alone", "… “” !?"),
        ("characters that nobody sees", "\u{200b}\u{feff}"),
        ("one word", "PDF"),
        ("two words", "to PDF"),
        ("half of a short sentence", "Never"),
        ("invented", "We would pay double for it"),
        ("a word left out", "We cannot export to PDF"),
        ("a word put in", "We cannot ever export it"),
        ("a word changed", "We could export it"),
        ("words in another order", "export cannot we it"),
        ("an ellipsis that hides words", "We cannot … to PDF"),
        ("the negation taken out", "We can export it"),
        (
            "sentences put together that do not touch",
            "export it to PDF never again",
        ),
        ("a word that begins like another", "We cannot expo"),
        ("a translation", "Wir können es nicht exportieren"),
        (
            "a summary behind the words",
            "We cannot export it to PDF, says Cleo",
        ),
    ] {
        assert_eq!(quoted(said, extracted), None, "{name}");
    }
}

#[test]
fn a_short_quote_has_to_be_a_whole_sentence() {
    for (name, said, extracted, quote) in [
        (
            "a sentence of two words",
            &["Never again."][..],
            "never again",
            Some("Never again."),
        ),
        (
            "a sentence of one word",
            &["Great.", "Export!"],
            "export",
            Some("Export!"),
        ),
        (
            "the beginning of a sentence",
            &["Never again, please."],
            "never again",
            None,
        ),
        (
            "the end of a sentence",
            &["Oh no, never again."],
            "never again",
            None,
        ),
        (
            "two words of two sentences",
            &["I said never.", "Again!"],
            "never again",
            None,
        ),
        (
            "two sentences of one word",
            &["Never.", "Again."],
            "never again",
            None,
        ),
        (
            "three words within a sentence",
            &["So we need dark mode here."],
            "need dark mode",
            Some("need dark mode"),
        ),
        (
            "three words of two sentences",
            &["It is slow.", "Fix it."],
            "slow fix it",
            Some("slow. Fix it."),
        ),
    ] {
        assert_eq!(quoted(said, extracted).as_deref(), quote, "{name}");
    }
}

#[test]
fn only_one_turn_of_a_customer_gives_a_quote() {
    let turn = |side, text: &str| Turn {
        speaker: "Someone".into(),
        side,
        start_ms: 0,
        sentences: vec![Sentence {
            text: text.into(),
            ..Sentence::default()
        }],
    };
    use Side::{Customer, Internal, Unknown};
    for (name, turns, found) in [
        ("a customer", &[(Customer, "we need a dark mode")][..], true),
        (
            "one of our own",
            &[(Internal, "we need a dark mode")],
            false,
        ),
        (
            "somebody unknown",
            &[(Unknown, "we need a dark mode")],
            false,
        ),
        (
            "ours first, then the customer",
            &[
                (Internal, "we need a dark mode"),
                (Customer, "yes we need a dark mode"),
            ],
            true,
        ),
        (
            "ours, and the customer agrees",
            &[
                (Internal, "we need a dark mode"),
                (Customer, "yes, that is right"),
            ],
            false,
        ),
        (
            "two turns of customers",
            &[(Customer, "we need a"), (Customer, "dark mode")],
            false,
        ),
        (
            "interrupted by us",
            &[
                (Customer, "we need"),
                (Internal, "mm-hm"),
                (Customer, "a dark mode"),
            ],
            false,
        ),
        (
            "begun by us",
            &[(Internal, "we need a"), (Customer, "dark mode")],
            false,
        ),
        ("nobody", &[], false),
    ] {
        let conversation = Conversation {
            turns: turns.iter().map(|(side, text)| turn(*side, text)).collect(),
            ..conversation()
        };
        let verified = QuoteFinder::new(&conversation).verify(&["we need a dark mode".into()]);
        assert_eq!(verified.quotes.len(), usize::from(found), "{name}");
        assert_eq!(verified.rejected, u32::from(!found), "{name}");
    }
}

#[test]
fn a_quote_that_is_too_long_is_quoted_as_far_as_it_goes() {
    let said = vec!["word"; 1_000].join(" ");
    for (name, length, words) in [
        ("as long as allowed", 1_000, 200),
        ("a word too long", 1_005, 199),
        ("five times too long", 4_999, 199),
    ] {
        let quote = quoted(&[&said], said[..length].trim_end()).unwrap();
        assert_eq!(quote.split(' ').count(), words, "{name}");
    }
}

#[test]
fn of_many_quotes_each_place_is_kept_once_and_five_in_all() {
    let conversation = conversation();
    let finder = QuoteFinder::new(&conversation);
    let six = [
        "We can't export",
        "can't export it",
        "export it to",
        "it to PDF",
        "to PDF really",
        "really every week",
    ];
    for (name, extracted, kept, rejected) in [
        ("none", &[][..], 0, 0),
        ("five", &six[..5], 5, 0),
        ("six", &six, 5, 0),
        (
            "the same three times",
            &["it to PDF", "It to PDF!", "it, to PDF"],
            1,
            0,
        ),
        (
            "good ones among invented ones",
            &["no such words", "it to PDF", "nor such words"],
            1,
            2,
        ),
        (
            "nothing but invented ones",
            &["no such words", "nor such words"],
            0,
            2,
        ),
    ] {
        let extracted: Vec<String> = extracted.iter().map(|&text| text.into()).collect();
        let verified = finder.verify(&extracted);
        assert_eq!(
            (verified.quotes.len(), verified.rejected),
            (kept, rejected),
            "{name}"
        );
    }
}
