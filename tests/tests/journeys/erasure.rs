//! Erasing what a call or a person gave.

use domain::{
    call::{CallState, SkipCause},
    moment::Span,
    ports::feedback::{FeedbackStore, PostFilter},
};
use journeys::rig::{admin, member};
use lambda_http::http::StatusCode;

use crate::people::{Company, NIGHT, REPORT, asks, counted};

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
    let (store, org) = (&company.rig.house.store, company.rig.org());
    let every = PostFilter {
        hidden_too: true,
        ..PostFilter::default()
    };
    let posts = store.posts(&org, &every).await.unwrap();
    let evidence = store.all_evidence(&org).await.unwrap();
    let calls = [
        company.rig.call("1").await,
        company.rig.call("2").await,
        company.rig.call("3").await,
    ];
    let (log, _) = store.activity(&org, None, 100).await.unwrap();
    format!("{posts:?} {evidence:?} {calls:?} {log:?}")
}

#[tokio::test]
async fn an_erased_call_leaves_nothing_but_that_it_was_and_is_never_read_again() {
    let company = company().await;
    company.connect().await;
    let mut ada = company.rig.browser(&admin()).await;
    let asked = ada.get("/calls/2/erase").await.words();
    assert!(asked.contains("What stays"), "{asked}");
    let done = ada.post("/calls/2/erase", &[]).await;
    assert!(done.location().contains("call-erased"), "{}", done.words());
    assert_eq!(company.counts().await, counted(&[(REPORT, 2)]));
    let call = company.rig.call("2").await;
    assert_eq!(
        (call.state, call.skip_cause, call.title.as_deref()),
        (CallState::Skipped, Some(SkipCause::Erased), None)
    );
    assert!(!all_that_is_stored(&company).await.contains(NIGHT.said));
    let requested = company.rig.sandbox.stats().transcripts_requested.len();
    company.rig.later(Span::hours(25)).await;
    assert_eq!(
        company.rig.sandbox.stats().transcripts_requested.len(),
        requested
    );
    let mut ada = company.rig.browser(&admin()).await;
    let ledger = ada.get("/calls").await.words();
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
    let mut ada = company.rig.browser(&admin()).await;
    let done = ada
        .post("/erase", &[("who", " CLEO.customer@northwind.example ")])
        .await;
    assert_eq!(done.status, StatusCode::OK);
    let words = done.words();
    assert!(words.contains("Erased: the evidence of 2 calls"), "{words}");
    let after = all_that_is_stored(&company).await.to_lowercase();
    assert!(!after.contains("cleo"), "{after}");
    assert!(after.contains("dana whitlock"), "{after}");
    assert_eq!(company.counts().await, counted(&[(REPORT, 1)]));
    let nobody = ada
        .post("/erase", &[("who", "Cleo Customer")])
        .await
        .words();
    assert!(nobody.contains("Nobody by this name"), "{nobody}");
    let short = ada.post("/erase", &[("who", "C")]).await;
    assert_eq!(short.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn only_admins_erase() {
    let company = company().await;
    company.connect().await;
    let mut max = company.rig.browser(&member()).await;
    for (path, form) in [
        ("/calls/2/erase", vec![]),
        ("/erase", vec![("who", "Cleo Customer")]),
    ] {
        let refused = max.post(path, &form).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{}", refused.words());
        assert_eq!(max.get(path).await.status, StatusCode::FORBIDDEN);
    }
    assert_eq!(company.counts().await, counted(&[(REPORT, 2), (NIGHT, 1)]));
}
