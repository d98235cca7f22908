use super::*;

fn post() -> Post {
    Post::new(
        OrgId::parse("fernhill").unwrap(),
        PostId::parse("p").unwrap(),
        Request::titled("Export the report"),
        BoardId::parse("b").unwrap(),
        Timestamp(7),
    )
}

fn moderation(word: &str) -> Moderation {
    serde_json::from_value(word.into()).unwrap()
}

#[test]
fn what_is_listed_and_what_is_searched_goes_by_moderation() {
    for (word, listed, searched) in [
        ("published", true, true),
        ("in_review", true, false),
        ("rejected", false, false),
        ("merged", false, true),
        ("archived_by_a_newer_version", false, false),
    ] {
        let moderation = moderation(word);
        assert_eq!(moderation.is_listed(), listed, "{word}");
        assert_eq!(moderation.is_searched(), searched, "{word}");
    }
}

#[test]
fn a_post_is_taken_in_only_while_it_is_merged() {
    let merged = Merged {
        into: PostId::parse("target").unwrap(),
        by: UserId::parse("ada").unwrap(),
        at: Timestamp(8),
        check: None,
        before: Before::default(),
    };
    for (word, merged_into, into) in [
        ("merged", Some(&merged), Some("target")),
        ("merged", None, None),
        ("published", Some(&merged), None),
        ("in_review", Some(&merged), None),
        ("rejected", Some(&merged), None),
        ("published", None, None),
    ] {
        let post = Post {
            moderation: moderation(word),
            merged_into: merged_into.cloned(),
            ..post()
        };
        assert_eq!(post.taken_in_by().map(PostId::as_str), into, "{word}");
    }
}

#[test]
fn a_post_is_of_the_call_that_made_it_alone() {
    for (origin, call, of_it) in [
        (Some("7"), "7", true),
        (Some("7"), "70", false),
        (Some("chat:7"), "7", false),
        (Some("chat:7"), "chat:7", true),
        (None, "7", false),
    ] {
        let post = Post {
            origin: origin.map(|id| CallId::parse(id).unwrap()),
            ..post()
        };
        let call = CallId::parse(call).unwrap();
        assert_eq!(post.is_of_call(&call), of_it, "{origin:?} and {call}");
    }
}
