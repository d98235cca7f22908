//! A provider that refuses requests with 400: its own trouble and this installation's is never
//! counted against a call, and a call that alone is refused does not wait for ever.

use std::sync::Arc;

use domain::{
    call::{Call, CallState},
    connection::History,
    moment::Span,
    ports::{analysis::Analyst, system::Clock as _},
};
use gong_sandbox::SandboxCall;
use kit::{
    TestApp, TestOptions,
    calls::{pdf_call, pricing_call},
    test_app::admin,
};
use serde_json::{Value, json};

use crate::{
    logs::listen,
    model::{BOTH, Switch, good, model},
};
use kit::scripted::Reply;

const ALARM: &str = "a provider does not accept this installation's key or model";

fn bad(message: &str) -> Reply {
    let error: Value = json!({"type": "invalid_request_error", "message": message});
    Reply::Status(400, None, json!({"type": "error", "error": error}))
}

async fn test_app(calls: &[String], analyst: Arc<dyn Analyst>) -> TestApp {
    let calls = calls.iter().map(|id| {
        pdf_call(id)
            .customer(&format!("This is call number {id}."))
            .build()
    });
    TestApp::start(TestOptions {
        calls: calls.collect(),
        analyst: Some(analyst),
        ..TestOptions::default()
    })
    .await
}

/// How many calls failed, and how many wait.
async fn failed_and_waiting(test: &TestApp) -> (usize, usize) {
    let ledger = test.ledger().await;
    let count = |state| ledger.values().filter(|(is, _)| *is == state).count();
    (count(CallState::Failed), count(CallState::Deferred))
}

#[tokio::test]
async fn a_credit_balance_that_is_too_low_defers_every_call_with_the_alarm() {
    for protocol in BOTH {
        let (lines, guard) = listen();
        let paid = Switch::default();
        let turned = paid.clone();
        let (_server, analyst) = model(protocol, move |stage, said| match turned.is_on() {
            true => good(stage, said),
            false => bad(
                "Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing to upgrade or purchase credits.",
            ),
        })
        .await;
        let ids: Vec<String> = (1..=20).map(|n: u32| n.to_string()).collect();
        let test = test_app(&ids, analyst).await;
        test.connected(History::Days(30)).await;
        // A day and a half, and no call is given up.
        for _ in 0..6 {
            test.later(Span::hours(6)).await;
        }
        assert_eq!(failed_and_waiting(&test).await, (0, 20));
        assert!(lines.clean(&[]).contains(ALARM));
        paid.set(true);
        test.later(Span::hours(2)).await;
        assert_eq!(failed_and_waiting(&test).await, (0, 0));
        assert_eq!(test.only_post().await.evidence_count, 20);
        drop(guard);
    }
}

/// Lets hours pass, one call of another customer each, until the call is no longer deferred.
async fn hours_with_others(
    test: &TestApp,
    hours: usize,
    mut calls: Vec<SandboxCall>,
) -> (Call, usize) {
    for hour in 0..hours {
        let other = pricing_call(&format!("{}", 500 + hour)).started(test.clock.now());
        calls.push(other.build());
        test.sandbox.set_calls(calls.clone());
        test.later(Span::hours(1)).await;
        let call = test.call("1").await;
        if call.state != CallState::Deferred {
            return (call, hour + 1);
        }
    }
    (test.call("1").await, hours)
}

#[tokio::test]
async fn a_call_that_alone_is_refused_for_a_day_has_failed_by_itself() {
    for protocol in BOTH {
        let mended = Switch::default();
        let turned = mended.clone();
        let (_server, analyst) = model(protocol, move |stage, said| {
            match said.contains("call number 1.") && !turned.is_on() {
                true => bad("messages: this will not do"),
                false => good(stage, said),
            }
        })
        .await;
        let test = test_app(&["1".to_owned()], analyst).await;
        test.connected(History::Days(30)).await;
        let call = test.call("1").await;
        assert_eq!(call.state, CallState::Deferred, "{}", call.reason);
        assert_eq!((call.attempts, call.refused.unwrap().count), (0, 1));
        let own = vec![pdf_call("1").customer("This is call number 1.").build()];
        let (call, hours) = hours_with_others(&test, 48, own).await;
        assert_eq!(call.state, CallState::Failed, "{}", call.reason);
        assert!((24..=32).contains(&hours), "{hours}");
        for words in ["scripted-model", "answered for other calls", "may retry"] {
            assert!(call.reason.contains(words), "{}", call.reason);
        }
        // Once it is mended, it is as if nothing had been.
        mended.set(true);
        let mut browser = test.browser(&admin()).await;
        let page = browser.post("/calls/retry-failed", &[("since", "2020-01-01T00:00")]);
        assert!(page.await.body.contains("1 call queued again"));
        test.app.drain().await;
        let call = test.call("1").await;
        assert_eq!((call.state, call.refused), (CallState::Posted, None));
    }
}

#[tokio::test]
async fn refusals_of_every_call_are_no_calls_own_however_long_they_last() {
    for protocol in BOTH {
        let (_server, analyst) = model(protocol, |_, _| bad("this will not do")).await;
        let ids = ["1".to_owned(), "2".to_owned()];
        let test = test_app(&ids, analyst).await;
        test.connected(History::Days(30)).await;
        for _ in 0..20 {
            test.later(Span::hours(6)).await;
        }
        assert_eq!(failed_and_waiting(&test).await, (0, 2));
        let refused = test.call("1").await.refused.unwrap();
        assert!(refused.count > 10, "{refused:?}");
    }
}
