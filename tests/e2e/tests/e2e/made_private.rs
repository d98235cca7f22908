//! A call that is made private after it was analysed: what it gave is withdrawn.

use domain::{
    call::{CallState, SkipCause},
    connection::History,
    feedback::Moderation,
    moment::Span,
};
use feedback::curation::withdraw::ALONE;
use kit::{
    TestApp,
    calls::{CallBuilder, pdf_call, pricing_call},
    system::BEGIN,
    test_app::admin,
};

fn telling(id: &str) -> CallBuilder {
    pdf_call(id).from("Zebracorp", "Quentin Zebra")
}

/// What the tables hold that names the customer or the call's page.
async fn traces(test: &TestApp) -> Vec<String> {
    let mut found = Vec::new();
    for table in ["connections", "calls", "feedback"] {
        for (key, item) in test.items(table).await {
            let item = item.to_lowercase();
            if item.contains("zebra") || item.contains("call?id=1\"") {
                found.push(key);
            }
        }
    }
    found
}

#[tokio::test]
async fn a_post_that_rests_on_it_alone_goes_to_review_at_the_daily_lookback() {
    let days_ago = telling("1").started(BEGIN - Span::days(5));
    let test = TestApp::with_calls(vec![days_ago.build()]).await;
    test.connected(History::Days(30)).await;
    let before = test.only_post().await;
    assert_eq!(before.moderation, Moderation::Published);
    test.sandbox.set_private("1", true);
    // The poll in between does not reach back that far.
    test.later(Span::hours(3)).await;
    assert_eq!(test.only_post().await, before);
    test.later(Span::hours(21)).await;

    let post = test.only_post().await;
    assert_eq!(post.moderation, Moderation::InReview);
    assert_eq!(post.review_reason.as_deref(), Some(ALONE));
    assert_eq!(
        (post.evidence_count, post.revision),
        (0, before.revision + 1)
    );
    assert!(test.evidence(&post.id).await.is_empty());
    let call = test.call("1").await;
    assert_eq!(call.skip_cause, Some(SkipCause::Withdrawn));
    assert_eq!(
        call.reason,
        "made private later; its evidence was withdrawn (posts that it supported: 1; of these now in review: 1)"
    );
    assert_eq!(traces(&test).await, Vec::<String>::new());
    let mut ada = test.browser(&admin()).await;
    let page = ada.get(&format!("/feedback/{}", post.id)).await.text();
    assert!(page.contains("was made private"), "{page}");
    let page = ada.get("/calls").await.text();
    assert!(page.contains("its evidence was withdrawn"), "{page}");
    let page = ada.gong_page().await;
    assert!(page.contains("Withdraw calls that turn private"), "{page}");
    assert!(
        page.contains("made private later; its evidence was withdrawn: 1"),
        "{page}"
    );

    // Nothing is left to do, and it stays as it is when the call is public again.
    test.sandbox.set_private("1", false);
    let ledger = test.ledger().await;
    test.later(Span::days(1)).await;
    assert_eq!(test.ledger().await, ledger);
    assert_eq!(test.sandbox.stats().transcripts_requested, ["1"]);
    assert_eq!(test.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn a_post_in_review_is_not_merged_into() {
    let test = TestApp::with_calls(vec![telling("1").build()]).await;
    test.connected(History::Days(30)).await;
    let first = test.only_post().await;
    test.sandbox.set_private("1", true);
    test.later(Span::hours(3)).await;
    assert_eq!(test.only_post().await.moderation, Moderation::InReview);
    let mut private = telling("1").build();
    private.call["metaData"]["isPrivate"] = true.into();
    let now = test.clock_now();
    test.sandbox
        .set_calls(vec![private, pdf_call("2").started(now).build()]);
    test.later(Span::hours(3)).await;
    assert_eq!(test.call("2").await.state, CallState::Posted);
    let posts = test.all_posts().await;
    assert_eq!(posts.len(), 2);
    let untouched = posts.iter().find(|post| post.id == first.id).unwrap();
    assert_eq!(untouched.evidence_count, 0);
    // Neither is it when the index is made anew from the database.
    test.app.reindex.run(false).await.unwrap();
    let now = test.clock_now();
    test.sandbox
        .set_calls(vec![pdf_call("3").started(now).build()]);
    test.later(Span::hours(3)).await;
    assert_eq!(test.call("3").await.state, CallState::Consolidated);
    assert_eq!(test.evidence(&first.id).await, []);
}

#[tokio::test]
async fn a_post_with_other_evidence_stays_and_names_the_next_customer() {
    let earlier = telling("1").started(BEGIN - Span::hours(2));
    let later = pdf_call("2").from("Acme Freight", "Ana Acme");
    let test = TestApp::with_calls(vec![earlier.build()]).await;
    test.connected(History::Days(30)).await;
    test.sandbox.set_calls(vec![earlier.build(), later.build()]);
    test.later(Span::hours(3)).await;
    let before = test.only_post().await;
    assert_eq!(before.evidence_count, 2);
    assert_eq!(before.author.name.as_deref(), Some("Quentin Zebra"));
    test.sandbox.set_private("1", true);
    test.later(Span::hours(3)).await;

    let post = test.only_post().await;
    assert_eq!(post.moderation, Moderation::Published);
    assert_eq!((post.evidence_count, post.revision), (1, before.revision));
    assert_eq!(post.author.name.as_deref(), Some("Ana Acme"));
    assert_eq!(post.metadata["gong_call_id"], "2");
    assert_eq!(test.evidence(&post.id).await.len(), 1);
    assert_eq!(traces(&test).await, Vec::<String>::new());
    let reason = test.call("1").await.reason;
    assert!(reason.ends_with("of these now in review: 0)"), "{reason}");
    // It is found and merged into as before.
    let third = pdf_call("3").started(test.clock_now());
    test.sandbox.set_calls(vec![third.build()]);
    test.later(Span::hours(3)).await;
    assert_eq!(test.only_post().await.evidence_count, 2);
}

#[tokio::test]
async fn the_setting_keeps_what_was_given() {
    let test = TestApp::with_calls(vec![telling("1").build()]).await;
    let mut ada = test.connected(History::Days(30)).await;
    let settings = [
        ("feedback_per_call", "1"),
        ("merging", "automatic"),
        ("review", "off"),
    ];
    ada.post("/integrations/gong/settings", &settings).await;
    let before = test.only_post().await;
    test.sandbox.set_private("1", true);
    test.later(Span::days(1)).await;
    assert_eq!(test.only_post().await, before);
    assert_eq!(test.evidence(&before.id).await.len(), 1);
    // Chosen again in time, the next listing withdraws it.
    let settings = [
        ("feedback_per_call", "1"),
        ("merging", "automatic"),
        ("review", "off"),
        ("withdraw_private", "on"),
    ];
    let mut ada = test.browser(&admin()).await;
    ada.post("/integrations/gong/settings", &settings).await;
    test.later(Span::days(1)).await;
    assert_eq!(test.only_post().await.moderation, Moderation::InReview);
}

#[tokio::test]
async fn a_call_without_feedback_is_forgotten_as_well() {
    let call = pricing_call("1").from("Zebracorp", "Quentin Zebra");
    let test = TestApp::with_calls(vec![call.build()]).await;
    test.connected(History::Days(30)).await;
    assert_eq!(test.call("1").await.state, CallState::Discarded);
    test.sandbox.set_private("1", true);
    test.later(Span::hours(3)).await;
    let call = test.call("1").await;
    assert_eq!(call.skip_cause, Some(SkipCause::Private));
    assert_eq!(call.reason, "private");
    assert_eq!(traces(&test).await, Vec::<String>::new());
}
