//! The whole way of a feedback, from review over merges to un-merge and the month's sum: the same
//! on each protocol, down to the words of the pages.

use std::collections::BTreeMap;

use adapters::llm::Protocol;
use domain::{call::CallState, moment::Span};
use kit::calls::pricing_call;

use crate::{
    model::{BOTH, Switch},
    people::{Company, INVOICE, NIGHT, REPORT, asks, counted, knows},
    review_queue::in_review,
};
use kit::scripted::Reply;

#[tokio::test]
async fn a_feedback_goes_the_same_way_on_each_protocol() {
    let [openai, anthropic] = BOTH;
    assert_eq!(whole_way(openai).await, whole_way(anthropic).await);
}

/// What the ledger said of each call at the end, and the month's tokens.
async fn whole_way(protocol: Protocol) -> (BTreeMap<String, (CallState, String)>, String) {
    let (busy, calls) = (
        Switch::turned_on(),
        vec![
            asks("1", REPORT).build(),
            asks("2", NIGHT).build(),
            pricing_call("9").build(),
        ],
    );
    let turned = busy.clone();
    let play = move |stage, material: &str| {
        if turned.is_on() {
            Reply::status(529)
        } else {
            knows(stage, material)
        }
    };
    let mut company = Company::start_on(protocol, calls, play, |_| ()).await;
    company.set(&[("review", "all")]).await;
    let mut max = company.connect().await;
    let waits = company.test.call("1").await;
    assert_eq!(waits.state, CallState::Deferred, "{}", waits.reason);
    assert!(waits.reason.contains("529"), "{}", waits.reason);
    busy.set(false);
    company.test.later(Span::minutes(11)).await;

    let queue = max.get("/review").await.text();
    assert!(queue.contains("2 posts waiting"), "{queue}");
    for page in in_review(&company).await {
        let answer = max.post(&format!("{page}/approve"), &[("own", "")]).await;
        assert!(answer.location().contains("done=approved"));
    }
    company.set(&[("review", "off")]).await;

    company.hears(vec![asks("3", INVOICE).build()]).await;
    assert_eq!(company.counts().await, counted(&[(REPORT, 2), (NIGHT, 1)]));
    let report = company.page_of(REPORT.title).await;
    let mut max = company.max().await;
    let path = format!("{report}/evidence/3/0/move");
    let moved = max.post(&path, &[("to", "")]).await;
    let page = max.get(moved.location()).await.text();
    assert!(page.contains(INVOICE.said), "{page}");
    company.hears(vec![asks("4", INVOICE).build()]).await;
    let apart = [(REPORT, 1), (NIGHT, 1), (INVOICE, 2)];
    assert_eq!(company.counts().await, counted(&apart));

    let mut max = company.max().await;
    let nothing = max.get("/calls/9").await.text();
    for words in ["detect", "scripted-model", "So says the scripted model."] {
        assert!(nothing.contains(words), "{words}: {nothing}");
    }
    let ledger = company.test.ledger().await;
    assert_eq!(company.test.violations(), Vec::<String>::new());
    (ledger, max.get("/usage").await.text())
}
