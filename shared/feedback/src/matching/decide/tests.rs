use domain::{
    feedback::{
        MergeBasis,
        settings::{MergedBy, Review},
    },
    findings::{Confidence, Judgement, Sameness},
};

use super::*;
use crate::{
    matching::{
        bearing::check,
        judgements::{Known, Pair},
    },
    samples::{feedback, post},
};

const SAME: &[f32] = &[1.0, 0.0];
const ALIKE: &[f32] = &[0.8, 0.6];
const OTHER: &[f32] = &[0.0, 1.0];

fn rule() -> MergeRule {
    MergeRule {
        threshold: 0.5,
        near: 0.3,
        embedder: "words-2".into(),
        by: MergedBy::Guards,
        review: Review::Off,
    }
}

fn guarded(guards: bool) -> MergeRule {
    let by = match guards {
        true => MergedBy::Guards,
        false => MergedBy::Threshold,
    };
    MergeRule { by, ..rule() }
}

fn nothing_judged() -> Judgements {
    Judgements::default()
}

fn candidate(id: &str, title: &str, score: f32) -> Candidate {
    Candidate {
        post: post(id, title),
        score,
        via: Vec::new(),
        moved: None,
    }
}

fn found(candidates: Vec<Vec<Candidate>>) -> Candidates {
    Candidates {
        epoch: 1,
        candidates,
    }
}

fn ids(similar: &[Similar]) -> String {
    let ids: Vec<_> = similar.iter().map(|s| s.post_id.as_str()).collect();
    ids.join(", ")
}

/// Where a feedback goes, in short.
fn shown(target: &Target) -> String {
    match target {
        Target::Existing { post, via, .. } => {
            let via = via
                .iter()
                .map(|(id, revision)| format!(" via {id}@{revision}"));
            format!("into {}{}", post.id, via.collect::<String>())
        }
        Target::New { similar } if similar.is_empty() => "new".to_owned(),
        Target::New { similar } => format!("new, unlike {}", ids(similar)),
        Target::SameCall { index, .. } => format!("with {index}"),
        Target::Review {
            proposed, similar, ..
        } => {
            let proposed = proposed.as_ref().map(|p| format!(" for {}", p.post_id));
            let similar = Some(ids(similar)).filter(|ids| !ids.is_empty());
            let similar = similar.map(|ids| format!(", unlike {ids}"));
            format!(
                "review{}{}",
                proposed.unwrap_or_default(),
                similar.unwrap_or_default()
            )
        }
    }
}

#[test]
fn a_request_goes_to_the_most_similar_post_that_no_guard_keeps_it_apart_from() {
    const PDF: &str = "Export the report to PDF";
    const CSV: &str = "Export the report to CSV";
    for (name, guards, candidates, expected) in [
        ("no post is near", true, &[][..], "new"),
        ("below the threshold", true, &[("a", PDF, 0.499)], "new"),
        ("at the threshold", true, &[("a", PDF, 0.5)], "into a"),
        ("above the threshold", true, &[("a", PDF, 0.9)], "into a"),
        (
            "two that would do",
            true,
            &[("a", PDF, 0.9), ("b", PDF, 0.8)],
            "into a",
        ),
        (
            "kept apart by a guard",
            true,
            &[("a", CSV, 0.9)],
            "new, unlike a",
        ),
        (
            "the same without guards",
            false,
            &[("a", CSV, 0.9)],
            "into a",
        ),
        (
            "the first kept apart and the second not",
            true,
            &[("a", CSV, 0.9), ("b", PDF, 0.5)],
            "into b",
        ),
        (
            "the first kept apart and the second too far",
            true,
            &[("a", CSV, 0.9), ("b", PDF, 0.49)],
            "new, unlike a",
        ),
        (
            "both kept apart",
            true,
            &[("a", CSV, 0.9), ("b", CSV, 0.5)],
            "new, unlike a, b",
        ),
        (
            "one that guards need not keep apart",
            true,
            &[("a", CSV, 0.49)],
            "new",
        ),
    ] {
        let candidates: Vec<_> = candidates
            .iter()
            .map(|(id, title, score)| candidate(id, title, *score))
            .collect();
        let text = RequestText {
            title: PDF,
            description: "",
        };
        let rule = guarded(guards);
        let target = against_posts(text, &candidates, &rule, &nothing_judged());
        assert_eq!(shown(&target), expected, "{name}");
    }
}

#[test]
fn guards_look_at_what_a_post_was_found_by() {
    let merged = |id: &str, title: &str, revision| Post {
        revision,
        ..post(id, title)
    };
    for (name, via, moved, expected) in [
        (
            "the post itself, which differs",
            vec![],
            None,
            "new, unlike a",
        ),
        (
            "a merged post that is the same",
            vec![merged("m", "Reports as PDF", 3)],
            None,
            "into a via m@3",
        ),
        (
            "a merged post that differs as well",
            vec![merged("m", "Reports as XML", 3)],
            None,
            "new, unlike a",
        ),
        (
            "a chain of merged posts, of which the first was found",
            vec![
                merged("m", "Reports as PDF", 3),
                merged("n", "Reports as XML", 4),
            ],
            None,
            "into a via m@3 via n@4",
        ),
        (
            "moved evidence that is the same",
            vec![],
            Some("Reports as PDF\nFor the board."),
            "into a",
        ),
        (
            "moved evidence that differs in its title",
            vec![],
            Some("Reports as XML"),
            "new, unlike a",
        ),
        (
            "moved evidence that differs in its details",
            vec![],
            Some("Reports\nAs XML."),
            "new, unlike a",
        ),
        (
            "moved evidence, though found by way of a merged post",
            vec![merged("m", "Reports as XML", 3)],
            Some("Reports as PDF"),
            "into a via m@3",
        ),
    ] {
        let candidate = Candidate {
            via,
            moved: moved.map(str::to_owned),
            ..candidate("a", "Reports as CSV", 0.9)
        };
        let text = RequestText {
            title: "Reports as PDF",
            description: "",
        };
        let target = against_posts(text, &[candidate], &rule(), &nothing_judged());
        assert_eq!(shown(&target), expected, "{name}");
    }
}

#[test]
fn a_check_says_how_it_was_decided() {
    use MergeBasis::{PersonsMove, Similarity};
    const KEPT_APART: &str = "the similarity reaches the threshold, but the guards keep them apart";
    for (name, guards, title, moved, basis, reason, kept_apart) in [
        (
            "the same",
            true,
            "Reports as PDF",
            None,
            Similarity,
            Similarity.reason(),
            None,
        ),
        (
            "kept apart",
            true,
            "Reports as CSV",
            None,
            Similarity,
            KEPT_APART,
            Some("pdf against csv"),
        ),
        (
            "guards off",
            false,
            "Reports as CSV",
            None,
            Similarity,
            Similarity.reason(),
            None,
        ),
        (
            "moved",
            true,
            "Reports as CSV",
            Some("Reports as PDF"),
            PersonsMove,
            PersonsMove.reason(),
            None,
        ),
        (
            "moved, and kept apart",
            true,
            "Reports as PDF",
            Some("Reports as CSV"),
            Similarity,
            KEPT_APART,
            Some("pdf against csv"),
        ),
    ] {
        let candidate = Candidate {
            moved: moved.map(str::to_owned),
            ..candidate("a", title, 0.75)
        };
        let text = RequestText {
            title: "Reports as PDF",
            description: "",
        };
        let rule = guarded(guards);
        let check = match against_posts(text, &[candidate], &rule, &nothing_judged()) {
            Target::Existing { check, .. } => check,
            Target::New { mut similar } => similar.remove(0).check,
            other => panic!("{name}: {other:?}"),
        };
        let expected = MergeCheck {
            reason: reason.to_owned(),
            basis: Some(basis),
            score: 0.75,
            threshold: 0.5,
            embedder: "words-2".into(),
            guards: kept_apart.map(str::to_owned).into_iter().collect(),
            guarded: guards,
            judged: None,
        };
        assert_eq!(check, expected, "{name}");
    }
}

#[test]
fn pieces_of_one_call_that_ask_for_the_same_are_one_post() {
    const PDF: &str = "Reports as PDF";
    const CSV: &str = "Reports as CSV";
    for (name, guards, pieces, expected) in [
        ("one", true, &[(PDF, SAME)][..], &["new"][..]),
        (
            "the same twice",
            true,
            &[(PDF, SAME), (PDF, SAME)],
            &["new", "with 0"],
        ),
        (
            "alike enough",
            true,
            &[(PDF, SAME), (PDF, ALIKE)],
            &["new", "with 0"],
        ),
        (
            "different",
            true,
            &[(PDF, SAME), (PDF, OTHER)],
            &["new", "new"],
        ),
        (
            "kept apart",
            true,
            &[(PDF, SAME), (CSV, SAME)],
            &["new", "new"],
        ),
        (
            "not kept apart without guards",
            false,
            &[(PDF, SAME), (CSV, SAME)],
            &["new", "with 0"],
        ),
        (
            "the same three times",
            true,
            &[(PDF, SAME), (PDF, SAME), (PDF, SAME)],
            &["new", "with 0", "with 0"],
        ),
        (
            "like the second alone",
            true,
            &[(PDF, SAME), (CSV, SAME), (CSV, SAME)],
            &["new", "new", "with 1"],
        ),
        (
            "like one that went with another",
            true,
            &[(PDF, SAME), (PDF, ALIKE), (PDF, &[0.28, 0.96])],
            &["new", "with 0", "new"],
        ),
    ] {
        let pieces: Vec<_> = pieces.iter().map(|(t, v)| feedback(t, v)).collect();
        let none = found(vec![Vec::new(); pieces.len()]);
        let rule = guarded(guards);
        let targets: Vec<_> = plan(
            &pieces,
            &none,
            &rule,
            (&nothing_judged(), &Questions::about(pieces.len())),
        )
        .iter()
        .map(shown)
        .collect();
        assert_eq!(targets, expected, "{name}");
    }
}

/// A piece of feedback, whether a quote of it was verified, and what it is like.
type Piece = (&'static [f32], bool, Vec<Candidate>);

#[test]
fn what_a_person_has_to_look_at_first_waits() {
    const PDF: &str = "Reports as PDF";
    let post = || vec![candidate("a", PDF, 0.9)];
    let close = || vec![candidate("a", PDF, 0.51)];
    let guarded = || vec![candidate("a", "Reports as CSV", 0.9)];
    let rows: Vec<(&str, Review, Vec<Piece>, &[&str])> = vec![
        (
            "unverified",
            Review::Off,
            vec![(SAME, false, vec![])],
            &["review"],
        ),
        (
            "unverified, and like a post",
            Review::Off,
            vec![(SAME, false, post())],
            &["review for a"],
        ),
        (
            "unverified, and kept apart from one",
            Review::Off,
            vec![(SAME, false, guarded())],
            &["review, unlike a"],
        ),
        (
            "nothing goes with what is unverified",
            Review::Off,
            vec![(SAME, false, vec![]), (SAME, true, vec![])],
            &["review", "new"],
        ),
        (
            "nor does what is unverified go with another",
            Review::Off,
            vec![(SAME, true, vec![]), (SAME, false, vec![])],
            &["new", "review"],
        ),
        (
            "it is still kept apart from the posts like it",
            Review::Off,
            vec![(SAME, true, vec![]), (SAME, false, guarded())],
            &["new", "review, unlike a"],
        ),
        (
            "a post is not waited for",
            Review::Off,
            vec![(SAME, true, post()), (SAME, true, post())],
            &["into a", "into a"],
        ),
        (
            "nothing goes with what went into a post",
            Review::Off,
            vec![(SAME, true, post()), (SAME, true, vec![])],
            &["into a", "new"],
        ),
        ("all", Review::All, vec![(SAME, true, vec![])], &["review"]),
        (
            "all, like a post",
            Review::All,
            vec![(SAME, true, post())],
            &["review for a"],
        ),
        (
            "all, and one waits with its like of the same call",
            Review::All,
            vec![
                (SAME, true, vec![]),
                (SAME, true, vec![]),
                (OTHER, true, vec![]),
            ],
            &["review", "with 0", "review"],
        ),
        (
            "a merge beyond doubt",
            Review::Uncertain,
            vec![(SAME, true, post())],
            &["into a"],
        ),
        (
            "a merge close to the threshold",
            Review::Uncertain,
            vec![(SAME, true, close())],
            &["review for a"],
        ),
        (
            "the same when nothing waits",
            Review::Off,
            vec![(SAME, true, close())],
            &["into a"],
        ),
        (
            "kept apart from a post like it",
            Review::Uncertain,
            vec![(SAME, true, guarded())],
            &["review, unlike a"],
        ),
        (
            "a new post beyond doubt",
            Review::Uncertain,
            vec![(SAME, true, vec![])],
            &["new"],
        ),
        (
            "one goes with its like that waits",
            Review::Uncertain,
            vec![(SAME, true, guarded()), (SAME, true, vec![])],
            &["review, unlike a", "with 0"],
        ),
    ];
    for (name, review, pieces, expected) in rows {
        let (pieces, candidates) = pieces
            .into_iter()
            .map(|(vector, verified, candidates)| {
                let mut piece = feedback(PDF, vector);
                piece.quotes.truncate(usize::from(verified));
                (piece, candidates)
            })
            .unzip::<_, _, Vec<_>, Vec<_>>();
        let rule = MergeRule { review, ..rule() };
        let targets = plan(
            &pieces,
            &found(candidates),
            &rule,
            (&nothing_judged(), &Questions::about(pieces.len())),
        );
        let targets: Vec<_> = targets.iter().map(shown).collect();
        assert_eq!(targets, expected, "{name}");
    }
}

#[test]
fn every_decision_is_a_sentence() {
    let empty = |score| Near {
        text: RequestText {
            title: "",
            description: "",
        },
        score,
        moved: false,
    };
    let near = |score| vec![candidate("a", "Reports as PDF", score)];
    let check = |score, basis: MergeBasis| MergeCheck {
        reason: basis.reason().to_owned(),
        score,
        ..check(&empty(score), &rule(), Vec::new())
    };
    let similar = |id: &str| Similar {
        post_id: post(id, "").id,
        check: check(0.8, MergeBasis::Similarity),
    };
    let into = |score, basis| Target::Existing {
        post: Box::new(post("a", "")),
        via: Vec::new(),
        check: check(score, basis),
    };
    let new = |similar| Target::New { similar };
    let review = Target::Review {
        reasons: vec![UNVERIFIED.to_owned()],
        proposed: None,
        similar: Vec::new(),
    };
    let same_call = Target::SameCall {
        index: 0,
        check: check(0.987, MergeBasis::Similarity),
    };
    for (targets, candidates, sentences) in [
        (vec![], vec![], ""),
        (
            vec![new(vec![])],
            vec![vec![]],
            "a new post: no post is near, threshold 0.50.",
        ),
        (
            vec![new(vec![])],
            vec![near(0.494)],
            "a new post: the nearest post has a similarity of 0.49, threshold 0.50.",
        ),
        (
            vec![new(vec![similar("a"), similar("b")])],
            vec![near(0.8)],
            "a new post, kept apart from 2 like it: the similarity reaches the threshold (0.80, threshold 0.50); the similarity reaches the threshold (0.80, threshold 0.50).",
        ),
        (
            vec![into(0.75, MergeBasis::Similarity)],
            vec![near(0.75)],
            "added to a post: the similarity reaches the threshold (0.75, threshold 0.50).",
        ),
        (
            vec![into(0.75, MergeBasis::PersonsMove)],
            vec![near(0.75)],
            "added to a post: a person moved evidence like this one here (0.75, threshold 0.50).",
        ),
        (
            vec![review.clone()],
            vec![vec![]],
            "waits for review; no post is near, threshold 0.50.",
        ),
        (
            vec![review],
            vec![near(0.6)],
            "waits for review; the nearest post has a similarity of 0.60, threshold 0.50.",
        ),
        (
            vec![new(vec![]), same_call],
            vec![vec![], vec![]],
            "a new post: no post is near, threshold 0.50. added to another feedback of this call: the similarity reaches the threshold (0.99, threshold 0.50).",
        ),
    ] {
        let said = decisions(&targets, &found(candidates), &rule());
        assert_eq!(said, sentences, "{targets:?}");
    }
}

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
