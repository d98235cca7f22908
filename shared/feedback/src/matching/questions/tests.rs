use domain::{
    feedback::settings::{MergedBy, Review},
    findings::{Judgement, Sameness},
};

use super::*;
use crate::{matching::judgements::Known, samples::post};

const TEXT: RequestText<'_> = RequestText {
    title: "Reports as PDF",
    description: "For the board.",
};

fn text(title: &str) -> RequestText<'_> {
    RequestText {
        title,
        description: "",
    }
}

fn rule(by: MergedBy) -> MergeRule {
    MergeRule {
        speech: None,
        threshold: 0.5,
        near: 0.3,
        embedder: "words-2".into(),
        by,
        review: Review::Off,
    }
}

fn finding(sameness: Sameness) -> Known {
    Known {
        judgement: Judgement {
            sameness,
            reason: "So it says.".into(),
            confidence: None,
        },
        model: "some-model".into(),
    }
}

#[test]
fn a_pair_is_told_by_the_words_of_both_whichever_comes_first() {
    let known = Judgements::default();
    known.keep(Pair::of(TEXT, text("PDF")), finding(Sameness::Same));
    for (one, other, is_known) in [
        (TEXT, text("PDF"), true),
        (text("PDF"), TEXT, true),
        (TEXT, text("PDFs"), false),
        (text("Reports as PDF"), text("PDF"), false),
        (TEXT, TEXT, false),
    ] {
        assert_eq!(
            known.of(one, other).is_some(),
            is_known,
            "{one:?} {other:?}"
        );
    }
}

#[test]
fn asked_are_those_whose_answer_could_change_the_outcome() {
    use MergedBy::{Guards, Judged, JudgedBelow, Threshold};
    let posts: &[(&str, f32)] = &[("a", 0.7), ("b", 0.45), ("c", 0.35), ("d", 0.25)];
    let flying: &[(&str, f32)] = &[("x", 0.6), ("y", 0.4), ("z", 0.2)];
    for (name, by, found, expected) in [
        ("all that are near", Judged, &[][..], "a x b y c"),
        ("by similarity, none", Threshold, &[], ""),
        ("by guards, none", Guards, &[], ""),
        ("none when the threshold merges", JudgedBelow, &[], ""),
        (
            "those before one that is the same",
            Judged,
            &[("b", Sameness::Same)],
            "a x",
        ),
        (
            "none before the nearest",
            Judged,
            &[("a", Sameness::Same)],
            "",
        ),
        (
            "not those that are known to differ",
            Judged,
            &[("a", Sameness::Different)],
            "x b y c",
        ),
        (
            "what is unsure is not asked again",
            Judged,
            &[("c", Sameness::Unsure)],
            "a x b y",
        ),
        (
            "the same in flight is no post yet",
            Judged,
            &[("x", Sameness::Same)],
            "a b y c",
        ),
    ] {
        let known = Judgements::default();
        for (title, sameness) in found {
            known.keep(Pair::of(TEXT, text(title)), finding(*sameness));
        }
        assert_eq!(
            open(posts, flying, by, &known, &Questions::about(1)),
            expected,
            "{name}"
        );
    }
    let below: &[(&str, f32)] = &[("a", 0.49), ("b", 0.3)];
    let known = Judgements::default();
    let asked = open(below, flying, JudgedBelow, &known, &Questions::about(1));
    assert_eq!(asked, "a y b", "what the threshold merges is not asked");
}

fn open(
    posts: &[(&str, f32)],
    flying: &[(&str, f32)],
    by: MergedBy,
    known: &Judgements,
    questions: &Questions,
) -> String {
    let posts: Vec<_> = posts
        .iter()
        .map(|(title, score)| {
            let mut post = post(title, title);
            post.request.description.clear();
            Candidate {
                post,
                score: *score,
                via: Vec::new(),
                moved: None,
            }
        })
        .collect();
    let flying = flying.iter().map(|(title, score)| Near {
        text: text(title),
        score: *score,
        moved: false,
    });
    let flying: Vec<_> = flying.collect();
    let open = questions.open(0, TEXT, (&posts, &flying), (&rule(by), known));
    let titles: Vec<_> = open.iter().map(|near| near.text.title).collect();
    titles.join(" ")
}

#[test]
fn at_most_eight_are_asked_at_once_and_then_only_nearer_ones() {
    let titles: Vec<String> = (0..12).map(|n| format!("p{n}")).collect();
    let scores = (0_u8..12).map(|n| 0.9 - 0.05 * f32::from(n));
    let posts: Vec<(&str, f32)> = titles.iter().map(String::as_str).zip(scores).collect();
    let known = Judgements::default();
    let mut questions = Questions::about(1);
    let first = open(&posts, &[], MergedBy::Judged, &known, &questions);
    assert_eq!(first, "p0 p1 p2 p3 p4 p5 p6 p7");
    let asked: Vec<_> = posts[..8]
        .iter()
        .map(|(title, score)| Near {
            text: text(title),
            score: *score,
            moved: false,
        })
        .collect();
    questions.note(0, TEXT, &asked);
    let again = open(
        &posts,
        &[("new", 0.6), ("far", 0.5)],
        MergedBy::Judged,
        &known,
        &questions,
    );
    assert_eq!(
        again, "new",
        "what was farther than those is not asked about any more"
    );
}

#[test]
fn what_was_asked_in_vain_is_not_asked_again_and_rounds_end() {
    let known = Judgements::default();
    let mut questions = Questions::about(1);
    let near = Near {
        text: text("a"),
        score: 0.6,
        moved: false,
    };
    for round in 0..ROUNDS {
        assert!(!questions.are_over(), "{round}");
        questions.end_round();
    }
    assert!(questions.are_over());
    questions.note(0, TEXT, &[near]);
    assert_eq!(
        open(
            &[("a", 0.6), ("b", 0.4)],
            &[],
            MergedBy::Judged,
            &known,
            &questions
        ),
        "b"
    );
}

#[test]
fn what_lies_beyond_those_that_were_asked_about_is_out_of_the_question() {
    let known = Judgements::default();
    known.keep(Pair::of(TEXT, text("judged")), finding(Sameness::Same));
    let mut questions = Questions::about(1);
    let near = |title, score| Near {
        text: text(title),
        score,
        moved: false,
    };
    let asked = ["a", "b", "c", "d", "e", "f", "g", "h"].map(|title| near(title, 0.6));
    questions.note(0, TEXT, &asked[..7]);
    assert!(
        !questions.are_beyond(0, TEXT, &near("z", 0.5), &known),
        "seven leave room"
    );
    questions.note(0, TEXT, &asked);
    for (title, score, beyond) in [
        ("z", 0.5, true),
        ("z", 0.6, true),
        ("z", 0.61, false),
        ("judged", 0.5, false),
    ] {
        let is_beyond = questions.are_beyond(0, TEXT, &near(title, score), &known);
        assert_eq!(is_beyond, beyond, "{title} {score}");
    }
}
