use domain::{
    feedback::{AlsoHeard, Move},
    ids::UserId,
};
use futures::executor::block_on;
use serde_json::json;

use super::*;
use crate::samples::{Stored, call_id, evidence, heard, org, post, post_id};

const NOW: Timestamp = Timestamp(9);

fn author(name: &str) -> Author {
    Author {
        name: Some(name.to_owned()),
        ..Author::default()
    }
}

#[test]
fn a_post_that_loses_its_call_names_the_next_one_or_waits() {
    use Moderation::{InReview, Merged, Published, Rejected};
    const STAYS: (Option<&str>, Option<u64>) = (None, None);
    const WAITS: (Option<&str>, Option<u64>) = (Some("alone"), None);
    for (name, moderation, origin, rest, merged_from, next, (reason, leaves)) in [
        ("others are left", Published, "7", 2, 0, Published, STAYS),
        (
            "nothing is left",
            Published,
            "7",
            0,
            0,
            InReview,
            (Some("alone"), Some(2)),
        ),
        (
            "a merged one is left",
            Published,
            "7",
            0,
            1,
            Published,
            STAYS,
        ),
        ("in review already", InReview, "7", 0, 0, InReview, WAITS),
        ("rejected", Rejected, "7", 0, 0, Rejected, STAYS),
        ("merged", Merged, "7", 0, 0, Merged, STAYS),
        (
            "made by another call",
            Published,
            "8",
            0,
            0,
            Published,
            STAYS,
        ),
    ] {
        let read = Post {
            moderation,
            origin: Some(call_id(origin)),
            merged_from: vec![post_id("m"); merged_from],
            evidence_count: 5,
            ..post("a", "Reports as PDF")
        };
        let rest: Vec<_> = (0..rest).map(|_| evidence("a", "9", "Reports")).collect();
        let changed = resting_on(read.clone(), &call_id("7"), &rest, NOW, "alone");
        let post = changed.next.unwrap();
        let reads = (post.moderation, post.review_reason.as_deref());
        assert_eq!(reads, (next, reason), "{name}");
        assert_eq!(post.evidence_count, rest.len() as u64, "{name}");
        let vector = leaves.map_or(VectorChange::Keep, VectorChange::Remove);
        assert_eq!(changed.vector, vector, "{name}");
        assert_eq!(post.revision, leaves.unwrap_or(1), "{name}");
        assert_eq!((post.updated, changed.read), (NOW, read), "{name}");
    }
}

#[test]
fn author_and_facts_are_of_the_oldest_evidence_that_is_left() {
    for (name, origin, rest, expected) in [
        (
            "others are left",
            "7",
            &["8", "9"][..],
            (
                Some("8"),
                Some("of 8"),
                json!({"gong_call_id": "8", "own": 1}),
            ),
        ),
        (
            "one of another source is left",
            "7",
            &["chat:8"],
            (
                Some("chat:8"),
                Some("of chat:8"),
                json!({"chat_call_id": "chat:8", "own": 1}),
            ),
        ),
        ("nothing is left", "7", &[], (None, None, json!({"own": 1}))),
        (
            "made by another call",
            "6",
            &["8"],
            (
                Some("6"),
                Some("of 6"),
                json!({"gong_call_id": "6", "own": 1}),
            ),
        ),
    ] {
        let read = Post {
            origin: Some(call_id(origin)),
            author: author(&format!("of {origin}")),
            metadata: [
                ("gong_call_id".to_owned(), json!(origin)),
                ("own".to_owned(), json!(1)),
            ]
            .into(),
            ..post("a", "Reports as PDF")
        };
        let rest: Vec<_> = rest
            .iter()
            .map(|call| Evidence {
                author: author(&format!("of {call}")),
                ..evidence("a", call, "Reports")
            })
            .collect();
        let changed = resting_on(read, &call_id("7"), &rest, NOW, "alone");
        let mut post = changed.next.unwrap();
        post.metadata.retain(|_, fact| !fact.is_null());
        let origin = post.origin.as_ref().map(CallId::as_str);
        let facts = (origin, post.author.name.as_deref(), json!(post.metadata));
        assert_eq!(facts, expected, "{name}");
    }
}

#[test]
fn merged_posts_support_the_post_that_holds_them() {
    for (name, merged_from, counted, merged) in [
        ("none", &[][..], 1, &[][..]),
        ("one", &["b"], 3, &["b"]),
        ("one by way of another", &["c"], 7, &["b", "c"]),
        ("two", &["b", "d"], 11, &["b", "d"]),
        ("one that is gone", &["b", "gone"], 3, &["b"]),
    ] {
        let holds = |id: &str, evidence_count: u64, merged_from: &[&str]| Post {
            evidence_count,
            merged_from: merged_from.iter().map(|id| post_id(id)).collect(),
            ..post(id, "Reports")
        };
        let holder = holds("a", 1, merged_from);
        let posts = vec![
            holder.clone(),
            holds("b", 2, &[]),
            holds("c", 4, &["b"]),
            holds("d", 8, &[]),
        ];
        let of = |post: &Post| {
            let created = Timestamp(100 - post.evidence_count as i64);
            let one = evidence(post.id.as_str(), "7", "Reports");
            vec![Evidence { created, ..one }; post.evidence_count as usize]
        };
        let stored = Stored {
            evidence: posts.iter().flat_map(of).collect(),
            posts,
            ..Stored::default()
        };
        assert_eq!(block_on(count(&stored, &holder)), Ok(counted), "{name}");
        let found = block_on(support(&stored, &holder)).unwrap();
        let mut ids: Vec<_> = found.merged.iter().map(|post| post.id.as_str()).collect();
        ids.sort_unstable();
        assert_eq!(ids, merged, "{name}");
        assert_eq!(found.evidence.len() as u64, counted, "{name}");
        assert!(found.evidence.is_sorted_by_key(|one| one.created), "{name}");
    }
}

#[test]
fn a_calls_evidence_is_taken_out_with_where_it_was_moved_from() {
    let moves = |from: &[&str]| -> Vec<Move> {
        let one = |from: &&str| Move {
            from: post_id(from),
            by: UserId::parse("ada").unwrap(),
            at: NOW,
        };
        from.iter().map(one).collect()
    };
    for (name, call, from, gone, rest, moved_back) in [
        ("never moved", "7", &[][..], 1, 1, &[][..]),
        ("moved once", "7", &["b"], 1, 1, &["b"]),
        ("moved twice", "7", &["b", "c"], 1, 1, &["b", "c"]),
        ("moved to and fro", "7", &["b", "a", "b"], 1, 1, &["b", "a"]),
        ("another call's", "9", &["b"], 0, 2, &[]),
    ] {
        let stored = Stored {
            posts: vec![post("a", "Reports")],
            evidence: vec![
                Evidence {
                    moves: moves(from),
                    ..evidence("a", "7", "Reports")
                },
                evidence("a", "8", "Reports"),
                evidence("b", "7", "Reports"),
            ],
            ..Stored::default()
        };
        let mut change = FeedbackChange::new(org(), NOW);
        let (id, call) = (post_id("a"), call_id(call));
        let taken = block_on(detach_evidence(&stored, &mut change, &id, &call));
        let (read, left) = taken.unwrap();
        assert_eq!(read.map(|post| post.id), Some(id), "{name}");
        assert_eq!((change.gone.len(), left.len()), (gone, rest), "{name}");
        let expected = moved_back.iter().map(|id| (post_id(id), call.clone(), 0));
        let expected: Vec<_> = expected.collect();
        assert_eq!(change.moved_back, expected, "{name}");
    }
}

#[test]
fn what_was_also_heard_in_the_call_alone_goes() {
    let of = |call: &str| AlsoHeard {
        org_id: org(),
        call_id: call_id(call),
        version: 2,
        items: vec![heard(1, "Reports as PDF", "Lin")],
    };
    let stored = Stored {
        also_heard: vec![of("7"), of("8")],
        ..Stored::default()
    };
    for (call, gone) in [("8", Some(of("8"))), ("9", None)] {
        let mut change = FeedbackChange::new(org(), NOW);
        block_on(delete_also_heard(&stored, &mut change, &call_id(call))).unwrap();
        let deleted = change.also_heard.pop().map(|change| {
            assert_eq!(change.next, None);
            change.read
        });
        assert_eq!(deleted, gone, "{call}");
        assert_eq!(change, FeedbackChange::new(org(), NOW));
    }
}
