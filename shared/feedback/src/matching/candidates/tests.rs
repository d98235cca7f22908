use domain::{feedback::Merged, ids::UserId, moment::Timestamp};
use futures::executor::block_on;

use super::*;
use crate::samples::{Stored, call_id, org, post, post_id};

const NEAR: &[f32] = &[1.0, 0.0];
const EMBEDDER: &str = "words-2";

/// A post at revision 2, what it is, and the post that it was merged into.
type Row = (&'static str, &'static str, Option<&'static str>);

fn stored((id, moderation, into): &Row) -> Post {
    let merged = |into: &&str| Merged {
        into: post_id(into),
        by: UserId::parse("ada").unwrap(),
        at: Timestamp(1),
        check: None,
        before: domain::feedback::Before::default(),
    };
    Post {
        revision: 2,
        moderation: Moderation::parse(moderation).unwrap(),
        merged_into: into.as_ref().map(merged),
        ..post(id, "Reports as PDF")
    }
}

/// That the `n`th evidence of call 7 was moved from a post to another, and its place.
type Moved = (&'static str, &'static str, u32, &'static [f32]);

fn moved((from, to, n, vector): &Moved) -> Unmerge {
    Unmerge {
        org_id: org(),
        post_id: post_id(from),
        call_id: call_id("7"),
        n: *n,
        to: post_id(to),
        text: format!("evidence {n}"),
        embedder: EMBEDDER.into(),
        vector: vector.to_vec(),
    }
}

/// A store of these posts and moves.
fn store(posts: &[Row], moves: &[Moved]) -> Stored {
    let unmerges: Vec<_> = moves.iter().map(moved).collect();
    let posts = posts.iter().map(stored).map(|post| Post {
        unmerges: unmerges.iter().filter(|out| out.post_id == post.id).count() as u32,
        ..post
    });
    Stored {
        posts: posts.collect(),
        unmerges,
        ..Stored::default()
    }
}

fn reader<'a>(posts: &'a Stored, org: &'a OrgId) -> Reader<'a> {
    Reader {
        posts,
        org,
        embedder: EMBEDDER,
        read: BTreeMap::new(),
        moved: BTreeMap::new(),
    }
}

/// A candidate in short: the post, and by what it was found.
fn shown(found: &Candidate) -> String {
    let via = found.via.iter().map(|post| format!(" via {}", post.id));
    let moved = found.moved.as_ref().map(|text| format!(" by {text}"));
    let via: String = via.collect();
    format!("{}{via}{}", found.post.id, moved.unwrap_or_default())
}

fn candidate(id: &str, score: f32) -> Candidate {
    Candidate {
        post: post(id, "Reports as PDF"),
        score,
        via: Vec::new(),
        moved: None,
    }
}

#[test]
fn the_similarity_of_two_vectors_is_the_cosine_of_their_angle() {
    for (one, other, expected) in [
        (&[1.0, 0.0][..], &[1.0, 0.0][..], 1.0),
        (&[1.0, 0.0], &[0.0, 1.0], 0.0),
        (&[1.0, 0.0], &[-1.0, 0.0], -1.0),
        (&[0.6, 0.8], &[0.8, 0.6], 0.96),
        (&[0.6, 0.8], &[0.8, -0.6], 0.0),
        (&[1.0, 0.0], &[1.0, 0.0, 0.0], 0.0),
        (&[1.0, 0.0], &[1.0], 0.0),
        (&[1.0], &[], 0.0),
        (&[], &[], 0.0),
    ] {
        let similarity = cosine(one, other);
        assert!(
            (similarity - expected).abs() < 1e-6,
            "{one:?} {other:?}: {similarity}"
        );
    }
}

#[test]
fn what_waits_for_the_index_is_newer_than_what_is_in_it() {
    for (name, hits, pending, expected) in [
        ("nothing", &[][..], &[][..], &[][..]),
        (
            "hits",
            &[("a", 1, 0.9), ("b", 4, 0.5)],
            &[],
            &[("a", 1, 0.9), ("b", 4, 0.5)],
        ),
        (
            "a hit as far as is read",
            &[("a", 1, 0.3)],
            &[],
            &[("a", 1, 0.3)],
        ),
        ("a hit that is too far", &[("a", 1, 0.299)], &[], &[]),
        (
            "a post that the index does not have yet",
            &[("a", 1, 0.9)],
            &[("b", 1, Some(NEAR))],
            &[("a", 1, 0.9), ("b", 1, 1.0)],
        ),
        (
            "a post that moved here",
            &[("a", 1, 0.4)],
            &[("a", 2, Some(NEAR))],
            &[("a", 2, 1.0)],
        ),
        (
            "a post that moved away",
            &[("a", 1, 0.9)],
            &[("a", 2, Some(&[0.0, 1.0]))],
            &[],
        ),
        (
            "a post that leaves the search",
            &[("a", 1, 0.9)],
            &[("a", 2, None)],
            &[],
        ),
        (
            "a post that left it",
            &[("a", 1, 0.9)],
            &[("b", 2, None)],
            &[("a", 1, 0.9)],
        ),
        (
            "a vector of another dimension",
            &[],
            &[("a", 1, Some(&[1.0, 0.0, 0.0]))],
            &[],
        ),
    ] {
        let hits = hits.iter().map(|(id, revision, score)| Hit {
            post_id: post_id(id),
            revision: *revision,
            score: *score,
        });
        let pending = pending.iter().map(|(id, revision, vector)| Pending {
            org_id: org(),
            post_id: post_id(id),
            revision: *revision,
            vector: vector.map(<[f32]>::to_vec),
        });
        let near = near(hits.collect(), &pending.collect::<Vec<_>>(), NEAR);
        let near: Vec<_> = near
            .iter()
            .map(|(id, (revision, score))| (id.as_str(), *revision, *score))
            .collect();
        assert_eq!(near, expected, "{name}");
    }
}

#[test]
fn candidates_are_named_once_and_the_best_first() {
    for (name, found, expected) in [
        ("nothing", &[][..], &[][..]),
        (
            "by similarity",
            &[
                ("a", 1, 0.5, None),
                ("b", 1, 0.9, None),
                ("c", 1, 0.7, None),
            ],
            &["b 0.9", "c 0.7", "a 0.5"],
        ),
        (
            "the older of two that are as similar",
            &[("a", 2, 0.9, None), ("b", 1, 0.9, None)],
            &["b 0.9", "a 0.9"],
        ),
        (
            "of two as old the one with the greater id",
            &[("a", 1, 0.9, None), ("b", 1, 0.9, None)],
            &["b 0.9", "a 0.9"],
        ),
        (
            "what a person decided before what is older",
            &[("a", 1, 0.9, None), ("b", 2, 0.9, Some("x"))],
            &["b 0.9 by x", "a 0.9"],
        ),
        (
            "one post twice",
            &[
                ("a", 1, 0.5, None),
                ("b", 1, 0.7, None),
                ("a", 1, 0.9, None),
            ],
            &["a 0.9", "b 0.7"],
        ),
        (
            "one post twice, the better one first",
            &[("a", 1, 0.9, None), ("a", 1, 0.5, Some("x"))],
            &["a 0.9"],
        ),
        (
            "one post as similar by itself and by a person's move",
            &[("a", 1, 0.9, None), ("a", 1, 0.9, Some("x"))],
            &["a 0.9 by x"],
        ),
        (
            "the same the other way round",
            &[("a", 1, 0.9, Some("x")), ("a", 1, 0.9, None)],
            &["a 0.9 by x"],
        ),
        (
            "one post as similar by two moves",
            &[("a", 1, 0.9, Some("x")), ("a", 1, 0.9, Some("y"))],
            &["a 0.9 by x"],
        ),
    ] {
        let found = found.iter().map(|(id, created, score, moved)| {
            let mut found = candidate(id, *score);
            found.post.created = Timestamp(*created);
            found.moved = moved.map(str::to_owned);
            found
        });
        let best: Vec<_> = best_first(found.collect())
            .iter()
            .map(|found| {
                let moved = found.moved.as_ref().map(|text| format!(" by {text}"));
                format!(
                    "{} {}{}",
                    found.post.id,
                    found.score,
                    moved.unwrap_or_default()
                )
            })
            .collect();
        assert_eq!(best, expected, "{name}");
    }
}

#[test]
fn a_feedback_is_compared_with_what_a_post_was_found_by() {
    for (name, via, moved, expected) in [
        ("the post", None, None, ("Reports as PDF", "Weekly.")),
        (
            "a merged post",
            Some("PDF files"),
            None,
            ("PDF files", "Weekly."),
        ),
        ("moved words", None, Some("As a file"), ("As a file", "")),
        (
            "moved words with details",
            None,
            Some("As a file\nDaily."),
            ("As a file", "Daily."),
        ),
        (
            "moved words before a merged post",
            Some("PDF files"),
            Some("As a file"),
            ("As a file", ""),
        ),
    ] {
        let mut found = candidate("a", 0.9);
        found.post.request.description = "Weekly.".into();
        found.via = via
            .map(|title| {
                let mut merged = found.post.clone();
                merged.request.title = title.to_owned();
                merged
            })
            .into_iter()
            .collect();
        found.moved = moved.map(str::to_owned);
        let text = found.request_text();
        assert_eq!((text.title, text.description), expected, "{name}");
    }
}

#[test]
fn merges_are_followed_over_eight_posts() {
    for (merges, found) in [(0, Some("p0")), (8, Some("p8")), (9, None)] {
        let link = |n: usize| {
            let moderation = if n < merges { "merged" } else { "published" };
            let mut post = stored(&("p", moderation, Some("next")));
            post.id = post_id(&format!("p{n}"));
            if let Some(merged) = &mut post.merged_into {
                merged.into = post_id(&format!("p{}", n + 1));
            }
            post
        };
        let posts = Stored {
            posts: (0..=merges).map(link).collect(),
            ..Stored::default()
        };
        let org = org();
        let live = block_on(reader(&posts, &org).candidate(&post_id("p0"), 2, 0.9)).unwrap();
        let live = live.map(|live| (live.post.id.to_string(), live.via.len()));
        let expected = found.map(|id| (id.to_owned(), merges));
        assert_eq!(live, expected, "{merges} merges");
    }
}

#[test]
fn a_hit_leads_to_the_live_post_behind_it() {
    for (name, posts, revision, expected) in [
        ("no such post", &[][..], 2, None),
        (
            "a published post",
            &[("a", "published", None)],
            2,
            Some("a"),
        ),
        (
            "a post that changed since",
            &[("a", "published", None)],
            1,
            None,
        ),
        ("a post in review", &[("a", "in_review", None)], 2, None),
        ("a rejected post", &[("a", "rejected", None)], 2, None),
        (
            "a merged post",
            &[("a", "merged", Some("b")), ("b", "published", None)],
            2,
            Some("b via a"),
        ),
        (
            "posts merged one into the next",
            &[
                ("a", "merged", Some("b")),
                ("b", "merged", Some("c")),
                ("c", "published", None),
            ],
            2,
            Some("c via a via b"),
        ),
        (
            "a post merged into one in review",
            &[("a", "merged", Some("b")), ("b", "in_review", None)],
            2,
            None,
        ),
        (
            "a post merged into one that is gone",
            &[("a", "merged", Some("b"))],
            2,
            None,
        ),
        (
            "a circle",
            &[("a", "merged", Some("b")), ("b", "merged", Some("a"))],
            2,
            None,
        ),
        (
            "a merge that was undone",
            &[("a", "published", Some("b")), ("b", "published", None)],
            2,
            Some("a"),
        ),
    ] {
        let posts = store(posts, &[]);
        let org = org();
        let found = block_on(reader(&posts, &org).candidate(&post_id("a"), revision, 0.9));
        let found = found.unwrap().as_ref().map(shown);
        assert_eq!(found.as_deref(), expected, "{name}");
    }
}

#[test]
fn what_is_like_evidence_that_was_moved_out_follows_it() {
    const FAR: &[f32] = &[0.6, 0.8];
    let posts: &[Row] = &[
        ("a", "published", None),
        ("b", "published", None),
        ("c", "published", None),
        ("merged", "merged", Some("a")),
        ("waits", "in_review", None),
        ("into_b", "merged", Some("b")),
    ];
    for (name, hit, score, moves, expected) in [
        ("nothing was moved", "a", 0.9, &[][..], Some("a")),
        (
            "more like what was moved",
            "a",
            0.9,
            &[("a", "b", 0, NEAR)],
            Some("b by evidence 0"),
        ),
        (
            "as much like it as like the post",
            "a",
            1.0,
            &[("a", "b", 0, NEAR)],
            Some("b by evidence 0"),
        ),
        (
            "more like the post",
            "a",
            0.9,
            &[("a", "b", 0, FAR)],
            Some("a"),
        ),
        (
            "the nearest of two",
            "a",
            0.5,
            &[("a", "b", 0, FAR), ("a", "c", 1, NEAR)],
            Some("c by evidence 1"),
        ),
        (
            "moved out of another post",
            "a",
            0.9,
            &[("c", "b", 0, NEAR)],
            Some("a"),
        ),
        (
            "moved out of a post merged on the way",
            "merged",
            0.9,
            &[("merged", "b", 0, NEAR)],
            Some("b by evidence 0"),
        ),
        (
            "moved out of what took the post in",
            "merged",
            0.9,
            &[("a", "b", 0, NEAR)],
            Some("b by evidence 0"),
        ),
        (
            "moved to a post that is gone",
            "a",
            0.9,
            &[("a", "gone", 0, NEAR)],
            None,
        ),
        (
            "moved to a post in review",
            "a",
            0.9,
            &[("a", "waits", 0, NEAR)],
            None,
        ),
        (
            "moved to a post that was merged",
            "a",
            0.9,
            &[("a", "into_b", 0, NEAR)],
            Some("b via into_b by evidence 0"),
        ),
        (
            "moved on",
            "a",
            0.9,
            &[("a", "b", 0, NEAR), ("b", "c", 0, NEAR)],
            Some("c by evidence 0"),
        ),
        (
            "another evidence of the call was moved on",
            "a",
            0.9,
            &[("a", "b", 0, NEAR), ("b", "c", 1, NEAR)],
            Some("b by evidence 0"),
        ),
        (
            "moved in a circle",
            "a",
            0.9,
            &[("a", "b", 0, NEAR), ("b", "a", 0, NEAR)],
            None,
        ),
    ] {
        let (posts, org) = (store(posts, moves), org());
        let mut reader = reader(&posts, &org);
        let found = block_on(async {
            let hit = reader.candidate(&post_id(hit), 2, score).await?;
            reader.as_people_decided(hit.unwrap(), NEAR).await
        });
        let found = found.unwrap().as_ref().map(shown);
        assert_eq!(found.as_deref(), expected, "{name}");
    }
}

#[test]
fn places_of_another_model_are_not_compared() {
    for (embedder, expected) in [(EMBEDDER, "b by evidence 0"), ("words-1", "a")] {
        let rows: &[Row] = &[("a", "published", None), ("b", "published", None)];
        let mut posts = store(rows, &[("a", "b", 0, NEAR)]);
        posts.unmerges[0].embedder = embedder.to_owned();
        let org = org();
        let mut reader = reader(&posts, &org);
        let found = block_on(async {
            let hit = reader.candidate(&post_id("a"), 2, 0.9).await?;
            reader.as_people_decided(hit.unwrap(), NEAR).await
        });
        let found = found.unwrap().as_ref().map(shown);
        assert_eq!(found.as_deref(), Some(expected), "{embedder}");
    }
}
