use domain::feedback::{
    MergeBasis,
    settings::{MergedBy, Review},
};

use super::*;
use crate::{
    matching::bearing::{Bearing, Near, bearing},
    samples::{feedback, post},
};

mod judged;
mod review;
mod sentences;

const SAME: &[f32] = &[1.0, 0.0];
const ALIKE: &[f32] = &[0.8, 0.6];
const OTHER: &[f32] = &[0.0, 1.0];

fn rule() -> MergeRule {
    MergeRule {
        speech: None,
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

#[test]
fn customers_own_words_are_the_same_only_where_they_are_much_alike() {
    let stand_in = MergeRule {
        speech: Some(0.65),
        ..rule()
    };
    let (speech, other, title) = ("“A file, please”", "“As a file”", "Reports as a file");
    for (rule, text, near, score, moved, apart) in [
        (&stand_in, speech, other, 0.64, false, true),
        (&stand_in, speech, other, 0.65, false, false),
        (&stand_in, speech, title, 0.6, false, true),
        (&stand_in, title, other, 0.6, false, true),
        (&stand_in, title, title, 0.6, false, false),
        (&stand_in, speech, other, 0.6, true, false),
        (&rule(), speech, other, 0.6, false, false),
    ] {
        let of = |title| RequestText {
            title,
            description: "",
        };
        let near = Near {
            text: of(near),
            score,
            moved,
        };
        let found = bearing(of(text), &near, rule, &nothing_judged());
        let is_apart = matches!(&found, Bearing::Apart(check) if check.guards.len() == 1);
        assert_eq!(is_apart, apart, "{text} {score}: {found:?}");
        assert_eq!(matches!(found, Bearing::Same(_)), !apart);
    }
}
