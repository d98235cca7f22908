//! Input that nobody should say.

use domain::conversation::{Conversation, Turn};

use super::{BuiltInRules, talk};

#[test]
fn odd_input_is_no_matter() {
    let long = format!("c: {}", "and we need the export ".repeat(3_000));
    for lines in [
        "c: —",
        "c: ...",
        "c: 42",
        "c: ?!",
        "c: I'",
        "c: can it export—",
        long.as_str(),
        "c: 我们需要导出报告",
        "c: İstanbul’da dışa aktarma",
    ] {
        let conversation = talk(lines);
        let found = BuiltInRules.extract(&conversation, 3);
        assert!(found.iter().all(|f| f.request.title.chars().count() <= 80));
    }
    assert!(
        !BuiltInRules
            .detect(&Conversation {
                turns: Vec::new(),
                ..talk("c: x")
            })
            .feedback
    );
}

/// Words and signs of every kind, put together at random (always the same): whatever comes out
/// keeps its bounds, and every quote stands in what was said.
#[test]
fn words_at_random_break_nothing() {
    const LEXICON: &str = concat!(
        include_str!("../lexicon/en.txt"),
        include_str!("../lexicon/de.txt"),
        include_str!("../lexicon/fr.txt"),
        include_str!("../lexicon/es.txt"),
        include_str!("../lexicon/pt.txt"),
        include_str!("../lexicon/en_against.txt"),
        include_str!("../lexicon/words.txt"),
        include_str!("../lexicon/wording.txt"),
        include_str!("../lexicon/concepts.txt"),
        include_str!("../lexicon/topics.txt"),
    );
    const SIGNS: &[&str] = &[
        "", "", "", "", "", "", ",", ".", "?", "!", "—", "…", "'s", "’t", ":", "\u{301}",
        "\u{200b}",
    ];
    let words: Vec<&str> = LEXICON
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .chain([
            "Mia", "Ada", "Größe", "été", "İ", "ﬁle", "可以", "I'd", "can't", "9",
        ])
        .collect();
    let mut state: u64 = 7;
    let mut next = |below: usize| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap() % below
    };
    let mut findings = 0;
    for _ in 0..1_500 {
        let mut lines = String::from("v: Hello Ada.\n");
        for _ in 0..=next(5) {
            lines.push_str(["c: ", "c: ", "v: ", "d: "][next(4)]);
            for _ in 0..=next(14) {
                lines.push_str(words[next(words.len())]);
                lines.push_str(SIGNS[next(SIGNS.len())]);
                lines.push(' ');
            }
            lines.push('\n');
        }
        let conversation = talk(&lines);
        let said: Vec<String> = conversation.customer_turns().map(Turn::text).collect();
        for finding in BuiltInRules.extract(&conversation, 5) {
            assert!(
                (1..=80).contains(&finding.request.title.chars().count()),
                "{lines}{}",
                finding.request.title
            );
            assert!(!finding.request.description.is_empty(), "{lines}");
            for quote in &finding.quotes {
                assert!(
                    said.iter().any(|text| text.contains(quote.as_str())),
                    "{lines}{quote}"
                );
            }
            findings += 1;
        }
    }
    assert!(
        findings > 200,
        "{findings} findings only: the words no longer form cues"
    );
}
