//! The historical sync: what it lists, what it shows of its progress, and what it costs.

use domain::{
    call::CallState,
    connection::{ConnectionStatus, History},
    moment::Span,
};
use gong_sandbox::{Faults, SandboxCall};
use kit::{
    TestApp,
    calls::{CallBuilder, pdf_call, pricing_call},
    consent::THIRTY_DAYS,
    inside::{api, list_all},
    system::BEGIN,
    test_app::admin,
};
use serde_json::json;

const LISTING: &str = "POST /v2/calls/extensive";
const TRANSCRIPTS: &str = "POST /v2/calls/transcript";
const PROGRESS: &str = "/api/integrations/gong/progress";

/// Calls of twenty days ago, a minute apart: no poll and no lookback shows them again.
fn many(count: i64, of: impl Fn(&str) -> CallBuilder) -> Vec<SandboxCall> {
    let first = BEGIN - Span::days(20);
    (0..count)
        .map(|n| {
            of(&(1_000 + n).to_string())
                .started(first + Span::minutes(n))
                .build()
        })
        .collect()
}

#[tokio::test]
async fn a_backfill_of_250_calls_shows_its_progress_and_costs_what_it_must() {
    let test = TestApp::with_calls(many(250, pricing_call)).await;
    let mut ada = test.browser(&admin()).await;
    ada.connect(THIRTY_DAYS).await;
    assert_eq!(test.asked(LISTING), 1, "of the connect");
    let begun = api(&mut ada, PROGRESS).await;
    assert_eq!(begun["running"], true);
    assert_eq!(
        begun["headline"],
        "Historical sync: calls are being listed."
    );
    assert_eq!(begun["listing"]["done"], 0);

    list_all(&test.app).await;
    let listed = api(&mut ada, PROGRESS).await;
    assert_eq!(listed["listing"], json!(null), "{listed:#}");
    assert_eq!(
        listed["headline"],
        "All calls are listed and are being analysed."
    );
    assert_eq!(
        (&listed["analysing"]["done"], &listed["analysing"]["total"]),
        (&json!(0), &json!(250))
    );
    assert_eq!(
        listed["analysing"]["words"],
        "0 of 250 calls analysed, 250 to go"
    );
    test.app.deliver_calls().await;
    let some = api(&mut ada, PROGRESS).await;
    assert_eq!(
        some["analysing"]["words"],
        "100 of 250 calls analysed, 150 to go"
    );
    let page = ada.gong_page().await;
    assert!(
        page.contains("100 of 250 calls analysed, 150 to go"),
        "{page}"
    );

    test.app.drain().await;
    let done = api(&mut ada, PROGRESS).await;
    assert_eq!(
        (&done["running"], &done["analysing"]),
        (&json!(false), &json!(null))
    );
    assert_eq!(
        done["headline"],
        "Up to date. Next check 2026-11-20 15:00 UTC."
    );
    let page = ada.gong_page().await;
    let words = "The historical sync listed 250 calls and queued 250 of them for analysis.";
    assert!(page.contains(words), "{page}");
    let ledger = test.ledger().await;
    assert_eq!(ledger.len(), 250);
    assert!(
        ledger
            .values()
            .all(|(state, _)| *state == CallState::Discarded)
    );

    assert_eq!(test.asked(LISTING), 1 + 3, "the connect's and ⌈250/100⌉");
    assert_eq!(test.asked(TRANSCRIPTS), 3, "⌈250/100⌉");
    assert_eq!((test.asked("GET /v2/users"), test.requests()), (1, 9));
    let stats = test.sandbox.stats();
    assert_eq!(stats.rate_limited, 0);
    let served = &stats.served_at_ms;
    assert!(
        served.windows(4).all(|four| four[3] - four[0] >= 1_000),
        "{served:?}"
    );

    test.later(Span::hours(3)).await;
    assert_eq!(test.asked(LISTING), 5, "an idle poll costs one request");
    assert_eq!((test.asked(TRANSCRIPTS), test.requests()), (3, 10));
    assert_eq!(test.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn only_eligible_calls_are_asked_for() {
    let mut calls = many(150, pricing_call);
    for call in calls.iter_mut().take(30) {
        call.call["metaData"]["isPrivate"] = true.into();
    }
    for call in calls.iter_mut().skip(30).take(10) {
        call.call["parties"][0]["affiliation"] = "Internal".into();
    }
    let test = TestApp::with_calls(calls).await;
    let mut ada = test.connected(History::Days(60)).await;
    assert_eq!(test.asked(TRANSCRIPTS), 2, "⌈110/100⌉");
    let asked = test.sandbox.stats().transcripts_requested;
    assert_eq!(asked.len(), 110);
    assert!(asked.iter().all(|id| id.as_str() >= "1040"), "{asked:?}");
    let page = ada.gong_page().await;
    for words in [
        "listed 150 calls and queued 110 of them",
        "private: 30",
        "no participant from outside the company: 10",
    ] {
        assert!(page.contains(words), "{words}: {page}");
    }
    assert_eq!(test.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn a_listing_in_the_middle_shows_listed_queued_and_why_it_waits() {
    let test = TestApp::with_calls(many(250, pricing_call)).await;
    let mut ada = test.browser(&admin()).await;
    ada.connect(THIRTY_DAYS).await;
    test.sandbox.set_faults(Faults {
        fail_extensive_after_page: Some(1),
        ..Faults::default()
    });
    list_all(&test.app).await;
    let progress = api(&mut ada, PROGRESS).await;
    assert_eq!(progress["running"], true);
    let words = "100 of about 250 calls listed, 100 of them queued for analysis";
    assert_eq!(progress["listing"]["words"], words, "{progress:#}");
    assert_eq!(progress["listing"]["total"], 250);
    let waiting = progress["waiting"][0].as_str().unwrap();
    assert!(
        waiting.starts_with("Historical sync waits: Gong did not answer properly"),
        "{waiting}"
    );
    let page = ada.gong_page().await;
    assert!(
        page.contains(words) && page.contains("Last error: Gong did not answer"),
        "{page}"
    );
    test.app.drain().await;
    assert_eq!(
        test.ledger().await.len(),
        100,
        "what was listed is worked on meanwhile"
    );

    test.sandbox.set_faults(Faults::default());
    test.later(Span::minutes(5)).await;
    assert_eq!(test.ledger().await.len(), 250);
    let mut asked = test.sandbox.stats().transcripts_requested;
    asked.sort();
    let all: Vec<_> = (1_000..1_250).map(|id| id.to_string()).collect();
    assert_eq!(
        asked, all,
        "each transcript once, although the slice was repeated"
    );
    let page = ada.gong_page().await;
    assert!(page.contains("listed 250 calls and queued 250"), "{page}");
    assert!(!page.contains("Last error"), "{page}");
    assert_eq!(test.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn listing_pauses_while_more_than_500_calls_are_open() {
    let test = TestApp::with_calls(many(800, pricing_call)).await;
    let mut ada = test.browser(&admin()).await;
    ada.connect(THIRTY_DAYS).await;
    list_all(&test.app).await;
    assert_eq!(
        test.ledger().await.len(),
        600,
        "the page that passed 500 is the last one"
    );
    let progress = api(&mut ada, PROGRESS).await;
    let waiting = progress["waiting"][0].as_str().unwrap();
    assert!(
        waiting.contains("more than 500 calls are waiting to be analysed"),
        "{waiting}"
    );
    let page = ada.gong_page().await;
    assert!(!page.contains("Last error"), "a pause is no error: {page}");

    test.app.drain().await;
    test.later(Span::minutes(1)).await;
    let ledger = test.ledger().await;
    assert_eq!(ledger.len(), 800);
    assert!(ledger.values().all(|(state, _)| !state.is_open()));
    assert_eq!(test.sandbox.stats().transcripts_requested.len(), 800);
    assert_eq!(test.asked(TRANSCRIPTS), 8);
    assert_eq!(test.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn a_gong_without_calls_is_told_plainly() {
    let test = TestApp::with_calls(Vec::new()).await;
    let mut ada = test.browser(&admin()).await;
    ada.connect(THIRTY_DAYS).await;
    let page = ada.gong_page().await;
    assert!(
        !page.contains("No calls are visible"),
        "it is not known yet: {page}"
    );
    test.app.drain().await;
    let page = ada.gong_page().await;
    for words in [
        "No calls are visible to this connection.",
        "Gong listed no calls since 2026-10-21 12:00 UTC.",
        "that this is the right Gong workspace: sandbox-company",
        "Status: connected",
    ] {
        assert!(page.contains(words), "{words}: {page}");
    }
    // Once a call shows up the words are gone, also when it is private.
    let call = pdf_call("1")
        .started(BEGIN + Span::hours(1))
        .private(json!(true));
    test.sandbox.set_calls(vec![call.build()]);
    test.later(Span::hours(3)).await;
    let page = ada.gong_page().await;
    assert!(!page.contains("No calls are visible"), "{page}");
    assert_eq!(test.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn a_backfill_goes_on_when_its_message_was_lost() {
    let test = TestApp::with_calls(many(3, pricing_call)).await;
    let mut ada = test.browser(&admin()).await;
    ada.connect(THIRTY_DAYS).await;
    // Taken from the queue, and never answered for.
    let lost = test.app.windows.take(BEGIN + Span::hours(1), 10);
    assert_eq!(lost.len(), 1);
    test.later(Span::minutes(5)).await;
    assert!(
        test.ledger().await.is_empty(),
        "its time to show up is not over"
    );
    test.later(Span::minutes(5)).await;
    assert_eq!(test.ledger().await.len(), 3);
    assert_eq!(test.connection().await.status, ConnectionStatus::Connected);
    assert_eq!(test.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn a_second_historical_sync_counts_only_what_it_queues() {
    let (old, new) = (pdf_call("1"), pricing_call("2"));
    let test = TestApp::with_calls(vec![old.build()]).await;
    let mut ada = test.connected(History::Days(30)).await;
    ada.post("/integrations/gong/disconnect", &[]).await;
    test.app.drain().await;
    test.sandbox.set_calls(vec![old.build(), new.build()]);
    ada.connect(THIRTY_DAYS).await;
    test.app.drain().await;
    let page = ada.gong_page().await;
    let words = "The historical sync listed 2 calls and queued 1 of them for analysis.";
    assert!(page.contains(words), "{page}");
}
