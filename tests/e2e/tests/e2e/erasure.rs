//! Erasing what a call or a person gave.

use domain::{
    call::{CallState, SkipCause},
    moment::Span,
    ports::{
        feedback::{FeedbackStore, PostFilter},
        ledger::Ledger,
    },
};
use gong_sandbox::SandboxCall;
use kit::test_app::{admin, member};
use lambda_http::http::StatusCode;
use serde_json::{Value, json};

use crate::people::{Company, INVOICE, NIGHT, REPORT, Wish, asks, counted, knows};
use kit::scripted::Reply;

async fn company() -> Company {
    Company::with(vec![
        asks("1", REPORT).from("Northwind", "Cleo Customer").build(),
        asks("2", NIGHT).from("Northwind", "Cleo Customer").build(),
        asks("3", REPORT).from("Harrow", "Dana Whitlock").build(),
    ])
    .await
}

/// Everything that is stored of feedback and calls, as text.
async fn all_that_is_stored(company: &Company) -> String {
    let (store, org) = (&company.test.app.store, company.test.org());
    let every = PostFilter {
        hidden_too: true,
        ..PostFilter::default()
    };
    let posts = store.posts(&org, &every).await.unwrap();
    let evidence = store.all_evidence(&org).await.unwrap();
    let heard = store.all_also_heard(&org).await.unwrap();
    let page = store.page(&org, None, None, 100).await.unwrap();
    let calls = page.calls;
    let mut moved = Vec::new();
    for post in &posts {
        moved.extend(store.unmerges(&org, &post.id).await.unwrap());
    }
    let (log, _) = store.activity(&org, None, 100).await.unwrap();
    format!("{posts:?} {evidence:?} {heard:?} {moved:?} {calls:?} {log:?}")
}

#[tokio::test]
async fn an_erased_call_leaves_nothing_but_that_it_was_and_is_never_read_again() {
    let company = company().await;
    company.connect().await;
    let mut ada = company.test.browser(&admin()).await;
    let asked = ada.get("/calls/2/erase").await.text();
    assert!(asked.contains("What stays"), "{asked}");
    let done = ada.post("/calls/2/erase", &[]).await;
    assert!(done.location().contains("call-erased"), "{}", done.text());
    assert_eq!(company.counts().await, counted(&[(REPORT, 2)]));
    let call = company.test.call("2").await;
    assert_eq!(
        (call.state, call.skip_cause, call.title.as_deref()),
        (CallState::Skipped, Some(SkipCause::Erased), None)
    );
    assert!(!all_that_is_stored(&company).await.contains(NIGHT.said));
    let requested = company.test.sandbox.stats().transcripts_requested.len();
    company.test.later(Span::hours(25)).await;
    assert_eq!(
        company.test.sandbox.stats().transcripts_requested.len(),
        requested
    );
    let mut ada = company.test.browser(&admin()).await;
    let ledger = ada.get("/calls").await.text();
    assert!(ledger.contains("erased by an admin"), "{ledger}");
}

#[tokio::test]
async fn an_erased_person_is_nowhere() {
    let company = company().await;
    company.connect().await;
    let before = all_that_is_stored(&company).await;
    assert!(
        before.contains("Cleo Customer") && before.contains("cleo.customer@"),
        "{before}"
    );
    let mut ada = company.test.browser(&admin()).await;
    let done = ada
        .post("/erase", &[("who", " CLEO.customer@northwind.example ")])
        .await;
    assert_eq!(done.status, StatusCode::OK);
    let words = done.text();
    assert!(words.contains("Erased: the evidence of 2 calls"), "{words}");
    let after = all_that_is_stored(&company).await.to_lowercase();
    assert!(!after.contains("cleo"), "{after}");
    assert!(after.contains("dana whitlock"), "{after}");
    assert_eq!(company.counts().await, counted(&[(REPORT, 1)]));
    let nobody = ada.post("/erase", &[("who", "Cleo Customer")]).await.text();
    assert!(nobody.contains("Nobody with this name"), "{nobody}");
    let short = ada.post("/erase", &[("who", "C")]).await;
    assert_eq!(short.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn only_admins_erase() {
    let company = company().await;
    company.connect().await;
    let mut max = company.test.browser(&member()).await;
    for (path, form) in [
        ("/calls/2/erase", vec![]),
        ("/erase", vec![("who", "Cleo Customer")]),
    ] {
        let refused = max.post(path, &form).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{}", refused.text());
        assert_eq!(max.get(path).await.status, StatusCode::FORBIDDEN);
    }
    assert_eq!(company.counts().await, counted(&[(REPORT, 2), (NIGHT, 1)]));
}

#[tokio::test]
async fn a_post_that_was_made_of_an_erased_calls_words_takes_those_of_what_is_left() {
    let mut company = Company::with(vec![asks("1", REPORT).build()]).await;
    let mut max = company.connect().await;
    company.hears(vec![asks("2", INVOICE).build()]).await;
    assert_eq!(company.counts().await, counted(&[(REPORT, 2)]));
    let report = company.page_of(REPORT.title).await;
    // The founder's evidence leaves; the post keeps its words, until they are erased.
    max.post(&format!("{report}/evidence/1/0/move"), &[("to", "")])
        .await;
    let mut ada = company.test.browser(&admin()).await;
    ada.post("/calls/1/erase", &[]).await;
    let all = all_that_is_stored(&company).await;
    assert!(
        !all.contains(REPORT.title) && !all.contains(REPORT.said),
        "{all}"
    );
    assert_eq!(company.counts().await, counted(&[(INVOICE, 1)]));
    let mut max = company.max().await;
    assert_eq!(company.page_of(INVOICE.title).await, report);
    // Its place in the search is that of its words: the like of the invoice is added to it.
    company.hears(vec![asks("3", INVOICE).build()]).await;
    assert_eq!(company.counts().await, counted(&[(INVOICE, 2)]));
    let page = max.get(&report).await.text();
    assert!(page.contains("Evidence (2)"), "{page}");
}

#[tokio::test]
async fn a_post_that_rests_on_nothing_but_what_was_moved_out_and_erased_is_gone() {
    let company = Company::with(vec![asks("1", REPORT).build()]).await;
    let mut max = company.connect().await;
    let report = company.page_of(REPORT.title).await;
    max.post(&format!("{report}/evidence/1/0/move"), &[("to", "")])
        .await;
    assert_eq!(company.test.all_posts().await.len(), 2);
    let mut ada = company.test.browser(&admin()).await;
    ada.post("/calls/1/erase", &[]).await;
    assert_eq!(company.test.all_posts().await, []);
    assert!(!all_that_is_stored(&company).await.contains(REPORT.title));
}

#[tokio::test]
async fn a_post_that_holds_merged_ones_takes_their_words() {
    let company = Company::with(vec![asks("1", REPORT).build(), asks("2", NIGHT).build()]).await;
    let mut max = company.connect().await;
    let report = company.page_of(REPORT.title).await;
    let night = company.page_of(NIGHT.title).await;
    max.post(&format!("{night}/merge"), &[("to", &report)])
        .await;
    let mut ada = company.test.browser(&admin()).await;
    ada.post("/calls/1/erase", &[]).await;
    let all = all_that_is_stored(&company).await;
    assert!(
        !all.contains(REPORT.title) && !all.contains(REPORT.said),
        "{all}"
    );
    let page = max.get(&report).await.text();
    assert!(
        page.contains(NIGHT.title) && page.contains("Evidence (1)"),
        "{page}"
    );
}

#[tokio::test]
async fn what_a_person_wrote_into_a_post_stays_when_a_call_is_erased() {
    let mut company = Company::with(vec![asks("1", REPORT).build()]).await;
    let mut max = company.connect().await;
    company.hears(vec![asks("2", INVOICE).build()]).await;
    let report = company.page_of(REPORT.title).await;
    let form = [
        ("edits", "0"),
        ("title", "Exports"),
        (
            "details",
            "Customers ask for this: Export the weekly report.",
        ),
        ("board", "feature-requests"),
        ("category", ""),
        ("status", "planned"),
        ("owner", ""),
    ];
    let saved = max.post(&format!("{report}/edit"), &form).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text());
    let mut ada = company.test.browser(&admin()).await;
    ada.post("/calls/1/erase", &[]).await;
    assert!(!all_that_is_stored(&company).await.contains(REPORT.title));
    let page = max.get(&report).await.text();
    assert!(
        page.contains("Exports") && page.contains("planned"),
        "{page}"
    );
    assert!(
        page.contains("Customers ask for this: Export each invoice."),
        "{page}"
    );
}

/// Cleo and Dana share a microphone, so that nobody knows whose address goes with the quote.
fn two_at_a_microphone(id: &str, wish: Wish, account: &str) -> SandboxCall {
    let call = asks(id, wish).from(account, "Cleo Customer");
    let mut call = call.colleague("Dana Whitlock", "Bye.").build();
    let parties = call.call["parties"].as_array_mut().unwrap();
    let theirs = |party: &&mut Value| party["affiliation"] == "External";
    for party in parties.iter_mut().filter(theirs) {
        party["speakerId"] = json!("111");
    }
    call
}

#[tokio::test]
async fn a_persons_quotes_at_a_shared_microphone_go_with_the_address_and_the_post_is_looked_at() {
    let company = Company::with(vec![
        asks("1", REPORT).from("Northwind", "Cleo Customer").build(),
        two_at_a_microphone("2", NIGHT, "Northwind"),
        two_at_a_microphone("3", INVOICE, "Harrow"),
    ])
    .await;
    company.connect().await;
    let mut ada = company.test.browser(&admin()).await;
    let who = [("who", "cleo.customer@northwind.example")];
    let words = ada.post("/erase", &who).await.text();
    assert!(words.contains("the evidence of 1 call,"), "{words}");
    assert!(words.contains("1 quote in other calls"), "{words}");
    // The last quote goes, and with it the post's standing as a fact.
    let night = company.page_of(NIGHT.title).await;
    let page = ada.get(&night).await.text();
    assert!(
        page.contains("The last quote that this post rested on was erased"),
        "{page}"
    );
    let call = company.test.call("2").await;
    assert_eq!(call.state, CallState::InReview, "{}", call.reason);
    // The Cleo of another company is somebody else; by name, she goes too.
    let stored = all_that_is_stored(&company).await;
    assert!(stored.contains(INVOICE.said), "{stored}");
    ada.post("/erase", &[("who", "Cleo Customer")]).await;
    let all = all_that_is_stored(&company).await;
    assert!(!all.contains("Cleo"), "{all}");
}

#[tokio::test]
async fn calls_that_failed_or_wait_are_erased_with_the_person_and_not_analysed_later() {
    let company = Company::start(
        vec![
            asks("1", REPORT).from("Northwind", "Cleo Customer").build(),
            asks("2", NIGHT).from("Harrow", "Dana Whitlock").build(),
            asks("3", NIGHT)
                .from("Northwind", "Cleo Customer")
                .not_transcribed()
                .build(),
        ],
        |stage, material| match material.contains(REPORT.word) {
            true => Reply::Text("no answer".into()),
            false => knows(stage, material),
        },
        |_| (),
    )
    .await;
    company.connect().await;
    assert_eq!(company.test.call("1").await.state, CallState::Failed);
    assert_eq!(
        company.test.call("3").await.state,
        CallState::AwaitingTranscript
    );
    assert!(
        all_that_is_stored(&company)
            .await
            .contains("cleo.customer@")
    );
    let mut ada = company.test.browser(&admin()).await;
    let who = [("who", "cleo.customer@northwind.example")];
    let words = ada.post("/erase", &who).await.text();
    assert!(
        words.contains("2 calls that had given nothing yet"),
        "{words}"
    );
    let all = all_that_is_stored(&company).await.to_lowercase();
    assert!(!all.contains("cleo"), "{all}");
    ada.post("/calls/1/retry", &[]).await;
    let call = company.test.call("1").await;
    assert_eq!(call.skip_cause, Some(SkipCause::Erased), "{}", call.reason);
    company.test.sandbox.set_calls(vec![
        asks("3", NIGHT).from("Northwind", "Cleo Customer").build(),
    ]);
    company.test.later(Span::hours(4)).await;
    assert_eq!(
        company.test.call("3").await.skip_cause,
        Some(SkipCause::Erased)
    );
    assert_eq!(company.counts().await, counted(&[(NIGHT, 1)]));
}
