//! What the ledger says of a decision.

use super::*;
use crate::matching::bearing::check;

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
