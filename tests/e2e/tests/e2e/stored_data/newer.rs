//! A version that was rolled back to: what the newer one stored breaks no page, no listing and no
//! work, and is still there when the newer one comes back.
//!
//! The rule of additive releases: a release may add words and fields, and kinds of items; it never
//! changes what a word or a field means, and it never needs a field that the release before does
//! not write.

use std::collections::BTreeSet;

use aws_sdk_dynamodb::types::AttributeValue;
use domain::moment::Span;
use kit::{inside::api, test_app::admin};
use lambda_http::http::StatusCode;

use super::{
    Kept, NEW,
    wire::{self, Item},
};

const NEWER: &str = "of_a_newer_version";

/// Where words stand: table, kind of item, and the way to the word; `*` is every element of a list.
const WORDS: [(&str, &str, &str); 14] = [
    ("calls", "CALL#", "state"),
    ("calls", "CALL#", "skip_cause"),
    ("calls", "CALL#", "outcomes.*.result"),
    ("calls", "CALL#", "stages.*.stage"),
    ("calls", "CALL#", "parties.*.affiliation"),
    ("calls", "CALL#", "found.findings.*.sentiment"),
    ("calls", "CALL#", "found.findings.*.confidence"),
    ("connections", "WINDOW#", "kind"),
    ("feedback", "POST#", "status"),
    ("feedback", "POST#", "moderation"),
    ("feedback", "POST#", "sentiment"),
    ("feedback", "POST#", "priority"),
    ("feedback", "EVIDENCE#", "sentiment"),
    ("feedback", "EVIDENCE#", "priority"),
];
/// The words that decide whether anything is read, and what is published unseen.
const STANDING: [(&str, &str, &str); 3] = [
    ("connections", "CONNECTION", "status"),
    ("connections", "CONNECTION", "history"),
    ("feedback", "SETTINGS", "review"),
];

fn text<'a>(item: &'a Item, name: &str) -> &'a str {
    item[name].as_s().unwrap()
}

/// Puts a newer word where the way leads; whether it leads anywhere.
fn reword(item: &mut Item, way: &str) -> bool {
    let (name, rest) = way.split_once('.').unwrap_or((way, ""));
    let Some(value) = item.get_mut(name) else {
        return false;
    };
    match (value, rest) {
        (value, "") => {
            *value = AttributeValue::S(NEWER.into());
            true
        }
        (AttributeValue::M(map), rest) => reword(map, rest),
        (AttributeValue::L(list), rest) => {
            let rest = rest.strip_prefix("*.").unwrap();
            let maps = list.iter_mut().map(|value| match value {
                AttributeValue::M(map) => reword(map, rest),
                _ => false,
            });
            maps.fold(false, |any, one| any | one)
        }
        _ => false,
    }
}

/// Adds a field to the item and to every map in it.
fn add_fields(item: &mut Item) {
    for value in item.values_mut() {
        add_inside(value);
    }
    let newer = wire::from_json(&serde_json::json!({"a": {"L": [{"N": "1"}]}}));
    item.insert(NEWER.into(), AttributeValue::M(newer));
}

fn add_inside(value: &mut AttributeValue) {
    match value {
        AttributeValue::M(map) => add_fields(map),
        AttributeValue::L(list) => list.iter_mut().for_each(add_inside),
        _ => {}
    }
}

/// Whether the version that wrote the fixture has this item reworded: every second one.
fn is_reworded(item: &Item) -> bool {
    let bytes = text(item, "sk").bytes();
    bytes.fold(0_u32, |sum, byte| sum + u32::from(byte)) % 2 == 0
}

fn reworded(table: &str, item: &mut Item, words: &[(&str, &str, &str)]) -> usize {
    let of = words
        .iter()
        .filter(|(of, kind, _)| *of == table && text(item, "sk").starts_with(kind));
    let ways: Vec<_> = of.map(|(_, _, way)| *way).collect();
    ways.iter().filter(|way| reword(item, way)).count()
}

#[tokio::test]
async fn fields_and_items_of_a_newer_version_break_nothing_and_stay() {
    let kept = Kept::tables(|_, item| add_fields(item)).await;
    let other_kind = |sk: &str| {
        let item = [("pk", "ORG#demo"), ("sk", sk), (NEWER, "yes")];
        item.map(|(name, value)| (name.to_owned(), AttributeValue::S(value.into())))
    };
    for table in super::TABLES {
        kept.test.put_raw(table, other_kind("NEWER#1").into()).await;
    }
    kept.holds_what_was_stored().await;
    let mut ada = kept.test.browser(&admin()).await;
    kept.every_page_opens(&mut ada).await;

    // What people change keeps what it does not know.
    let board = [
        ("name", "Requests"),
        ("description", ""),
        ("categories", ""),
    ];
    let saved = ada.post("/boards/feature-requests/edit", &board).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text());
    kept.goes_on(&mut ada).await;
    let items = kept.test.raw_items("feedback").await;
    let lost: Vec<_> = items
        .iter()
        .filter(|item| {
            ["POST#", "BOARD#"]
                .iter()
                .any(|of| text(item, "sk").starts_with(of))
        })
        .filter(|item| !item.contains_key(NEWER))
        .map(|item| text(item, "sk"))
        .collect();
    let made_since: Vec<_> = lost.iter().filter(|sk| sk.contains("00000f42")).collect();
    assert_eq!(lost.len(), made_since.len(), "{lost:?}");
}

/// A newer version may keep in a post what it made of evidence, such as the best quote.
#[tokio::test]
async fn fields_of_a_newer_version_go_with_the_evidence_that_an_admin_erases() {
    let kept = Kept::tables(|_, item| add_fields(item)).await;
    let posts = kept.test.all_posts().await;
    let post = posts.iter().find(|post| post.evidence_count > 2).unwrap();
    // Not the founder's: the post keeps its words.
    let erased = kept.test.evidence(&post.id).await.pop().unwrap().call_id;
    let mut ada = kept.test.browser(&admin()).await;
    let done = ada.post(&format!("/calls/{erased}/erase"), &[]).await;
    assert!(done.location().contains("call-erased"), "{}", done.text());
    let after = kept.test.all_posts().await;
    let after = after.iter().find(|other| other.id == post.id).unwrap();
    assert_eq!(after.request.title, post.request.title);
    let items = kept.test.raw_items("feedback").await;
    let key = format!("POST#{}", post.id);
    let item = items.iter().find(|item| text(item, "sk") == key).unwrap();
    assert!(!item.contains_key(NEWER), "{item:?}");
}

#[tokio::test]
async fn words_of_a_newer_version_break_no_page_no_listing_and_no_work() {
    let kept = Kept::tables(|table, item| {
        if is_reworded(item) {
            reworded(table, item, &WORDS);
        }
    })
    .await;
    let mut ada = kept.test.browser(&admin()).await;
    kept.every_page_opens(&mut ada).await;

    let listed = |json: serde_json::Value| -> BTreeSet<String> {
        let items = json["items"].as_array().unwrap().iter();
        items
            .map(|item| item["id"].as_str().unwrap().to_owned())
            .collect()
    };
    let calls = listed(api(&mut ada, "/api/calls?limit=100").await);
    assert_eq!(calls, kept.expected.calls.keys().cloned().collect());
    // A post whose standing is not known is in no list; all others are.
    let posts = listed(api(&mut ada, "/api/posts?limit=100").await);
    let known = super::items("feedback")
        .into_iter()
        .filter(|item| !is_reworded(item));
    let known = known.filter(|item| {
        let standing = item.get("moderation").and_then(|word| word.as_s().ok());
        let shown = standing.is_some_and(|word| word == "published" || word == "in_review");
        shown && text(item, "pk") == "ORG#demo"
    });
    let known: BTreeSet<_> = known
        .map(|item| text(&item, "sk").trim_start_matches("POST#").to_owned())
        .collect();
    assert_eq!(posts, known);
    assert!(posts.len() > 5);

    kept.test.later(Span::hours(3)).await;
    assert!(!kept.test.call(NEW).await.state.is_open());
    let items = kept.test.raw_items("calls").await;
    let states = items.iter().filter(|item| text(item, "state") == NEWER);
    assert!(
        states.count() > 10,
        "nothing is decided by a word that is not known"
    );
}

#[tokio::test]
async fn a_post_with_a_newer_status_can_be_edited_and_keeps_it() {
    let kept = Kept::tables(|table, item| {
        reworded(table, item, &[("feedback", "POST#", "status")]);
    })
    .await;
    let mut ada = kept.test.browser(&admin()).await;
    let posts = kept.test.all_posts().await;
    let post = posts.iter().find(|post| post.source == "gong").unwrap();
    let page = format!("/feedback/{}", post.id);
    let form = ada.get(&format!("{page}/edit")).await;
    assert!(form.body.contains(NEWER), "{}", form.text());
    let (edits, board) = (post.edits.to_string(), post.board_id.to_string());
    let fields = [
        ("edits", edits.as_str()),
        ("title", "Another title"),
        ("details", &post.request.description),
        ("status", NEWER),
        ("board", &board),
        ("category", ""),
        ("owner", ""),
    ];
    let saved = ada.post(&format!("{page}/edit"), &fields).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text());
    let words = ada.get(&page).await.text();
    assert!(
        words.contains("Another title") && words.contains(NEWER),
        "{words}"
    );
}

#[tokio::test]
async fn a_connection_that_stands_as_only_a_newer_version_knows_is_left_alone() {
    let kept = Kept::tables(|table, item| {
        reworded(table, item, &STANDING);
    })
    .await;
    let mut ada = kept.test.browser(&admin()).await;
    kept.every_page_opens(&mut ada).await;
    let before = kept.test.requests();
    kept.test.later(Span::hours(3)).await;
    assert_eq!(kept.test.requests(), before, "nothing is asked of Gong");
    assert!(kept.test.call(super::PUT_OFF).await.state.is_open());
    let page = ada.get("/integrations/gong").await.text();
    assert!(page.contains(NEWER), "{page}");
}
