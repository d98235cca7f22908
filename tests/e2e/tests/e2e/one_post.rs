//! One post for one request, once for each call: whatever is delivered, how often and by whom.

use std::sync::Arc;

use adapters::llm::Protocol;
use domain::{
    call::{CallMessage, CallState, OutcomeResult},
    connection::History,
    ids::{CallId, OrgId, PostId},
    moment::Span,
    ports::{ledger::Ledger, queues::CallQueue},
};
use gong_sandbox::SandboxCall;
use kit::{
    TestApp, TestOptions,
    calls::{call, pdf_call},
    test_app::admin,
};
use local::exact_index::ExactIndex;
use local_runner::try_run;

use crate::model::{PDF_TITLE, Stage, detects, finds, good, model, places};

fn message(id: &str) -> CallMessage {
    CallMessage {
        org_id: admin().org_id,
        call_id: CallId::parse(id).unwrap(),
        generation: 1,
    }
}

pub fn pdf_calls(count: usize) -> Vec<SandboxCall> {
    (1..=count)
        .map(|n| {
            pdf_call(&n.to_string())
                .from(&format!("Account {n}"), &format!("Person {n}"))
                .build()
        })
        .collect()
}

/// Connects and lists, without working on a call: the messages are in the queue of `test.app`.
pub async fn listed(test: &TestApp) {
    test.browser(&admin()).await;
    try_run::connect(&test.app, &test.sandbox, &admin(), History::Days(30))
        .await
        .unwrap();
    while test.app.deliver_windows().await > 0 {}
}

#[tokio::test]
async fn thirty_calls_with_one_request_in_one_batch_are_one_post_with_thirty_pieces_of_evidence() {
    let test = TestApp::with_calls(pdf_calls(30)).await;
    let mut browser = test.connected(History::Days(30)).await;
    let post = test.only_post().await;
    assert_eq!(post.evidence_count, 30);
    let evidence = test.evidence(&post.id).await;
    let mut calls: Vec<_> = evidence.iter().map(|e| e.call_id.clone()).collect();
    calls.sort();
    calls.dedup();
    assert_eq!((evidence.len(), calls.len()), (30, 30));
    let ledger = test.ledger().await;
    let posted = ledger
        .values()
        .filter(|(state, _)| *state == CallState::Posted)
        .count();
    assert_eq!(posted, 1, "{ledger:#?}");
    assert!(
        ledger
            .values()
            .all(|(s, _)| matches!(s, CallState::Posted | CallState::Consolidated))
    );
    let page = browser.get(&format!("/feedback/{}", post.id)).await.text();
    assert!(
        page.contains("Evidence (30)") && page.contains("Account 17"),
        "{page}"
    );
    assert_eq!(test.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn two_requests_are_two_posts_whatever_the_order() {
    let (_server, analyst) = model(Protocol::OpenAi, |stage, material| match stage {
        _ if material.contains("PDF") => good(stage, material),
        Stage::Detect => detects(true),
        Stage::Extract => finds(
            "A dark theme for the phone app",
            &["A dark theme would help our night shift a lot."],
        ),
        Stage::Repair | Stage::Judge => good(stage, material),
        Stage::Organize => places("feature-requests", "mobile", &["mobile"]),
    })
    .await;
    let calls = (1..=30).map(|n| {
        let id = n.to_string();
        if n % 3 == 0 {
            call(&id)
                .internal("How are you?")
                .customer("A dark theme would help our night shift a lot.")
                .build()
        } else {
            pdf_call(&id).build()
        }
    });
    let test = TestApp::start(TestOptions {
        calls: calls.collect(),
        analyst: Some(analyst),
        ..TestOptions::default()
    })
    .await;
    test.connected(History::Days(30)).await;
    let mut counts: Vec<_> = test
        .all_posts()
        .await
        .into_iter()
        .map(|p| (p.evidence_count, p.request.title))
        .collect();
    counts.sort();
    assert_eq!(
        counts,
        [
            (10, "A dark theme for the phone app".to_owned()),
            (20, PDF_TITLE.to_owned())
        ]
    );
}

#[tokio::test]
async fn one_call_delivered_again_and_again_gives_its_outcome_once() {
    let test = TestApp::with_calls(pdf_calls(2)).await;
    let other = test.another_process(|_| ()).await;
    listed(&test).await;
    // Five times in one batch, at the same time in another process, and once more afterwards.
    let five = ["1", "1", "1", "1", "1"].map(message);
    test.app.calls.send(&five).await.unwrap();
    other.calls.send(&five).await.unwrap();
    tokio::join!(test.app.drain(), other.drain());
    test.app.calls.send(&five).await.unwrap();
    test.app.drain().await;
    let post = test.only_post().await;
    assert_eq!(
        (post.evidence_count, test.evidence(&post.id).await.len()),
        (2, 2),
        "{:?}",
        test.ledger().await
    );
    let call = test.call("1").await;
    assert_eq!(call.outcomes.len(), 1);
    let texts = test.sandbox.stats().transcripts_requested;
    assert_eq!(texts.iter().filter(|id| *id == "1").count(), 1, "{texts:?}");
    assert_eq!(test.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn a_message_of_another_organization_generation_or_call_does_nothing() {
    let test = TestApp::with_calls(pdf_calls(1)).await;
    test.connected(History::Days(30)).await;
    let strange = [
        CallMessage {
            generation: 7,
            ..message("1")
        },
        CallMessage {
            org_id: OrgId::parse("nobody").unwrap(),
            ..message("1")
        },
        message("424242"),
    ];
    test.app.calls.send(&strange).await.unwrap();
    test.app.drain().await;
    assert_eq!(test.app.calls.len(), 0, "none of them comes again");
    assert_eq!(test.only_post().await.evidence_count, 1);
    assert_eq!(test.ledger().await.len(), 1);
}

#[tokio::test]
async fn a_lost_index_is_rebuilt_and_decides_as_before() {
    let csv = |id: &str| {
        call(id)
            .internal("How is it going?")
            .customer("We really need to be able to export all tickets to a CSV file. Today we copy them by hand.")
            .internal("I see.")
    };
    let first = [pdf_call("1").build(), csv("2").build()];
    let all = [&first[..], &[pdf_call("3").build(), csv("4").build()]].concat();
    let mut seen = Vec::new();
    for lost in [false, true] {
        let test = TestApp::with_calls(first.to_vec()).await;
        test.connected(History::Days(30)).await;
        test.sandbox.set_calls(all.clone());
        let app = if lost {
            let empty = Arc::new(ExactIndex::new(minilm::DIMENSION));
            test.another_process(|parts| parts.index = empty).await
        } else {
            Arc::clone(&test.app)
        };
        test.clock.advance(Span::hours(4));
        app.tick().await.unwrap();
        app.drain().await;
        let ids = ["3", "4"].map(|id| CallId::parse(id).unwrap());
        let calls = app.store.calls(&test.org(), &ids).await.unwrap();
        let posts = test.all_posts().await;
        assert_eq!(posts.len(), 2, "{posts:#?}");
        let title = |id: &PostId| {
            let post = posts.iter().find(|post| post.id == *id).unwrap();
            (post.request.title.clone(), post.evidence_count)
        };
        let decided = calls.iter().map(|call| {
            let outcome = &call.outcomes[0];
            assert_eq!(outcome.result, OutcomeResult::Consolidated);
            (title(&outcome.post_id), outcome.score)
        });
        seen.push(decided.collect::<Vec<_>>());
    }
    assert_eq!(seen[0], seen[1]);
}
