//! What waits for a person.

use super::*;

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
