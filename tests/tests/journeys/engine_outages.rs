//! Providers that are away, slow, or refuse this installation: nothing is lost, nothing is counted
//! against a call, and every call ends as if nothing had happened.

use std::{future::pending, sync::Arc};

use adapters::llm::Protocol;
use async_trait::async_trait;
use domain::{
    call::{CallState, MAX_ATTEMPTS},
    connection::History,
    feedback::{Board, EngineStamp, Tag},
    moment::Span,
    pipeline::{
        conversation::Conversation,
        findings::{Detection, Finding, Placement},
    },
    ports::analysis::{AnalysisError, Analyst, Answer, Embedder},
    verdict::FUNCTION_TIMEOUT,
};
use futures::future::join;
use journeys::{
    Rig, RigOptions,
    calls::{pdf_call, pricing_call},
};
use tokio::sync::Semaphore;

use crate::{
    model::{BOTH, Stage, Switch, analyst, good, model},
    scripted::{Reply, Scripted},
};

const IDS: [&str; 4] = ["1", "2", "3", "4"];

pub async fn rig(
    analyst: Option<Arc<dyn Analyst>>,
    embedder: Option<(Arc<dyn Embedder>, usize)>,
) -> Rig {
    let mut calls: Vec<_> = IDS.iter().map(|id| pdf_call(id).build()).collect();
    calls.push(pricing_call("9").build());
    Rig::start(RigOptions {
        calls,
        analyst,
        embedder,
        ..RigOptions::default()
    })
    .await
}

/// The four calls wait, for this reason, with no attempt counted and nothing written.
pub async fn all_wait(rig: &Rig, why: &str) {
    for id in IDS {
        let call = rig.call(id).await;
        assert_eq!(call.state, CallState::Deferred, "{}", call.reason);
        assert!(call.reason.contains(why), "{}", call.reason);
        assert_eq!((call.attempts, &call.outcomes), (0, &Vec::new()));
        assert!(call.due.is_some_and(|due| due > rig.house.clock.now()));
    }
    assert_eq!(rig.all_posts().await, []);
}

/// The four calls led to one post, and the ledger holds nothing open.
pub async fn all_done(rig: &Rig) {
    let ledger = rig.ledger().await;
    assert!(
        ledger.values().all(|(state, _)| !state.is_open()),
        "{ledger:#?}"
    );
    let post = rig.only_post().await;
    let mut calls: Vec<_> = rig
        .evidence(&post.id)
        .await
        .iter()
        .map(|e| e.call_id.to_string())
        .collect();
    calls.sort();
    assert_eq!(
        (post.evidence_count, calls),
        (4, IDS.map(str::to_owned).to_vec())
    );
    assert_eq!(rig.violations(), Vec::<String>::new());
}

/// A model that is asked and never answers while `hangs`.
struct Silent {
    model: Arc<dyn Analyst>,
    hangs: Switch,
    asked: Semaphore,
}

#[async_trait]
impl Analyst for Silent {
    fn engine(&self) -> EngineStamp {
        self.model.engine()
    }

    async fn detect(
        &self,
        conversation: &Conversation,
    ) -> Result<Answer<Detection>, AnalysisError> {
        self.model.detect(conversation).await
    }

    async fn extract(
        &self,
        conversation: &Conversation,
        at_most: usize,
    ) -> Result<Answer<Vec<Finding>>, AnalysisError> {
        if self.hangs.is_on() {
            self.asked.add_permits(1);
            pending::<()>().await;
        }
        self.model.extract(conversation, at_most).await
    }

    async fn organize(
        &self,
        finding: &Finding,
        boards: &[Board],
        tags: &[Tag],
    ) -> Result<Answer<Placement>, AnalysisError> {
        self.model.organize(finding, boards, tags).await
    }
}

#[tokio::test]
async fn a_language_model_that_never_answers_defers_and_is_never_counted() {
    let (_server, model) = model(Protocol::OpenAi, good).await;
    let silent = Arc::new(Silent {
        model,
        hangs: Switch::turned_on(),
        asked: Semaphore::new(0),
    });
    let rig = rig(Some(silent.clone()), None).await;
    let time_passes = async || {
        silent.asked.acquire_many(4).await.unwrap().forget();
        rig.clock.advance(FUNCTION_TIMEOUT);
    };
    join(rig.connected(History::Days(30)), time_passes()).await;
    all_wait(&rig, "did not answer before the time of the run was over").await;
    for _ in 0..=MAX_ATTEMPTS {
        join(rig.later(Span::minutes(11)), time_passes()).await;
        all_wait(&rig, "did not answer before the time of the run was over").await;
    }
    silent.hangs.set(false);
    rig.later(Span::minutes(11)).await;
    all_done(&rig).await;
}

#[tokio::test]
async fn an_outage_of_the_language_model_defers_and_is_never_counted() {
    for (protocol, down_at) in [
        (Protocol::OpenAi, Stage::Detect),
        (Protocol::Anthropic, Stage::Extract),
        (Protocol::OpenAi, Stage::Organize),
    ] {
        let down = Switch::turned_on();
        let turned = down.clone();
        let (_server, analyst) = model(protocol, move |stage, material| {
            if stage == down_at && turned.is_on() {
                Reply::status(503)
            } else {
                good(stage, material)
            }
        })
        .await;
        let rig = rig(Some(analyst), None).await;
        let mut browser = rig.connected(History::Days(30)).await;
        all_wait(&rig, "provider is not available (status 503)").await;
        let page = browser.get("/integrations/gong").await.words();
        assert!(
            page.contains(
                "are put off: the language model's provider is not available (status 503)"
            ),
            "{page}"
        );
        for _ in 0..=MAX_ATTEMPTS {
            rig.later(Span::minutes(11)).await;
            all_wait(&rig, "status 503").await;
        }
        down.set(false);
        rig.later(Span::minutes(11)).await;
        all_done(&rig).await;
    }
}

#[tokio::test]
async fn an_outage_that_ends_after_the_first_post_still_ends_in_one_post() {
    let allowed = Arc::new(std::sync::atomic::AtomicUsize::new(1));
    let left = Arc::clone(&allowed);
    let (_server, analyst) = model(BOTH[0], move |stage, material| {
        let take = |n: usize| n.checked_sub(1);
        let order = std::sync::atomic::Ordering::SeqCst;
        if stage == Stage::Extract && left.fetch_update(order, order, take).is_err() {
            Reply::status(529)
        } else {
            good(stage, material)
        }
    })
    .await;
    let rig = rig(Some(analyst), None).await;
    rig.connected(History::Days(30)).await;
    assert_eq!(rig.only_post().await.evidence_count, 1);
    for _ in 0..3 {
        allowed.store(1, std::sync::atomic::Ordering::SeqCst);
        rig.later(Span::minutes(11)).await;
    }
    all_done(&rig).await;
}

#[tokio::test]
async fn retry_after_is_obeyed() {
    for (protocol, wait) in BOTH
        .into_iter()
        .zip(["3600", "Fri, 20 Nov 2026 13:00:00 GMT"])
    {
        let busy = Switch::turned_on();
        let (turned, wait) = (busy.clone(), wait.to_owned());
        let (server, analyst) = model(protocol, move |stage, material| match stage {
            Stage::Detect if turned.is_on() => Reply::wait(429, &wait),
            _ => good(stage, material),
        })
        .await;
        let rig = rig(Some(analyst), None).await;
        rig.connected(History::Days(30)).await;
        all_wait(&rig, "status 429").await;
        let asked = server.seen().len();
        busy.set(false);
        rig.later(Span::minutes(30)).await;
        all_wait(&rig, "status 429").await;
        assert_eq!(
            server.seen().len(),
            asked,
            "nobody is asked before the time"
        );
        rig.later(Span::minutes(31)).await;
        all_done(&rig).await;
    }
}

#[tokio::test]
async fn a_short_wait_is_waited_out_at_once() {
    let waits = Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let (_server, analyst) = model(BOTH[1], move |stage, material| {
        if waits.fetch_add(1, std::sync::atomic::Ordering::SeqCst) == 0 {
            Reply::wait(429, "7")
        } else {
            good(stage, material)
        }
    })
    .await;
    let rig = rig(Some(analyst), None).await;
    rig.connected(History::Days(30)).await;
    all_done(&rig).await;
}

#[tokio::test]
async fn a_key_that_is_refused_is_the_operators_matter_and_costs_no_call() {
    for protocol in BOTH {
        for status in [401, 403, 404] {
            let wrong = Switch::turned_on();
            let turned = wrong.clone();
            let (_server, analyst) = model(protocol, move |stage, material| {
                if turned.is_on() {
                    Reply::status(status)
                } else {
                    good(stage, material)
                }
            })
            .await;
            let rig = rig(Some(analyst), None).await;
            let mut browser = rig.connected(History::Days(30)).await;
            all_wait(&rig, "check the key and the model's name").await;
            let page = browser.get("/calls").await.words();
            assert!(
                page.contains("check the key and the model's name"),
                "{page}"
            );
            assert!(!page.contains("key-of-the-test"));
            wrong.set(false);
            rig.later(Span::minutes(61)).await;
            all_done(&rig).await;
        }
    }
}

#[tokio::test]
async fn a_provider_that_is_not_there_at_all_is_waited_for() {
    let gone = Scripted::start([]).await;
    let url = gone.url.clone();
    drop(gone);
    let rig = rig(Some(analyst(BOTH[0], &url)), None).await;
    rig.connected(History::Days(30)).await;
    all_wait(&rig, "no connection").await;
}
