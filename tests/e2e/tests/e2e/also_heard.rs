//! What a customer raises beside what becomes a post by itself: kept with the call, shown, made
//! into a post, dismissed, withdrawn and erased.

use domain::{
    call::{CallState, OutcomeResult, SkipCause, stages::Stage as Recorded},
    feedback::{AlsoHeard, Moderation},
    ids::CallId,
    moment::Span,
    ports::feedback::FeedbackStore,
};
use kit::{
    Browser,
    calls::{CallBuilder, call},
    scripted::Reply,
    test_app::{admin, member},
};
use lambda_http::http::StatusCode;
use serde_json::json;

use crate::{
    model::{Stage, detects, finding, good, places},
    people::{Company, NIGHT, REPORT, asks, counted},
};

const SORT: (&str, &str) = ("Sort the list", "The list should be sorted by customer.");
const UNSAID: &str = "The number 412 stands in its text, but nobody in the call said it.";

/// A call in which Cleo asks for the report and for the list, and Bo for the theme.
fn several(id: &str) -> CallBuilder {
    call(id)
        .from("Northwind", "Cleo Customer")
        .internal("How is it going?")
        .customer(REPORT.said)
        .colleague("Bo Brandt", NIGHT.said)
        .customer(SORT.1)
        .internal("I will pass that on.")
}

/// Finds all that is asked for, with a number that nobody said, and a request that nobody made.
fn hears(stage: Stage, material: &str) -> Reply {
    match stage {
        Stage::Detect => detects(true),
        Stage::Extract => {
            let wishes = [REPORT, NIGHT].map(|wish| (wish.title, wish.said));
            let said = [wishes[0], wishes[1], SORT].into_iter();
            let said = said.filter(|(_, said)| material.contains(said));
            let mut found: Vec<_> = said.map(|(title, said)| finding(title, &[said])).collect();
            for night in found.iter_mut().filter(|one| one["title"] == NIGHT.title) {
                night["description"] = json!("412 people wait for it.");
            }
            found.push(finding("A big red button", &["We want a big red button."]));
            Reply::text(&json!({"findings": found}))
        }
        // What goes on is written anew.
        Stage::Repair => Reply::text(&json!({
            "title": NIGHT.title, "description": "People wait for it.", "pain_points": [],
        })),
        Stage::Organize => places("feature-requests", "", &[]),
        _ => good(stage, material),
    }
}

async fn company(calls: &[CallBuilder]) -> Company {
    let calls = calls.iter().map(CallBuilder::build).collect();
    Company::start(calls, hears, |_| ()).await
}

async fn heard(company: &Company, call: &str) -> Option<AlsoHeard> {
    let (store, call) = (&company.test.app.store, CallId::parse(call).unwrap());
    store.also_heard(&company.test.org(), &call).await.unwrap()
}

async fn titles(company: &Company, call: &str) -> Vec<String> {
    let items = heard(company, call).await.map(|heard| heard.items);
    let titles = items.into_iter().flatten().map(|item| item.request.title);
    titles.collect()
}

/// Makes a post of a request; its page.
async fn made(browser: &mut Browser, call: &str, n: u32) -> String {
    let path = format!("/calls/{call}/heard/{n}/post");
    let made = browser.post(&path, &[]).await;
    let page = made.location().strip_suffix("?done=heard-posted");
    page.unwrap_or_else(|| panic!("{}", made.text())).to_owned()
}

#[tokio::test]
async fn what_else_was_raised_is_kept_with_the_call_and_shown() {
    let company = company(&[several("1")]).await;
    let mut max = company.connect().await;
    assert_eq!(company.counts().await, counted(&[(REPORT, 1)]));
    let items = heard(&company, "1").await.unwrap().items;
    let known: Vec<_> = items
        .iter()
        .map(|item| {
            let who = item.author.name.as_deref().unwrap();
            (item.n, &*item.request.title, &*item.quotes[0].text, who)
        })
        .collect();
    let expected = [
        (1, NIGHT.title, NIGHT.said, "Bo Brandt"),
        (2, SORT.0, SORT.1, "Cleo Customer"),
    ];
    assert_eq!(known, expected);
    assert_eq!(items[0].doubts, [UNSAID]);

    let call = company.test.call("1").await;
    assert_eq!(call.state, CallState::Posted);
    assert_eq!(
        call.reason,
        "gave a new post; 2 more requests are also heard"
    );
    let mut stages = call.stages.iter();
    let extract = stages.find(|record| record.stage == Recorded::Extract);
    let says = &extract.unwrap().says;
    let counts = "2 more requests are also heard; left out: 1 without a verified quote";
    assert!(says.ends_with(counts), "{says}");
    // Neither embedded, written anew nor placed: what is also heard costs nothing.
    assert_eq!((call.usage.embedded_texts, call.usage.llm_calls), (1, 3));

    let page = max.get("/calls/1").await.text();
    for shown in ["Also heard (2)", NIGHT.title, NIGHT.said, UNSAID, SORT.1] {
        assert!(page.contains(shown), "{shown}: {page}");
    }
    let post = max.get(&company.page_of(REPORT.title).await).await.body;
    assert!(post.contains("href=\"/calls/1#heard-1\""), "{post}");
}

#[tokio::test]
async fn a_post_is_made_of_it_that_later_calls_support() {
    let mut company = company(&[several("1")]).await;
    let mut max = company.connect().await;
    let mut eve = company.test.browser(&member()).await;
    let (one, other) = tokio::join!(made(&mut max, "1", 1), made(&mut eve, "1", 1));
    assert_eq!(one, other, "twice at once makes one post");
    company.hears(vec![asks("2", NIGHT).build()]).await;
    let expected = counted(&[(REPORT, 1), (NIGHT, 2)]);
    assert_eq!(company.counts().await, expected);
    assert_eq!(company.page_of(NIGHT.title).await, one);

    let call = company.test.call("1").await;
    let results: Vec<_> = call.outcomes.iter().map(|o| (o.n, o.result)).collect();
    let posted = OutcomeResult::Posted;
    assert_eq!(results, [(None, posted), (Some(1), posted)]);
    assert!(call.reason.contains("made a post of what was also heard"));
    let mut max = company.max().await;
    let page = max.get("/calls/1").await.body;
    assert!(page.contains(&format!("href=\"{one}\">a post</a> of it")));
    let post = max.get(&one).await.text();
    for shown in [
        "Evidence (2)",
        "Bo Brandt",
        "of what was also heard in call 1",
    ] {
        assert!(post.contains(shown), "{shown}: {post}");
    }
    // Erasing the call reaches it.
    let mut ada = company.test.browser(&admin()).await;
    ada.post("/calls/1/erase", &[]).await;
    assert_eq!(company.counts().await, counted(&[(NIGHT, 1)]));
    assert_eq!(heard(&company, "1").await, None);
}

#[tokio::test]
async fn it_is_dismissed_and_stays_with_the_call() {
    let company = company(&[several("1")]).await;
    let mut max = company.connect().await;
    let done = max.post("/calls/1/heard/2/dismiss", &[]).await;
    assert_eq!(done.location(), "/calls/1?done=heard-dismissed");
    let page = max.get(done.location()).await.text();
    assert!(page.contains("Undo the dismissal"), "{page}");
    let refused = max.post("/calls/1/heard/2/post", &[]).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    max.post("/calls/1/heard/2/undo-dismissal", &[]).await;
    made(&mut max, "1", 2).await;
    assert_eq!(company.test.all_posts().await.len(), 2);
}

#[tokio::test]
async fn it_is_withdrawn_with_a_call_that_turns_private() {
    let company = company(&[several("1"), asks("2", REPORT)]).await;
    let mut max = company.connect().await;
    made(&mut max, "1", 1).await;
    company.test.sandbox.set_private("1", true);
    company.test.later(Span::hours(3)).await;
    assert_eq!(heard(&company, "1").await, None);
    let cause = company.test.call("1").await.skip_cause;
    assert_eq!(cause, Some(SkipCause::Withdrawn));
    let posts = company.test.all_posts().await;
    let night = posts.iter().find(|post| post.request.title == NIGHT.title);
    let night = night.unwrap();
    assert_eq!(night.moderation, Moderation::InReview);
    assert_eq!(night.author.name, None);
    for (key, item) in company.test.items("feedback").await {
        assert!(
            !item.contains(SORT.1) && !item.contains("Bo Brandt"),
            "{key}"
        );
    }
}

#[tokio::test]
async fn it_goes_with_a_private_call_whose_feedback_was_rejected() {
    let company = company(&[several("1")]).await;
    company.set(&[("review", "all")]).await;
    let mut max = company.connect().await;
    let reason = company.test.call("1").await.reason;
    assert!(
        reason.ends_with(". 2 more requests are also heard."),
        "{reason}"
    );
    let post = company.page_of(REPORT.title).await;
    max.post(&format!("{post}/reject"), &[]).await;
    assert_eq!(company.test.call("1").await.state, CallState::Discarded);
    assert_eq!(titles(&company, "1").await.len(), 2);
    company.test.sandbox.set_private("1", true);
    company.test.later(Span::hours(3)).await;
    assert_eq!(heard(&company, "1").await, None);
}

#[tokio::test]
async fn it_is_erased_with_the_person_who_said_it() {
    let company = company(&[several("1")]).await;
    company.connect().await;
    let mut ada = company.test.browser(&admin()).await;
    let who = "bo.brandt@northwind.example";
    let done = ada.post("/erase", &[("who", who)]).await.text();
    assert!(done.contains("1 request also heard there"), "{done}");
    assert_eq!(titles(&company, "1").await, [SORT.0]);
    assert_eq!(company.counts().await, counted(&[(REPORT, 1)]));
    for (key, item) in company.test.items("feedback").await {
        assert!(
            !item.contains("Bo Brandt") && !item.contains(NIGHT.said),
            "{key}"
        );
    }
    ada.post("/erase", &[("who", "Cleo Customer")]).await;
    assert_eq!(heard(&company, "1").await, None);
    assert_eq!(company.counts().await, []);
}

#[tokio::test]
async fn a_setting_of_three_posts_three_by_themselves() {
    let company = company(&[several("1")]).await;
    company.set(&[("feedback_per_call", "3")]).await;
    company.connect().await;
    let mut posts: Vec<_> = company.test.all_posts().await;
    posts.sort_by(|a, b| a.request.title.cmp(&b.request.title));
    let titles: Vec<_> = posts.iter().map(|post| &*post.request.title).collect();
    assert_eq!(titles, [NIGHT.title, REPORT.title, SORT.0]);
    assert_eq!(heard(&company, "1").await, None);
}
