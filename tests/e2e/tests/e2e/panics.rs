//! A fault of the program meets one call: the others go on, and it is not tried for ever.

use std::sync::Arc;

use async_trait::async_trait;
use domain::{
    call::CallState, connection::History, conversation::Conversation, ports::ledger::Ledger,
};
use kit::{TestApp, TestOptions, calls::pdf_call, test_app::admin};

use crate::watched::{Before, Watched};

/// A fault that one customer's calls trip over.
struct Faulty;

#[async_trait]
impl Before for Faulty {
    async fn detect(&self, c: &Conversation) {
        assert_ne!(c.author.name.as_deref(), Some("Tess Trip"), "the fault");
    }
}

#[tokio::test]
async fn a_panic_fails_its_call_alone_after_three_attempts() {
    let test = TestApp::start(TestOptions {
        calls: vec![
            pdf_call("1").from("Trip Wire", "Tess Trip").build(),
            pdf_call("2").build(),
        ],
        analyst: Some(Arc::new(Watched(Faulty))),
        ..TestOptions::default()
    })
    .await;
    let mut browser = test.connected(History::Days(30)).await;
    let org = admin().org_id;
    let page = test.app.store.page(&org, None, None, 10).await.unwrap();
    let state = |id: &str| {
        page.calls
            .iter()
            .find(|c| c.id.as_str() == id)
            .unwrap()
            .state
    };
    assert_eq!(
        (state("1"), state("2")),
        (CallState::Failed, CallState::Posted)
    );
    let words = browser.get("/calls").await.text();
    assert!(
        words.contains("3 attempts ended without a result"),
        "{words}"
    );
    assert_eq!(test.violations(), Vec::<String>::new());
}
