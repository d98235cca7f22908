//! Deduplication that a language model judges: what is one request, what is not, and what cannot be
//! told, also with many calls at once on a board where everything is near.

use std::sync::Arc;

use domain::{
    call::{CallState, stages::Stage as Recorded},
    connection::History,
    feedback::{Merging, Review, Settings},
    moment::Span,
    ports::feedback::FeedbackStore,
};
use gong_sandbox::SandboxCall;
use kit::{
    TestApp, TestOptions,
    calls::call,
    scripted::{Reply, Scripted},
    test_app::admin,
};
use local_runner::{app::App, try_run};
use serde_json::json;

use crate::model::{BOTH, Stage, detects, finding, good, judges, model};

/// What the customer of a call wants, in words that become the post's title.
fn wants(id: usize, wish: &str) -> SandboxCall {
    call(&id.to_string())
        .internal("What is missing?")
        .customer(&format!("We want this: {wish}."))
        .build()
}

/// A model that finds what customers want, and judges as it is told.
fn play(stage: Stage, material: &str, judge: impl Fn(&str, &str) -> &'static str) -> Reply {
    match stage {
        Stage::Detect => detects(true),
        Stage::Extract => {
            let wish = material
                .lines()
                .find_map(|line| line.split_once("We want this: "))
                .map_or("", |(_, wish)| wish.trim_end_matches('.'));
            let quote = format!("We want this: {wish}.");
            Reply::text(&json!({"findings": [finding(wish, &[&quote])]}))
        }
        Stage::Judge => judges(material, judge),
        Stage::Repair | Stage::Organize => good(stage, material),
    }
}

const FIFTY: &str = "Raise the attachment limit per ticket from ten to fifty";
const MORE: &str = "Let a ticket hold up to fifty attached files";
const THOUSAND: &str = "Raise the attachment limit per ticket from ten to five hundred";

async fn test_app(
    calls: Vec<SandboxCall>,
    judge: impl Fn(&str, &str) -> &'static str + Copy + Send + Sync + 'static,
) -> (Scripted, TestApp) {
    let play = move |stage, material: &str| play(stage, material, judge);
    let (server, analyst) = model(BOTH[0], play).await;
    let test = TestApp::start(TestOptions {
        calls,
        analyst: Some(analyst),
        ..TestOptions::default()
    })
    .await;
    (server, test)
}

/// Lists these calls some hours later, and works until nothing moves.
async fn hears(test: &TestApp, calls: Vec<SandboxCall>) {
    test.sandbox.set_calls(calls);
    test.later(Span::hours(4)).await;
}

async fn set(test: &TestApp, settings: &Settings) {
    let org = admin().org_id;
    test.app.store.put_settings(&org, settings).await.unwrap();
}

/// How often the model was asked to judge.
fn judged(server: &Scripted) -> usize {
    let seen = server.seen();
    seen.iter()
        .filter(|seen| Stage::of(seen) == Stage::Judge)
        .count()
}

async fn titles(test: &TestApp) -> Vec<(String, u64)> {
    let posts = test.all_posts().await.into_iter();
    let mut titles: Vec<_> = posts
        .map(|post| (post.request.title, post.evidence_count))
        .collect();
    titles.sort();
    titles
}

#[tokio::test]
async fn two_wordings_of_one_request_are_one_post_and_the_page_says_who_found_so() {
    let (server, test) = test_app(vec![wants(1, FIFTY)], |_, _| "same").await;
    let mut browser = test.connected(History::Days(30)).await;
    assert_eq!(judged(&server), 0, "nothing is near the first");
    hears(&test, vec![wants(1, FIFTY), wants(2, MORE)]).await;
    let post = test.only_post().await;
    assert_eq!((post.evidence_count, judged(&server)), (2, 1));
    let page = browser.get(&format!("/feedback/{}", post.id)).await.text();
    let why = "the language model scripted-model finds that one change would settle both: So says the scripted model";
    assert!(page.contains(why), "{page}");
    let call = test.call("2").await;
    assert_eq!(call.state, CallState::Consolidated);
    let record = call
        .stages
        .iter()
        .find(|record| record.stage == Recorded::Judge);
    let record = record.unwrap();
    assert_eq!(record.model.as_deref(), Some("scripted-model"));
    assert_eq!(
        record.says,
        "of 1 near it 1 the same, 0 different, 0 unsure"
    );
    assert_eq!(record.usage.llm_calls, 1);
    let gong = browser.get("/integrations/gong").await.text();
    let rule = "by the language model’s judgement of those that are near";
    assert!(gong.contains(&format!("Posts are merged {rule}")), "{gong}");
}

#[tokio::test]
async fn what_is_near_and_not_the_same_is_a_possible_duplicate() {
    let (_server, test) = test_app(vec![wants(1, FIFTY)], |_, _| "different").await;
    let mut browser = test.connected(History::Days(30)).await;
    hears(&test, vec![wants(1, FIFTY), wants(2, THOUSAND)]).await;
    assert_eq!(titles(&test).await.len(), 2);
    let posts = test.all_posts().await;
    let post = posts
        .iter()
        .find(|post| post.request.title == THOUSAND)
        .unwrap();
    let page = browser.get(&format!("/feedback/{}", post.id)).await.text();
    assert!(page.contains("Possible duplicates"), "{page}");
    assert!(
        page.contains("finds that they are different requests"),
        "{page}"
    );
}

#[tokio::test]
async fn what_cannot_be_told_is_kept_apart_or_waits_where_the_uncertain_waits() {
    for (review, state) in [
        (Review::Off, CallState::Posted),
        (Review::Uncertain, CallState::InReview),
    ] {
        let (_server, test) = test_app(vec![wants(1, FIFTY)], |_, _| "unsure").await;
        test.connected(History::Days(30)).await;
        let settings = Settings {
            review,
            ..Settings::default()
        };
        set(&test, &settings).await;
        hears(&test, vec![wants(1, FIFTY), wants(2, MORE)]).await;
        assert_eq!(test.call("2").await.state, state, "{review:?}");
        let posts = test.all_posts().await;
        let post = posts
            .iter()
            .find(|post| post.request.title == MORE)
            .unwrap();
        assert_eq!(post.similar.len(), 1, "{review:?}");
    }
}

#[tokio::test]
async fn by_the_product_pages_rule_nobody_is_asked() {
    let (server, test) = test_app(vec![wants(1, FIFTY)], |_, _| "different").await;
    test.browser(&admin()).await;
    let settings = Settings {
        merging: Merging::Threshold,
        ..Settings::default()
    };
    set(&test, &settings).await;
    test.connected(History::Days(30)).await;
    hears(&test, vec![wants(1, FIFTY), wants(2, THOUSAND)]).await;
    assert_eq!((titles(&test).await.len(), judged(&server)), (1, 0));
}

#[tokio::test]
async fn without_a_usable_judgement_the_threshold_and_the_guards_decide_and_say_so() {
    let play = |stage, material: &str| match stage {
        Stage::Judge => Reply::Text("I had rather not.".into()),
        _ => play(stage, material, |_, _| "same"),
    };
    let (server, analyst) = model(BOTH[0], play).await;
    let test = TestApp::start(TestOptions {
        calls: vec![wants(1, FIFTY)],
        analyst: Some(analyst),
        ..TestOptions::default()
    })
    .await;
    test.connected(History::Days(30)).await;
    hears(
        &test,
        vec![wants(1, FIFTY), wants(2, THOUSAND), wants(3, MORE)],
    )
    .await;
    let call = test.call("2").await;
    let says = |stage| {
        let record = call.stages.iter().find(|record| record.stage == stage);
        record.unwrap().says.clone()
    };
    assert_eq!(
        says(Recorded::Judge),
        "no usable answer: the threshold and the guards decide"
    );
    let decided = says(Recorded::Deduplicate);
    assert!(
        decided.contains("the language model has not judged the two"),
        "{decided}"
    );
    assert!(judged(&server) >= 2);
    assert!(
        test.ledger()
            .await
            .values()
            .all(|(state, _)| !state.is_open())
    );
}

/// Another process that analyses 32 calls at once; it has connected and worked until nothing moves.
async fn thirty_two_at_once(test: &TestApp) -> Arc<App> {
    let app = test.another_process(|parts| parts.concurrency = 32).await;
    test.browser(&admin()).await;
    try_run::connect(&app, &test.sandbox, &admin(), History::Days(30))
        .await
        .unwrap();
    app.drain().await;
    app
}

/// Things of which a ticket can have too few.
const THINGS: [&str; 25] = [
    "attachments",
    "comments",
    "watchers",
    "labels",
    "links",
    "subtasks",
    "reminders",
    "approvals",
    "checklists",
    "templates",
    "forms",
    "owners",
    "teams",
    "phases",
    "estimates",
    "costs",
    "locations",
    "photos",
    "signatures",
    "versions",
    "drafts",
    "replies",
    "mentions",
    "reactions",
    "bookmarks",
];
const PLACES: [&str; 4] = [
    "the phone app",
    "the web page",
    "the mail import",
    "the weekly report",
];

#[tokio::test]
async fn a_hundred_near_requests_that_differ_are_a_hundred_posts_at_little_more_than_one_question_each()
 {
    let wishes = THINGS.iter().flat_map(|thing| {
        PLACES.map(|place| format!("Raise the limit of {thing} per ticket in {place}"))
    });
    let calls = wishes
        .enumerate()
        .map(|(n, wish)| wants(n, &wish))
        .collect();
    let (server, test) = test_app(calls, |_, _| "different").await;
    thirty_two_at_once(&test).await;
    let ledger = test.ledger().await;
    let states: Vec<_> = ledger
        .values()
        .filter(|(state, _)| *state != CallState::Posted)
        .collect();
    assert_eq!(states.len(), 0, "{states:#?}");
    assert_eq!(test.all_posts().await.len(), 100);
    let asked = judged(&server);
    eprintln!("{asked} questions of judge about 100 calls");
    assert!((50..=150).contains(&asked), "{asked}");
}

#[tokio::test]
async fn a_hundred_equal_requests_at_one_instant_are_one_post() {
    let calls = (0..100).map(|n| wants(n, FIFTY)).collect();
    let (server, test) = test_app(calls, |_, _| "different").await;
    thirty_two_at_once(&test).await;
    assert_eq!(titles(&test).await, [(FIFTY.to_owned(), 100)]);
    assert_eq!(judged(&server), 0, "equal words need no judge");
}

#[tokio::test]
async fn wordings_of_one_request_that_come_at_one_instant_are_one_post() {
    let calls = (0..40).map(|n| wants(n, if n % 2 == 0 { FIFTY } else { MORE }));
    let (server, test) = test_app(calls.collect(), |_, _| "same").await;
    thirty_two_at_once(&test).await;
    let posts = titles(&test).await;
    assert_eq!(posts.len(), 1, "{posts:?}");
    assert_eq!(posts[0].1, 40);
    let asked = judged(&server);
    assert!((1..=60).contains(&asked), "{asked}");
}

#[tokio::test]
async fn a_judge_that_is_away_puts_a_call_off_and_nothing_is_lost() {
    let no_judge = |stage, material: &str| match stage {
        Stage::Judge => Reply::status(503),
        _ => play(stage, material, |_, _| "same"),
    };
    let (_server, away) = model(BOTH[0], no_judge).await;
    let test = TestApp::start(TestOptions {
        calls: vec![wants(1, FIFTY)],
        analyst: Some(away),
        ..TestOptions::default()
    })
    .await;
    test.connected(History::Days(30)).await;
    hears(&test, vec![wants(1, FIFTY), wants(2, MORE)]).await;
    let call = test.call("2").await;
    assert_eq!(
        (call.state, call.attempts),
        (CallState::Deferred, 0),
        "{}",
        call.reason
    );
    assert!(call.found.is_some(), "what was found is kept");
    let (_server, back) = model(BOTH[0], |stage, material| {
        play(stage, material, |_, _| "same")
    })
    .await;
    let app = test.another_process(|parts| parts.analyst = back).await;
    test.clock.advance(Span::hours(1));
    app.tick().await.unwrap();
    app.drain().await;
    assert_eq!(test.only_post().await.evidence_count, 2);
}
