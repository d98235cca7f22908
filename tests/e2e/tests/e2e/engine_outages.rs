//! Providers that are away, slow, or refuse this installation: nothing is lost, nothing is counted
//! against a call, and every call ends as if nothing had happened.

use std::{
    future::pending,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use adapters::llm::Protocol;
use async_trait::async_trait;
use domain::{
    call::{CallState, MAX_ATTEMPTS},
    connection::History,
    feedback::{Board, EngineStamp, Product, Tag},
    findings::{Detection, Finding, Placement},
    moment::Span,
    ports::{
        analysis::{AnalysisError, Analyst, Embedder, Reading},
        feedback::UsageStore,
    },
    usage::{Meter, Month},
    verdict::FUNCTION_TIMEOUT,
};
use futures::future::join;
use kit::{
    TestApp, TestOptions,
    calls::{pdf_call, pricing_call},
};
use tokio::sync::Semaphore;

use crate::{
    index_away::AwayIndex,
    model::{BOTH, Stage, Switch, analyst, embeds, good, model, voyage},
};
use kit::scripted::{Reply, Scripted};

const IDS: [&str; 4] = ["1", "2", "3", "4"];

pub async fn test_app(
    analyst: Option<Arc<dyn Analyst>>,
    embedder: Option<(Arc<dyn Embedder>, usize)>,
) -> TestApp {
    let mut calls: Vec<_> = IDS.iter().map(|id| pdf_call(id).build()).collect();
    calls.push(pricing_call("9").build());
    TestApp::start(TestOptions {
        calls,
        analyst,
        embedder,
        ..TestOptions::default()
    })
    .await
}

/// The four calls wait, for this reason, with no attempt counted and nothing written.
pub async fn all_wait(test: &TestApp, why: &str) {
    for id in IDS {
        let call = test.call(id).await;
        assert_eq!(call.state, CallState::Deferred, "{}", call.reason);
        assert!(call.reason.contains(why), "{}", call.reason);
        assert_eq!((call.attempts, &call.outcomes), (0, &Vec::new()));
        assert!(call.due.is_some_and(|due| due > test.app.clock.now()));
    }
    assert_eq!(test.all_posts().await, []);
}

/// The four calls led to one post, and the ledger holds nothing open.
pub async fn all_done(test: &TestApp) {
    let ledger = test.ledger().await;
    assert!(
        ledger.values().all(|(state, _)| !state.is_open()),
        "{ledger:#?}"
    );
    let post = test.only_post().await;
    let mut calls: Vec<_> = test
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
    assert_eq!(test.violations(), Vec::<String>::new());
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
        reading: Reading<'_>,
        meter: &Meter,
    ) -> Result<Detection, AnalysisError> {
        self.model.detect(reading, meter).await
    }

    async fn extract(
        &self,
        reading: Reading<'_>,
        meter: &Meter,
    ) -> Result<Vec<Finding>, AnalysisError> {
        if self.hangs.is_on() {
            self.asked.add_permits(1);
            pending::<()>().await;
        }
        self.model.extract(reading, meter).await
    }

    async fn organize(
        &self,
        finding: &Finding,
        lists: (&[Board], &[Tag]),
        product: &Product,
        meter: &Meter,
    ) -> Result<Placement, AnalysisError> {
        self.model.organize(finding, lists, product, meter).await
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
    let test = test_app(Some(silent.clone()), None).await;
    let time_passes = async || {
        silent.asked.acquire_many(4).await.unwrap().forget();
        test.clock.advance(FUNCTION_TIMEOUT);
    };
    join(test.connected(History::Days(30)), time_passes()).await;
    all_wait(&test, "did not answer before the time of the run was over").await;
    for _ in 0..=MAX_ATTEMPTS {
        join(test.later(Span::hours(3)), time_passes()).await;
        all_wait(&test, "did not answer before the time of the run was over").await;
    }
    // Each wait is twice as long as the one before: 10 minutes, 20, 40, 80, and now 160.
    silent.hangs.set(false);
    test.later(Span::hours(2)).await;
    all_wait(&test, "did not answer before the time of the run was over").await;
    test.later(Span::hours(1)).await;
    all_done(&test).await;
}

#[tokio::test]
async fn an_outage_of_the_language_model_defers_and_is_never_counted() {
    let stages = [Stage::Detect, Stage::Extract, Stage::Organize];
    let on_both = stages.map(|stage| BOTH.map(|protocol| (protocol, stage)));
    for (protocol, down_at) in on_both.into_iter().flatten() {
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
        let test = test_app(Some(analyst), None).await;
        let mut browser = test.connected(History::Days(30)).await;
        all_wait(&test, "provider is not available (status 503)").await;
        let page = browser.get("/integrations/gong").await.text();
        assert!(
            page.contains(
                "are put off: the language model's provider is not available (status 503)"
            ),
            "{page}"
        );
        for _ in 0..=MAX_ATTEMPTS {
            test.later(Span::minutes(11)).await;
            all_wait(&test, "status 503").await;
        }
        down.set(false);
        test.later(Span::minutes(11)).await;
        all_done(&test).await;
    }
}

#[tokio::test]
async fn an_outage_that_ends_after_the_first_post_still_ends_in_one_post() {
    for protocol in BOTH {
        let allowed = Arc::new(AtomicUsize::new(1));
        let left = Arc::clone(&allowed);
        let (_server, analyst) = model(protocol, move |stage, material| {
            let take = |n: usize| n.checked_sub(1);
            let order = Ordering::SeqCst;
            if stage == Stage::Extract && left.fetch_update(order, order, take).is_err() {
                Reply::status(529)
            } else {
                good(stage, material)
            }
        })
        .await;
        let test = test_app(Some(analyst), None).await;
        test.connected(History::Days(30)).await;
        assert_eq!(test.only_post().await.evidence_count, 1);
        for _ in 0..3 {
            allowed.store(1, Ordering::SeqCst);
            test.later(Span::minutes(11)).await;
        }
        all_done(&test).await;
    }
}

/// How often detect and extract were asked.
fn asked(server: &Scripted) -> [usize; 2] {
    let seen = server.seen();
    let count = |stage| seen.iter().filter(|seen| Stage::of(seen) == stage).count();
    [Stage::Detect, Stage::Extract].map(count)
}

#[tokio::test]
async fn what_was_found_is_not_paid_for_again_while_the_index_is_away() {
    for protocol in BOTH {
        let (server, analyst) = model(protocol, good).await;
        let index = Arc::new(AwayIndex::new(minilm::DIMENSION));
        index.reads.set(true);
        let calls = IDS.iter().map(|id| pdf_call(id).build());
        let test = TestApp::start(TestOptions {
            calls: calls.collect(),
            analyst: Some(analyst),
            index: Some(index.clone()),
            ..TestOptions::default()
        })
        .await;
        test.connected(History::Days(30)).await;
        all_wait(&test, "run `reindex`").await;
        let used = test.call("1").await.usage;
        for _ in 0..12 {
            test.later(Span::minutes(6)).await;
            all_wait(&test, "run `reindex`").await;
        }
        assert_eq!(asked(&server), [4, 4]);
        index.reads.set(false);
        test.later(Span::minutes(6)).await;
        all_done(&test).await;
        assert_eq!(asked(&server), [4, 4]);
        // The ledger says what was asked, by whom, although it was an hour ago; and the words that
        // were kept for it are gone.
        let call = test.call("1").await;
        let stages = call.stages.iter().map(|record| record.stage.as_str());
        let mut stages: Vec<_> = stages.filter(|stage| *stage != "organize").collect();
        stages.sort_unstable();
        assert_eq!(stages, ["deduplicate", "detect", "extract", "normalize"]);
        assert!(call.usage.prompt_tokens >= used.prompt_tokens && used.prompt_tokens > 0);
        assert_eq!(call.found, None);
    }
}

#[tokio::test]
async fn what_was_found_is_not_paid_for_again_while_the_embedding_model_is_away() {
    let (server, analyst) = model(BOTH[1], good).await;
    let away = Switch::turned_on();
    let turned = away.clone();
    let (_server, embedder) = voyage(move |texts| match turned.is_on() {
        true => Reply::status(503),
        false => embeds(texts),
    })
    .await;
    let test = test_app(Some(analyst), Some(embedder)).await;
    test.connected(History::Days(30)).await;
    for _ in 0..5 {
        test.later(Span::minutes(11)).await;
        all_wait(&test, "the embedding model is not available").await;
    }
    away.set(false);
    test.later(Span::minutes(11)).await;
    all_done(&test).await;
    // The fifth is the call that holds no feedback.
    assert_eq!(asked(&server), [5, 4]);
}

#[tokio::test]
async fn what_was_used_before_an_outage_is_in_the_sums() {
    for protocol in BOTH {
        let firsts = Arc::new(AtomicUsize::new(1));
        let (_server, analyst) = model(protocol, move |stage, material| {
            match stage == Stage::Detect && firsts.fetch_add(1, Ordering::SeqCst).is_multiple_of(2)
            {
                true => Reply::wait(429, "3600"),
                false if stage == Stage::Detect => Reply::Text("{}".into()),
                false => good(stage, material),
            }
        })
        .await;
        let test = TestApp::start(TestOptions {
            calls: vec![pdf_call("1").build()],
            analyst: Some(analyst),
            ..TestOptions::default()
        })
        .await;
        test.connected(History::Days(30)).await;
        let call = test.call("1").await;
        assert_eq!(call.state, CallState::Deferred, "{}", call.reason);
        assert!(call.usage.llm_calls == 2 && call.usage.prompt_tokens > 0);
        let month = Month::of(test.app.clock.now());
        let used = test.app.store.usage(&test.org(), month).await;
        assert_eq!(used, Ok(call.usage));
        assert_eq!(
            call.stages.last().map(|record| record.usage),
            Some(call.usage)
        );
    }
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
        let test = test_app(Some(analyst), None).await;
        test.connected(History::Days(30)).await;
        all_wait(&test, "status 429").await;
        let asked = server.seen().len();
        busy.set(false);
        test.later(Span::minutes(30)).await;
        all_wait(&test, "status 429").await;
        assert_eq!(
            server.seen().len(),
            asked,
            "nobody is asked before the time"
        );
        test.later(Span::minutes(31)).await;
        all_done(&test).await;
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
    let test = test_app(Some(analyst), None).await;
    test.connected(History::Days(30)).await;
    all_done(&test).await;
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
            let test = test_app(Some(analyst), None).await;
            let mut browser = test.connected(History::Days(30)).await;
            all_wait(&test, "check the key and the model's name").await;
            let page = browser.get("/calls").await.text();
            assert!(
                page.contains("check the key and the model's name"),
                "{page}"
            );
            assert!(!page.contains("key-of-the-test"));
            wrong.set(false);
            test.later(Span::minutes(61)).await;
            all_done(&test).await;
        }
    }
}

#[tokio::test]
async fn a_provider_that_is_not_there_at_all_is_waited_for() {
    let gone = Scripted::start([]).await;
    let url = gone.url.clone();
    drop(gone);
    let test = test_app(Some(analyst(BOTH[0], &url)), None).await;
    test.connected(History::Days(30)).await;
    all_wait(&test, "no connection").await;
}
