use super::*;
use domain::conversation::{MomentLink, Sentence, Side, Turn};

mod shown;

/// A second passes from each sentence to the next.
fn conversation(turns: &[(&str, Side, &[&str])]) -> Conversation {
    let mut seconds = 0..;
    let turn = |(speaker, side, texts): &(&str, Side, &[&str])| {
        let sentences = texts
            .iter()
            .zip(&mut seconds)
            .map(|(text, second)| Sentence {
                start_ms: second * 1_000,
                end_ms: second * 1_000 + 900,
                text: (*text).into(),
                is_loop: text.starts_with("Again"),
            });
        let sentences: Vec<_> = sentences.collect();
        Turn {
            speaker: (*speaker).into(),
            side: *side,
            start_ms: sentences[0].start_ms,
            sentences,
        }
    };
    Conversation {
        url: Some("https://calls.example/7".into()),
        moments: Some(MomentLink(|page, start_ms, end_ms| {
            Some(format!("{page}#{start_ms}-{end_ms}"))
        })),
        turns: turns.iter().map(turn).collect(),
        ..Conversation::default()
    }
}

/// What is left of quotes when a customer says this, sentence by sentence.
fn verified(said: &[&str], extracted: &[&str]) -> Verified {
    let conversation = conversation(&[("Cleo", Side::Customer, said)]);
    let extracted: Vec<String> = extracted.iter().map(|&text| text.into()).collect();
    QuoteFinder::new(&conversation).verify(&extracted)
}

/// What is left of one quote; there is one, or it is counted.
fn quoted(said: &[&str], extracted: &str) -> Option<String> {
    let verified = verified(said, &[extracted]);
    let counted = verified.quotes.len() + verified.rejected as usize;
    assert_eq!(counted, 1, "{extracted}");
    verified.quotes.into_iter().next().map(|quote| quote.text)
}

fn texts(verified: &Verified) -> Vec<&str> {
    verified
        .quotes
        .iter()
        .map(|quote| quote.text.as_str())
        .collect()
}

#[test]
fn a_quote_keeps_the_transcripts_words_speaker_and_time() {
    let conversation = conversation(&[
        (
            "Sal",
            Side::Internal,
            &["You should ask for a blue button."],
        ),
        (
            "Cleo",
            Side::Customer,
            &[
                "So, um.",
                "We can’t export it to PDF, really.",
                "Every week!",
            ],
        ),
    ]);
    let finder = QuoteFinder::new(&conversation);
    let verified = finder.verify(&["can't   export it, to pdf".into()]);
    let link = Some("https://calls.example/7#2000-2900".to_owned());
    let quote = Quote {
        text: "We can’t export it to PDF, really.".into(),
        speaker: "Cleo".into(),
        start_ms: 2_000,
        link,
    };
    assert_eq!(verified.quotes, [quote]);
    for ours in ["You should ask for a blue button", "So, um"] {
        assert_eq!(finder.verify(&[ours.into()]).rejected, 1, "{ours}");
    }
}

#[test]
fn a_quote_is_found_however_its_letters_and_marks_are_written() {
    let said = "We need a dark mode.";
    for extracted in [
        said,
        "WE NEED A DARK MODE",
        "“need a dark mode”",
        "„need a dark mode“",
        "«We need» a ‹dark› mode",
        "「We need a dark mode」",
        "We  need\n\ta dark mode",
        "We need\u{a0}a dark mode",
        "We ne\u{200b}ed a dark mode",
        "We need a da\u{ad}rk mode",
        "\u{feff}We need a dark mode",
        "Ｗｅ need a dark mode",
        "We need a dark mode…",
        "We need ... a dark mode",
        "We need a dark-mode",
        "We need — a dark – mode",
        "**We need** a *dark* _mode_",
        "C1> We need a dark mode.",
        "**C1:** We need a dark mode.",
        "Speaker 2: We need a dark mode",
        "[00:12] We need a dark mode",
        "00:12 We need a dark mode",
        "(0:12) We need a dark mode",
        "[00:12] C1> **We need a dark mode**",
        "Cleo: We need a dark mode",
    ] {
        assert_eq!(
            quoted(&[said], extracted).as_deref(),
            Some(said),
            "{extracted}"
        );
    }
}

#[test]
fn a_quote_is_found_in_every_script() {
    for (said, extracted) in [
        (
            "Well, honestly, it's slow today.",
            "well honestly its slow today",
        ),
        ("We can’t export reports today.", "We can`t export reports"),
        ("The file is too large.", "the ﬁle is too large"),
        ("Le café est fermé lundi.", "le cafe\u{301} est fermé lundi"),
        (
            "Is it late again (today)? Yes it is.",
            "is it late again today yes",
        ),
        ("It fails in 20% of cases", "it fails in 20 of cases"),
        ("Our real-time sync breaks.", "our real time sync"),
        ("Our realtime sync breaks.", "real-time sync breaks"),
        ("[email] is where alarms arrive.", "[email] is where alarms"),
        ("Нам нужен экспорт в файл.", "нам НУЖЕН экспорт"),
        ("我们需要把每周的报表导出成PDF文件。", "报表导出成PDF"),
        (
            "毎週のレポートをPDFで出力したいです。",
            "レポートをPDFで出力",
        ),
        ("เราต้องการส่งออกรายงานทุกสัปดาห์", "ส่งออกรายงาน"),
        ("At 10:30 the export stops.", "at 10:30 the export stops"),
    ] {
        assert_eq!(
            quoted(&[said], extracted).as_deref(),
            Some(said),
            "{extracted}"
        );
    }
}

#[test]
fn a_quote_that_nobody_said_that_way_or_that_proves_nothing_is_refused() {
    let said = &[
        "We cannot export it to PDF.",
        "It takes an hour.",
        "Never again.",
        "导出太慢。",
    ][..];
    for extracted in [
        "",
        " \n\t ",
        "… “” !?",
        "\u{200b}\u{feff}",
        "PDF",
        "to PDF",
        "Never again.",
        "It takes an hour.",
        "导出太慢",
        "We would pay double for it",
        "We cannot export to PDF",
        "We cannot ever export it to PDF",
        "We could export it to PDF",
        "PDF it export cannot we",
        "We cannot … to PDF",
        "We can export it to PDF",
        "export it to PDF never again",
        "We cannot export it to PD",
        "Wir können es nicht exportieren",
        "We cannot export it to PDF, says Cleo",
    ] {
        assert_eq!(quoted(said, extracted), None, "{extracted}");
    }
}

#[test]
fn a_citation_that_alone_reverses_its_sentence_is_doubted() {
    let denied = "I would not say that we need a dark mode.";
    for (said, extracted, doubted) in [
        (&[denied][..], &["we need a dark mode"][..], true),
        (&[denied], &[denied], false),
        (
            &["Fine. I don't know. We need a dark mode."],
            &["We need a dark mode"],
            false,
        ),
        (
            &[denied, "Well, we need a dark mode."],
            &["we need a dark mode"],
            false,
        ),
        (
            &[denied, "The white screen hurts."],
            &["white screen hurts", "we need a dark mode"],
            true,
        ),
    ] {
        let verified = verified(said, extracted);
        assert_eq!(
            verified.doubts,
            Vec::from_iter(doubted.then_some(DOUBT)),
            "{said:?}"
        );
        assert_eq!(verified.rejected, 0, "{said:?}");
    }
}

#[test]
fn of_many_quotes_each_place_is_kept_once_and_five_in_all() {
    let said: Vec<String> = (1..=6)
        .map(|n| format!("Number{n} makes every export fail."))
        .collect();
    let said: Vec<&str> = said.iter().map(String::as_str).collect();
    for (name, extracted, kept, rejected) in [
        ("none", &[][..], 0, 0),
        ("five", &said[..5], 5, 0),
        ("six", &said[..], 5, 0),
        (
            "the same three times",
            &[
                "Number1 makes every",
                "number1, makes every",
                "every export fail",
            ],
            1,
            0,
        ),
        (
            "a part of the other",
            &["Number1 makes every", "every export fail number2"],
            1,
            0,
        ),
        (
            "the other a part",
            &["every export fail number2", "Number2 makes every"],
            1,
            0,
        ),
        (
            "good ones among others",
            &["no such words", "number3 makes every", "nor such words"],
            1,
            2,
        ),
    ] {
        let verified = verified(&said, extracted);
        assert_eq!(
            (verified.quotes.len(), verified.rejected),
            (kept, rejected),
            "{name}"
        );
    }
}

#[test]
fn of_a_long_call_full_of_near_misses_nothing_is_quoted() {
    let said: Vec<String> = (0..2_000)
        .map(|n| format!("It is slow and slow and slow again {n}."))
        .collect();
    let said: Vec<&str> = said.iter().map(String::as_str).collect();
    let wanted = format!("{} and never", ["slow and"; 60].join(" "));
    let verified = verified(&said, &vec![wanted.as_str(); 30]);
    assert_eq!(verified.rejected, 30);
}

#[test]
fn what_rests_on_a_loop_alone_waits() {
    let said = [
        "Again we need reports by mail.",
        "And a file for the auditors every quarter.",
        "Again it is late.",
    ];
    for (extracted, waits) in [
        (&["we need reports by mail"][..], true),
        (&["we need reports by mail", "Again it is late"], true),
        (&["a file for the auditors every quarter"], false),
        (
            &[
                "we need reports by mail",
                "a file for the auditors every quarter",
            ],
            false,
        ),
        (
            &["reports by mail and a file for the auditors every quarter"],
            false,
        ),
        (&["nobody said so at all"], false),
    ] {
        let found = verified(&said, extracted);
        assert_eq!(
            found.doubts.iter().any(|doubt| doubt == LOOP),
            waits,
            "{extracted:?}"
        );
    }
}
