//! A fault of the program meets one call: the others go on, and it is not tried for ever.

use std::sync::Arc;

use async_trait::async_trait;
use domain::{
    call::CallState,
    connection::History,
    feedback::{Board, EngineStamp, Tag},
    pipeline::{
        conversation::Conversation,
        findings::{Detection, Finding, Placement},
    },
    ports::{
        analysis::{AnalysisError, Analyst, Answer},
        ledger::Ledger,
    },
};
use journeys::{Rig, RigOptions, calls::pdf_call, rig::admin};
use local_parts::rules::BuiltInRules;

/// The built-in rules, with a fault that one customer's calls trip over.
struct Faulty(BuiltInRules);

#[async_trait]
impl Analyst for Faulty {
    fn engine(&self) -> EngineStamp {
        Analyst::engine(&self.0)
    }

    async fn detect(&self, c: &Conversation) -> Result<Answer<Detection>, AnalysisError> {
        assert_ne!(c.author.name.as_deref(), Some("Tess Trip"), "the fault");
        Analyst::detect(&self.0, c).await
    }

    async fn extract(
        &self,
        c: &Conversation,
        at_most: usize,
    ) -> Result<Answer<Vec<Finding>>, AnalysisError> {
        Analyst::extract(&self.0, c, at_most).await
    }

    async fn organize(
        &self,
        finding: &Finding,
        boards: &[Board],
        tags: &[Tag],
    ) -> Result<Answer<Placement>, AnalysisError> {
        Analyst::organize(&self.0, finding, boards, tags).await
    }
}

#[tokio::test]
async fn a_panic_fails_its_call_alone_after_three_attempts() {
    let rig = Rig::start(RigOptions {
        calls: vec![
            pdf_call("1").from("Trip Wire", "Tess Trip").build(),
            pdf_call("2").build(),
        ],
        analyst: Some(Arc::new(Faulty(BuiltInRules))),
        ..RigOptions::default()
    })
    .await;
    let mut browser = rig.connected(History::Days(30)).await;
    let org = admin().org_id;
    let page = rig.house.store.page(&org, None, None, 10).await.unwrap();
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
    let words = browser.get("/calls").await.words();
    assert!(
        words.contains("3 attempts ended without a result"),
        "{words}"
    );
    assert_eq!(rig.violations(), Vec::<String>::new());
}
