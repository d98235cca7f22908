//! The main job: connect, backfill, read posts whose every quote is in the transcript.

use domain::{
    connection::History,
    ids::OrgId,
    ports::feedback::{FeedbackStore, PostFilter},
};
use kit::{
    TestApp,
    calls::{call, pdf_call, pricing_call},
};
use serde_json::json;

#[tokio::test]
async fn an_admin_connects_and_reads_posts_with_verified_quotes() {
    let test = TestApp::with_calls(vec![
        pdf_call("1").from("Northwind", "Cleo Customer").build(),
        pricing_call("2").build(),
        pdf_call("3").private(json!(true)).build(),
        pdf_call("4").private(json!(null)).build(),
        call("5").not_transcribed().build(),
        pdf_call("98765432109876543210")
            .from("Contoso", "Dan Door")
            .build(),
    ])
    .await;
    let mut browser = test.connected(History::Days(30)).await;

    let org = OrgId::parse("demo").unwrap();
    let posts = test
        .app
        .store
        .posts(&org, &PostFilter::default())
        .await
        .unwrap();
    assert_eq!(posts.len(), 1, "{posts:#?}");
    assert_eq!(
        (posts[0].source.as_str(), posts[0].source_type.as_str()),
        ("gong", "integration")
    );
    assert_eq!(posts[0].evidence_count, 2);
    let evidence = test.app.store.evidence(&org, &posts[0].id).await.unwrap();
    assert_eq!(evidence.len(), 2);
    for item in &evidence {
        assert!(!item.quotes.is_empty());
        let call = pdf_call("x").transcript().to_string();
        assert!(
            item.quotes.iter().all(|quote| call.contains(&quote.text)),
            "{item:#?}"
        );
    }

    let page = browser.get(&format!("/feedback/{}", posts[0].id)).await;
    let words = page.text();
    assert!(
        words.contains("export the weekly SLA report to PDF"),
        "{words}"
    );
    assert!(
        words.contains("Dan Door") && words.contains("Contoso"),
        "{words}"
    );
    let ledger = browser.get("/calls").await.text();
    assert!(
        ledger.contains("private") && ledger.contains("98765432109876543210"),
        "{ledger}"
    );

    assert_eq!(test.violations(), Vec::<String>::new());
    let mut asked = test.sandbox.stats().transcripts_requested;
    asked.sort();
    assert_eq!(asked, ["1", "2", "5", "98765432109876543210"]);
}
