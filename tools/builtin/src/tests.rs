//! What the engine makes of whole conversations, which stand in none of its data.

#![expect(clippy::unwrap_used, reason = "a failed test may panic")]

use domain::conversation::{Sentence, Side, Turn};

use super::*;

/// A conversation of lines that begin with `c:` for the customer, `v:` for the vendor or `u:`.
fn conversation(text: &str) -> Conversation {
    let turns = text.lines().map(|line| {
        let (side, said) = line.split_once(": ").unwrap();
        Turn {
            speaker: side.to_owned(),
            side: match side {
                "c" => Side::Customer,
                "v" => Side::Internal,
                _ => Side::Unknown,
            },
            start_ms: 0,
            sentences: vec![Sentence {
                text: said.to_owned(),
                ..Sentence::default()
            }],
        }
    });
    Conversation {
        turns: turns.collect(),
        ..Conversation::default()
    }
}

#[test]
fn what_customers_ask_for_lack_and_suffer_is_feedback_in_five_languages() {
    for text in [
        "v: Anything else?\nc: Yes, we really need a way to export the list as a PDF.",
        "c: There's no way to see who changed the price, so I ask around every time.",
        "c: The app crashes whenever somebody attaches a photo.",
        "c: Wir bräuchten dringend einen Export der Liste als PDF.",
        "c: Die App stürzt jedes Mal ab, wenn man ein Foto anhängt.",
        "c: On aimerait vraiment pouvoir exporter la liste en PDF.",
        "c: L'application plante à chaque fois qu'on ajoute une photo.",
        "c: Nos gustaría poder exportar la lista en PDF, ahora la copiamos a mano.",
        "c: A gente precisa muito exportar a lista em PDF, hoje copiamos tudo à mão.",
    ] {
        assert!(detect(&conversation(text)).feedback, "{text}");
    }
}

#[test]
fn what_only_looks_like_it_is_none() {
    for text in [
        "v: I'd love to see you use the tags, and we need to fix that export.\nc: Sounds good.",
        "c: Can you do better on the price for forty seats?\nv: Let me ask.",
        "c: Tuesday is no good for me, could we move it to Thursday?\nv: Sure.",
        "c: Thanks a lot, the team is very happy with it.",
        "u: We really need a way to export the list as a PDF.",
        "v: We really need a way to export the list as a PDF.",
    ] {
        let detection = detect(&conversation(text));
        assert!(!detection.feedback, "{text}: {}", detection.reason);
        assert!(extract(&conversation(text), 5).is_empty(), "{text}");
    }
}

#[test]
fn a_finding_is_the_customers_own_words() {
    let text = "v: How is it going?\n\
                c: Fine, the holidays were good.\n\
                c: What we really need is a way to export the weekly report to PDF.\n\
                c: Right now somebody takes screenshots every Friday, and it's painful.\n\
                v: I'll pass that on.";
    let conversation = conversation(text);
    let found = extract(&conversation, 3);
    assert_eq!(found.len(), 1, "{found:#?}");
    let finding = &found[0];
    let title = &finding.request.title;
    assert!(
        title.starts_with('“') && title.contains("export the weekly report to PDF"),
        "{title}"
    );
    for quote in &finding.quotes {
        assert!(text.contains(quote.as_str()), "{quote}");
    }
    assert!(finding.request.description.contains("PDF"));
    assert!(finding.request.feature_area.is_none() && finding.request.priority.is_none());
    assert_eq!(found, extract(&conversation, 3), "the same again");
    assert!(extract(&conversation, 0).is_empty());
}

#[test]
fn a_conversation_without_a_word_of_a_customer_has_a_reason() {
    for text in ["v: Hello?", "u: Hello? Is anybody there?"] {
        let reason = detect(&conversation(text)).reason;
        assert!(
            reason.starts_with("No sentence of the customer's side"),
            "{reason}"
        );
    }
}

/// A review has no other side: it is told by all its words, as the trainer measures it.
#[test]
fn a_text_that_nobody_answers_is_judged_as_a_whole() {
    let asked = |text: &str| {
        let conversation = conversation(text);
        let lines = lines(&conversation);
        let scored = scored(&lines, &MODEL);
        threshold(&lines, &scored, &MODEL)
    };
    let praise = "c: Great app. Love it. Five stars.";
    let report = "c: Crashes on start since the update. Please fix.";
    assert!(asked(praise) > asked(report));
    let answered = |text: &str| asked(&format!("{text}\nv: Noted."));
    assert!((asked(report) - answered(report)).abs() > 0.01);
    assert!(asked(report) < answered(report));
}
