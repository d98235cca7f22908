//! Where a request goes when a language model judges, or may not.

use domain::{
    feedback::settings::MergedBy,
    findings::{Confidence, Judgement, Sameness},
};

use super::*;
use crate::matching::judgements::{Known, Pair};

/// What a model found of the request with each of these titles.
fn judged(found: &[(&str, Sameness, Option<Confidence>)], text: RequestText<'_>) -> Judgements {
    let known = Judgements::default();
    for (title, sameness, confidence) in found {
        let other = RequestText {
            title,
            description: "",
        };
        let judgement = Judgement {
            sameness: *sameness,
            reason: "So it says.".into(),
            confidence: *confidence,
        };
        let model = "some-model".into();
        known.keep(Pair::of(text, other), Known { judgement, model });
    }
    known
}

#[test]
fn the_product_pages_rule_is_the_threshold_and_nothing_else() {
    let text = RequestText {
        title: "Raise the limit to fifty",
        description: "",
    };
    let page = |by| MergeRule {
        threshold: 0.85,
        near: 0.6,
        by,
        ..rule()
    };
    let known = judged(
        &[
            ("Raise the limit to 500", Sameness::Different, None),
            ("Fifty instead of ten", Sameness::Same, None),
        ],
        text,
    );
    for (title, score, by_the_page, judged_below) in [
        ("Raise the limit to 500", 0.85, "into a", "into a"),
        ("Raise the limit to 500", 0.8499, "new", "new"),
        ("Fifty instead of ten", 0.85, "into a", "into a"),
        ("Fifty instead of ten", 0.8499, "new", "into a"),
        ("Fifty instead of ten", 0.6, "new", "into a"),
        ("Fifty instead of ten", 0.5999, "new", "new"),
        ("Something not judged", 0.8499, "new", "new"),
    ] {
        let candidates = [candidate("a", title, score)];
        for (by, expected) in [
            (MergedBy::Threshold, by_the_page),
            (MergedBy::JudgedBelow, judged_below),
        ] {
            let target = against_posts(text, &candidates, &page(by), &known);
            assert_eq!(shown(&target), expected, "{title} at {score} by {by:?}");
        }
    }
}

#[test]
fn a_model_that_judges_both_ways_decides_what_is_near() {
    use Sameness::{Different, Same, Unsure};
    const TITLE: &str = "Reports as PDF";
    const HIGH: Option<Confidence> = Some(Confidence::High);
    let text = RequestText {
        title: TITLE,
        description: "",
    };
    let rule = MergeRule {
        by: MergedBy::Judged,
        ..rule()
    };
    let known = judged(
        &[
            ("same", Same, HIGH),
            ("same too", Same, Some(Confidence::Medium)),
            ("guess", Same, Some(Confidence::Low)),
            ("different", Different, HIGH),
            ("unsure", Unsure, HIGH),
        ],
        text,
    );
    for (name, candidates, expected) in [
        ("above the threshold", &[("same", 0.9)][..], "into a"),
        ("below it", &[("same", 0.31)], "into a"),
        ("too far to be judged", &[("same", 0.29)], "new"),
        (
            "the nearest of several",
            &[("same", 0.6), ("same too", 0.5)],
            "into a",
        ),
        (
            "the nearest that is the same",
            &[("different", 0.6), ("same too", 0.4)],
            "into b",
        ),
        (
            "kept apart above the threshold",
            &[("different", 0.6)],
            "new, unlike a",
        ),
        ("different below it", &[("different", 0.4)], "new"),
        ("what it cannot tell", &[("unsure", 0.4)], "new, unlike a"),
        ("what it guesses", &[("guess", 0.9)], "new, unlike a"),
        ("equal words need no judge", &[(TITLE, 0.99)], "into a"),
        (
            "equal words that are far in their details",
            &[(TITLE, 0.49)],
            "new",
        ),
        (
            "not judged, above the threshold",
            &[("Reports in PDF", 0.6)],
            "into a",
        ),
        (
            "not judged, and guards object",
            &[("Reports as CSV", 0.6)],
            "new, unlike a",
        ),
        ("not judged, below it", &[("Reports in PDF", 0.49)], "new"),
    ] {
        let candidates: Vec<_> = ["a", "b"]
            .iter()
            .zip(candidates)
            .map(|(id, (title, score))| candidate(id, title, *score))
            .collect();
        let target = against_posts(text, &candidates, &rule, &known);
        assert_eq!(shown(&target), expected, "{name}");
    }
}

#[test]
fn what_a_person_moved_outranks_the_judge() {
    let text = RequestText {
        title: "Reports as PDF",
        description: "",
    };
    let known = judged(&[("Reports as files", Sameness::Different, None)], text);
    for (score, expected) in [(0.5, "into a"), (0.49, "new")] {
        let candidate = Candidate {
            moved: Some("Reports as files".into()),
            ..candidate("a", "Another post", score)
        };
        let rule = MergeRule {
            by: MergedBy::Judged,
            ..rule()
        };
        let target = against_posts(text, &[candidate], &rule, &known);
        assert_eq!(shown(&target), expected, "{score}");
    }
}

#[test]
fn a_judged_decision_keeps_the_models_sentence() {
    use Sameness::{Different, Same, Unsure};
    let text = RequestText {
        title: "Reports as PDF",
        description: "",
    };
    for (sameness, words) in [
        (
            Same,
            "added to a post: the language model some-model finds that one change would settle both: So it says (0.60, threshold 0.50).",
        ),
        (
            Different,
            "a new post, kept apart from 1 like it: the language model some-model finds that they are different requests: So it says (0.60, threshold 0.50).",
        ),
        (
            Unsure,
            "a new post, kept apart from 1 like it: the language model some-model is not sure whether they are the same request: So it says (0.60, threshold 0.50).",
        ),
    ] {
        let rule = MergeRule {
            by: MergedBy::Judged,
            ..rule()
        };
        let known = judged(&[("Reports in PDF", sameness, None)], text);
        let mut piece = feedback("Reports as PDF", SAME);
        piece.finding.request.description.clear();
        let found = found(vec![vec![candidate("a", "Reports in PDF", 0.6)]]);
        let targets = plan(&[piece], &found, &rule, (&known, &Questions::about(1)));
        assert_eq!(decisions(&targets, &found, &rule), words, "{sameness:?}");
    }
}
