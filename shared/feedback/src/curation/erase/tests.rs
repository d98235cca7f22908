use super::*;
use crate::samples::{call_id, engine, evidence, post, post_id};

/// What is asked for: title, details and pain points.
type Said = (&'static str, &'static str, &'static [&'static str]);

const PDF: Said = ("Reports as PDF", "Weekly.", &["typed by hand"]);

fn request((title, description, pain_points): &Said) -> Request {
    Request {
        description: (*description).to_owned(),
        pain_points: pain_points.iter().map(|pain| (*pain).to_owned()).collect(),
        ..Request::titled(*title)
    }
}

fn says(said: &Said) -> Evidence {
    Evidence {
        request: request(said),
        ..evidence("a", "7", "")
    }
}

#[test]
fn a_post_has_the_words_of_evidence_that_says_the_same() {
    use Words::{None, PainPoints, Request};
    for (name, by_engine, gone, words) in [
        ("no evidence", true, &[][..], None),
        ("all of it", true, &[PDF], Request),
        (
            "the title",
            true,
            &[("Reports as PDF", "Daily.", &[])],
            Request,
        ),
        ("the details", true, &[("Files", "Weekly.", &[])], Request),
        (
            "a pain point",
            true,
            &[("Files", "Daily.", &["slow", "typed by hand"])],
            PainPoints,
        ),
        ("other words", true, &[("Files", "Daily.", &["slow"])], None),
        ("one of two", true, &[("Files", "", &[]), PDF], Request),
        (
            "the pain point of one and the title of another",
            true,
            &[
                ("Files", "", &["typed by hand"]),
                ("Reports as PDF", "", &[]),
            ],
            Request,
        ),
        ("what a person wrote", false, &[PDF], None),
    ] {
        let post = Post {
            engine: by_engine.then(engine),
            request: request(&PDF),
            ..post("a", "")
        };
        let gone: Vec<_> = gone.iter().map(says).collect();
        assert_eq!(words_of(&post, &gone), words, "{name}");
    }
    let titles_alone = Post {
        engine: Some(engine()),
        ..post("a", "Reports as PDF")
    };
    let gone = says(&("Files", "", &[]));
    assert_eq!(words_of(&titles_alone, &[gone]), None, "no details in both");
}

#[test]
fn a_post_goes_with_the_call_that_it_was_made_by_and_rests_on_alone() {
    for (name, by_engine, origin, words, rest, merged_from, goes) in [
        ("made by it", true, "7", Words::None, 0, 0, true),
        ("of its words", true, "8", Words::Request, 0, 0, true),
        (
            "of its pain points",
            true,
            "8",
            Words::PainPoints,
            0,
            0,
            false,
        ),
        ("made by another", true, "8", Words::None, 0, 0, false),
        (
            "other evidence is left",
            true,
            "7",
            Words::Request,
            1,
            0,
            false,
        ),
        (
            "a merged post is left",
            true,
            "7",
            Words::Request,
            0,
            1,
            false,
        ),
        ("written by a person", false, "7", Words::None, 0, 0, false),
    ] {
        let post = Post {
            engine: by_engine.then(engine),
            origin: Some(call_id(origin)),
            merged_from: vec![post_id("m"); merged_from],
            ..post("a", "Reports as PDF")
        };
        let rest = vec![evidence("a", "9", "Reports"); rest];
        let of = Erasure {
            call: &call_id("7"),
            rest: &rest,
        };
        assert_eq!(rests_on_it_alone(&post, words, &of), goes, "{name}");
    }
}

#[test]
fn erased_words_are_replaced_and_a_persons_words_stay() {
    const FILES: Said = ("Files of reports", "Daily.", &["slow"]);
    for (name, has, gone, other, expected) in [
        ("all of it", PDF, &[PDF][..], Some(FILES), FILES),
        (
            "all of it, and no other",
            PDF,
            &[PDF],
            None,
            ("Erased", "", &[]),
        ),
        (
            "a title that a person changed",
            ("Print reports", "Weekly.", &["typed by hand"]),
            &[PDF],
            Some(FILES),
            ("Print reports", "Daily.", &["slow"]),
        ),
        (
            "details that a person changed",
            ("Reports as PDF", "On Mondays.", &["typed by hand"]),
            &[PDF],
            None,
            ("Erased", "On Mondays.", &[]),
        ),
        (
            "pain points of several",
            ("Print reports", "On Mondays.", &["slow", "typed by hand"]),
            &[PDF],
            None,
            ("Print reports", "On Mondays.", &[]),
        ),
        (
            "words of two pieces",
            PDF,
            &[("Reports as PDF", "", &[]), ("", "Weekly.", &[])],
            Some(FILES),
            ("Files of reports", "Daily.", &["typed by hand"]),
        ),
        ("nothing of it", PDF, &[FILES], Some(FILES), PDF),
        ("nothing", PDF, &[], Some(FILES), PDF),
    ] {
        let mut replaced = request(&has);
        let gone: Vec<_> = gone.iter().map(says).collect();
        let other = other.as_ref().map(says);
        replace_words(&mut replaced, other.as_ref(), &gone);
        assert_eq!(replaced, request(&expected), "{name}");
    }
}

#[test]
fn the_part_of_the_product_goes_with_the_evidence_that_named_it() {
    for (has, gone, other, expected) in [
        (
            Some("Reports"),
            Some("Reports"),
            Some("Files"),
            Some("Files"),
        ),
        (Some("Reports"), Some("Reports"), None, None),
        (
            Some("Reports"),
            Some("Apps"),
            Some("Files"),
            Some("Reports"),
        ),
        (Some("Reports"), None, Some("Files"), Some("Reports")),
        (None, None, Some("Files"), Some("Files")),
    ] {
        let of = |area: Option<&str>| {
            let mut one = says(&("Other", "", &[]));
            one.request.feature_area = area.map(str::to_owned);
            one
        };
        let mut replaced = of(has).request;
        replace_words(&mut replaced, Some(&of(other)), &[of(gone)]);
        let area = replaced.feature_area.as_deref();
        assert_eq!(area, expected, "{has:?} of {gone:?}, then {other:?}");
    }
}
