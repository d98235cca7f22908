//! The review queue: nothing is published that a person should see first, and what was rejected
//! does not come back.

use domain::{
    call::{CallState, OutcomeResult},
    feedback::Moderation,
    moment::Span,
    ports::feedback::PostFilter,
};
use kit::test_app::viewer;
use lambda_http::http::StatusCode;
use serde_json::json;

use crate::{
    model::{Stage, finding},
    people::{Company, INVOICE, NIGHT, REPORT, asks, counted, knows},
};
use kit::scripted::Reply;

pub async fn in_review(company: &Company) -> Vec<String> {
    let filter = PostFilter {
        moderation: Some(Moderation::InReview),
        ..PostFilter::default()
    };
    let posts = company.test.posts(&filter).await;
    posts
        .iter()
        .map(|p| format!("/feedback/{}", p.id))
        .collect()
}

#[tokio::test]
async fn everything_waits_and_each_decision_is_final() {
    let calls = vec![
        asks("1", REPORT).build(),
        asks("2", REPORT).build(),
        asks("3", NIGHT).build(),
    ];
    let company = Company::with(calls).await;
    company.set(&[("review", "all")]).await;
    let mut max = company.connect().await;
    let queue = max.get("/review").await.text();
    for words in [
        "3 posts waiting",
        "Every feedback waits for a person",
        REPORT.said,
    ] {
        assert!(queue.contains(words), "{words}: {queue}");
    }
    let mut waiting = in_review(&company).await;
    waiting.sort();
    let pages: Vec<_> = waiting.clone();
    let mut approved = Vec::new();
    for page in &pages {
        let title = max.get(page).await.text();
        if title.contains(REPORT.title) {
            let answer = max.post(&format!("{page}/approve"), &[("own", "")]).await;
            assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
            approved.push(answer.location().to_owned());
        } else {
            let form = [("reason", "We build this already")];
            let answer = max.post(&format!("{page}/reject"), &form).await;
            assert!(
                answer.location().starts_with("/review"),
                "{}",
                answer.text()
            );
        }
    }
    // The second approval found the first one's post.
    assert!(approved[0].contains("done=approved"), "{approved:?}");
    assert!(approved[1].contains("done=approved-into"), "{approved:?}");
    let page = max.get(&approved[1]).await.text();
    assert!(page.contains("Evidence (2)"), "{page}");
    let states: Vec<_> = company
        .test
        .ledger()
        .await
        .into_values()
        .map(|(s, _)| s)
        .collect();
    let both = [CallState::Posted, CallState::Consolidated];
    assert!(
        both.iter().all(|state| states[..2].contains(state)),
        "{states:?}"
    );
    assert_eq!(states[2], CallState::Discarded);
    let rejected = company.test.call("3").await;
    assert_eq!(rejected.outcomes[0].result, OutcomeResult::Rejected);
    assert!(
        rejected
            .reason
            .contains("max rejected its feedback: We build this already")
    );

    // It does not come back, at polls and at lookbacks.
    let asked = company.servers[0].seen().len();
    company.test.later(Span::hours(4)).await;
    company.test.later(Span::hours(25)).await;
    assert_eq!(company.servers[0].seen().len(), asked);
    assert!(in_review(&company).await.is_empty());
    let again = max_again(&company, &waiting).await;
    assert_eq!(again, StatusCode::CONFLICT);
}

async fn max_again(company: &Company, pages: &[String]) -> StatusCode {
    let mut max = company.max().await;
    max.post(&format!("{}/reject", pages[0]), &[]).await.status
}

#[tokio::test]
async fn a_rejection_can_be_taken_back() {
    let company = Company::with(vec![asks("1", NIGHT).build()]).await;
    company.set(&[("review", "all")]).await;
    let mut max = company.connect().await;
    let page = in_review(&company).await.remove(0);
    max.post(&format!("{page}/reject"), &[("reason", "")]).await;
    assert!(company.test.all_posts().await.is_empty());
    let shown = max.get("/feedback?moderation=rejected").await.text();
    assert!(shown.contains(NIGHT.title), "{shown}");
    max.post(&format!("{page}/approve"), &[("own", "1")]).await;
    assert_eq!(company.counts().await, counted(&[(NIGHT, 1)]));
    assert_eq!(company.test.call("1").await.state, CallState::Posted);
}

#[tokio::test]
async fn what_the_engine_or_the_rules_are_unsure_of_waits_with_its_reasons() {
    let mut unsure = finding(NIGHT.title, &[NIGHT.said, "Nobody ever said this at all."]);
    unsure["confidence"] = json!("low");
    let play = move |stage: Stage, material: &str| match stage {
        Stage::Extract if material.contains("night") => {
            Reply::text(&json!({ "findings": [unsure] }))
        }
        _ => knows(stage, material),
    };
    let calls = vec![asks("1", REPORT).build(), asks("2", NIGHT).build()];
    let company = Company::start(calls, play, |_| ()).await;
    company.set(&[("review", "uncertain")]).await;
    let mut max = company.connect().await;
    assert_eq!(in_review(&company).await.len(), 1);
    let queue = max.get("/review").await.text();
    for words in [
        "The engine itself is not sure that a customer asks for this.",
        "1 of the 2 quotes that the engine gave are not in the customer's words.",
        NIGHT.said,
    ] {
        assert!(queue.contains(words), "{words}: {queue}");
    }
    assert!(!queue.contains("Nobody ever said"), "{queue}");
}

#[tokio::test]
async fn a_merge_close_to_the_threshold_is_proposed_and_approved_into_its_post() {
    let mut company = Company::with(vec![asks("1", REPORT).build()]).await;
    let mut max = company.connect().await;
    company.set(&[("review", "all")]).await;
    company.hears(vec![asks("2", INVOICE).build()]).await;
    let queue = max.get("/review").await.text();
    assert!(
        queue.contains(
            "Would be merged into Export the weekly report (similarity 0.95, threshold 0.85)."
        ),
        "{queue}"
    );
    let page = in_review(&company).await.remove(0);
    let answer = max.post(&format!("{page}/approve"), &[]).await;
    assert!(
        answer.location().contains("approved-into"),
        "{}",
        answer.text()
    );
    let report = max.get(&company.page_of(REPORT.title).await).await.text();
    assert!(report.contains("Evidence (2)"), "{report}");
}

#[tokio::test]
async fn a_post_that_waits_and_was_added_by_hand_waits_again_when_that_is_undone() {
    let mut company = Company::with(vec![asks("1", REPORT).build()]).await;
    let mut max = company.connect().await;
    company.set(&[("review", "all")]).await;
    company.hears(vec![asks("2", NIGHT).build()]).await;
    let waiting = in_review(&company).await.remove(0);
    // Its evidence does not leave the queue by the back door.
    let moved = max
        .post(&format!("{waiting}/evidence/2/0/move"), &[("to", "")])
        .await;
    assert_eq!(moved.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(moved.text().contains("is in review"), "{}", moved.text());
    let report = company.page_of(REPORT.title).await;
    max.post(&format!("{waiting}/merge"), &[("to", &report)])
        .await;
    assert_eq!(in_review(&company).await, Vec::<String>::new());
    assert_eq!(company.test.call("2").await.state, CallState::Consolidated);

    max.post(&format!("{waiting}/undo-merge"), &[]).await;
    assert_eq!(in_review(&company).await, std::slice::from_ref(&waiting));
    let call = company.test.call("2").await;
    assert_eq!(call.state, CallState::InReview);
    assert!(call.reason.contains("took back"), "{}", call.reason);
    let page = max.get(&waiting).await.text();
    assert!(page.contains("In review."), "{page}");
    // What waits is not searched: the like of it waits by itself.
    company.hears(vec![asks("3", NIGHT).build()]).await;
    assert_eq!(in_review(&company).await.len(), 2);
    // It can still be approved.
    max.post(&format!("{waiting}/approve"), &[]).await;
    assert_eq!(company.test.call("2").await.state, CallState::Posted);
}

#[tokio::test]
async fn the_ledger_says_what_became_of_each_of_a_calls_requests() {
    let both = [
        finding(NIGHT.title, &[NIGHT.said]),
        finding(REPORT.title, &[REPORT.said]),
    ];
    let play = move |stage: Stage, material: &str| match stage {
        Stage::Extract => Reply::text(&json!({ "findings": both })),
        _ => knows(stage, material),
    };
    let call = asks("1", NIGHT).customer(REPORT.said).build();
    let company = Company::start(vec![call], play, |_| ()).await;
    company
        .set(&[("review", "all"), ("feedback_per_call", "2")])
        .await;
    let mut max = company.connect().await;
    let reason = async || company.test.call("1").await.reason;
    let waits = reason().await;
    assert!(
        waits.contains("2 pieces of feedback: 2 wait for a person."),
        "{waits}"
    );
    let [one, other] = <[String; 2]>::try_from(in_review(&company).await).unwrap();
    max.post(&format!("{one}/approve"), &[("own", "1")]).await;
    max.post(&format!("{other}/reject"), &[("reason", "twice")])
        .await;
    assert_eq!(
        reason().await,
        "2 pieces of feedback: 1 gave a new post, 1 was rejected. At last max rejected its feedback: twice"
    );
    assert_eq!(company.test.call("1").await.state, CallState::Posted);
}

#[tokio::test]
async fn viewers_see_the_queue_and_decide_nothing() {
    let company = Company::with(vec![asks("1", NIGHT).build()]).await;
    company.set(&[("review", "all")]).await;
    company.connect().await;
    let page = in_review(&company).await.remove(0);
    let mut vera = company.test.browser(&viewer()).await;
    let queue = vera.get("/review").await;
    assert!(queue.text().contains(NIGHT.title) && !queue.body.contains("/approve"));
    for action in [
        "approve",
        "reject",
        "edit",
        "merge",
        "undo-merge",
        "evidence/1/0/move",
    ] {
        let form = [("to", "x"), ("edits", "0")];
        let answer = vera.post(&format!("{page}/{action}"), &form).await;
        assert_eq!(
            answer.status,
            StatusCode::FORBIDDEN,
            "{action}: {}",
            answer.text()
        );
    }
    assert_eq!(in_review(&company).await.len(), 1);
}
