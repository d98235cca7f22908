//! Tokens and cost: by call, by month, and a budget that pauses and resumes.

use domain::{
    call::CallState,
    moment::Span,
    ports::{feedback::UsageStore, system::Clock},
    usage::{Month, Prices},
};
use kit::test_app::{admin, viewer};

use crate::people::{Company, INVOICE, NIGHT, REPORT, asks, counted, knows};

const PRICES: &str = "scripted-model=2.5/10,voyage-4=0.06";

async fn company() -> Company {
    let calls = vec![asks("1", REPORT).build()];
    Company::start(calls, knows, |options| {
        options.prices = Prices::parse(PRICES).unwrap();
    })
    .await
}

#[tokio::test]
async fn a_call_says_what_each_stage_said_took_and_cost() {
    let company = company().await;
    let mut max = company.connect().await;
    let words = max.get("/calls/1").await.text();
    // 100 tokens are sent and 10 written in each stage: $0.00025 + $0.0001.
    for text in [
        "posted gave a new post",
        "normalize 3 turns, 1 of them by the customer's side",
        "detect So says the scripted model. scripted-model prompts v3 1 model request, 110 tokens, $0.0004",
        "extract 1 feedback; 1 of 1 extracted quotes are in the customer's words",
        "deduplicate a new post: no post is near, threshold 0.85. voyage-4@2",
        "organize chose a place for each new post",
        "Used in all attempts 3 model requests, 350 tokens, 1 text embedded, $0.0011",
    ] {
        assert!(words.contains(text), "{text}: {words}");
    }
    let usage = max.get("/usage").await.text();
    assert!(usage.contains("3 model requests, 350 tokens"), "{usage}");
    let mut vera = company.test.browser(&viewer()).await;
    let json = vera.get("/api/usage").await.body;
    assert!(
        json.contains("\"prompt_tokens\":300") && json.contains("\"cost_micros\":1052"),
        "{json}"
    );
}

#[tokio::test]
async fn a_call_that_gives_nothing_says_why_where_and_by_which_model() {
    let company = Company::with(vec![kit::calls::pricing_call("1").build()]).await;
    let mut max = company.connect().await;
    let words = max.get("/calls/1").await.text();
    assert!(
        words.contains("discarded So says the scripted model."),
        "{words}"
    );
    assert!(
        words.contains("detect So says the scripted model. scripted-model prompts v3"),
        "{words}"
    );
    assert!(!words.contains("extract"), "{words}");
}

#[tokio::test]
async fn a_used_up_budget_pauses_says_so_and_goes_on_when_it_is_raised_or_the_month_ends() {
    let mut company = company().await;
    company.set(&[("monthly_tokens", "300")]).await;
    let mut max = company.connect().await;
    assert_eq!(company.test.call("1").await.state, CallState::Posted);
    company.hears(vec![asks("2", NIGHT).build()]).await;
    let call = company.test.call("2").await;
    assert_eq!(call.state, CallState::Deferred);
    assert!(
        call.reason
            .contains("this month's budget of 300 tokens is used up"),
        "{}",
        call.reason
    );
    let transcripts = company.test.sandbox.stats().transcripts_requested;
    assert!(
        !transcripts.contains(&"2".to_owned()),
        "nothing is asked of Gong for it"
    );
    let usage = max.get("/usage").await.text();
    assert!(usage.contains("Analysis pauses."), "{usage}");
    assert!(usage.contains("350 of 300 tokens"), "{usage}");
    let mut ada = company.test.browser(&admin()).await;
    let gong = ada.get("/integrations/gong").await.text();
    assert!(
        gong.contains("this month's budget of 300 tokens is used up"),
        "{gong}"
    );

    // Raised: within the hour it goes on.
    company
        .set(&[("monthly_tokens", "600"), ("monthly_dollars", "5")])
        .await;
    company.test.later(Span::minutes(61)).await;
    assert_eq!(company.test.call("2").await.state, CallState::Posted);

    // Used up again: the new month has its own.
    company.hears(vec![asks("3", INVOICE).build()]).await;
    assert_eq!(company.test.call("3").await.state, CallState::Deferred);
    company.test.later(Span::days(20)).await;
    company.test.later(Span::hours(2)).await;
    let call = company.test.call("3").await;
    assert_eq!(call.state, CallState::Consolidated, "{}", call.reason);
    assert_eq!(company.counts().await, counted(&[(REPORT, 2), (NIGHT, 1)]));
}

#[tokio::test]
async fn what_people_do_is_in_the_months_sum_too() {
    let company = company().await;
    let mut max = company.connect().await;
    let month = Month::of(company.test.clock.now());
    let used = async || {
        let org = company.test.org();
        let used = company.test.app.store.usage(&org, month).await.unwrap();
        (
            used.embedded_texts,
            used.embedded_tokens,
            used.unpriced_tokens,
        )
    };
    assert_eq!(used().await, (1, 20, 0));
    let form = [
        ("title", "A theme for the night shift"),
        ("details", ""),
        ("board", ""),
    ];
    max.post("/feedback", &form).await;
    assert_eq!(used().await, (2, 40, 0));
    let report = company.page_of(REPORT.title).await;
    max.post(&format!("{report}/evidence/1/0/move"), &[("to", "")])
        .await;
    assert_eq!(used().await, (3, 60, 0));
}

#[tokio::test]
async fn a_budget_in_dollars_that_cannot_be_kept_pauses_and_says_why() {
    let company = Company::start(vec![asks("1", REPORT).build()], knows, |options| {
        options.prices = Prices::parse("scripted-model=2.5/10").unwrap();
    })
    .await;
    company.set(&[("monthly_dollars", "5")]).await;
    company.connect().await;
    let call = company.test.call("1").await;
    assert_eq!(call.state, CallState::Deferred, "{}", call.reason);
    let why = "budget of $5 cannot be kept, because the model voyage-4 has no price";
    assert!(call.reason.contains(why), "{}", call.reason);
    company.set(&[("monthly_tokens", "5000")]).await;
    company.test.later(Span::hours(2)).await;
    assert_eq!(company.counts().await, counted(&[(REPORT, 1)]));
}
