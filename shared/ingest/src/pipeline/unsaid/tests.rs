mod names;
mod numbers;

use domain::conversation::{Sentence, Side, Turn};

use super::*;

/// A call whose lines are said by turns, by a customer first.
fn call(lines: &str) -> Conversation {
    let turn = |(at, line): (usize, &str)| Turn {
        speaker: ["Petra Ilves", "Sam Okoro"][at % 2].into(),
        side: [Side::Customer, Side::Internal][at % 2],
        start_ms: 0,
        sentences: vec![Sentence {
            text: line.trim().to_owned(),
            ..Sentence::default()
        }],
    };
    Conversation {
        title: Some("Brightpeak / Lumen weekly".into()),
        turns: lines.lines().enumerate().map(turn).collect(),
        ..Conversation::default()
    }
}

/// Each unsaid claim as its kind and text.
fn found(lines: &str, request: &Request) -> Vec<String> {
    let said = Said::new(
        &call(lines),
        "Fernhill Desk, Board: Roadmap, Tag: Northstar",
        "Quillhaven plans rotas in 412 clinics since March 2021, from 49 €.",
    );
    let found = unsaid(request, &said);
    found
        .iter()
        .map(|one| format!("{:?} {}", one.kind, one.text))
        .collect()
}

/// Rows of what was said, a finding's description, and what of it nobody said.
fn check(rows: &[(&str, &str, &[&str])]) {
    for (lines, description, expected) in rows {
        let request = Request {
            description: (*description).into(),
            ..Request::titled("Improve it")
        };
        assert_eq!(
            &found(lines, &request),
            expected,
            "{lines:?} {description:?}"
        );
    }
}

#[test]
fn what_the_organization_says_about_its_product_names_things_and_states_no_figure() {
    check(&[
        (
            "We need rotas by mail.",
            "Quillhaven sends rotas by mail.",
            &[],
        ),
        (
            "We need rotas by mail.",
            "Rotas by mail for 412 clinics.",
            &["Number 412"],
        ),
        (
            "412 of us need rotas.",
            "Rotas by mail for 412 people.",
            &[],
        ),
    ]);
}

#[test]
fn title_description_and_pain_points_are_looked_at_and_each_claim_is_told_once() {
    let lines = "We need a longer list, the file is cut.\nHow many?\nMore than now.";
    let request = Request {
        title: "Raise the limit to 700 rows".into(),
        description: "The customer needs 700 rows by March 2031. Bela promised 900.".into(),
        pain_points: vec!["Costs $12k a year".into(), "The file is cut".into()],
        ..Request::default()
    };
    let expected = [
        "Number 700",
        "Date March 2031",
        "Name Bela",
        "Number 900",
        "Amount $12k",
    ];
    assert_eq!(found(lines, &request), expected);
}

#[test]
fn what_either_side_the_title_the_speakers_and_the_organization_call_it_is_said() {
    for description in [
        "Petra asked for it, and Okoro agreed with Brightpeak.",
        "They want it in Fernhill Desk and on the Northstar roadmap.",
        "Both sides spoke of 30 seats at Contoso.",
    ] {
        let request = Request {
            description: description.into(),
            ..Request::titled("More seats")
        };
        let lines = "We would like more seats.\nYou have thirty seats, like Contoso.";
        assert_eq!(found(lines, &request), [""; 0], "{description}");
    }
}

#[test]
fn a_claim_is_told_to_a_person_in_words() {
    for (kind, text, words) in [
        (
            Kind::Number,
            "28",
            "The number 28 stands in its text, but nobody in the call said it.",
        ),
        (
            Kind::Date,
            "March 2031",
            "The date or time March 2031 stands in its text, but nobody in the call said it.",
        ),
        (
            Kind::Amount,
            "$5",
            "The amount $5 stands in its text, but nobody in the call said it.",
        ),
        (
            Kind::Name,
            "Bela",
            "The name Bela stands in its text, but nobody in the call said it.",
        ),
    ] {
        let text = text.to_owned();
        assert_eq!(Unsaid { kind, text }.to_string(), words);
    }
}

#[test]
fn where_words_cannot_be_read_only_digits_are_compared_or_nothing() {
    let italian = "Allora, noi abbiamo cinquanta richieste al giorno e il problema è che il \
        sistema non manda la mail ai clienti quando lo stato cambia, quindi la gente ci chiama \
        per sapere se abbiamo visto la richiesta.";
    for (lines, description, expected) in [
        (
            "件数の上限が30件です。",
            "The limit of 30 tickets.",
            &[][..],
        ),
        (
            "件数の上限が30件です。",
            "The limit of 45 tickets.",
            &["Number 45"],
        ),
        ("件数の上限が30件です。", "上限は３０件です。", &[]),
        ("件数の上限が30件です。", "上限は45件です。", &["Number 45"]),
        (
            "上限が三十件です。",
            "The limit of 30 tickets at Contoso.",
            &[],
        ),
        (italian, "They have 50 requests a day.", &[]),
        (
            italian,
            "They have 50 requests a day, as Contoso has.",
            &["Name Contoso"],
        ),
    ] {
        let request = Request {
            description: description.into(),
            ..Request::titled("Limit")
        };
        assert_eq!(
            found(lines, &request),
            expected,
            "{lines:?} {description:?}"
        );
    }
}
